import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

import { go, say, sendForm } from "./send";

// What is typed is saved this long after the last key.
const PAUSE = 1500;

/**
 * A form of the applicant's pages: sends once however often it is tapped on a slow
 * network, and keeps what was typed when the connection is lost. Works without: the
 * server checks all, and makes nothing twice.
 */
export class RequestForm extends Interaction {
    static selector = ".o_br_form";

    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // Back to the page from the browser's memory: it may be sent again.
        _window: { "t-on-pageshow": this.release },
        "button[type=submit]": { "t-att-class": () => ({ disabled: this.isSent }) },
    };

    setup() {
        this.isSent = false;
    }

    async onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
        const lost = this.el.querySelector(".o_br_lost");
        if (!lost) {
            return; // the browser sends it: the form has no words for a lost connection
        }
        ev.preventDefault();
        lost.classList.add("d-none");
        try {
            const { url } = await this.waitFor(sendForm(this.el, ev.submitter));
            go(url);
        } catch {
            this.protectSyncAfterAsync(() => {
                this.isSent = false;
                say(lost);
                this.updateContent();
            })();
        }
    }

    release() {
        this.isSent = false;
    }
}

/** A step of a draft: what is typed is saved while one types, and when one leaves. */
export class RequestStep extends Interaction {
    static selector = ".o_br_autosave";

    dynamicContent = {
        _root: { "t-on-input": this.onInput },
        _document: { "t-on-visibilitychange": this.onHidden },
    };

    setup() {
        this.isDirty = false;
        this.save = this.debounced(this.keep, PAUSE);
    }

    onInput() {
        this.isDirty = true;
        this.el.querySelector(".o_br_saved").classList.add("invisible");
        this.save();
    }

    onHidden() {
        if (document.visibilityState === "hidden") {
            this.keep();
        }
    }

    /** Save what is valid. Nothing is said when this fails: the button says it. */
    async keep() {
        if (!this.isDirty) {
            return;
        }
        this.isDirty = false;
        try {
            const { errors } = await this.waitFor(
                sendForm(this.el, null, { action: "keep", stay: "1" })
            );
            const isSaved = !Object.keys(errors).length && !this.isDirty;
            this.el.querySelector(".o_br_saved").classList.toggle("invisible", !isSaved);
        } catch {
            this.isDirty = true;
        }
    }
}

registry.category("public.interactions").add("beneficiary_relations.request_form", RequestForm);
registry.category("public.interactions").add("beneficiary_relations.request_step", RequestStep);
