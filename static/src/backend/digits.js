/** Digits of one kind on one screen.
 *
 * In Arabic Odoo writes amounts, and everything that the server writes, in Latin digits,
 * but the dates of its fields in Arabic ones: the same day then looks different in two
 * places. Typed digits of any kind are still read (see typed_values.js).
 */

import { registry } from "@web/core/registry";

const { Settings } = luxon;

registry.category("services").add("beneficiary_digits", {
    dependencies: ["localization"],
    start() {
        Settings.defaultNumberingSystem = "latn";
    },
});
