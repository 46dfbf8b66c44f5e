import { registry } from "@web/core/registry";

import { checkPortal, press } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_signin.py. They run in Arabic
// and in English, on a screen 360 pixels wide.

const SEND = ".o_br_form button[type=submit]";

function typeCode(direction) {
    return [
        {
            content: "a wrong code: the sentence stands beside the button, in focus",
            trigger: "[name=code]",
            run: "edit 111111",
        },
        press(SEND),
        {
            trigger: "#o_br_problem[role=alert]",
            run({ anchor }) {
                checkPortal(direction);
                if (document.activeElement !== anchor) {
                    throw new Error("The sentence is not in focus.");
                }
            },
        },
        { content: "the right code", trigger: "[name=code]", run: "edit ٢٢٢ ٢٢٢" },
        press(SEND),
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
                    checkPortal(direction);
                },
            },
            { trigger: "[name=number]", run: "edit ٠٥٠٠٠٠٠٠٠٧" },
            press(SEND),
            ...typeCode(direction),
            { content: "signed in", trigger: "a[href*='/my/requests/new']" },
        ],
    });
}

registry.category("web_tour.tours").add("beneficiary_newcomer", {
    url: "/my/signin",
    steps: () => [
        press("a[href$='/my/new']"),
        {
            content: "something is missing: it is said beside the question",
            trigger: "[name=name]",
            run: "edit قادمة المثال",
        },
        press(SEND),
        {
            trigger: "[name=need].is-invalid",
            run() {
                checkPortal("rtl");
            },
        },
        { trigger: "[name=identity_number]", run: "edit ١٠٠٠٠٠٠٠٤٠" },
        { trigger: "[name=phone]", run: "edit ٠٥٠٠٠٠٠٠٦٦" },
        { trigger: "[name=need]", run: "edit سلة غذائية" },
        press(SEND),
        ...typeCode("rtl"),
        { content: "written down", trigger: ".alert-success[role=status]" },
    ],
});
