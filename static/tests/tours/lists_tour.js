import { registry } from "@web/core/registry";

import { checkArabicScreen } from "./tour_utils";

// Many records of a list are handed over at once, and people are invited. Relies on data
// made in tests/tours/test_tour_lists.py; it runs in Arabic.

const selectAll = {
    content: "choose all records of the list",
    trigger: ".o_list_view thead .o_list_record_selector input",
    run: "click",
};

registry.category("web_tour.tours").add("beneficiary_list_assign", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(سالم المثال)" },
        selectAll,
        {
            content: "hand them to a colleague",
            trigger: ".o_control_panel button.o_br_assign",
            run: "click",
        },
        {
            trigger: ".modal div[name=user_id] input",
            run: "edit br_colleague",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(br_colleague)",
            run: "click",
        },
        {
            content: "the requests of the list are in the form",
            trigger: ".modal div[name=request_ids] .o_tag",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "one message says how many; the form is closed, the list is new",
            trigger: "body:not(:has(.modal)) .o_notification:contains(2)",
            run() {
                checkArabicScreen();
            },
        },
        {
            content: "the list is new",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=officer_id]:contains(br_colleague)",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_list_search", {
    steps: () => [
        {
            content: "the end of the number, in Arabic digits",
            trigger: ".o_searchview_input",
            run: "edit ٣٣",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        { trigger: ".o_searchview_facet:contains(٣٣)" },
        {
            content: "only this request",
            trigger:
                ".o_list_view:not(:has(.o_data_row ~ .o_data_row)) .o_data_row .o_data_cell[name=name]:contains(REQ/2026/00033)",
        },
    ],
});
