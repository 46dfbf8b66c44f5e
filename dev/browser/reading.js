/** What is wrong with a screen: texts left in English, and what runs over its edge. */
const fs = require("fs");

// Names that stay in Latin letters in Arabic, and a word of Odoo's calendar without Arabic.
const NAMES =
    /\b(\d+ Week|PDF|IBAN|SMS|Odoo|WhatsApp|QR|CSV|XLSX?|ZIP|HTML|SHA-?256|URL|ID|HEIC|JPE?G|PNG|MB|KB|AM|PM|Excel|Google|Outlook|iCal|https?|www)\b/gi;
// Addresses, names of files, and numbers of records and papers.
const ADDRESS = /\b[A-Z]{2,}-\d+\b|\S+@\S+|https?:\/\/\S+|\S+\.(com|sa|org|pdf|png|jpe?g|xlsx|txt)\b|[\w-]*[/_]\S*|@\w+/gi;

/** Return the English texts of a PO file that have an Arabic text. */
function readTerms(file) {
    const terms = new Set();
    for (const entry of fs.readFileSync(file, "utf8").split("\n\n")) {
        const field = (name) => {
            const found = entry.match(new RegExp(`^${name} ((?:".*"\\n?)+)`, "m"));
            return found ? found[1].split("\n").filter(Boolean).map((line) => JSON.parse(line)).join("") : "";
        };
        const [msgid, msgstr] = [field("msgid"), field("msgstr")];
        if (/[A-Za-z]{2}/.test(msgid) && msgstr && msgid !== msgstr && !msgid.includes("<")) {
            terms.add(msgid.replace(/\s+/g, " ").trim());
        }
    }
    return terms;
}

/** Return the texts of the page: of its frame (labels, buttons, titles), and its data. */
async function readTexts(page) {
    return page.evaluate(() => {
        const frame =
            ".o_main_navbar, .o_control_panel, .modal-header, .modal-footer, .o_form_label, label, th, button, .nav-link, .o_horizontal_separator, .dropdown-item, .o_view_nocontent, .o_arrow_button, .breadcrumb, .o_stat_text, h1, h2, h3";
        const data =
            ".o_data_cell, .o_field_widget:not(.o_field_statusbar), .o_kanban_record, .o-mail-Message, .o_group_name, .o_pivot, .o_user_menu, .o_switch_company_menu, .breadcrumb-item, .o_last_breadcrumb_item, .o_facet_value";
        const shown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;
        const texts = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const text = node.textContent.replace(/\s+/g, " ").trim();
            const parent = node.parentElement;
            if (/[A-Za-z]{2}/.test(text) && !parent.closest("script, style, noscript, .o-mail-Message-body, [lang='en']") && shown(parent)) {
                texts.push([text, Boolean(parent.closest(frame)) && !parent.closest(data)]);
            }
        }
        for (const element of document.querySelectorAll("[placeholder], [title], [aria-label], [data-tooltip]")) {
            for (const name of ["placeholder", "title", "aria-label", "data-tooltip"]) {
                const text = (element.getAttribute(name) || "").replace(/\s+/g, " ").trim();
                if (/[A-Za-z]{2}/.test(text) && shown(element)) {
                    texts.push([text, false]);
                }
            }
        }
        return texts;
    });
}

/** Return the texts of a paper. The data of the demonstration are Arabic. */
async function readPaper(page, html) {
    return page.evaluate((source) => {
        const { body } = new DOMParser().parseFromString(source, "text/html");
        const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
        const texts = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!node.parentElement.closest("script, style, noscript")) {
                texts.push([node.textContent.replace(/\s+/g, " ").trim(), true]);
            }
        }
        return texts;
    }, html);
}

/** Return the texts of an Arabic page that were left in English. */
async function untranslated(page, terms) {
    return english(await readTexts(page), terms);
}

/** Return the texts of an Arabic paper that were left in English. */
async function untranslatedPaper(page, html, terms) {
    return english(await readPaper(page, html), terms);
}

function english(texts, terms) {
    const found = new Set();
    for (const [text, isFrame] of texts) {
        const words = text.replace(ADDRESS, " ").replace(NAMES, " ");
        if (terms.has(text) || (isFrame && /[A-Za-z]{3}/.test(words))) {
            found.add(text.slice(0, 120));
        }
    }
    return [...found];
}

/** Return by how many pixels the page is wider than the window. */
async function overflow(page) {
    return page.evaluate(() => {
        const page = document.scrollingElement;
        return Math.max(0, page.scrollWidth - page.clientWidth - 1);
    });
}

module.exports = { overflow, readTerms, untranslated, untranslatedPaper };
