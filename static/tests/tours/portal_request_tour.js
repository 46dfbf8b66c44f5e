import { registry } from "@web/core/registry";

import { checkPortal, chooseScan, signByHand } from "./tour_utils";

// These tours rely on data made in tests/tours/test_tour_portal.py, and on names and
// classes rather than on words: they run in Arabic, on the screen of a phone.

const choosePhoto = chooseScan("بطاقة.png");
const checkArabicPage = () => checkPortal();
const checkEnglishPage = () => checkPortal("ltr");

function sendSteps(check) {
    return [
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
            trigger: "a.o_br_section[href$='/my/requests']",
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
            trigger: ".o_br_begin",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_autosave",
            run: check,
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
            trigger: ".o_br_next",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page opens on the message, beside the button",
            trigger: ".o_br_say:focus",
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
            content: "it is saved while one waits",
            trigger: ".o_br_saved:not(.invisible)",
        },
        {
            trigger: ".o_br_next",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a photo of the identity card",
            trigger: ".o_br_paper > input[type=file]",
            run: choosePhoto,
        },
        {
            trigger: ".o_br_preview:not(.d-none)",
            run: check,
        },
        {
            trigger: ".o_br_send_paper",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_held",
        },
        {
            trigger: ".o_br_next",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the summary, with nothing missing",
            trigger: ".o_br_portal:not(:has(.o_br_missing)) .o_br_summary",
            run: check,
        },
        {
            trigger: ".o_br_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_done",
            run: check,
        },
        {
            content: "received, and nothing missing",
            trigger: ".o_br_portal:not(:has(.o_br_missing)) .o_br_status[data-state=submitted]",
        },
        {
            content: "the photo can be had back",
            trigger: "a.o_br_download",
        },
    ];
}

registry.category("web_tour.tours").add("beneficiary_portal_send", {
    url: "/web/login?redirect=/my",
    steps: () => sendSteps(checkArabicPage),
});

registry.category("web_tour.tours").add("beneficiary_portal_send_english", {
    url: "/web/login?redirect=/my",
    steps: () => sendSteps(checkEnglishPage),
});

