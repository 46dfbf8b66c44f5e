import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A message of the server: the page opens on it, wherever it stands. */
export class Message extends Interaction {
    static selector = ".o_br_portal .o_br_say";

    start() {
        this.el.scrollIntoView({ block: "center" });
        this.el.focus({ preventScroll: true });
    }
}

registry.category("public.interactions").add("beneficiary_relations.message", Message);
