import { registry } from "@web/core/registry";

import { checkArabicScreen, checkPortal, goTo, look, press, pressBehindDots } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_portal_reach.py, and on names and
// classes rather than on words: they run in Arabic, on a screen 360 pixels wide.

const SIGN_IN = [
    { content: "the number of the file", trigger: "[name=number]", run: "edit ٠٥٠٠٠٠٠٠٠٧" },
    press(".o_br_form button[type=submit]"),
    { content: "the code", trigger: "[name=code]", run: "edit ٢٢٢٢٢٢" },
    press(".o_br_form button[type=submit]"),
];

// -- an officer invites a person who has no e-mail -------------------------------------

const OPEN = pressBehindDots("button[name=action_grant_portal_access]");
const INVITE = [
    {
        content: "invite",
        trigger: ".modal footer button[name=action_invite]",
        run: "click",
    },
    {
        content: "it is said what was done",
        trigger: "body:not(:has(.modal)) .o_notification:has(.bg-success)",
        run: checkArabicScreen,
    },
];

registry.category("web_tour.tours").add("beneficiary_reach_invite", {
    steps: () => [
        ...OPEN,
        {
            content: "there is no e-mail: the form proposes a text message",
            trigger: ".modal .o_field_radio[name=way] input[data-value=sms]:checked",
            run: checkArabicScreen,
        },
        ...INVITE,
        {
            trigger: ".o_notification:has(.bg-success) .o_notification_close",
            run: "click",
        },
        { trigger: "body:not(:has(.o_notification))" },
        ...OPEN,
        {
            content: "on another day the person gets the printed form",
            trigger: ".modal .o_field_radio[name=way] input[data-value=paper]",
            run: "click",
        },
        ...INVITE,
    ],
});

registry.category("web_tour.tours").add("beneficiary_reach_home", {
    steps: () => [...SIGN_IN, look(".o_br_home", "the home page of the portal")],
});

registry.category("web_tour.tours").add("beneficiary_reach_paper", {
    steps: () => [...SIGN_IN, look(".o_br_status", "the request on the printed form")],
});

// -- the link in an e-mail -------------------------------------------------------------

registry.category("web_tour.tours").add("beneficiary_reach_signed_in", {
    steps: () => [
        look(".o_br_status[data-state=submitted]", "the page that the e-mail speaks of"),
        goTo(".o_br_status", "withdraw"),
        look(".o_br_status[data-state=submitted]", "a form's address leads to its page"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_reach_signed_out", {
    steps: () => [
        {
            content: "sign in first",
            trigger: ".oe_login_form input[name=login]",
            run: "edit br_applicant",
        },
        { trigger: ".oe_login_form input[name=password]", run: "edit br_applicant" },
        press(".oe_login_form button[type=submit]"),
        look(".o_br_status[data-state=submitted]", "then the page"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_reach_not_yours", {
    steps: () => [
        look("#o_br_not_yours", "in plain words, that it is somebody else's"),
        press(".o_br_page a[href*='/web/session/logout']", "sign out"),
        { content: "sign in as somebody else", trigger: ".oe_login_form" },
    ],
});

// -- Odoo's own pages of the account ---------------------------------------------------

/** Send the form of Odoo's address page, which was open in another tab. */
async function sendOdooForm() {
    const form = new FormData();
    form.append("csrf_token", odoo.csrf_token);
    form.append("city", "أبها");
    const answer = await fetch("/my/address/submit", { method: "POST", body: form });
    window.location.href = (await answer.json()).redirectUrl;
}

registry.category("web_tour.tours").add("beneficiary_reach_account", {
    steps: () => [
        look("a.o_br_propose", "Odoo's account page leads to the file"),
        goTo("a.o_br_propose", "/my/addresses"),
        look("a.o_br_propose", "so does the page of addresses"),
        {
            content: "an address that was typed there all the same",
            trigger: "a.o_br_propose",
            run: sendOdooForm,
            expectUnloadPage: true,
        },
        look(".o_br_portal:has(.o_br_done) .o_br_changes li[data-state=proposed]:contains(أبها)"),
    ],
});

// -- who signs in by a code and has no password ----------------------------------------

registry.category("web_tour.tours").add("beneficiary_reach_leave", {
    steps: () => [
        ...SIGN_IN,
        press(
            ".o_br_copy form[action$='/my/data/copy'] button[type=submit]",
            "the code is proof enough for a copy of one's data"
        ),
        look(".o_br_copies a[href$='.json']", "to read, and for a program"),
        { content: "delete the account", trigger: "#o_br_sure", run: "click" },
        press(".o_br_leave button[type=submit]"),
        {
            content: "signed out",
            trigger: ".o_br_form [name=number]",
            run: () => checkPortal(),
        },
    ],
});