function signSteps(check) {
    return [
        {
            trigger: ".o_br_requests a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_status[data-state=verified]",
            run: check,
        },
        {
            content: "all that is declared stands there, and who signs",
            trigger: ".o_br_declared:contains(1000000008)",
        },
        {
            trigger: ".o_br_declaration:not(:has(.o_web_sign_name_input)) .o_br_signer:contains(سالم المثال)",
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
    ];
}

registry.category("web_tour.tours").add("beneficiary_portal_sign", {
    url: "/my/requests",
    steps: () => signSteps(checkArabicPage),
});

registry.category("web_tour.tours").add("beneficiary_portal_sign_english", {
    url: "/my/requests",
    steps: () => signSteps(checkEnglishPage),
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

/** Lose the connection: before the call arrives, or while its answer comes back. */
function loseFetch(part, isAnswerLost) {
    const { fetch } = window;
    window.fetch = async (url, options) => {
        if (!String(url).includes(part)) {
            return fetch(url, options);
        }
        window.fetch = fetch;
        if (isAnswerLost) {
            await fetch(url, options);
        }
        throw new TypeError("Failed to fetch");
    };
}

/** Lose the connection in the middle of an upload, or while its answer comes back. */
function loseUpload(isAnswerLost) {
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url, ...others) {
        this.lostUrl = url;
        return open.call(this, method, url, ...others);
    };
    XMLHttpRequest.prototype.send = async function (body) {
        if (!String(this.lostUrl).endsWith("/papers")) {
            return send.call(this, body);
        }
        Object.assign(XMLHttpRequest.prototype, { open, send });
        this.upload.dispatchEvent(new ProgressEvent("progress", { loaded: 5, total: 10 }));
        if (isAnswerLost) {
            const headers = { "X-Requested-With": "XMLHttpRequest" };
            await fetch(this.lostUrl, { method: "POST", body, headers });
        }
        this.dispatchEvent(new ProgressEvent("error"));
    };
}

registry.category("web_tour.tours").add("beneficiary_portal_lost", {
    url: "/my/requests/new",
    steps: () => [
        {
            trigger: ".o_br_begin",
            run: () => loseFetch("/my/requests/new", true),
        },
        {
            content: "the draft is made, and its answer is lost",
            trigger: ".o_br_begin",
            run: "click",
        },
        {
            trigger: ".o_br_lost:not(.d-none):focus",
        },
        {
            trigger: ".o_br_begin:not(.disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#o_br_description",
            run: "edit سلة غذائية",
        },
        {
            trigger: "#o_br_amount",
            run: "edit ٥٠٠",
        },
        {
            trigger: ".o_br_saved:not(.invisible)",
            run: () => loseFetch("/edit/need", false),
        },
        {
            trigger: ".o_br_next",
            run: "click",
        },
        {
            content: "nothing typed is lost",
            trigger: ".o_br_form:has(.o_br_lost:not(.d-none)) #o_br_description:value(سلة غذائية)",
        },
        {
            trigger: ".o_br_next:not(.disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_paper > input[type=file]",
            run: choosePhoto,
        },
        {
            trigger: ".o_br_preview:not(.d-none)",
            run: () => loseUpload(false),
        },
        {
            content: "lost in the middle of the upload",
            trigger: ".o_br_send_paper",
            run: "click",
        },
        {
            content: "the photo is still there",
            trigger: ".o_br_paper_form:has(.o_br_lost:not(.d-none)) .o_br_preview:not(.d-none)",
            run: () => loseUpload(true),
        },
        {
            content: "this time it arrives, and its answer is lost",
            trigger: ".o_br_send_paper:not(.disabled)",
            run: "click",
        },
        {
            trigger: ".o_br_paper_form:has(.o_br_lost:not(.d-none)) .o_br_preview:not(.d-none)",
        },
        {
            trigger: ".o_br_send_paper:not(.disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_held",
        },
        {
            trigger: ".o_br_next",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_summary",
            run: () => loseFetch("/edit/check", true),
        },
        {
            content: "sent, and the answer is lost",
            trigger: ".o_br_send",
            run: "click",
        },
        {
            trigger: ".o_br_lost:not(.d-none):focus",
        },
        {
            content: "the second time shows what the first has done",
            trigger: ".o_br_send:not(.disabled)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_done:focus",
        },
        {
            trigger: ".o_br_status[data-state=submitted]",
            run: checkArabicPage,
        },
    ],
});

/** Choose a photo that is larger than a slow network bears. */
async function chooseLargePhoto({ anchor }) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [3000, 2000];
    const brush = canvas.getContext("2d");
    const noise = brush.createImageData(3000, 2000);
    for (let start = 0; start < noise.data.length; start += 65536) {
        crypto.getRandomValues(noise.data.subarray(start, start + 65536));
    }
    brush.putImageData(noise, 0, 0);
    const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.98));
    if (content.size < 3_000_000) {
        throw new Error("The photo is too small to show anything.");
    }
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], "large.jpeg", { type: "image/jpeg" }));
    anchor.files = transfer.files;
    anchor.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("beneficiary_portal_reduced", {
    steps: () => [
        {
            content: "by way of the camera",
            trigger: ".o_br_camera:not(.d-none)",
        },
        {
            trigger: ".o_br_paper > input[type=file]",
            run: chooseLargePhoto,
        },
        {
            content: "it is smaller before it is sent",
            trigger: ".o_br_preview:not(.d-none)",
            async run({ anchor }) {
                await anchor.decode();
                if (anchor.naturalWidth !== 1920) {
                    throw new Error(`The photo is ${anchor.naturalWidth} pixels wide.`);
                }
            },
        },
        {
            trigger: ".o_br_send_paper",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_held",
        },
        {
            content: "it may be taken back",
            trigger: ".o_br_remove",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_withdraw", {
    steps: () => [
        {
            trigger: ".o_br_withdraw > summary",
            run: "click",
        },
        {
            trigger: "#o_br_reason",
            run: "edit سافرت",
        },
        {
            content: "the confirmation is forgotten",
            trigger: ".o_br_withdraw button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page opens on the message, beside the button, with the words",
            trigger: ".o_br_withdraw[open]:has(#o_br_reason:value(سافرت)) .o_br_say:focus",
            run: checkArabicPage,
        },
        {
            trigger: "#o_br_confirmed",
            run: "click",
        },
        {
            trigger: ".o_br_withdraw button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_portal:has(.o_br_done:focus) .o_br_status[data-state=cancelled]",
        },
    ],
});

registry.category("web_tour.tours").add("beneficiary_portal_appeal", {
    steps: () => [
        {
            trigger: ".o_br_appeal > summary",
            run: "click",
        },
        {
            content: "the words are forgotten",
            trigger: ".o_br_appeal button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_appeal[open] .o_br_say:focus",
            run: checkArabicPage,
        },
        {
            trigger: "#o_br_appeal_reason",
            run: "edit تغير دخلي",
        },
        {
            trigger: "#o_br_appeal_files",
            run: choosePhoto,
        },
        {
            trigger: ".o_br_appeal button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_br_portal:has(.o_br_done:focus) .o_br_appeal_files li",
            run: checkArabicPage,
        },
    ],
});
