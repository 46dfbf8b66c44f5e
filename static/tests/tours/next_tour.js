import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("beneficiary_next_refusal", {
    steps: () => [
        {
            content: "the reply is to be recorded, and is not written yet",
            trigger: ".o_statusbar_buttons button[name=action_answer].btn-primary",
            run: "click",
        },
        {
            content: "one click leads to the field",
            trigger: ".o_error_dialog button[name=beneficiary_take_me], .modal button[name=beneficiary_take_me]",
            run: "click",
        },
        {
            content: "it is in sight, and marked",
            trigger: ".o_field_widget[name=answer].o_br_wanted textarea",
            run: "edit نعتذر عن التأخير",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_next_dialog", {
    steps: () => [
        {
            content: "the paper is not matched",
            trigger: ".o_form_view [name=checklist] li",
        },
        {
            trigger: ".o_notebook .nav-link[name=documents]",
            run: "click",
        },
        {
            trigger: "div[name=document_ids] .o_data_row .o_data_cell",
            run: "click",
        },
        {
            content: "match it in the dialog of its line",
            trigger: ".modal .o_form_statusbar button.btn-primary, .modal .o_statusbar_buttons button.btn-primary",
            run: "click",
        },
        {
            trigger: ".modal div[name=source] input",
            run: "edit الأصل",
        },
        {
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".modal:not(:has(button[name=action_confirm])) .btn-close",
            run: "click",
        },
        {
            content: "the form behind knows",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has([name=checklist] li))",
        },
    ],
});
