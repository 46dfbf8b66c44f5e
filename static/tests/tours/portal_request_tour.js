import { registry } from "@web/core/registry";

import { signByHand } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_portal.py, and on names and
// classes rather than on words: they run in Arabic, on the screen of a phone.

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9" +
    "awAAAABJRU5ErkJggg==";

function photo() {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    return new File([bytes], "بطاقة.png", { type: "image/png" });
}

/** Choose a photo in the file input of the step. */
function choosePhoto({ anchor }) {
    const transfer = new DataTransfer();
    transfer.items.add(photo());
    anchor.files = transfer.files;
    anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Fail unless the page runs from right to left and fits the screen's width. */
function checkArabicPage() {
    if (getComputedStyle(document.querySelector("#wrap")).direction !== "rtl") {
        throw new Error("The page does not run from right to left.");
    }
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
}

registry.category("web_tour.tours").add("beneficiary_portal_send", {
    url: "/web/login?redirect=/my",
    steps: () => [
        {
            content: "sign in",
            trigger: ".oe_login_form input[name=login]",
            run: "edit br_applicant",
        },
        {
            trigger: ".oe_login_form input[name=password]",
            run: "edit br_applicant",
        },
        {
            trigger: ".oe_login_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the requests are on the home page",
            trigger: "a.o_br_section[href='/my/requests']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "there is none yet: make the first",
            trigger: ".o_br_empty a.o_br_new",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_form",
            run: checkArabicPage,
        },
        {
            trigger: "#o_br_description",
            run: "edit نحتاج إلى سلة غذائية لأربعة أفراد",
        },
        {
            content: "a mistake in the amount",
            trigger: "#o_br_amount",
            run: "edit كثير",
        },
        {
            trigger: ".o_br_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "what was typed is still there",
            trigger: "#o_br_description:value(نحتاج إلى سلة غذائية لأربعة أفراد)",
        },
        {
            content: "the amount in the digits of the keyboard",
            trigger: "#o_br_amount.is-invalid",
            run: "edit ١٥٠٠",
        },
        {
            content: "a photo of the identity card",
            trigger: ".o_br_paper input[type=file]",
            run: choosePhoto,
        },
        {
            trigger: ".o_br_preview:not(.d-none)",
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_done",
            run: checkArabicPage,
        },
        {
            content: "received, and nothing missing",
            trigger: ".o_br_portal:not(:has(.o_br_missing)) .o_br_status[data-state=submitted]",
        },
        {
            content: "the photo can be had back",
            trigger: "a.o_br_download",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_sign", {
    url: "/my/requests",
    steps: () => [
        {
            trigger: ".o_br_requests a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_status[data-state=verified]",
            run: checkArabicPage,
        },
        {
            content: "the name of the file is there already",
            trigger: ".o_br_declaration .o_web_sign_name_input:value(سالم المثال)",
        },
        signByHand(".o_br_declaration"),
        {
            trigger: ".o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_status[data-state=declared]",
        },
        {
            trigger: ".o_br_portal:not(:has(.o_br_declaration)) .o_br_done",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_wait", {
    url: "/my/requests",
    steps: () => [
        {
            trigger: ".o_br_requests a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the committee has decided, and the page does not say so",
            trigger: ".o_br_portal:not(:has(.o_br_reply)) .o_br_status[data-state=in_review]",
        },
        {
            content: "it says when the reply comes",
            trigger: ".o_br_review",
            run: checkArabicPage,
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_reply", {
    url: "/my/requests",
    steps: () => [
        {
            trigger: ".o_br_requests a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_status[data-state=accepted]",
        },
        {
            trigger: ".o_br_reply [data-outcome=accepted]",
            run: checkArabicPage,
        },
    ],
});
