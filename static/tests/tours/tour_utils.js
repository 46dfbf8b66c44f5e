/** Fail unless the screen runs from right to left and fits the width it has. */
export function checkArabicScreen() {
    if (getComputedStyle(document.body).direction !== "rtl") {
        throw new Error("The screen does not run from right to left.");
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The screen is wider than the window.");
    }
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
