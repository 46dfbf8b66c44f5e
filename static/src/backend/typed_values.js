/** Numbers and dates of the backend, in the digits and with the marks of any keyboard.
 *
 * Odoo reads Latin digits alone: Arabic ones would turn an amount into zero, without a
 * word. Here they are replaced while they are typed or pasted, so that everybody sees
 * what will be kept (R44).
 */

import { _t } from "@web/core/l10n/translation";
import { ConversionError, parseDate, parseDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { FloatField } from "@web/views/fields/float/float_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { IntegerField } from "@web/views/fields/integer/integer_field";
import { MonetaryField } from "@web/views/fields/monetary/monetary_field";
import { useNumpadDecimal } from "@web/views/fields/numpad_decimal_hook";
import { InvalidNumberError, parseInteger } from "@web/views/fields/parsers";
import { useState } from "@odoo/owl";

const NUMBER_WIDGETS = ["integer", "float", "monetary", "percentage", "float_time"];
const DATE_WIDGETS = ["date", "datetime", "daterange"];
const NUMBER_INPUTS = NUMBER_WIDGETS.map((name) => `.o_field_${name} input`).join(", ");
const DATE_INPUTS = DATE_WIDGETS.map((name) => `.o_field_${name} input`).join(", ");

// Bidirectional marks, zero-width characters, variation selectors.
const MARKS = /[\p{Cf}\u{FE00}-\u{FE0F}]/gu;
const ARABIC_DIGITS = /[\u0660-\u0669\u06F0-\u06F9]/g;

export function asciiDigits(text) {
    return text
        .replace(MARKS, "")
        .replace(ARABIC_DIGITS, (digit) => String(digit.codePointAt(0) & 0xf));
}

/** Return a typed number with the digits and separators that Odoo reads. */
export function numberText(text) {
    return asciiDigits(text)
        .replaceAll("\u066B", localization.decimalPoint)
        .replace(/[\u066C\u060C]/g, localization.thousandsSep || "")
        .replaceAll("\u2212", "-");
}

/** Return a typed number, if its separators leave no doubt about it.
 *
 * A comma anywhere else than between groups of three digits would vanish: 2,5 would
 * become 25.
 *
 * @throws {InvalidNumberError} when anything else than one number remains
 */
export function checkedNumber(text) {
    const number = numberText(text).trim();
    if (!number || /^(?:=|[+\-*/]\s*=)/.test(number)) {
        return number; // an emptied field, or a sum that Odoo works out
    }
    const [whole, ...decimals] = number
        .replace(/^[+-]/, "")
        .split(localization.decimalPoint);
    const groups = whole.split(localization.thousandsSep || /(?!)/);
    const isGrouped = groups.slice(1).every((group) => /^\d{3}$/.test(group));
    const isWhole = /^\d+$/.test(groups[0]) || (!whole && decimals[0]);
    if (!isWhole || !isGrouped || !/^\d*$/.test(decimals.join("x"))) {
        throw new InvalidNumberError(`"${text}" is not a correct number`);
    }
    return number;
}

/** Return an amount without its currency.
 *
 * @throws {InvalidNumberError} see {@link checkedNumber}
 */
export function amountText(text, symbol) {
    const words = [symbol, "ريال", "ر.س", "SAR", "SR", "\u20C1"].filter(Boolean);
    let amount = numberText(text).trim();
    for (const word of words) {
        amount = amount.replace(word, "").trim();
    }
    if (!amount && text.trim()) {
        throw new InvalidNumberError(`"${text}" is not a correct number`);
    }
    return checkedNumber(amount);
}

function isOurs(field) {
    return field.props.record.resModel.startsWith("beneficiary.");
}

// Each of these refuses in red what is no number. Odoo would make another one of it.

patch(MonetaryField.prototype, {
    get inputOptions() {
        const options = super.inputOptions;
        if (!isOurs(this)) {
            return options;
        }
        const parse = (text) => options.parse(amountText(text, this.currencySymbol));
        return { ...options, parse };
    },
});

patch(FloatField.prototype, {
    parse(text) {
        const isTyped = isOurs(this) && this.props.inputType !== "number";
        return super.parse(isTyped ? checkedNumber(text) : text);
    },
});

patch(IntegerField.prototype, {
    /** Odoo's own has no method to read the text: it is set up here as there. */
    setup() {
        if (!isOurs(this)) {
            super.setup();
            return;
        }
        this.state = useState({ hasFocus: false });
        useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (text) => parseInteger(checkedNumber(text), { allowOperation: true }),
        });
        useNumpadDecimal();
    },
});

function clean(input, read) {
    const value = read(input.value);
    if (value === input.value) {
        return;
    }
    const place = read(input.value.slice(0, input.selectionStart)).length;
    input.value = value;
    input.setSelectionRange(place, place);
}

export const typedValuesService = {
    dependencies: ["notification"],
    start(_env, { notification }) {
        /** Say so when a date that was typed is none: the picker takes it back. */
        function checkDate(input) {
            const text = input.value.trim();
            const isMoment = input.closest(".o_field_datetime");
            try {
                (isMoment ? parseDateTime : parseDate)(text);
            } catch (error) {
                if (!(error instanceof ConversionError)) {
                    throw error;
                }
                notification.add(
                    _t("“%s” is not a date, so it was not kept. Write it again.", text),
                    { type: "danger" }
                );
            }
        }

        document.addEventListener(
            "input",
            ({ target }) => {
                if (target.matches?.(NUMBER_INPUTS)) {
                    clean(target, numberText);
                } else if (target.matches?.(DATE_INPUTS)) {
                    clean(target, asciiDigits);
                    target.dataset.typed = "1";
                }
            },
            true
        );
        // The picker reads the field on any of these, and listens on the field itself.
        for (const type of ["change", "keydown", "pointerdown"]) {
            document.addEventListener(
                type,
                ({ key }) => {
                    const input = document.activeElement;
                    const isLeft = !key || ["Enter", "Tab"].includes(key);
                    if (isLeft && input?.dataset?.typed) {
                        delete input.dataset.typed;
                        checkDate(input);
                    }
                },
                true
            );
        }
    },
};

registry.category("services").add("beneficiary_typed_values", typedValuesService);

// The search box and the domain editor read numbers and dates with these.
const parsers = registry.category("parsers");
for (const [names, read] of [
    [["date", "datetime"], asciiDigits],
    [[...NUMBER_WIDGETS, "many2one_reference"], numberText],
]) {
    for (const name of names) {
        const parse = parsers.get(name);
        parsers.add(name, (text, ...args) => parse(read(text), ...args), { force: true });
    }
}
