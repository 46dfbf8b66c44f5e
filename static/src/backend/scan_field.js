import { Component } from "@odoo/owl";
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The sides of a paper: the field of each scan, and the field of its file name. */
const SIDES = [
    ["file", "file_name"],
    ["file_back", "file_back_name"],
];

/**
 * A scan of a record, as Odoo's file viewer shows it. The server sends it only to who may
 * read the record and the field.
 */
class Scan extends FileModel {
    constructor(record, field, name) {
        super();
        this.record = record;
        this.field = field;
        this.name = name;
        this.mimetype = name.endsWith(".pdf") ? "application/pdf" : "image/jpeg";
    }

    get urlRoute() {
        const kind = this.isPdf ? "content" : "image";
        return `/web/${kind}/${this.record.resModel}/${this.record.resId}/${this.field}`;
    }
}

/** Return the records of the list that `record` stands in. */
function getNeighbours(record) {
    const { root } = record.model;
    const lists = [root, ...Object.values(root.data || {})];
    const list = lists.find((value) => value?.records?.includes(record));
    return list ? list.records : [record];
}

/**
 * The name of a scan, which opens it in Odoo's file viewer. The papers of the same list
 * follow: one looks through a whole file without opening each paper.
 */
export class ScanField extends Component {
    static template = "beneficiary_relations.ScanField";
    static props = { ...standardFieldProps };

    setup() {
        this.fileViewer = useFileViewer();
        this.title = _t("Look at the paper");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get scans() {
        return this.getScans(this.props.record);
    }

    getScans(record) {
        return SIDES.filter(([, name]) => record.resId && record.data[name]).map(
            ([field, name]) => new Scan(record, field, record.data[name])
        );
    }

    onClick() {
        const scans = getNeighbours(this.props.record).flatMap((record) =>
            this.getScans(record)
        );
        this.fileViewer.open(
            scans.find((scan) => scan.record === this.props.record),
            scans
        );
    }
}

export const scanField = {
    component: ScanField,
    supportedTypes: ["char"],
    fieldDependencies: SIDES.map(([, name]) => ({ name, type: "char" })),
};

registry.category("fields").add("beneficiary_scan", scanField);
