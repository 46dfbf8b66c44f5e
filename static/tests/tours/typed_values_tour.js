import { registry } from "@web/core/registry";

// This tour relies on the data of tests/tours/test_tour_typed_values.py.

function checkValue(name, expected) {
    return {
        content: `${name} shows what will be kept`,
        trigger: `.o_form_view div[name=${name}] input`,
        run({ anchor }) {
            if (anchor.value !== expected) {
                throw new Error(`${name} is "${anchor.value}", not "${expected}".`);
            }
        },
    };
}

function edit(name, text) {
    return {
        content: `type ${text} into ${name}`,
        trigger: `.o_form_view div[name=${name}] input`,
        run: `edit ${text}`,
    };
}

registry.category("web_tour.tours").add("beneficiary_typed_amount", {
    steps: () => [
        edit("amount_requested", "لا شيء"),
        {
            content: "what is no amount is refused in red",
            trigger: ".o_form_view div[name=amount_requested] input",
            run: "press Tab",
        },
        { trigger: ".o_form_view div[name=amount_requested].o_field_invalid" },
        edit("amount_requested", "12,5"),
        {
            content: "and so is a number with a group of one digit",
            trigger: ".o_form_view div[name=amount_requested] input",
            run: "press Tab",
        },
        { trigger: ".o_form_view div[name=amount_requested].o_field_invalid" },
        edit("amount_requested", "١٬٩٥٠٫٥"),
        checkValue("amount_requested", "1,950.5"),
        edit("amount_requested", "۹۵۰ ر.س"),
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("beneficiary_typed_quantity", {
    steps: () => [
        ...["٢،٥", "12,5", "-2,5", "لا شيء"].flatMap((text) => [
            edit("quantity", text),
            {
                content: "what is not clearly a number is refused in red",
                trigger: ".o_form_view div[name=quantity] input",
                run: "press Tab",
            },
            { trigger: ".o_form_view div[name=quantity].o_field_invalid" },
        ]),
        edit("quantity", "٢٫٥"),
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("beneficiary_typed_count", {
    steps: () => [
        edit("headcount", "١،٥"),
        {
            content: "so is a count",
            trigger: ".o_form_view div[name=headcount] input",
            run: "press Tab",
        },
        { trigger: ".o_form_view div[name=headcount].o_field_invalid" },
        edit("headcount", "١٬٢٠٠"),
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("beneficiary_typed_date", {
    steps: () => [
        {
            content: "open the date, whichever way it is shown",
            trigger: ".o_form_view div[name=birth_date] :is(input, button)",
            run: "click",
        },
        edit("birth_date", "٠١/٠٩/١٤٠٥"),
        checkValue("birth_date", "01/09/1405"),
        {
            content: "leave the field",
            trigger: ".o_form_view div[name=birth_date] input",
            run: "press Enter",
        },
        {
            content: "both calendars are shown before anything is kept",
            trigger: ".o_form_view div[name=birth_date_hijri] input:value(1405-09-01)",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
        {
            content: "open the date again",
            trigger: ".o_form_view div[name=birth_date] :is(input, button)",
            run: "click",
        },
        edit("birth_date", "31/02/2000"),
        {
            content: "leave the field",
            trigger: ".o_form_view div[name=birth_date] input",
            run: "press Enter",
        },
        {
            content: "what is no date is refused in words",
            trigger: ".o_notification:contains(31/02/2000)",
        },
        {
            content: "save what was there",
            trigger: ".o_form_view div[name=birth_date_hijri] input:value(1405-09-01)",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_typed_search", {
    steps: () => [
        {
            content: "search for an amount in Arabic digits",
            trigger: ".o_searchview_input",
            run: "edit ٩٥٠",
        },
        {
            content: "as an amount",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(المبلغ)",
            run: "click",
        },
        { trigger: ".o_data_row:contains(سالم المثال)" },
    ],
});
