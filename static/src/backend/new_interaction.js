import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart } from "@odoo/owl";

/**
 * The way from a ringing telephone to its form, from any screen: a button of the
 * bar, and its key. Shown to those who log interactions.
 */
export class NewInteraction extends Component {
    static template = "beneficiary_relations.NewInteraction";
    static props = {};

    setup() {
        this.action = useService("action");
        onWillStart(async () => {
            this.isShown = await user.hasGroup("beneficiary_relations.group_delegate");
        });
    }

    open() {
        this.action.doAction("beneficiary_relations.interaction_action_new");
    }
}

registry
    .category("systray")
    .add("beneficiary_relations.NewInteraction", { Component: NewInteraction }, { sequence: 50 });
