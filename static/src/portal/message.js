import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

import { say } from "./send";

/** A message of the server: the page opens on it, wherever it stands. */
export class Message extends Interaction {
    static selector = ".o_br_portal .o_br_say";

    start() {
        if (document.querySelector(Message.selector) === this.el) {
            this.el.closest("details")?.setAttribute("open", "open");
            say(this.el);
        }
    }
}

registry.category("public.interactions").add("beneficiary_relations.message", Message);
