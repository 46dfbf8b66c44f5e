import { Dialog } from "@web/core/dialog/dialog";
import { standardErrorDialogProps } from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { Component, onMounted } from "@odoo/owl";

const FIND = "BENEFICIARY_RELATIONS:FIND";
// A place on a form that is still to be opened.
let awaited = null;

/**
 * A refusal that leads to the fields in which it is put right: to those of the form or
 * dialog that is open, or to those of another record, which it opens.
 */
export class RefusalDialog extends Component {
    static template = "beneficiary_relations.RefusalDialog";
    static components = { Dialog };
    static props = { ...standardErrorDialogProps };

    setup() {
        this.action = useService("action");
        this.title = _t("Odoo Warning");
        const seen = new Set();
        this.targets = [];
        for (const place of this.props.data.context.beneficiary_places) {
            const forms = [];
            this.env.bus.trigger(FIND, { place, forms });
            const form = forms.at(-1); // the last one opened is on top
            const key = form || `${place.model},${place.id}`;
            if (!seen.has(key) && (form || place.name)) {
                seen.add(key);
                const isHidden = form && !form.env.inDialog && this.isDialogOpen;
                this.targets.push({ place, form, isHidden });
            }
        }
    }

    get isDialogOpen() {
        return Boolean(document.querySelector(".o_dialog .o_form_view"));
    }

    getLabel({ place, form }) {
        return form ? _t("Take me there") : _t("Open %s", place.name);
    }

    async go({ place, form, isHidden }) {
        this.props.close();
        if (isHidden) {
            const type = "ir.actions.act_window_close";
            await this.action.doAction({ type, infos: { noReload: true } });
        }
        if (form) {
            return form.showPlace(place);
        }
        awaited = place;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: place.model,
            res_id: place.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("error_handlers").add(
    "beneficiary_relations.refusal",
    (env, error, originalError) => {
        if (
            !(originalError instanceof RPCError) ||
            !originalError.data?.context?.beneficiary_places
        ) {
            return false;
        }
        error.unhandledRejectionEvent.preventDefault();
        env.services.dialog.add(RefusalDialog, {
            message: originalError.data.message,
            data: originalError.data,
        });
        return true;
    },
    { sequence: 90 }
);

patch(FormController.prototype, {
    setup() {
        super.setup();
        useBus(this.env.bus, FIND, ({ detail }) => {
            if (this.hasPlace(detail.place)) {
                detail.forms.push(this);
            }
        });
        onMounted(() => {
            if (awaited && this.hasPlace(awaited)) {
                this.showPlace(awaited);
                awaited = null;
            }
        });
    },

    /**
     * Whether this form shows a field of the place. A place without a model is a field
     * of the dialog in which a move is made.
     */
    hasPlace({ model, id, fields }) {
        const { root } = this.model;
        const isHere = model
            ? this.props.resModel === model && (!id || root?.resId === id)
            : this.env.inDialog;
        // Also the fields of a page that was not opened yet.
        const nodes = Object.values(this.archInfo.fieldNodes);
        return Boolean(
            isHere && root && nodes.some(({ name }) => fields.includes(name))
        );
    },

    /** Open the page of the fields, mark them, and put the cursor into the first one. */
    async showPlace({ fields }) {
        const root = this.rootRef.el.closest(".modal") || this.rootRef.el;
        const find = (name) => root.querySelector(`.o_field_widget[name="${name}"]`);
        if (!fields.some(find)) {
            const page = this.findPage(fields);
            root.querySelector(`.o_notebook .nav-link[name="${page}"]`)?.click();
            await new Promise((resolve) => setTimeout(resolve));
            await this.model.mutex.getUnlockedDef(); // the page may have to be read
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        const shown = fields.map(find).filter(Boolean);
        for (const widget of shown) {
            widget.classList.add("o_br_wanted");
        }
        shown[0]?.scrollIntoView({ block: "center" });
        shown[0]?.querySelector("input, textarea, [contenteditable], a, button")?.focus();
    },

    findPage(fields) {
        for (const name of fields) {
            const node = this.archInfo.xmlDoc.querySelector(`page field[name="${name}"]`);
            if (node) {
                return node.closest("page").getAttribute("name");
            }
        }
        return null;
    },
});
