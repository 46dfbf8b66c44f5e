/**
 * Open every screen of each role, in Arabic and in English, and list what is wrong.
 *
 * node walk.js BASE AR_PO FOLDER [ROLE,...] [LANGUAGE,...]
 *
 * Nothing is confirmed: dialogs are opened and closed, records are opened and left.
 * The exit code is 1 if anything was found.
 */
const fs = require("fs");
const path = require("path");
const people = require("./people");
const { overflow, readTerms, untranslated, untranslatedPaper } = require("./reading");

const [base, po, folder, onlyRoles, onlyLanguages] = process.argv.slice(2);
const ROLES = ["officer", "delegate", "researcher", "member", "chair", "manager", "auditor"];
const PERSON = "beneficiary";
const LANGUAGES = ["ar_001", "en_US"];
const PHONE = { viewport: { width: 390, height: 800 } };
const WORKERS = 2;
// So many records of one page of the portal are opened.
const SAMPLES = 3;
// Buttons that lead to another screen. Others do something, and are left alone.
const OPENS = /^\d+$|^action_(open_|view_|print_|study$)/;
// What the browser says about the network goes into the list by its own line.
const NOISE = /Failed to load resource|websocket|WebSocket|ERR_ABORTED|ResizeObserver/;
const REFUSALS = /UserError|ValidationError|RedirectWarning/;

const findings = new Map();
const visits = {};

/** Keep a finding once, with the first place where it was seen. */
function report(place, kind, text) {
    const line = String(text).replace(/\s+/g, " ").trim().slice(0, 240);
    const key = `${kind}|${line}`;
    const known = findings.get(key);
    if (known) {
        known.times += 1;
    } else {
        findings.set(key, { kind, text: line, place: place.name, times: 1 });
    }
}

/** Report what the page and its server say while the walk goes on. */
function listen(page, place) {
    people.watch(page);
    page.on("console", (message) => {
        if (message.type() === "error" && !NOISE.test(message.text())) {
            report(place, "console", message.text());
        }
    });
    page.on("pageerror", (error) => {
        if (!NOISE.test(String(error))) {
            report(place, "script", error.message || error);
        }
    });
    page.on("response", async (response) => {
        if (response.status() >= 500) {
            report(place, `HTTP ${response.status()}`, new URL(response.url()).pathname);
        }
        if (/\/web\/(dataset|action)\//.test(response.url())) {
            const body = await response.json().catch(() => ({}));
            const name = body.error?.data?.name || "";
            if (body.error && !REFUSALS.test(name)) {
                report(place, "traceback", `${name}: ${body.error.data?.message}`);
            }
        }
    });
}

/** Look at the screen as it is now, and keep a picture of it. */
async function inspect(page, place, lang, terms) {
    visits[place.who] = (visits[place.who] || 0) + 1;
    if (await page.locator(".o_error_dialog").count()) {
        report(place, "error", await page.locator(".o_error_dialog").first().innerText());
    }
    const wider = await overflow(page);
    if (wider) {
        report(place, "overflow", `${place.name}: ${wider} px`);
    }
    if (lang === "ar_001") {
        for (const text of await untranslated(page, terms)) {
            report(place, "untranslated", text);
        }
    }
    const file = `${place.name.replace(/[^\w.-]+/g, "_").slice(0, 120)}.png`;
    await page
        .screenshot({ path: path.join(folder, file), timeout: 10000 })
        .catch(() => {});
}

/** The walk of one person through the web client in one language. */
class Walk {
    constructor(context, page, place, lang, terms) {
        Object.assign(this, { context, page, place, lang, terms });
        this.pressed = new Set();
        this.printed = new Set();
        this.forms = new Set();
    }

    look(name) {
        this.place.name = `${this.place.who} ${name}`;
        return inspect(this.page, this.place, this.lang, this.terms);
    }

    call(model, method, args, kwargs) {
        return people.call(this.context, base, model, method, args, kwargs);
    }

    async run() {
        await people.openClient(this.page, base);
        const menus = await this.page.evaluate(() => {
            const { menu } = window.odoo.__WOWL_DEBUG__.root.env.services;
            const app = menu.getApps().find((entry) => entry.xmlid === "beneficiary_relations.root_menu");
            const list = [];
            const gather = (id) => {
                const entry = menu.getMenu(id);
                if (entry.actionID && entry.id !== app.id) {
                    list.push({ id: entry.id, name: entry.xmlid.split(".")[1], action: entry.actionID });
                }
                entry.children.forEach(gather);
            };
            gather(app.id);
            menu.setCurrentMenu(app.id);
            return list;
        });
        for (const menu of menus) {
            await this.openMenu(menu);
        }
    }

