/** Fail unless the screen runs from right to left, fits the width it has, and writes
 * dates in the digits of its amounts. */
export function checkArabicScreen() {
    if (getComputedStyle(document.body).direction !== "rtl") {
        throw new Error("The screen does not run from right to left.");
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The screen is wider than the window.");
    }
    for (const date of document.querySelectorAll(".o_field_date, .o_field_datetime")) {
        if (/[\u0660-\u0669]/.test(date.textContent)) {
            throw new Error("A date is not in the digits of the amounts.");
        }
    }
}

/** Press a button of the form that is behind the three dots. */
export function pressBehindDots(selector) {
    return [
        {
            content: "open the other buttons",
            trigger: ".o_statusbar_buttons button:has(.oi-ellipsis-v)",
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu ${selector}`,
            run: "click",
        },
    ];
}

// What a thumb needs, and what an eye can read.
const LOWEST_BUTTON = 44;
const SMALLEST_LETTERS = 16;

/**
 * Fail unless the portal's page runs in its direction, fits the width of the phone, and
 * has buttons for a thumb and letters that can be read.
 */
export function checkPortal(direction = "rtl") {
    const page = document.querySelector(".o_br_portal, .o_br_page");
    if (getComputedStyle(page).direction !== direction) {
        throw new Error(`The page does not run in its direction: ${direction}.`);
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
    for (const button of page.querySelectorAll(".btn, .o_br_faces label")) {
        if (button.offsetHeight && button.offsetHeight < LOWEST_BUTTON) {
            throw new Error(`Too low for a thumb: ${button.textContent.trim()}`);
        }
    }
    for (const input of page.querySelectorAll("input[type=text], textarea, select")) {
        if (input.offsetHeight && parseFloat(getComputedStyle(input).fontSize) < SMALLEST_LETTERS) {
            throw new Error(`Too small to read: ${input.name}`);
        }
    }
}

/** Return the direction of the language that the page says it is written in. */
export function getPageDirection() {
    return document.documentElement.lang.startsWith("ar") ? "rtl" : "ltr";
}

/** Look at a page of the portal in Arabic. */
export function look(trigger, content) {
    return { content, trigger, run: () => checkPortal() };
}

/** Press what leads to another page. */
export function press(trigger, content) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

/** Type an address into the browser, as a kept or a copied link is opened. */
export function goTo(trigger, address) {
    return {
        content: `open ${address}`,
        trigger,
        run: () => {
            window.location.href = address.startsWith("/")
                ? address
                : `${window.location.pathname}/${address}`;
        },
        expectUnloadPage: true,
    };
}

/** What the next step asks for, written and confirmed. */
export function confirmWith(field, text) {
    return [
        {
            content: `write the ${field}`,
            trigger: `.modal div[name=${field}] :is(input, textarea)`,
            run: `edit ${text}`,
        },
        {
            content: "confirm",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
    ];
}

/** Draw a line with one finger on the canvas of the step. */
function drawSignature({ anchor }) {
    const { left, top, width, height } = anchor.getBoundingClientRect();
    const touch = (type, part) =>
        anchor.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                button: 0,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: left + width * part,
                clientY: top + height * part,
                isPrimary: true,
                pointerId: 1,
                pointerType: "touch",
                pressure: 0.5,
            })
        );
    touch("pointerdown", 0.2);
    touch("pointermove", 0.5);
    touch("pointermove", 0.8);
    touch("pointerup", 0.8);
}

/** Sign by hand, where nothing draws a name or takes a picture instead. */
export function signByHand(scope) {
    const otherWays = ".o_web_sign_auto_button, .o_web_sign_load_button";
    return {
        content: "sign by hand",
        trigger: `${scope}:not(:has(${otherWays})) canvas.o_web_sign_signature`,
        run: drawSignature,
    };
}

// The most that Odoo allows; a printed letter takes its time.
const PATIENCE = 60000;
const TYPED = "textarea, input:not([type=radio], [type=checkbox], [type=file])";

/**
 * Counts what a person does with their hands: clicks, keys that stand for one, files
 * that are dropped or chosen, and texts that are typed. A click into a field that is then
 * typed into belongs to the text.
 */
class Effort {
    clicks = 0;
    pointed = [];
    typed = new Set();

    constructor() {
        const listen = (type, count) => document.addEventListener(type, count, true);
        listen("pointerdown", ({ target }) => this.pointed.push(target));
        listen("drop", () => this.clicks++);
        listen("change", ({ target }) => (this.clicks += target.type === "file" ? 1 : 0));
        listen("keydown", ({ altKey, ctrlKey, key }) => {
            this.clicks += (altKey || ctrlKey) && !["Alt", "Control", "Shift"].includes(key);
        });
        listen("input", ({ target }) => target.matches(TYPED) && this.typed.add(target));
    }

    check({ clicks: mostClicks, texts: mostTexts }) {
        const pointed = this.pointed.filter((element) => !this.typed.has(element));
        const clicks = this.clicks + pointed.length;
        const texts = this.typed.size;
        console.info(`effort: ${clicks} clicks, ${texts} texts`);
        if (clicks > mostClicks || texts > mostTexts) {
            throw new Error(
                `It took ${clicks} clicks and ${texts} texts; ` +
                    `at most ${mostClicks} and ${mostTexts} are allowed.`
            );
        }
    }
}

/** The steps, with time for a busy machine. */
export function patient(steps) {
    return steps.map((step) => ({ timeout: PATIENCE, ...step }));
}

/**
 * The steps, and before and after them what counts the effort that they take. The test
 * says in `mostEffort` of the window how much there may be.
 */
export function counted(steps) {
    let effort;
    return [
        {
            content: "count from here",
            trigger: ".o_web_client",
            run: () => {
                effort = new Effort();
            },
        },
        ...steps,
        {
            content: "say what it took",
            trigger: ".o_web_client",
            run: () => effort.check(window.mostEffort),
        },
    ];
}

/** Files as a scanner makes them. */
export function makeScans(...names) {
    const pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA" +
        "AABJRU5ErkJggg==";
    const bytes = Uint8Array.from(atob(pixel), (char) => char.charCodeAt(0));
    const data = new DataTransfer();
    for (const name of names) {
        data.items.add(new File([bytes], name, { type: "image/png" }));
    }
    return data;
}

/** Choose files in the field of the step, as the dialog of the computer does. */
export function chooseScan(...names) {
    return ({ anchor }) => {
        anchor.files = makeScans(...names).files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}
