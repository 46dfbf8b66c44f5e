import { registry } from "@web/core/registry";

import { checkPortal, getPageDirection } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_rights.py, and on names and
// classes rather than on words: they run in both languages, on the screen of a phone.

const checkPhone = () => checkPortal(getPageDirection());

registry.category("web_tour.tours").add("beneficiary_rate_by_link", {
    steps: () => [
        {
            content: "five faces, without signing in",
            trigger: ".o_br_faces label[for=o_br_rate_5]",
            run: checkPhone,
        },
        {
            content: "satisfied",
            trigger: ".o_br_faces label[for=o_br_rate_4]",
            run: "click",
        },
        {
            content: "in own words",
            trigger: "textarea[name=words]",
            run: "edit شكرا لكم",
        },
        {
            trigger: "form.o_br_rating button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "thanks, and nothing more to send",
            trigger: "body:not(:has(form.o_br_rating)) .o_br_thanks",
            run: checkPhone,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_my_data", {
    steps: () => [
        {
            content: "allow one use of the data",
            trigger:
                ".o_br_consents form:has(input[name=purpose][value=study]) button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_decision[data-purpose=study][data-given=yes]",
            run: checkPhone,
        },
        {
            content: "withdraw it again",
            trigger:
                ".o_br_consents form:has(input[name=purpose][value=study]) button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_decision[data-purpose=study][data-given=no]",
        },
        {
            content: "a copy needs a proof: a wrong one is refused beside the button",
            trigger: "input[name=password]",
            run: "edit wrong",
        },
        {
            trigger: ".o_br_copy button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the refusal has the focus",
            trigger: ".o_br_copy .o_br_error[role=alert]",
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error("The refusal does not have the focus.");
                }
            },
        },
        {
            trigger: "input[name=password]",
            run: "edit br_applicant",
        },
        {
            trigger: ".o_br_copy button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "make the copy",
            trigger: ".o_br_copy form[action$='/my/data/copy'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the copy is there, to read and for a program",
            trigger: ".o_br_copies a[href$='.json']",
            run: checkPhone,
        },
        {
            content: "ask for a correction",
            trigger: ".o_br_correction textarea[name=text]",
            run: "edit الشارع خطأ",
        },
        {
            trigger: ".o_br_correction button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it has its number and its day",
            trigger: ".o_br_data_requests li[data-state=open]",
            run: checkPhone,
        },
        {
            content: "and for an erasure",
            trigger: ".o_br_erasure textarea[name=text]",
            run: "edit محو رقم الهاتف القديم",
        },
        {
            trigger: ".o_br_erasure button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_data_requests li[data-state=open]:nth-of-type(2)",
        },
    ],
});
