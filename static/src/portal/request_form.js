import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * A form of the applicant's pages: sends once however often it is tapped on a slow
 * network, and shows which photo was chosen. Works without: the server checks all.
 */
export class RequestForm extends Interaction {
    static selector = ".o_br_form";

    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        // Back to the page from the browser's memory: it may be sent again.
        _window: { "t-on-pageshow": this.release },
        "button[type=submit]": { "t-att-class": () => ({ disabled: this.isSent }) },
        "input[type=file]": { "t-on-change": this.onFileChosen },
    };

    setup() {
        this.isSent = false;
    }

    onSubmit(ev) {
        if (this.isSent || this.el.querySelector(".o_br_too_large:not(.d-none)")) {
            ev.preventDefault();
            return;
        }
        this.isSent = true;
    }

    release() {
        this.isSent = false;
    }

    onFileChosen(ev) {
        const input = ev.currentTarget;
        const [file] = input.files;
        const paper = input.closest(".o_br_paper");
        const isTooLarge = Boolean(file) && file.size > Number(input.dataset.maxBytes);
        paper.querySelector(".o_br_too_large").classList.toggle("d-none", !isTooLarge);
        this.showPreview(paper.querySelector(".o_br_preview"), !isTooLarge && file);
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
}

registry.category("public.interactions").add("beneficiary_relations.request_form", RequestForm);
