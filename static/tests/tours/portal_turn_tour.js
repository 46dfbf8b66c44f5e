import { registry } from "@web/core/registry";

// These tours rely on data made in tests/tours/test_tour_turn.py. The first runs in
// Arabic, on the screen of a phone, and relies on classes rather than on words.

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
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen.");
                }
            },
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

registry.category("web_tour.tours").add("beneficiary_portal_withdraw_message", {
    steps: () => [
        {
            content: "the action shows beside the message",
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(My income is 2,000)",
            run() {
                const actions = registry.category("mail.message/actions");
                actions.get("beneficiary-withdraw").sequence = 1;
            },
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Message:contains(My income is 2,000)",
            run: "hover && click #chatterRoot:shadow [title='Mark as Withdrawn']",
        },
        {
            trigger: "#chatterRoot:shadow .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "it stays, and is marked",
            trigger:
                "#chatterRoot:shadow .o-mail-Message:has(.o_br_withdrawn):contains(My income is 2,000)",
        },
    ],
});
