import { registry } from "@web/core/registry";

import { checkArabicScreen, chooseScan, counted, makeScans, patient } from "./tour_utils";

// The shortest ways through an officer's day; they count what they take. They rely on data
// made in tests/tours/test_tour_clicks.py, and on names rather than on words: they run in
// Arabic.

const next = (key) => `.o_form_statusbar button[data-hotkey=${key}]:visible`;
const click = (trigger, content) => ({ content, trigger, run: "click" });
const edit = (trigger, text) => ({ trigger, run: `edit ${text}` });
const confirm = (action = "action_confirm") =>
    click(`.modal footer button[name=${action}]:visible`, action);
const option = (name, value) =>
    click(`.modal .o_field_radio[name=${name}] input[data-value=${value}]`, `${name}: ${value}`);
const state = (name) => ({
    content: `the request is ${name}`,
    trigger: `body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current[data-value=${name}])`,
    run: checkArabicScreen,
});

function drag(type, target, data) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
    target.dispatchEvent(event);
}

/** Drag the files onto the request: the sheet shows that it takes them. */
function dropScans(...names) {
    return [
        {
            trigger: ".o_form_sheet .o_br_paper_drop",
            run: ({ anchor }) => drag("dragenter", anchor, makeScans(...names)),
        },
        {
            content: "drop the papers onto the request",
            trigger: ".o_br_paper_dropzone",
            run: ({ anchor }) => drag("drop", anchor, makeScans(...names)),
        },
    ];
}

registry.category("web_tour.tours").add("beneficiary_clicks_raise", {
    url: "/odoo/beneficiary-requests",
    steps: () =>
        patient(counted([
            click("button[name=beneficiary_new_interaction]", "the telephone rings"),
            edit(".modal div[name=beneficiary_id] input", "٠٥٠٠٠٠٠٠٠١"),
            click(".modal .o-autocomplete--dropdown-item a:contains(سالم المثال)"),
            { trigger: ".modal footer button[name=action_open_request]:visible" },
            edit(".modal div[name=subject] input", "يطلب سلة غذائية"),
            confirm("action_open_request"),
            click("div[name=service_id] input", "the service"),
            click(".o-autocomplete--dropdown-item a:contains(Food)"),
            edit("div[name=description] textarea", "سلة غذائية لأربعة أشخاص"),
            ...dropScans("register.png", "letter.png"),
            {
                content: "both kinds that are missing are proposed, and a scan is shown",
                trigger: ".modal:has(.o_data_row:nth-child(2)):has(.o_br_scans img)",
                run: checkArabicScreen,
            },
            confirm(),
            click(`body:not(:has(.modal)) ${next("l")}`, "match what was stated"),
            {
                content: "what is to be matched, and its scans",
                trigger: ".modal:has(.o_data_row:nth-child(3)):has(.o_br_scans img)",
                run: checkArabicScreen,
            },
            option("seen", "original"),
            {
                content: "the source stands beside all of it",
                trigger: ".modal .o_data_row:nth-child(3) td[name=source]:not(:empty)",
            },
            confirm(),
            click(`body:not(:has(.modal)) ${next("v")}`, "receive"),
            edit(".modal div[name=minutes] input", "10"),
            option("answered", "telephone"),
            option("compared", "original"),
            confirm("action_confirm_next"),
            state("verified"),
            click(next("v"), "declare"),
            {
                content: "the signed paper",
                trigger: ".modal div[name=paper] input[type=file]:not(:visible)",
                run: chooseScan("declaration.png"),
            },
            { trigger: ".modal div[name=paper]:has(.fa-pencil, .fa-trash, a, input.o_input)" },
            confirm(),
            state("declared"),
            click(next("n"), "give the notice"),
            confirm("action_confirm_next"),
            state("in_review"),
        ])),
});

registry.category("web_tour.tours").add("beneficiary_clicks_close", {
    url: "/odoo/beneficiary-requests",
    steps: () => patient([
        click(".o_data_row .o_data_cell[name=beneficiary_id]:contains(سالم المثال)"),
        state("accepted"),
        ...counted([
            click(next("v"), "register"),
            option("registered", "complete"),
            confirm("action_confirm_plan"),
            edit(".modal div[name=place] input", "مكتب الجمعية"),
            confirm("action_confirm_receive"),
            {
                content: "the signed receipt",
                trigger: ".modal div[name=paper] input[type=file]:not(:visible)",
                run: chooseScan("receipt.png"),
            },
            { trigger: ".modal div[name=paper]:has(.fa-pencil, .fa-trash, a, input.o_input)" },
            confirm(),
            state("registered"),
            click(next("v"), "deliver"),
            option("handed", "receipt"),
            confirm("action_confirm_next"),
            state("closed"),
        ]),
    ]),
});

registry.category("web_tour.tours").add("beneficiary_clicks_keyboard", {
    url: "/odoo/beneficiary-requests",
    steps: () => patient([
        {
            content: "the telephone rings: one key, and the form waits for the number",
            trigger: ".o_web_client:has(button[name=beneficiary_new_interaction]):has(.o_data_row)",
            run: "press alt+shift+c",
        },
        edit(".modal div[name=beneficiary_id] input:focus", "٠٥٠٠٠٠٠٠٠١"),
        { trigger: ".modal .o-autocomplete--dropdown-item .ui-state-active:contains(سالم المثال)" },
        { trigger: ".modal div[name=beneficiary_id] input:focus", run: "press Enter" },
        { trigger: ".modal div[name=open_requests] .o_data_row" },
        { trigger: ".modal div[name=beneficiary_id] input:focus", run: "press Tab" },
        edit(".modal div[name=subject] input:focus", "سؤال عن موعد الرد"),
        { trigger: ".modal div[name=subject] input:focus", run: "press Tab" },
        { trigger: ".modal div[name=kind] :focus", run: "press Tab" },
        edit(".modal div[name=outcome] textarea:focus", "أُفيد بالموعد"),
        { trigger: ".modal div[name=outcome] textarea:focus", run: "press Tab" },
        { trigger: ".modal div[name=channel_id] input:focus", run: "press alt+q" },
        { trigger: "body:not(:has(.modal)) .o_list_view" },
    ]),
});

registry.category("web_tour.tours").add("beneficiary_clicks_palette", {
    url: "/odoo/beneficiary-requests",
    steps: () => patient([
        { trigger: ".o_list_view .o_data_row", run: "press control+k" },
        edit(".o_command_palette_search input", "by name or number"),
        click(".o_command:contains(Find a file)"),
        edit(".o_command_palette_search input", "٠٥٠٠٠٠٠٠٠١"),
        click(".o_command:contains(سالم المثال)"),
        {
            content: "the file is open",
            trigger: ".o_form_view div[name=file_number]",
        },
    ]),
});

registry.category("web_tour.tours").add("beneficiary_clicks_known", {
    url: "/odoo/beneficiary-files/new",
    steps: () => patient([
        {
            trigger: "div[name=phone] input",
            run: "edit ٠٥٠٠٠٠٠٠٠١",
        },
        {
            content: "it is said while the field is still being written",
            trigger: "div[name=known_files]:contains(سالم المثال)",
            run: () => {
                if (!document.activeElement.closest("div[name=phone]")) {
                    throw new Error("The field was left before it was said.");
                }
            },
        },
        click(".o_form_button_cancel", "leave it"),
        { trigger: ".o_list_view, .o_form_view:not(:has(div[name=known_files]))" },
    ]),
});
