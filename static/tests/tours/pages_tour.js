import { registry } from "@web/core/registry";

import { checkArabicScreen } from "./tour_utils";

// Pages of a form that are read when they are opened. Relies on data made in
// tests/tours/test_tour_pages.py; it runs in Arabic.

function open(page, ...shown) {
    return [
        {
            content: `open the page ${page}`,
            trigger: `.o_notebook a[name=${page}]`,
            run: "click",
        },
        ...shown.map((trigger) => ({
            content: "what stands there is read",
            trigger: `.o_notebook_content ${trigger}`,
        })),
    ];
}

const saved = { trigger: "body:not(:has(.o_form_button_save:visible))" };
const save = [
    { content: "save", trigger: ".o_form_button_save", run: "click" },
    saved,
];

registry.category("web_tour.tours").add("beneficiary_pages", {
    steps: () => [
        { trigger: ".o_form_view div[name=household_member_ids]" },
        ...open("income", "div[name=income_line_ids]", "div[name=housing_kind]"),
        ...open("representatives", "div[name=representative_ids]"),
        ...open("documents", "div[name=document_ids] .o_data_row"),
        ...open("notes", "div[name=notes]"),
        {
            content: "write on a late page",
            trigger: ".o_notebook a[name=bank]",
            run: "click",
        },
        {
            trigger: "div[name=bank_account_holder] input",
            run: "edit سالم المثال",
        },
        ...open("income"),
        ...open("bank"),
        {
            content: "what was written is still there, and is stored",
            trigger: "div[name=bank_account_holder] input:value(سالم المثال)",
        },
        ...save,
        {
            trigger: "div[name=bank_account_holder] input",
            run: "edit somebody else",
        },
        {
            content: "what is discarded is not kept",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "div[name=bank_account_holder] input:value(سالم المثال)",
            run() {
                checkArabicScreen();
            },
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_pages_onchange", {
    steps: () => [
        {
            content: "what is typed on top has an onchange: all pages are read for it",
            trigger: ".o_form_view div[name=phone] input",
            run: "edit ٠٥٠٠٠٠٠٠٧٧",
        },
        ...save,
        ...open("bank", "div[name=bank_account_holder] input:value(سالم المثال)"),
    ],
});

registry.category("web_tour.tours").add("beneficiary_pages_request", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:first .o_data_cell[name=beneficiary_id]",
            run: "click",
        },
        ...open("steps", "div[name=step_ids]"),
        ...open("interactions", "div[name=interaction_ids]"),
        ...open("documents", "div[name=document_ids]"),
        {
            content: "the next request shows the same page of its own",
            trigger: ".o_pager_next",
            run: "click",
        },
        { trigger: ".o_pager_value:contains(2)" },
        { trigger: ".o_notebook a[name=documents].active" },
        { trigger: ".o_notebook_content div[name=document_ids]" },
        {
            content: "a new one has everything from the start",
            trigger: ".o_form_button_create",
            run: "click",
        },
        { trigger: ".o_form_view div[name=beneficiary_id] input" },
        ...open("request", "div[name=description] textarea"),
    ],
});
