import { registry } from "@web/core/registry";

import { checkPortal, chooseScan, goTo, look, press, signByHand } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_portal_person.py, and on names
// and classes rather than on words: they run in Arabic, on a screen 360 pixels wide.

const HOME = "/my/home";
const WAITING = ".o_br_waiting li:only-child a.btn";

registry.category("web_tour.tours").add("beneficiary_person_guardian", {
    steps: () => [
        press(WAITING, "the declaration waits on the home page of the guardian"),
        look(".o_br_declared:contains(1000000008)", "all that is sealed, before it is signed"),
        {
            content: "it can be printed",
            trigger: ".o_br_declaration a.o_br_print",
        },
        {
            content: "the guardian signs as such, for somebody else",
            trigger:
                ".o_br_declaration:not(:has(.o_web_sign_name_input)) .o_br_signer:contains(Guardian):contains(سالم المثال)",
        },
        signByHand(".o_br_declaration"),
        press(".o_portal_sign_submit:enabled"),
        look(".o_br_portal:has(.o_br_done) .o_br_status[data-state=declared]"),
        look(".o_br_declarer:contains(Guardian):contains(سالم المثال)"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_paper", {
    steps: () => [
        look(".o_br_card:not(:has(.o_br_held)) .o_br_wanted", "an expired paper is wanted"),
        goTo(".o_br_wanted", HOME),
        press(".o_br_waiting a[href*='/my/papers']", "and waits on the home page"),
        {
            trigger: ".o_br_renew[open] input[type=file]",
            run: chooseScan("بطاقة.png"),
        },
        look(".o_br_preview:not(.d-none)"),
        press(".o_br_send_paper"),
        look(".o_br_portal:has(.o_br_done) .o_br_files"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_again", {
    steps: () => [
        look(".o_br_service:has(li)", "the conditions of the service"),
        press(".o_br_service:has(.o_br_running a) a.o_br_ask", "one runs; ask once more"),
        look(".o_br_asked a.o_br_continue", "it is asked whether that is meant"),
        press(".o_br_begin"),
        { trigger: "#o_br_description", run: "edit لأخي أيضًا" },
        { content: "a mistake", trigger: "#o_br_amount", run: "edit كثير" },
        press(".o_br_next"),
        {
            content: "reload the page after it",
            trigger: ".o_br_form:has(.o_br_say) #o_br_description:value(لأخي أيضًا)",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        look(
            ".o_br_form:not(:has(.o_br_say)) #o_br_description:value(لأخي أيضًا)",
            "what was typed is still there"
        ),
        goTo(".o_br_form", "/my/requests/new"),
        press(".o_br_asked a.o_br_continue", "another day: go on with it"),
        look(".o_br_steps a.active[href$='/edit/papers']", "where it was left"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_receipt", {
    steps: () => [
        press(WAITING, "a receipt to sign waits on the home page"),
        look(".o_br_receipt .o_br_signer:contains(سالم المثال)"),
        signByHand(".o_br_receipt"),
        press(".o_portal_sign_submit:enabled"),
        look(".o_br_portal:has(.o_br_done) .o_br_deliveries a.o_br_receipt_paper"),
        goTo(".o_br_deliveries", "/my/deliveries"),
        look(".o_br_deliveries li[data-state=received]"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_rating", {
    steps: () => [
        { trigger: ".o_br_faces label[for=o_br_rate_1]", run: "click" },
        { trigger: "textarea[name=words]", run: "edit انتظرت طويلًا" },
        press("form:has(textarea[name=words]) button[type=submit]"),
        look(".o_br_rated:contains(انتظرت طويلًا)", "the person reads only their own words"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_change", {
    steps: () => [
        press(WAITING, "an answer waits"),
        look(".o_br_changes li[data-state=accepted]"),
        look(".o_br_changes li[data-state=declined] .o_br_reason:contains(الهوية)"),
        press(".o_br_changes li[data-state=declined] .o_br_read"),
        look(".o_br_changes li[data-state=declined]:not(:has(.o_br_read))"),
        goTo(".o_br_changes", HOME),
        look(".o_br_nothing_waits"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_person_letter", {
    steps: () => [
        { trigger: "#o_br_kind_question", run: "click" },
        { trigger: "#o_br_subject", run: "edit خطاب البنك" },
        { trigger: "#o_br_words", run: "edit هل يكفي هذا الخطاب؟" },
        {
            content: "photos of it",
            trigger: "#o_br_letter_files",
            run: chooseScan("خطاب.png", "ظهره.png"),
        },
        {
            trigger: ".o_br_send",
            run: () => checkPortal(),
        },
        press(".o_br_send"),
        look(".o_br_said:contains(الخطاب) .o_br_letter_files li:nth-child(2):contains(ظهره)"),
    ],
});
