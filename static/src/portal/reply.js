import { rpc } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** The reply that the applicant sees for the first time: the association is told. */
export class UnreadReply extends Interaction {
    static selector = ".o_br_reply[data-read-url]";

    start() {
        rpc(this.el.dataset.readUrl, {});
    }
}

registry.category("public.interactions").add("beneficiary_relations.unread_reply", UnreadReply);
