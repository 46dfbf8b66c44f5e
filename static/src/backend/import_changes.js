import { BaseImportModel } from "@base_import/import_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

// Odoo shows errors of an import only. What a sheet changes in known records is told by
// the test, before anything is imported (R44).
patch(BaseImportModel.prototype, {
    async _callImport(dryrun, args) {
        const result = await super._callImport(dryrun, args);
        if (result.changes && result.changes.length) {
            this._addMessage("warning", [
                dryrun
                    ? _t("The import will change these records:")
                    : _t("The import changed these records:"),
                ...result.changes,
            ]);
        }
        return result;
    },
});