    async openMenu(menu) {
        this.place.name = `${this.place.who} ${menu.name}`;
        const refused = await people.doAction(this.page, menu.action);
        if (refused) {
            report(this.place, "refused", `${menu.name}: ${refused}`);
            return;
        }
        await this.look(menu.name);
        const dialog = await this.page.locator(".modal").count();
        if (dialog) {
            await people.closeDialogs(this.page);
            return;
        }
        const shown = await this.page.evaluate(() => {
            const controller = window.odoo.__WOWL_DEBUG__.root.env.services.action.currentController;
            const { action } = controller;
            return {
                type: action.type,
                model: action.res_model,
                views: (action.views || []).map(([, type]) => type),
                current: controller.view?.type,
                domain: controller.action.domain || [],
            };
        });
        if (shown.type !== "ir.actions.act_window") {
            return;
        }
        for (const type of shown.views) {
            if (!["form", "search", shown.current].includes(type)) {
                await people.switchView(this.page, type);
                await this.look(`${menu.name} ${type}`);
            }
        }
        if (shown.views.includes("form")) {
            await this.openForms(menu, shown);
        }
    }

    /** Open one record in each state, and a new one. */
    async openForms(menu, { model }) {
        const records = this.forms.has(model) ? [] : await this.oneOfEachState(model);
        for (const { id, label } of records) {
            await people.switchView(this.page, "form", { resId: id });
            await this.openForm(menu, label, model, id);
            // Back to the list, from which the next record is opened.
            await people.doAction(this.page, menu.action);
        }
        if (!this.forms.has(model)) {
            const create = await this.page
                .locator(".o_list_button_add, .o-kanban-button-new, .o_form_button_create")
                .count();
            if (create) {
                await people.switchView(this.page, "form", { resId: false });
                await this.look(`${menu.name} new`);
                await people.closeDialogs(this.page);
            }
        }
        this.forms.add(model);
    }

    async oneOfEachState(model) {
        const fields = await this.call(model, "fields_get", [], { attributes: ["type", "store"] });
        if (fields.state?.store) {
            const groups = await this.call(model, "formatted_read_group", [[]], {
                groupby: ["state"],
                aggregates: ["id:max"],
            });
            return groups.map((group) => ({ id: group["id:max"], label: group.state }));
        }
        const ids = await this.call(model, "search", [[]], { limit: 1 });
        return ids.map((id) => ({ id, label: "record" }));
    }

    async openForm(menu, label, model, id) {
        const name = `${menu.name} ${label}`;
        await this.look(name);
        const tabs = this.page.locator(".o_form_view .o_notebook_headers .nav-link");
        for (let index = 1; index < (await tabs.count()); index++) {
            await tabs.nth(index).click({ timeout: 3000 }).catch(() => {});
            await people.settle(this.page);
            await this.look(`${name} tab ${index}`);
        }
        await this.print(name, model, id);
        await this.press(menu, name, model, id);
    }

    /** Print each report that the record offers. */
    async print(name, model, id) {
        const { views } = await this.call(model, "get_views", [[[false, "form"]]], {
            options: { toolbar: true },
        });
        for (const { id: action } of views.form.toolbar?.print || []) {
            if (!this.printed.has(action)) {
                this.printed.add(action);
                const answer = await this.context.request.post(`${base}/web/action/load`, {
                    data: { jsonrpc: "2.0", params: { action_id: action } },
                });
                const paper = (await answer.json()).result.report_name;
                await this.fetchPaper(name, paper, id);
            }
        }
    }

    async fetchPaper(name, paper, id) {
        const context = encodeURIComponent(JSON.stringify({ lang: this.lang }));
        const answer = await this.context.request.get(
            `${base}/report/pdf/${paper}/${id}?context=${context}`,
            { timeout: 120000 }
        );
        visits[this.place.who] += 1;
        if (answer.status() >= 500 && !(await this.refusedPaper(answer))) {
            report(this.place, `HTTP ${answer.status()}`, `${paper} of ${name}`);
        } else if (answer.ok() && this.lang === "ar_001") {
            const html = await this.context.request.get(`${base}/report/html/${paper}/${id}`);
            for (const text of await untranslatedPaper(this.page, await html.text(), this.terms)) {
                report(this.place, "paper", `${paper}: ${text}`);
            }
        }
    }

    /** A paper that does not exist yet, such as the letter of a held reply. */
    async refusedPaper(answer) {
        return /UserError|odoo\.exceptions/.test(await answer.text());
    }

