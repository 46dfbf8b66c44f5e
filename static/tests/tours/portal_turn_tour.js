import { registry } from "@web/core/registry";

import { checkPortal, chooseScan, look, press } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_turn.py, and on classes rather
// than on words: they run in Arabic, on the screen of a phone.

registry.category("web_tour.tours").add("beneficiary_portal_complete", {
    steps: () => [
        {
            content: "the list says whose turn it is",
            trigger: ".o_br_requests a:has([data-turn=person])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_status[data-turn=person]",
        },
        {
            content: "I have completed it",
            trigger: "form.o_br_complete button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_done",
        },
        {
            trigger: ".o_br_status[data-turn=office]",
            run: () => checkPortal(),
        },
        {
            content: "back to the list",
            trigger: ".o_portal_submenu a[href$='/my/requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_requests a:has([data-turn=office])",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_send_asked", {
    steps: () => [
        {
            trigger: ".o_br_portal:has([data-turn=person]) .o_br_paper > input[type=file]",
            run: chooseScan("عقد.png"),
        },
        press(".o_br_send_paper"),
        look(
            ".o_br_portal:has(.o_br_done):not(:has(.o_br_complete)) .o_br_status[data-turn=office]",
            "nothing more is asked: the office goes on"
        ),
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_withdraw_message", {
    steps: () => [
        {
            content: "the action shows beside the message",
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(دخلي ألفان)",
            run() {
                const actions = registry.category("mail.message/actions");
                actions.get("beneficiary-withdraw").sequence = 1;
            },
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(دخلي ألفان)",
            run: "hover && click #chatterRoot:shadow [name=beneficiary-withdraw]",
        },
        {
            trigger: "#chatterRoot:shadow .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "it stays, and is marked",
            trigger:
                "#chatterRoot:shadow .o-mail-Message:has(.o_br_withdrawn):contains(دخلي ألفان)",
            run: () => checkPortal(),
        },
    ],
});
