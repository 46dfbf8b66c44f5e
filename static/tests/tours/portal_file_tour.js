import { registry } from "@web/core/registry";

import { checkPortal, getPageDirection, press } from "./tour_utils";

// Relies on data made in tests/tours/test_tour_portal_file.py, and on names and classes
// rather than on words: it runs in both languages, on the screen of a phone.

/** Look at a page, in whichever language it is written. */
function look(trigger, content) {
    return { content, trigger, run: () => checkPortal(getPageDirection()) };
}

registry.category("web_tour.tours").add("beneficiary_portal_file", {
    url: "/my",
    steps: () => [
        look(".o_br_waiting"),
        press("a.o_br_section[href$='/my/file']"),
        look(".o_br_facts"),
        press("a.o_br_propose"),
        look("form.o_br_form"),
        { content: "a wrong number", trigger: "[name=value_phone]", run: "edit 12" },
        { trigger: "[name=value_city]", run: "edit أبها" },
        press("button.o_br_send"),
        {
            content: "the message is in view, beside the button, and has the focus",
            trigger: "form .o_br_errors:focus",
            run: () => checkPortal(getPageDirection()),
        },
        { trigger: "[name=value_city]:value(أبها)" },
        {
            content: "in the digits of the keyboard",
            trigger: "[name=value_phone]:value(12)",
            run: "edit ٠٥٠٠٠٠٠٠٧٧",
        },
        press("button.o_br_send"),
        look(".o_br_done"),
        look(".o_br_changes li[data-state=proposed]"),
        press("a.o_br_add_member"),
        { trigger: "[name=value_name]", run: "edit خالد المثال" },
        { trigger: "select[name=value_relation]", run: "select child" },
        { trigger: "[name=value_birth_date]", run: "edit ١٤٤٥-٠٣-٠١" },
        press("button.o_br_send"),
        look(".o_br_changes li[data-state=proposed]:nth-child(2)"),
        press(".o_br_changes li:first-child button.o_br_back"),
        look(".o_br_changes li[data-state=withdrawn]"),
        press("a[href$='/my/home']"),
        press(".o_br_waiting a[href*='/my/papers']"),
        look(".o_br_renew[open]"),
        press("a[href$='/my/home']"),
        press("a.o_br_section[href$='/my/services']"),
        look("a.o_br_ask"),
        press("a[href$='/my/home']"),
        press("a.o_br_section[href$='/my/deliveries']"),
        look("h1"),
        press("a[href$='/my/home']"),
        press("a.o_br_section[href$='/my/help']"),
        look(".o_br_contact"),
        press(".o_br_contact a[href*='/policy']"),
        look(".o_br_policy"),
        press("a[href*='/services']:not([href*='/my/'])"),
        look(".o_br_service"),
    ],
});
