/**
 * Take the pictures of the guides and of Odoo's app list from the demo data.
 *
 * node pictures.js BASE CHECKOUT
 */
const fs = require("fs");
const path = require("path");
const people = require("./people");

const [base, checkout] = process.argv.slice(2);
const GUIDE = path.join(checkout, "doc", "guide", "pictures");
const APP_LIST = path.join(checkout, "static", "description");
const SCREEN = { width: 1180, height: 720 };
const PHONE = { width: 390, height: 760 };
const LANGUAGES = { ar: "ar_001", en: "en_US" };

/** A screen of the web client: an action, and perhaps one of its records. */
const screen = (login, action, model, domain) => ({
    login,
    size: SCREEN,
    async open(page, context) {
        await people.openClient(page, base, `/odoo/action-beneficiary_relations.${action}`);
        // An action that does not exist leaves the screen empty.
        await page.locator(".o_action_manager .o_action").first().waitFor({ timeout: 10000 });
        if (model) {
            const [id] = await people.call(context, base, model, "search", [domain], { limit: 1 });
            await people.switchView(page, "form", { resId: id });
        }
    },
});
/** A page of the portal on a telephone; `link` is the page's link to follow. */
const portal = (address, link) => ({
    login: "beneficiary",
    size: PHONE,
    async open(page) {
        await page.goto(base + address, { waitUntil: "load" });
        if (link) {
            await page.locator(link).first().click();
            await page.waitForLoadState("load");
        }
        await people.settle(page);
    },
});
/** The same screen on a telephone. */
const onPhone = (shown) => ({ ...shown, size: PHONE });
/** A screen on which a key or a button opens the dialog to be shown. */
const withDialog = (shown, press) => ({
    ...shown,
    async open(page, context) {
        await shown.open(page, context);
        await press(page);
        await page.locator(".modal").first().waitFor({ timeout: 10000 });
        await people.settle(page);
    },
});

const GUIDE_PICTURES = {
    officer_home: screen("officer", "home_action"),
    officer_request: screen("officer", "request_action", "beneficiary.request", [["state", "=", "submitted"]]),
    officer_contact: withDialog(screen("officer", "request_action"), (page) => page.keyboard.press("Alt+Shift+C")),
    delegate_request: onPhone(
        screen("delegate", "request_action", "beneficiary.request", [["state", "=", "submitted"]])
    ),
    researcher_referral: screen("researcher", "referral_action", "beneficiary.referral", [["kind", "=", "case_study"], ["state", "!=", "declined"]]),
    member_votes: onPhone(screen("member", "vote_action")),
    chair_session: screen("chair", "committee_session_action", "beneficiary.committee.session", []),
    manager_policy: screen("manager", "policy_action", "beneficiary.policy", [["state", "=", "in_force"]]),
    manager_setup: screen("manager", "setup_action"),
    manager_compliance: screen("manager", "compliance_server_action"),
    auditor_seals: withDialog(screen("auditor", "seal_action"), (page) =>
        people.doAction(page, "beneficiary_relations.seal_verify_action", { clearBreadcrumbs: false })
    ),
    beneficiary_home: portal("/my"),
    beneficiary_request: portal("/my/requests", "a[href^='/my/requests/']:not([href*='new'])"),
};
const APP_LIST_PICTURES = {
    request_form: GUIDE_PICTURES.officer_request,
    portal_request: GUIDE_PICTURES.beneficiary_request,
    policy: GUIDE_PICTURES.manager_policy,
    session: GUIDE_PICTURES.chair_session,
};

/** Take one picture in one language. */
async function take(browser, { login, size, open }, lang, file) {
    const context = await people.signIn(browser, base, login, lang, { viewport: size });
    const page = await context.newPage();
    people.watch(page);
    await open(page, context);
    // Pictures of people come late, and an open list of choices hides what is below.
    await page.waitForTimeout(700);
    await page.mouse.move(1, 1);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file });
    await context.close();
}

async function main() {
    const browser = await people.launch();
    const wanted = [];
    for (const [name, shown] of Object.entries(GUIDE_PICTURES)) {
        for (const [short, lang] of Object.entries(LANGUAGES)) {
            wanted.push([shown, lang, path.join(GUIDE, `${name}_${short}.png`)]);
        }
    }
    for (const [name, shown] of Object.entries(APP_LIST_PICTURES)) {
        wanted.push([shown, LANGUAGES.ar, path.join(APP_LIST, `${name}.png`)]);
    }
    for (const [shown, lang, file] of wanted) {
        try {
            await take(browser, shown, lang, file);
        } catch (error) {
            console.error(`!!! ${path.basename(file)}: ${error.message || error}`);
            process.exitCode = 1;
        }
    }
    await browser.close();
}

main();
