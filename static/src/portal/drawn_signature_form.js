import { DrawnSignature } from "@beneficiary_relations/signature/drawn_signature";
import { SignatureForm } from "@portal/signature_form/signature_form";
import { registry } from "@web/core/registry";

/** The portal's form for a signature, with the hand alone. */
export class DrawnSignatureForm extends SignatureForm {
    static components = { ...SignatureForm.components, NameAndSignature: DrawnSignature };
}

registry
    .category("public_components")
    .add("beneficiary_relations.signature_form", DrawnSignatureForm);
