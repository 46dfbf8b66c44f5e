import { _t } from "@web/core/l10n/translation";
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
        this.notification = useService("notification");
        onWillStart(async () => {
            this.isShown = await user.hasGroup("beneficiary_relations.group_delegate");
        });
    }

    open() {
        let isSaved = false;
        this.action.doAction("beneficiary_relations.interaction_action_new", {
            props: { onSave: () => (isSaved = true) },
            onClose: (infos) => isSaved && this.onSaved(infos),
        });
    }

    /** Say that the contact is kept, and show it in the list behind the form. */
    onSaved(infos) {
        this.notification.add(_t("The contact was logged."), { type: "success" });
        const { view } = this.action.currentController || {};
        if (view?.multiRecord && !infos?.noReload) {
            this.action.doAction("soft_reload");
        }
    }
}

registry
    .category("systray")
    .add("beneficiary_relations.NewInteraction", { Component: NewInteraction }, { sequence: 50 });
