import { NameAndSignature } from "@web/core/signature/name_and_signature";

/**
 * A place to sign by hand. Odoo's own box also writes the name in a font, and takes any
 * picture: either would be a signature that nobody gave (R16, R25).
 */
export class DrawnSignature extends NameAndSignature {
    static template = "beneficiary_relations.DrawnSignature";

    setup() {
        super.setup();
        this.state.showSignatureArea = true;
    }

    /** Draw, whichever way of signing is asked for. */
    setMode(_mode, reset) {
        super.setMode("draw", reset);
    }
}
