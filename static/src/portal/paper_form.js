import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

import { reduce } from "./reduce";
import { collect, getAddress, go, say, sendFile } from "./send";

/**
 * One paper: chosen or photographed, made smaller, and sent by itself. Its progress is
 * shown; when the connection is lost the photo stays, and one tap sends it again.
 */
export class PaperForm extends Interaction {
    static selector = ".o_br_paper_form";

    dynamicContent = {
        _root: { "t-on-submit.prevent": this.send },
        ".o_br_camera": { "t-att-class": () => ({ "d-none": false }) },
        ".o_br_camera input": { "t-on-change": this.onPhoto },
        ".o_br_paper > input": { "t-on-change": this.onFileChosen },
        ".o_br_send_paper": { "t-att-class": () => ({ disabled: this.isSending }) },
        ".o_br_progress": { "t-att-class": () => ({ "d-none": !this.isSending }) },
        ".o_br_percent": { "t-out": () => `${this.percent}%` },
        progress: { "t-att-value": () => this.percent },
    };

    setup() {
        this.isSending = false;
        this.percent = 0;
        this.files = new Map();
    }

    /** A photo from the camera goes the way of a chosen file. */
    onPhoto(ev) {
        const input = ev.currentTarget.closest(".o_br_paper").querySelector("input[name]");
        input.files = ev.currentTarget.files;
        return this.choose(input);
    }

    onFileChosen(ev) {
        return this.choose(ev.currentTarget);
    }

    async choose(input) {
        this.hideMessages();
        const [chosen] = input.files;
        this.files.delete(input.name);
        const file = chosen && (await this.waitFor(reduce(chosen)));
        const isTooLarge = Boolean(file) && file.size > Number(input.dataset.maxBytes);
        if (isTooLarge) {
            say(this.el.querySelector(".o_br_too_large"));
        } else if (file) {
            this.files.set(input.name, file);
        }
        const preview = input.closest(".o_br_paper").querySelector(".o_br_preview");
        this.showPreview(preview, !isTooLarge && file);
    }

    showPreview(preview, file) {
        URL.revokeObjectURL(preview.src);
        // Few browsers show HEIC.
        const isPhoto = Boolean(file) && /^image\/(jpeg|png|webp)$/.test(file.type);
        preview.classList.toggle("d-none", !isPhoto);
        if (isPhoto) {
            preview.src = URL.createObjectURL(file);
        } else {
            preview.removeAttribute("src");
        }
    }

    async send() {
        if (this.isSending) {
            return;
        }
        this.hideMessages();
        this.isSending = true;
        this.percent = 0;
        const data = collect(this.el, null, { stay: "1" });
        for (const [name, file] of this.files) {
            data.set(name, file, file.name);
        }
        try {
            const { url, errors } = await this.waitFor(
                sendFile(data, getAddress(this.el), (percent) => {
                    this.percent = percent;
                    this.updateContent();
                })
            );
            const [message] = Object.values(errors);
            if (message) {
                this.fail(this.el.querySelector(".o_br_error"), message);
            } else {
                go(url);
            }
        } catch {
            this.fail(this.el.querySelector(".o_br_lost"));
        }
    }

    fail(message, text) {
        this.isSending = false;
        this.updateContent();
        say(message, text);
    }

    hideMessages() {
        for (const message of this.el.querySelectorAll("[role=alert]")) {
            message.classList.add("d-none");
        }
    }
}

registry.category("public.interactions").add("beneficiary_relations.paper_form", PaperForm);