    /** Open each dialog that a button of the header leads to, and close it. */
    async press(menu, name, model, id) {
        const header = ".o_form_statusbar .o_statusbar_buttons button, .o-form-buttonbox button";
        const names = await this.page.locator(header).evaluateAll((buttons) =>
            buttons.filter((button) => button.checkVisibility() && !button.disabled).map((button) => button.name)
        );
        for (const button of new Set(names.filter((entry) => OPENS.test(entry)))) {
            if (this.pressed.has(`${model} ${button}`)) {
                continue;
            }
            this.pressed.add(`${model} ${button}`);
            const there = this.page.locator(`.o_form_view button[name="${button}"]:visible`).first();
            if (!(await there.count())) {
                continue;
            }
            await there.click({ timeout: 3000 }).catch(() => {});
            await people.settle(this.page);
            await this.look(`${name} button ${button}`);
            await people.closeDialogs(this.page);
            if (!(await there.count())) {
                await people.doAction(this.page, menu.action);
                await people.switchView(this.page, "form", { resId: id });
            }
        }
    }
}

/** Follow the links of the portal's pages: a few addresses of each kind. */
async function walkPortal(page, place, lang, terms, starts) {
    const seen = new Set();
    const counts = {};
    const queue = [...starts];
    const kind = (address) => address.replace(/\d+/g, "0");
    while (queue.length) {
        const address = queue.shift();
        const times = (counts[kind(address)] = (counts[kind(address)] || 0) + 1);
        if (seen.has(address) || times > SAMPLES) {
            continue;
        }
        seen.add(address);
        place.name = `${place.who} ${address}`;
        if (/pdf|download|report|\/web\/content/.test(address)) {
            const answer = await page.context().request.get(base + address, { timeout: 120000 });
            visits[place.who] = (visits[place.who] || 0) + 1;
            if (answer.status() >= 500) {
                report(place, `HTTP ${answer.status()}`, address);
            }
            continue;
        }
        const answer = await page.goto(base + address, { waitUntil: "load" }).catch(() => null);
        if (!answer) {
            continue;
        }
        await people.settle(page);
        await inspect(page, place, lang, terms);
        const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href));
        for (const link of links.filter((entry) => entry.startsWith(base))) {
            const { pathname, search } = new URL(link);
            if (/^\/(my|policy|services)\b/.test(pathname) && !/logout|sort|filter/.test(link)) {
                queue.push(pathname + search);
            }
        }
    }
}

/** Do one person's walk in each language. */
async function walkPerson(browser, role, languages, terms) {
    for (const lang of languages) {
        const place = { who: `${role} ${lang.slice(0, 2)}`, name: `${role} ${lang}` };
        const onPortal = [PERSON, "visitor"].includes(role);
        const login = role === "visitor" ? "" : role;
        const context = await people.signIn(browser, base, login, lang, onPortal ? PHONE : {});
        try {
            const page = await context.newPage();
            listen(page, place);
            if (onPortal) {
                const starts = login ? ["/my", "/my/account"] : ["/web/login", "/my/signin", "/my/new", "/policy", "/services"];
                await walkPortal(page, place, lang, terms, starts);
            } else {
                await new Walk(context, page, place, lang, terms).run();
            }
        } catch (error) {
            report(place, "walk", `${place.name}: ${error.message || error}`);
        }
        await context.close();
        keepFindings();
        console.log(`    ${place.who}: ${visits[place.who] || 0} screens`);
    }
}

/** Write what was found so far: a walk that is broken off has its list, too. */
function keepFindings() {
    const list = [...findings.values()].sort((a, b) => a.kind.localeCompare(b.kind));
    fs.writeFileSync(path.join(folder, "findings.json"), JSON.stringify(list, null, 2));
    return list;
}

function printFindings() {
    const list = keepFindings();
    for (const { kind, text, place, times } of list) {
        console.log(`${kind.padEnd(13)} ${String(times).padStart(4)} x  ${text}\n${" ".repeat(22)}${place}`);
    }
    const screens = Object.values(visits).reduce((sum, count) => sum + count, 0);
    console.log(`${screens} screens, ${list.length} findings; the pictures are in ${folder}`);
    return list.length;
}

async function main() {
    fs.mkdirSync(folder, { recursive: true });
    const terms = readTerms(po);
    const queue = onlyRoles ? onlyRoles.split(",") : ["manager", PERSON, "visitor", ...ROLES.filter((role) => role !== "manager")];
    const languages = onlyLanguages ? onlyLanguages.split(",") : LANGUAGES;
    const browser = await people.launch();
    const worker = async () => {
        while (queue.length) {
            await walkPerson(browser, queue.shift(), languages, terms);
        }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    await browser.close();
    process.exitCode = printFindings() ? 1 : 0;
}

main();
