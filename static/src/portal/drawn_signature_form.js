import { DrawnSignature } from "@beneficiary_relations/signature/drawn_signature";
import { SignatureForm } from "@portal/signature_form/signature_form";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { redirect } from "@web/core/utils/urls";

/**
 * The portal's form for a signature, with the hand alone. Who signs is known: the name
 * is asked for only where it is not.
 */
export class DrawnSignatureForm extends SignatureForm {
    static components = { ...SignatureForm.components, NameAndSignature: DrawnSignature };

    setup() {
        super.setup();
        this.nameAndSignatureProps.noInputName = Boolean(this.props.defaultName);
    }

    /** Send once; after a refusal or a lost connection the drawing is still there. */
    async onClickSubmit() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        this.state.error = false;
        const { name } = this.signature;
        const signature = this.signature.getSignatureImage().split(",")[1];
        try {
            const answer = await rpc(this.props.callUrl, { name, signature }, { silent: true });
            if (answer.redirect_url) {
                redirect(answer.redirect_url);
                return;
            }
            this.state.error = answer.error;
        } catch {
            this.state.error = this.props.lostMessage;
        }
        this.isSending = false;
    }
}

registry
    .category("public_components")
    .add("beneficiary_relations.signature_form", DrawnSignatureForm);
