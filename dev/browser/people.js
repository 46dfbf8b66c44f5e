/** A browser, its sessions, and what the screens of the web client have in common. */
const { chromium } = require("playwright-core");

const QUIET = 120; // milliseconds without a request: the screen is complete
const PATIENCE = 20000;
// The first screen of a new database waits until the server has made its scripts.
const FIRST = 180000;
// The server keeps this one open for as long as the screen is.
const ENDLESS = /\/websocket|\/bus\//;

async function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    });
}

/**
 * Open a browser session of one person in one language; of a visitor without a login.
 *
 * A session keeps the language that the person had when it began: it is chosen before.
 */
async function signIn(browser, base, login, lang, options = {}) {
    const settings = {
        viewport: { width: 1366, height: 800 },
        locale: lang.startsWith("ar") ? "ar-SA" : "en-US",
        ...options,
    };
    if (login) {
        await setLanguage(browser, base, login, lang);
    }
    const context = await browser.newContext(settings);
    context.setDefaultNavigationTimeout(FIRST);
    await context.addCookies([{ name: "frontend_lang", value: lang, url: base }]);
    if (login) {
        await authenticate(context, base, login);
    }
    return context;
}

/** Sign in with the demo password, which is the login. */
async function authenticate(context, base, login) {
    const form = await (await context.request.get(`${base}/web/login`)).text();
    const token = form.match(/name="csrf_token" value="([^"]+)"/)[1];
    const answer = await context.request.post(`${base}/web/login`, {
        form: { login, password: login, csrf_token: token },
    });
    if (answer.url().includes("/web/login")) {
        throw new Error(`${login} cannot sign in`);
    }
}

/** Call a method of a model as the person of this session. */
async function call(context, base, model, method, args = [], kwargs = {}) {
    const answer = await context.request.post(`${base}/web/dataset/call_kw`, {
        data: { jsonrpc: "2.0", params: { model, method, args, kwargs } },
    });
    const body = await answer.json();
    if (body.error) {
        throw new Error(body.error.data ? body.error.data.message : body.error.message);
    }
    return body.result;
}

/** Choose a person's language as the administrator: applicants have no such choice. */
async function setLanguage(browser, base, login, lang) {
    const context = await browser.newContext();
    await authenticate(context, base, "admin");
    const ids = await call(context, base, "res.users", "search", [[["login", "=", login]]]);
    await call(context, base, "res.users", "write", [ids, { lang }]);
    await context.close();
}

/** Count the requests of a page that are not answered yet. */
function watch(page) {
    page.pending = new Set();
    page.on("request", (request) => {
        if (!ENDLESS.test(request.url())) {
            page.pending.add(request);
            page.changed = Date.now();
        }
    });
    const answered = (request) => {
        page.pending.delete(request);
        page.changed = Date.now();
    };
    page.on("requestfinished", answered);
    page.on("requestfailed", answered);
}

/** Wait until the page has asked for nothing for a moment. */
async function settle(page) {
    const end = Date.now() + PATIENCE;
    page.changed = Math.max(page.changed || 0, Date.now() - QUIET / 2);
    while (Date.now() < end) {
        if (!page.pending.size && Date.now() - page.changed >= QUIET) {
            return true;
        }
        await page.waitForTimeout(30);
    }
    return false;
}

/** Open the web client and wait for it. */
async function openClient(page, base, path = "/odoo") {
    await page.goto(base + path, { waitUntil: "load" });
    await page.waitForFunction(
        () => window.odoo?.__WOWL_DEBUG__?.root?.env?.services?.action,
        null,
        { timeout: FIRST }
    );
    await settle(page);
}

/** Do an action of the web client; return the type of its view, or what refused it. */
async function doAction(page, action, options = {}) {
    const result = await page.evaluate(
        async ([request, choices]) => {
            const { action: service } = window.odoo.__WOWL_DEBUG__.root.env.services;
            try {
                await service.doAction(request, { clearBreadcrumbs: true, ...choices });
            } catch (error) {
                return String(error?.data?.message || error?.message || error);
            }
            return "";
        },
        [action, options]
    );
    await settle(page);
    return result;
}

/** Show the present action in another of its views, or one of its records. */
async function switchView(page, type, props = {}) {
    const result = await page.evaluate(
        async ([view, values]) => {
            const { action: service } = window.odoo.__WOWL_DEBUG__.root.env.services;
            try {
                await service.switchView(view, values);
            } catch (error) {
                return String(error?.data?.message || error?.message || error);
            }
            return "";
        },
        [type, props]
    );
    await settle(page);
    return result;
}

/** Close every dialog without confirming it. */
async function closeDialogs(page) {
    for (let tries = 0; tries < 4; tries++) {
        const close = page.locator(".modal.o_technical_modal .btn-close, .modal .btn-close");
        if (!(await close.count())) {
            return;
        }
        await close.last().click({ timeout: 2000 }).catch(() => {});
        await settle(page);
    }
}

module.exports = {
    call,
    closeDialogs,
    doAction,
    launch,
    openClient,
    settle,
    signIn,
    switchView,
    watch,
};
