/** What the forms of the applicant's pages share: sending, going on, and messages. */

// The server answers with an address instead of the page behind it.
const HEADERS = { "X-Requested-With": "XMLHttpRequest" };

/**
 * Send a form, and return the server's answer.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} [button] the pressed button, whose value is sent too
 * @param {Object} [more] further values
 * @returns {Promise<{url: string, errors: Object}>}
 * @throws when the connection is lost, or something else than our server answers
 */
export async function sendForm(form, button, more = {}) {
    const data = collect(form, button, more);
    const response = await fetch(getAddress(form), {
        method: "POST",
        body: data,
        headers: HEADERS,
        keepalive: more.action === "keep",
    });
    return read(response.headers.get("Content-Type"), response.ok && (await response.text()));
}

/**
 * Send a form with a file, and tell how much of it has arrived.
 *
 * @param {FormData} data
 * @param {string} url
 * @param {(percent: number) => void} onProgress
 */
export function sendFile(data, url, onProgress) {
    return new Promise((resolve, reject) => {
        const call = new XMLHttpRequest();
        call.open("POST", url);
        call.setRequestHeader("X-Requested-With", HEADERS["X-Requested-With"]);
        call.upload.addEventListener("progress", ({ loaded, total }) =>
            onProgress(total ? Math.round((100 * loaded) / total) : 0)
        );
        call.addEventListener("load", () => {
            try {
                const type = call.getResponseHeader("Content-Type");
                resolve(read(type, call.status === 200 && call.responseText));
            } catch (error) {
                reject(error);
            }
        });
        for (const lost of ["error", "abort", "timeout"]) {
            call.addEventListener(lost, () => reject(new Error(lost)));
        }
        call.send(data);
    });
}

/** Return where a form goes; its buttons may be called "action". */
export function getAddress(form) {
    return form.getAttribute("action");
}

/** Return what a form sends. */
export function collect(form, button, more = {}) {
    const data = new FormData(form);
    if (button?.name) {
        data.set(button.name, button.value);
    }
    for (const [name, value] of Object.entries(more)) {
        data.set(name, value);
    }
    return data;
}

function read(type, text) {
    if (!text || !type?.startsWith("application/json")) {
        throw new Error("Something else has answered.");
    }
    return JSON.parse(text);
}

/** Open a page, also if it is this one. */
export function go(url) {
    const target = new URL(url, window.location);
    if (target.href === window.location.href) {
        window.location.reload();
    } else {
        window.location.assign(target);
    }
}

/** Show a message where it stands, and read it out. */
export function say(message, text) {
    if (!message) {
        return;
    }
    if (text !== undefined) {
        message.textContent = text;
    }
    message.classList.remove("d-none");
    message.scrollIntoView({ block: "center" });
    message.focus({ preventScroll: true });
}
