import { registry } from "@web/core/registry";

// Relies on data made in tests/mixins/test_bidi.py; runs in Arabic.

/** Fail unless the element of the step has these computed styles. */
function checkStyle(expected) {
    return ({ anchor }) => {
        const style = getComputedStyle(anchor);
        for (const [name, value] of Object.entries(expected)) {
            if (style[name] !== value) {
                throw new Error(`${name}: ${style[name]} instead of ${value}`);
            }
        }
    };
}

registry.category("web_tour.tours").add("beneficiary_numbers", {
    url: "/odoo/beneficiary-files",
    steps: () => [
        {
            content: "a header takes a second line",
            trigger: ".o_br_screen th[data-name=phone] .text-truncate",
            run: checkStyle({ whiteSpace: "normal" }),
        },
        {
            content: "a telephone reads from left to right, in the Arabic column",
            trigger: ".o_br_screen td[name=phone]",
            run: checkStyle({ direction: "ltr", textAlign: "right" }),
        },
        {
            trigger: ".o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "and so it does in the form",
            trigger: ".o_form_view.o_br_screen .o_field_widget[name=phone]",
            run: checkStyle({ direction: "ltr" }),
        },
        {
            content: "the links beside it stand apart",
            trigger: ".o_field_widget[name=phone] .o_phone_content",
            run: checkStyle({ columnGap: "12px" }),
        },
    ],
});
