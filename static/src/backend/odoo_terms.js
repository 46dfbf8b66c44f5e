import { _t } from "@web/core/l10n/translation";

/**
 * Words that Odoo shows on our screens, and that its own Arabic does not have yet. Where
 * a module has no translation, Odoo takes the one of any other module: here it is ours.
 */
export const ODOO_TERMS = [
    _t("Are you sure you want to delete the %(nbSelected)s selected records?"),
    _t("Are you sure you want to delete the selected record?"),
    _t("Are you sure you want to update %(count)s records?"),
    _t("Caps Lock is on!"),
    _t("Custom range"),
    _t("Missing required fields"),
    _t("Month to date"),
    _t("My Preferences"),
    _t("No settings found"),
    _t("Permission Needed"),
    _t('Press "Enter" to add criterion'),
    _t("Select one or several criteria"),
    _t("The file is not an image, resizing is not possible"),
    _t("The resizing of the image failed"),
    _t("Toggle date range mode"),
    _t("Try searching for another keyword"),
    _t("Year to date"),
    _t("greater or equal to"),
    _t("lower or equal to"),
    _t("lower than"),
];
