import { DrawnSignature } from "@beneficiary_relations/signature/drawn_signature";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

/**
 * The place to sign, in the form itself: what is signed stays in sight beside the pen.
 */
export class DrawnSignatureField extends Component {
    static template = "beneficiary_relations.DrawnSignatureField";
    static components = { DrawnSignature };
    static props = { ...standardFieldProps };

    setup() {
        this.signature = useState({
            name: "",
            isSignatureEmpty: true,
            getSignatureImage: () => "",
            resetSignature: () => {},
        });
    }

    async onSignatureChange() {
        const { name, record } = this.props;
        const drawn =
            !this.signature.isSignatureEmpty &&
            this.signature.getSignatureImage().split(",")[1];
        if (drawn || record.data[name]) {
            await record.update({ [name]: drawn });
        }
    }
}

export const drawnSignatureField = {
    component: DrawnSignatureField,
    supportedTypes: ["binary"],
};

registry.category("fields").add("beneficiary_signature", drawnSignatureField);
