import { registry } from "@web/core/registry";

import { checkPortal } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_voice.py, and on names and
// classes rather than on words: they run in Arabic, on the screen of a phone.

const checkPage = () => checkPortal();

registry.category("web_tour.tours").add("beneficiary_portal_voice", {
    url: "/my/contacts",
    steps: () => [
        {
            content: "nothing yet",
            trigger: ".o_br_empty",
            run: checkPage,
        },
        {
            trigger: "a.o_br_write",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_form",
            run: checkPage,
        },
        {
            trigger: "#o_br_kind_complaint",
            run: "click",
        },
        {
            trigger: "#o_br_subject",
            run: "edit انتظار طويل",
        },
        {
            content: "invisible marks say nothing",
            trigger: "#o_br_words",
            run: "edit \u200f",
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the mistake stands beside the button and is focused",
            trigger: ".o_br_error[role=alert]:focus",
            run: checkPage,
        },
        {
            content: "what was typed is still there",
            trigger: "#o_br_subject:value(انتظار طويل)",
        },
        {
            trigger: "#o_br_words",
            run: "edit انتظرت ساعتين في الفرع.",
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a number, a due date and one's own words",
            trigger: ".o_br_portal:has(.o_br_done):has(.o_br_number):has(.o_br_due) .o_br_said:contains(ساعتين)",
            run: checkPage,
        },
        {
            trigger: "#o_br_words",
            run: "edit وكان معي أطفال.",
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_said:contains(أطفال)",
            run: checkPage,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_answer", {
    url: "/my/contacts",
    steps: () => [
        {
            trigger: "a.o_br_contact",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the answer",
            trigger: ".o_br_said:contains(نعتذر)",
            run: checkPage,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_ask_visit", {
    url: "/my/contacts",
    steps: () => [
        {
            trigger: "a.o_br_ask",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#o_br_kind_home",
            run: "click",
        },
        {
            trigger: "#o_br_subject",
            run: "edit حال السكن",
        },
        {
            trigger: "#o_br_words",
            run: "edit صباحًا",
        },
        {
            trigger: ".o_br_form",
            run: checkPage,
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_portal:has(.o_br_done) .o_br_number",
            run: checkPage,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_choose_visit", {
    url: "/my/contacts",
    steps: () => [
        {
            trigger: ".o_br_visits a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_choose input[name=slot_id]",
            run: "click",
        },
        {
            trigger: ".o_br_choose",
            run: checkPage,
        },
        {
            trigger: ".o_br_choose .o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the time is agreed",
            trigger: ".o_br_portal:has(.o_br_done) .o_br_when",
            run: checkPage,
        },
        {
            content: "one is ill: cancel",
            trigger: ".o_br_cancel summary",
            run: "click",
        },
        {
            trigger: ".o_br_cancel .o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_portal:has(.o_br_done):not(:has(.o_br_cancel))",
            run: checkPage,
        },
    ],
});
