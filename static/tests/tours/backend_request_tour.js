import { registry } from "@web/core/registry";

import { checkArabicScreen, confirmWith } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_backend.py, and on names and
// classes rather than on words: they run in Arabic.

registry.category("web_tour.tours").add("beneficiary_backend_verify", {
    url: "/odoo/beneficiary-requests",
    steps: () => [
        {
            content: "open the request from the list of open ones",
            trigger: ".o_data_row .o_data_cell[name=beneficiary_id]:contains(سالم المثال)",
            run: "click",
        },
        {
            content: "the form says that the data and the paper are not matched",
            trigger: ".o_form_view [name=checklist] ul:has(li:nth-child(2):last-child)",
            run: checkArabicScreen,
        },
        {
            content: "try to verify all the same",
            trigger: ".o_form_statusbar button[data-hotkey=v]:visible",
            run: "click",
        },
        ...confirmWith("evidence", "قورنت الأوراق"),
        {
            content: "it is refused, with the reason",
            trigger: ".o_error_dialog [role=alert]",
        },
        {
            trigger: ".o_error_dialog footer button:last-child",
            run: "click",
        },
        {
            content: "what was written is still there; leave it",
            trigger:
                ".modal:has(div[name=evidence] textarea:value(قورنت الأوراق)) .btn-close",
            run: "click",
        },
        {
            content: "go to the papers",
            trigger: ".o_notebook a[name=documents]",
            run: "click",
        },
        {
            content: "match the paper",
            trigger: "div[name=document_ids] .o_data_row td.o_list_button button",
            run: "click",
        },
        ...confirmWith("source", "الأصل"),
        {
            content: "match the identity",
            trigger: ".o_form_statusbar button[data-hotkey=l]:visible",
            run: "click",
        },
        {
            content: "write its source in the one line that is left",
            trigger: ".modal .o_data_row td[name=source]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name=source] input",
            run: "edit بطاقة الهوية",
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
            trigger: ".o_form_statusbar button[data-hotkey=v]:visible",
            run: "click",
        },
        ...confirmWith("evidence", "قورنت الأوراق بأصولها"),
        {
            content: "the request is verified",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=verified]",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_backend_vote", {
    url: "/odoo/beneficiary-votes",
    steps: () => [
        {
            content: "the waiting list is cards on a phone",
            trigger: ".o_kanban_record:contains(سالم المثال) button[name=action_open_vote]",
            run: checkArabicScreen,
        },
        {
            content: "study the request first",
            trigger:
                ".o_kanban_record:contains(سالم المثال) button[name=action_open_decision]",
            run: "click",
        },
        {
            content: "the request's data fit the screen",
            trigger: ".o_form_view .o_form_sheet",
            run: checkArabicScreen,
        },
        {
            content: "go back to the list",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "vote",
            trigger: ".o_kanban_record:contains(سالم المثال) button[name=action_open_vote]",
            run: "click",
        },
        {
            content: "reject, without a reason",
            trigger: ".modal div[name=choice] input[data-value=reject]",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "it is refused: a rejection has a reason",
            trigger: ".o_error_dialog footer .btn-primary",
            run: "click",
        },
        {
            content: "accept",
            trigger: ".modal div[name=choice] input[data-value=accept]",
            run: "click",
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
