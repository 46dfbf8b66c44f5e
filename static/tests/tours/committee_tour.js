import { registry } from "@web/core/registry";

import { checkArabicScreen, confirmWith, pressBehindDots, signByHand } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_committee.py. They run in Arabic
// and at the width of a phone: buttons after the first one are behind three dots.

const CARD = ".o_kanban_record:contains(سالم المثال)";

registry.category("web_tour.tours").add("beneficiary_committee_chair", {
    url: "/odoo/beneficiary-sessions",
    steps: () => [
        {
            content: "open the planned session",
            trigger: ".o_kanban_record:contains(MTG/)",
            run: "click",
        },
        {
            content: "the session fits the screen",
            trigger: ".o_form_view button[name=action_fill_agenda]",
            run: checkArabicScreen,
        },
        {
            content: "the next step is to fill the agenda",
            trigger: ".o_statusbar_buttons button[name=action_fill_agenda]",
            run: "click",
        },
        {
            content: "what waits is on the agenda",
            trigger: `div[name=item_ids] ${CARD}`,
        },
        {
            content: "open the session",
            trigger: ".o_statusbar_buttons button[name=action_open]",
            run: "click",
        },
        {
            content: "call the roll",
            trigger: ".o_notebook a[name=attendance]",
            run: "click",
        },
        {
            trigger:
                "div[name=attendance_ids] .o_kanban_record:contains(br_chair) a[name=action_mark_present]",
            run: "click",
        },
        {
            trigger:
                "div[name=attendance_ids] .o_kanban_record:contains(br_chair):has(.text-bg-success)",
        },
        {
            trigger:
                "div[name=attendance_ids] .o_kanban_record:not(:contains(br_chair)):not(:contains(br_member2)):contains(br_member) a[name=action_mark_present]",
            run: "click",
        },
        {
            trigger:
                "div[name=attendance_ids] .o_kanban_record:not(:contains(br_member2)):contains(br_member):has(.text-bg-success)",
        },
        {
            content: "one is excused",
            trigger:
                "div[name=attendance_ids] .o_kanban_record:contains(br_member2) a[name=action_mark_excused]",
            run: "click",
        },
        {
            trigger:
                "div[name=attendance_ids] .o_kanban_record:contains(br_member2):has(.text-bg-warning)",
        },
        {
            content: "study the request",
            trigger: ".o_notebook a[name=agenda]",
            run: "click",
        },
        {
            trigger: `div[name=item_ids] ${CARD} a[name=action_open_decision]`,
            run: "click",
        },
        {
            content: "the study sheet fits the screen",
            trigger: ".o_form_view div[name=study_sheet]:contains(سالم المثال)",
            run: checkArabicScreen,
        },
        ...pressBehindDots("button:contains(تعديل المقترح)"),
        {
            content: "propose less than was asked for",
            trigger: ".modal div[name=amount] input",
            run: "edit 300",
        },
        ...confirmWith("conditions", "إحضار عقد الإيجار"),
        {
            content: "what is voted on has changed",
            trigger: ".o_form_view div[name=conditions_proposed]:contains(عقد الإيجار)",
        },
        {
            content: "vote",
            trigger: ".o_statusbar_buttons button:contains(التصويت)",
            run: "click",
        },
        {
            trigger: ".modal div[name=choice] input[data-value=accept]",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "close the vote before the others have voted",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(إقفال التصويت)",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "there is no quorum, and it says so",
            trigger: "body:not(:has(.modal)) .o_notification:contains(النصاب)",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_committee_member", {
    url: "/odoo/beneficiary-votes",
    steps: () => [
        {
            content: "accept from the card",
            trigger: `${CARD} button[name=action_open_vote].btn-success`,
            run: checkArabicScreen,
        },
        {
            trigger: `${CARD} button[name=action_open_vote].btn-success`,
            run: "click",
        },
        {
            content: "what is proposed is there, and the choice is made",
            trigger:
                ".modal:has(div[name=conditions_proposed]:contains(عقد الإيجار)) div[name=choice] input[data-value=accept]:checked",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "nothing waits any more",
            trigger: ".o_view_nocontent",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_committee_activity", {
    steps: () => [
        {
            content: "on the card, each is asked for their own vote alone",
            trigger: `${CARD} .o-mail-ActivityButton`,
            run: "click",
        },
        {
            trigger:
                ".o-mail-ActivityListPopover:has(.o-mail-ActivityListPopoverItem:contains(br_member2) .o_br_vote_accept) .o-mail-ActivityListPopoverItem:not(:contains(br_member2)):contains(br_member):not(:has(.o_br_vote_accept))",
        },
        {
            trigger: `${CARD} .o-mail-ActivityButton`,
            run: "click",
        },
        {
            trigger: `body:not(:has(.o-mail-ActivityListPopover)) ${CARD}`,
            run: "click",
        },
        {
            content: "so it is in the conversation: others see that a vote waits",
            trigger:
                ".o-mail-Activity:not(:contains(br_member2)):contains(br_member):not(:has(.o_br_vote_accept)):not(:has(.o-mail-Activity-markDone))",
        },
        {
            content: "the vote is asked in the conversation: neither done nor handed on",
            trigger:
                ".o-mail-Activity:has(.o_br_vote_accept):not(:has(.o-mail-Activity-markDone)):not(:has(.o-mail-Activity-edit))",
        },
        {
            trigger: ".o-mail-Activity .o_br_vote_reject",
            run: "click",
        },
        ...confirmWith("reason", "الدخل أعلى من الحد"),
        {
            content: "it is asked no more",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(.o_br_vote_reject))",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_committee_close", {
    url: "/odoo/beneficiary-sessions",
    steps: () => [
        {
            content: "open the session that is on",
            trigger: ".o_kanban_record:contains(MTG/)",
            run: "click",
        },
        {
            trigger: `div[name=item_ids] ${CARD} a[name=action_open_decision]`,
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button:contains(إقفال التصويت)",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "decided, and why",
            trigger: ".o_form_view div[name=explanation]:contains(الأغلبية)",
            run: checkArabicScreen,
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "end the session",
            trigger: ".o_statusbar_buttons button[name=action_end]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "the minutes are drafted",
            trigger: ".o_notebook a[name=minutes]",
            run: "click",
        },
        {
            trigger: "div[name=minutes]:contains(عقد الإيجار)",
            run: checkArabicScreen,
        },
        {
            content: "sign",
            trigger: ".o_statusbar_buttons button[data-hotkey=g]",
            run: "click",
        },
        signByHand(".modal"),
        {
            trigger: ".modal footer button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "the chair has signed; the others have not, so it stays open",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "it says whose signature is missing",
            trigger: ".o_error_dialog [role=alert]:contains(br_member)",
        },
    ],
});
