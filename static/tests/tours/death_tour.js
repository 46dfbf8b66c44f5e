import { registry } from "@web/core/registry";

import { checkArabicScreen, confirmWith } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_death.py. They run in Arabic.

registry.category("web_tour.tours").add("beneficiary_death", {
    url: "/odoo/beneficiary-files",
    steps: () => [
        {
            content: "open the file of the person",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(سالم المثال)",
            run: "click",
        },
        {
            content: "record the death",
            trigger: ".o_form_statusbar button[data-hotkey=d]:visible",
            run: "click",
        },
        {
            content: "write the day",
            trigger: ".modal div[name=death_date] :is(input, button)",
            run: "click",
        },
        {
            trigger: ".modal div[name=death_date] input",
            run: "edit 2026-01-05",
        },
        ...confirmWith("reason", "شهادة وفاة"),
        {
            content: "the file says what to decide next",
            trigger:
                "body:not(:has(.modal)) .o_form_view div[name=deceased]:has([name=death_date])",
            run: checkArabicScreen,
        },
        {
            content: "the file is that of a person who has died",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=deceased]",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_succession", {
    url: "/odoo/beneficiary-files",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell[name=name]:contains(سالم المثال)",
            run: "click",
        },
        {
            content: "name another head",
            trigger: ".o_form_statusbar button[data-hotkey=v]:visible",
            run: "click",
        },
        {
            trigger: ".modal div[name=member_id] input",
            run: "edit زوجة",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(زوجة المثال)",
            run: "click",
        },
        {
            trigger: ".modal div[name=reason] textarea",
            run: "edit ترعى الأسرة",
        },
        {
            content: "decide about the request that is held",
            trigger: ".modal .o_data_row td[name=decision]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name=decision] :is(select, input)",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:first",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the household goes on in the file of the new head",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=name] input:value(زوجة المثال)",
            run: checkArabicScreen,
        },
        {
            content: "with the other dependant",
            trigger:
                "div[name=household_member_ids] .o_data_row:contains(ابنة المثال)",
        },
    ],
});
