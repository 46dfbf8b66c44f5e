import { _t } from "@web/core/l10n/translation";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { checkFileSize } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useRef } from "@odoo/owl";

/**
 * Papers are dragged onto a request, or chosen, as many as there are. The server takes
 * them into a form that proposes what each of them is.
 */
export class PaperDrop extends Component {
    static template = "beneficiary_relations.PaperDrop";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.input = useRef("input");
        const root = useRef("root");
        // The whole sheet takes what is dropped; the messages beside it have their own.
        const sheet = {
            get el() {
                return root.el && (root.el.closest(".o_form_sheet") || root.el);
            },
        };
        useDropzone(
            sheet,
            ({ dataTransfer }) => this.add(dataTransfer.files),
            "o_br_paper_dropzone"
        );
    }

    async onChosen() {
        const { el } = this.input;
        await this.add(el.files);
        el.value = null;
    }

    async add(fileList) {
        const files = [...fileList].filter((file) =>
            checkFileSize(file.size, this.notification)
        );
        const { record } = this.props;
        // A request that was not saved yet shows what it lacks.
        if (!files.length || !(await record.save())) {
            return;
        }
        const lines = await Promise.all(
            files.map(async (file) => {
                const data = await getDataURLFromFile(file);
                return [0, 0, { file: data.split(",")[1], file_name: file.name }];
            })
        );
        const [id] = await this.orm.create("beneficiary.document.add", [
            { request_id: record.resId, line_ids: lines },
        ]);
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Add Papers"),
                res_model: "beneficiary.document.add",
                res_id: id,
                views: [[false, "form"]],
                target: "new",
                context: { dialog_size: "extra-large" },
            },
            { onClose: () => record.load() }
        );
    }
}

registry.category("view_widgets").add("beneficiary_paper_drop", { component: PaperDrop });
