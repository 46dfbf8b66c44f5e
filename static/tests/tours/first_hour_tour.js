import { registry } from "@web/core/registry";

import { checkArabicScreen, chooseScan, counted, makeScans, patient } from "./tour_utils";

// From an empty database to the first raised request, as the person who installed the
// addon. They rely on names rather than on words: they run in Arabic. The role is taken
// in a tour of its own, because the app opens anew then: that is one click.

const click = (trigger, content) => ({ content, trigger, run: "click" });
const edit = (trigger, text) => ({ trigger, run: `edit ${text}` });
const page = (name) => ({
    content: `the page ${name}`,
    trigger: `.o_form_view:has(.o_arrow_button_current[data-value=${name}])`,
    run: checkArabicScreen,
});
const goOn = click(".o_form_statusbar button[name=action_next]:visible", "go on");
const people = "div[name=person_ids]";
const next = (key) => `body:not(:has(.modal)) .o_form_statusbar button[data-hotkey=${key}]:visible`;
const confirm = (action = "action_confirm") =>
    click(`.modal footer button[name=${action}]:visible`, action);
const option = (name, value) =>
    click(`.modal .o_field_radio[name=${name}] input[data-value=${value}]`, `${name}: ${value}`);
const state = (name) => ({
    content: `the request is ${name}`,
    trigger: `body:not(:has(.modal)) .o_form_view:has(.o_arrow_button_current[data-value=${name}])`,
    run: checkArabicScreen,
});

function invite(name, email) {
    return [
        click(`${people} .o_field_x2many_list_row_add a`, "a person"),
        edit(`${people} .o_selected_row div[name=name] input`, name),
        edit(`${people} .o_selected_row div[name=email] input`, email),
    ];
}

function drag(type, target, data) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
    target.dispatchEvent(event);
}

registry.category("web_tour.tours").add("beneficiary_first_hour_role", {
    steps: () => [
        {
            content: "the role of the manager, in one click",
            trigger: ".o_form_statusbar button[name=action_take_role]:visible",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_form_statusbar button[name=action_next]:visible" },
    ],
});

registry.category("web_tour.tours").add("beneficiary_first_hour", {
    steps: () =>
        patient(counted([
            page("association"),
            edit("div[name=name] input", "جمعية المثال"),
            edit("div[name=beneficiary_licence_number] input", "٤٥٦"),
            goOn,
            page("policy"),
            goOn,
            page("people"),
            ...invite("سارة المثال", "sarah@example.com"),
            click(`${people} .o_selected_row div[name=role] :is(select, input)`, "her role"),
            click(".o_select_menu_item:first", "the chair"),
            ...invite("منى المثال", "mona@example.com"),
            goOn,
            page("services"),
            click("div[name=service_ids] .o_data_row:nth-child(2) td[name=is_chosen] input", "food"),
            goOn,
            page("portal"),
            goOn,
            page("ready"),
            click(".o_form_statusbar button[name=action_start]:visible", "the first request"),
            edit("div[name=beneficiary_id] input", "سالم المثال"),
            click(".o_m2o_dropdown_option_create_edit a", "a new file"),
            edit(".modal div[name=name] :is(input, textarea)", "سالم المثال"),
            edit(".modal div[name=identity_number] input", "١٠٠٠٠٠٠٠٠٨"),
            edit(".modal div[name=phone] input", "٠٥٠٠٠٠٠٠٠١"),
            click(".modal .o_form_button_save", "save the file"),
            edit("body:not(:has(.modal)) div[name=service_id] input", "قسيمة"),
            click(".o-autocomplete--dropdown-item a:contains(قسيمة)", "the chosen service"),
            edit(
                "body:not(:has(.o-autocomplete--dropdown-menu)) div[name=description] textarea",
                "سلة غذائية لأربعة أشخاص"
            ),
            click(".o_form_button_save", "save the request"),
            {
                trigger: ".o_form_saved .o_form_sheet .o_br_paper_drop",
                run: ({ anchor }) => drag("dragenter", anchor, makeScans("id.png", "register.png")),
            },
            {
                content: "drop the papers onto the request",
                trigger: ".o_br_paper_dropzone",
                run: ({ anchor }) => drag("drop", anchor, makeScans("id.png", "register.png")),
            },
            { trigger: ".modal:has(.o_data_row:nth-child(2))" },
            click(".modal .o_data_row:first td[name=expiry_date]", "until when it is valid"),
            edit(".modal .o_selected_row [name=expiry_date] input", "٠١/٠١/٢٠٣٠"),
            confirm(),
            click(next("l"), "match what was stated"),
            { trigger: ".modal .o_data_row" },
            option("seen", "original"),
            { trigger: ".modal .o_data_row:first td[name=source]:not(:empty)" },
            confirm(),
            click(next("v"), "receive"),
            option("answered", "office"),
            edit(".modal div[name=minutes] input", "١٠"),
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
