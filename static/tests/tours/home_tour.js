import { registry } from "@web/core/registry";

import { checkArabicScreen } from "./tour_utils";

// Relies on data made in tests/analysis/test_home.py, and on names rather than words.

registry.category("web_tour.tours").add("beneficiary_home", {
    url: "/odoo/beneficiary-home",
    steps: () => [
        {
            content: "the manager's own work comes first, then the association's",
            trigger: ".o_br_home [data-section=mine] [data-line=improvement]",
            run: checkArabicScreen,
        },
        {
            content: "the figures follow, with Odoo's own graphs",
            trigger: ".o_br_home_figures .o_graph_renderer canvas",
        },
        {
            content: "a line opens its list",
            trigger: ".o_br_home [data-line=improvement]",
            run: "click",
        },
        {
            content: "with the one record that was counted",
            trigger: ".o_list_view .o_data_row:only-child .o_data_cell[name=name]",
        },
        {
            content: "and the way back",
            trigger: ".o_control_panel .breadcrumb a, .o_control_panel .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_br_home [data-line=open]",
        },
    ],
});
