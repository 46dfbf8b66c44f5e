import { registry } from "@web/core/registry";
import { url } from "@web/core/utils/urls";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, useEffect, useState } from "@odoo/owl";

const PAPER = "beneficiary.document";

/**
 * The scans of the papers that a form is about, one at a time, beside what is asked.
 *
 * The attribute `scans` names the field with the papers, or with lines that are about a
 * paper (`document_id`) or hold a file of their own (`file`).
 */
export class Scans extends Component {
    static template = "beneficiary_relations.Scans";
    static props = { ...standardWidgetProps, scans: String };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ scans: [], chosen: 0 });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
        // The scan follows the line that is being written.
        useEffect(
            (lineId) => {
                const place = this.state.scans.findIndex((scan) => scan.lineId === lineId);
                if (lineId && place >= 0) {
                    this.state.chosen = place;
                }
            },
            () => [this.props.record.data[this.props.scans].editedRecord?.id]
        );
    }

    async load({ record, scans: name }) {
        const lines = record.data[name];
        const isPapers = lines.resModel === PAPER;
        const rows = lines.records.map((line) => ({
            model: line.data.document_id || isPapers ? PAPER : lines.resModel,
            id: line.data.document_id?.id || line.resId,
            name: line.data.file_name,
            lineId: line.id,
        }));
        const papers = rows.filter((row) => row.id && row.model === PAPER);
        const key = JSON.stringify(rows);
        if (key === this.key) {
            return;
        }
        this.key = key;
        const read = papers.length
            ? await this.orm.read(
                  PAPER,
                  papers.map((paper) => paper.id),
                  ["display_name", "file_name", "file_back_name"]
              )
            : [];
        const byId = Object.fromEntries(read.map((paper) => [paper.id, paper]));
        this.state.scans = rows.flatMap(({ model, id, name, lineId }) => {
            if (model !== PAPER) {
                return name ? [{ lineId, ...this.prepare(model, id, "file", name, name) }] : [];
            }
            const { display_name: title, file_name, file_back_name } = byId[id] || {};
            return [
                ["file", file_name],
                ["file_back", file_back_name],
            ]
                .filter(([, fileName]) => fileName)
                .map(([field, fileName]) => ({
                    lineId,
                    ...this.prepare(model, id, field, fileName, title),
                }));
        });
    }

    prepare(model, id, field, fileName, title) {
        const isPdf = fileName.toLowerCase().endsWith(".pdf");
        const content = url("/web/content", { model, id, field });
        const viewer = "/web/static/lib/pdfjs/web/viewer.html?file=";
        return { isPdf, title, src: isPdf ? viewer + encodeURIComponent(content) : content };
    }

    get shown() {
        return this.state.scans[this.state.chosen] || this.state.scans[0];
    }
}

registry.category("view_widgets").add("beneficiary_scans", {
    component: Scans,
    extractProps: ({ attrs }) => ({ scans: attrs.scans }),
});
