import { registry } from "@web/core/registry";

// Relies on data made in tests/tours/test_tour_interaction.py, and on names and classes
// rather than on words: it runs in Arabic.

registry.category("web_tour.tours").add("beneficiary_backend_call", {
    url: "/odoo/beneficiary-requests",
    steps: () => [
        {
            content: "the telephone rings: one key, wherever one is",
            trigger: ".o_web_client:has(button[name=beneficiary_new_interaction]):has(.o_data_row)",
            run: "press alt+shift+c",
        },
        {
            content: "the person's number, as it stands on the telephone",
            trigger: ".modal div[name=beneficiary_id] input:focus",
            run: "edit ٠٥٠ ٠٠٠ ٠٠٠١",
        },
        {
            content: "the person is found",
            trigger: ".modal .o-autocomplete--dropdown-item .ui-state-active:contains(سالم المثال)",
        },
        {
            trigger: ".modal div[name=beneficiary_id] input",
            run: "press Enter",
        },
        {
            content: "what is known of the person shows",
            trigger: ".modal div[name=open_requests] .o_data_row",
        },
        {
            trigger: ".modal div[name=subject] input",
            run: "edit سؤال عن موعد الرد",
        },
        {
            trigger: ".modal div[name=outcome] textarea",
            run: "edit أُفيد بالموعد",
        },
        {
            content: "save, with the keyboard",
            trigger: ".modal div[name=outcome] textarea",
            run: "press alt+q",
        },
        {
            content: "the call is logged, and the screen is where it was",
            trigger: "body:not(:has(.modal)) .o_list_view",
        },
    ],
});
