import { registry } from "@web/core/registry";

import { checkArabicScreen } from "./tour_utils";

// Papers in Odoo's file viewer: from the list, with both sides, and from the request.
// Relies on data made in tests/tours/test_tour_papers.py; it runs in Arabic.

const shown = ".o-FileViewer img.o-FileViewer-viewImage";

function checkSource(text) {
    return {
        content: `the viewer shows ${text}`,
        trigger: `${shown}[src*="${text}"]`,
        run() {
            checkArabicScreen();
        },
    };
}

const close = [
    {
        content: "close the viewer",
        trigger: ".o-FileViewer-headerButton .fa-times",
        run: "click",
    },
    { trigger: "body:not(:has(.o-FileViewer))" },
];

registry.category("web_tour.tours").add("beneficiary_papers", {
    steps: () => [
        {
            content: "look at the paper: the list stays open",
            trigger: ".o_list_view .o_data_row:contains(front.png) .o_br_scan",
            run: "click",
        },
        checkSource("/file?"),
        {
            content: "the other side follows",
            trigger: ".o-FileViewer",
            run: "press ArrowRight",
        },
        checkSource("/file_back?"),
        ...close,
        { trigger: ".o_list_view .o_data_row" },
    ],
});

registry.category("web_tour.tours").add("beneficiary_papers_request", {
    steps: () => [
        {
            content: "the papers of the request",
            trigger: ".o_notebook a[name=documents]",
            run: "click",
        },
        {
            trigger: "div[name=document_ids] .o_data_row .o_br_scan",
            run: "click",
        },
        checkSource("/file?"),
        ...close,
        { trigger: "div[name=document_ids] .o_data_row" },
    ],
});
