import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("beneficiary_refusal", {
    steps: () => [
        { trigger: ".o_notebook .nav-link[name=follow_ups], .o_form_view .o_notebook" },
        {
            content: "The reply is recorded before it was written",
            trigger: ".o_statusbar_buttons button[name=action_answer].btn-primary",
            run: "click",
        },
        {
            content: "One click leads to the field",
            trigger: ".o_error_dialog button[name=beneficiary_take_me]",
            run: "click",
        },
        {
            content: "It is in sight, marked and has the cursor",
            trigger: ".o_field_widget[name=answer].o_br_wanted textarea:focus",
            run: "edit نعتذر عن التأخير",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
