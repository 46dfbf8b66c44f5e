import { registry } from "@web/core/registry";

// These tours rely on data made in tests/tours/test_tour_signin.py. They run in Arabic
// and in English, on a screen 360 pixels wide.

const SMALLEST_BUTTON = 44;

/** Fail unless the page runs the right way, fits the screen, and suits a thumb. */
function checkPage(direction) {
    const page = document.querySelector(".o_br_portal");
    if (getComputedStyle(page).direction !== direction) {
        throw new Error(`The page does not run ${direction}.`);
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
    for (const button of page.querySelectorAll("form .btn")) {
        if (button.getBoundingClientRect().height < SMALLEST_BUTTON) {
            throw new Error(`The button “${button.textContent.trim()}” is too low.`);
        }
    }
    for (const input of page.querySelectorAll("form input[type=text], textarea")) {
        if (parseFloat(getComputedStyle(input).fontSize) < 16) {
            throw new Error(`The letters of “${input.name}” are too small.`);
        }
    }
}

function send(trigger = ".o_br_form button[type=submit]") {
    return { trigger, run: "click", expectUnloadPage: true };
}

function typeCode(direction) {
    return [
        {
            content: "a wrong code: the sentence stands beside the button, in focus",
            trigger: "[name=code]",
            run: "edit 111111",
        },
        send(),
        {
            trigger: "#o_br_problem[role=alert]",
            run({ anchor }) {
                checkPage(direction);
                if (document.activeElement !== anchor) {
                    throw new Error("The sentence is not in focus.");
                }
            },
        },
        { content: "the right code", trigger: "[name=code]", run: "edit ٢٢٢ ٢٢٢" },
        send(),
    ];
}

for (const [name, direction] of [
    ["beneficiary_signin", "rtl"],
    ["beneficiary_signin_english", "ltr"],
]) {
    registry.category("web_tour.tours").add(name, {
        url: "/my/signin?redirect=/my/requests",
        steps: () => [
            {
                content: "the number, in Arabic digits",
                trigger: "[name=number]",
                run() {
                    checkPage(direction);
                },
            },
            { trigger: "[name=number]", run: "edit ٠٥٠٠٠٠٠٠٠٧" },
            send(),
            ...typeCode(direction),
            { content: "signed in", trigger: "a[href*='/my/requests/new']" },
        ],
    });
}

registry.category("web_tour.tours").add("beneficiary_newcomer", {
    url: "/my/signin",
    steps: () => [
        send("a[href$='/my/new']"),
        {
            content: "something is missing: it is said beside the question",
            trigger: "[name=name]",
            run: "edit قادمة المثال",
        },
        send(),
        {
            trigger: "[name=need].is-invalid",
            run() {
                checkPage("rtl");
            },
        },
        { trigger: "[name=identity_number]", run: "edit ١٠٠٠٠٠٠٠٤٠" },
        { trigger: "[name=phone]", run: "edit ٠٥٠٠٠٠٠٠٦٦" },
        { trigger: "[name=need]", run: "edit سلة غذائية" },
        send(),
        ...typeCode("rtl"),
        { content: "written down", trigger: ".alert-success[role=status]" },
    ],
});
