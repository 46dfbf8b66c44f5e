/** A telephone or identity number that was typed to its end is looked for at once.
 *
 * Odoo asks the server when a field is left. Here it is asked as soon as the number is
 * as long as numbers are, so that the form says whose it is while it is read out.
 */

import { asciiDigits } from "./typed_values";
import { registry } from "@web/core/registry";

const INPUTS = ".o_br_number input";
const DIGITS = 10;
const PAUSE = 300;

export const knownNumbersService = {
    start() {
        let timer;
        document.addEventListener("input", ({ target }) => {
            if (!target.matches?.(INPUTS)) {
                return;
            }
            clearTimeout(timer);
            if (asciiDigits(target.value).replace(/\D/g, "").length < DIGITS) {
                return;
            }
            const commit = () => target.isConnected && target.dispatchEvent(new Event("change"));
            timer = setTimeout(commit, PAUSE);
        });
    },
};

registry.category("services").add("beneficiary_known_numbers", knownNumbersService);
