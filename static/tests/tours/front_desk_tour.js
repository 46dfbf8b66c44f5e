import { registry } from "@web/core/registry";

import { checkArabicScreen, confirmWith, signByHand } from "./tour_utils";

// The officer's day, from a telephone call to a signed form. Relies on data made in
// tests/tours/test_tour_front_desk.py, and on names rather than on words: it runs in Arabic.

/** Choose the one record that the words typed into a relational field find. */
function choose(field, text) {
    return [
        {
            content: `look for the ${field}`,
            trigger: `div[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            // What is offered before the words were looked up is something else.
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${text})`,
            run: "click",
        },
    ];
}

/** Find the caller by a telephone number, in whatever form it is written. */
function findCaller(number) {
    return [
        {
            content: `the caller's number: ${number}`,
            trigger: ".modal div[name=beneficiary_id] input",
            run: `edit ${number}`,
        },
        {
            trigger:
                ".modal .o-autocomplete--dropdown-item a:contains(سالم المثال)",
        },
    ];
}

const openRequest = {
    content: "open the request from the list",
    trigger: ".o_data_row .o_data_cell[name=beneficiary_id]:contains(سالم المثال)",
    run: "click",
};

registry.category("web_tour.tours").add("beneficiary_front_desk_call", {
    url: "/odoo/beneficiary-requests",
    steps: () => [
        {
            content: "the telephone rings: one key, wherever one is",
            trigger: ".o_web_client:has(button[name=beneficiary_new_interaction])",
            run: "press alt+shift+c",
        },
        ...findCaller("٠٥٠٠٠٠٠٠٠١"),
        ...findCaller("+966500000001"),
        {
            trigger: ".modal .o-autocomplete--dropdown-item a:contains(سالم المثال)",
            run: "click",
        },
        {
            content: "the person is chosen: a request can be opened",
            trigger: ".modal footer button[name=action_open_request]",
        },
        {
            trigger: ".modal div[name=subject] input",
            run: "edit يطلب سلة غذائية",
        },
        {
            trigger: ".modal div[name=outcome] textarea",
            run: "edit شُرحت له الشروط",
        },
        {
            content: "the call is logged, and becomes a request",
            trigger: ".modal footer button[name=action_open_request]",
            run: "click",
        },
        ...choose("service_id", "Food"),
        {
            trigger: "div[name=description] textarea",
            run: "edit سلة غذائية لأربعة أشخاص",
        },
        {
            content: "save the draft",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "receive the person",
            trigger: ".o_form_statusbar button[data-hotkey=v]:visible",
            run: "click",
        },
        {
            content: "write the minutes that the person was given",
            trigger: ".modal div[name=minutes] input",
            run: "edit 10",
        },
        ...confirmWith("evidence", "أُجيب عن أسئلته"),
        {
            content: "the form says what is missing",
            trigger: ".o_form_view [name=checklist] li",
            run: checkArabicScreen,
        },
        {
            content: "match the data and the paper, on one page",
            trigger: ".o_form_statusbar button[data-hotkey=l]:visible",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:nth-child(1) td[name=source]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:nth-child(1) td[name=source] input",
            run: "edit بطاقة الهوية",
        },
        {
            trigger: ".modal .o_data_row:nth-child(2) td[name=source]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:nth-child(2) td[name=source] input",
            run: "edit الأصل",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "nothing is missing any more",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has([name=checklist] li))",
        },
        {
            content: "verify",
            trigger: ".o_form_statusbar button.oe_highlight[data-hotkey=v]:visible, .o_form_statusbar button.btn-primary[data-hotkey=v]:visible",
            run: "click",
        },
        ...confirmWith("evidence", "طوبقت البيانات والمستند"),
        {
            content: "the procedure is unclear: ask the researcher",
            trigger:
                ".o_form_view:has(.o_arrow_button_current[data-value=verified]) .o_form_statusbar button[data-hotkey=r]:visible",
            run: "click",
        },
        {
            trigger: ".modal div[name=kind] input[data-value=clarification]",
            run: "click",
        },
        {
            trigger: ".modal div[name=question] textarea",
            run: "edit هل يُشترط خطاب من جهة العمل؟",
        },
        ...choose("researcher_id", "br_researcher"),
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the question is on its way",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_front_desk_answer", {
    url: "/odoo/beneficiary-referrals",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell",
            run: "click",
        },
        {
            trigger: "div[name=answer] div[name=answer] textarea",
            run: "edit يكفي تعريف بالراتب",
        },
        {
            trigger: ".o_form_statusbar button[data-hotkey=q]:visible",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.o_arrow_button_current[data-value=answered])",
            run: checkArabicScreen,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_front_desk_sign", {
    url: "/odoo/beneficiary-requests",
    steps: () => [
        openRequest,
        {
            content: "print the form",
            trigger: ".o_form_view .o_cp_action_menus button",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:has(.fa-print)",
            run: "click",
        },
        {
            content: "have it signed",
            trigger:
                "body:not(:has(.o_blockUI)) .o_form_statusbar button[data-hotkey=v]:visible",
            run: "click",
        },
        {
            trigger: ".modal div[name=signed_by] input",
            run: "edit سالم المثال",
        },
        signByHand(".modal"),
        {
            trigger: ".modal footer button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "the declaration is signed",
            trigger: ".o_form_view:has(.o_arrow_button_current[data-value=declared])",
            run: checkArabicScreen,
        },
    ],
});
