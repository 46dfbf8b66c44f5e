import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** What went wrong is in view and is read aloud, as soon as the page is there. */
export class SpokenAlert extends Interaction {
    static selector = ".o_br_portal [role=alert][tabindex='-1']";

    start() {
        this.el.focus();
    }
}

registry
    .category("public.interactions")
    .add("beneficiary_relations.spoken_alert", SpokenAlert);
