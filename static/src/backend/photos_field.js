import { registry } from "@web/core/registry";
import { FileUploader } from "@web/views/fields/file_handler";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * Photos of a visit: one tap opens the camera or the gallery, and takes as many
 * photos as were chosen. Each becomes a record with its image in the field `image`.
 */
export class PhotosField extends X2ManyField {
    static template = "beneficiary_relations.PhotosField";
    static components = { ...X2ManyField.components, FileUploader };

    get rendererProps() {
        // Photos are added by the button alone, not one by one in a form.
        return { ...super.rendererProps, addLabel: undefined, onAdd: undefined };
    }

    async onUploaded({ data }) {
        const photo = await this.list.addNewRecord({ position: "bottom" });
        await photo.update({ image: data });
    }
}

export const photosField = { ...x2ManyField, component: PhotosField };

registry.category("fields").add("beneficiary_photos", photosField);
