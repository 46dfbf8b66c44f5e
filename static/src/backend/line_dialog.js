import { X2ManyFieldDialog } from "@web/views/fields/relational_utils";
import { patch } from "@web/core/utils/patch";

/**
 * A step that is taken in the dialog of a line may change the form behind it, such as
 * what is still missing there: that form is read anew when the dialog closes.
 */
patch(X2ManyFieldDialog.prototype, {
    async beforeExecuteActionButton(clickParams) {
        this.hasActed = true;
        return super.beforeExecuteActionButton(clickParams);
    },

    async discard() {
        await super.discard();
        await this.refreshForm();
    },

    async save(options) {
        const result = await super.save(options);
        await this.refreshForm();
        return result;
    },

    async refreshForm() {
        const { root } = this.record.model;
        // What was typed there and not saved yet stays.
        if (this.hasActed && !(await root.isDirty())) {
            await root.load();
        }
    },
});
