/** Forms whose pages are read when they are opened.
 *
 * The server marks each page with the fields that are needed nowhere else
 * (`models/mixins/pages_mixin.py`). A record that exists is read without them. A page
 * that is shown reads its own, once; from then on they are fields like all others. New
 * records have all fields from the start, and so has a record before an onchange.
 */

import { RelationalModel } from "@web/model/relational_model/relational_model";
import { getBasicEvalContext } from "@web/model/relational_model/utils";
import { registry } from "@web/core/registry";
import { omit, pick } from "@web/core/utils/objects";
import { createElement } from "@web/core/utils/xml";
import { FormArchParser } from "@web/views/form/form_arch_parser";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    xml,
} from "@odoo/owl";

const LATER = "data-later";

function getLater(page) {
    return page.getAttribute(LATER).split(",").filter(Boolean);
}

export class PagedArchParser extends FormArchParser {
    parse(xmlDoc) {
        const archInfo = super.parse(...arguments);
        const pages = [...xmlDoc.querySelectorAll(`page[${LATER}]`)];
        return { ...archInfo, later: pages.flatMap(getLater) };
    }
}

export class PagedRecord extends RelationalModel.Record {
    /** Return those of these fields that were not read yet. */
    getUnread(names) {
        return names.filter(
            (name) => !(name in this.activeFields) && name in this.model.allActiveFields
        );
    }

    readLater(names) {
        return this.model.mutex.exec(() => this._readLater(names));
    }

    async _readLater(names) {
        const unread = this.getUnread(names);
        if (!unread.length) {
            return;
        }
        const activeFields = pick(this.model.allActiveFields, ...unread);
        const [values] = await this.model._loadRecords(
            { ...this.config, activeFields },
            getBasicEvalContext(this.config)
        );
        await this.model._updateConfig(
            this.config,
            { activeFields: { ...this.activeFields, ...activeFields } },
            { reload: false }
        );
        this._laterValues = { ...this._laterValues, ...pick(values, ...unread) };
        this._applyValues(values);
        if (this.isInEdition) {
            this._checkValidity();
        }
    }

    /**
     * The first reading may come from Odoo's cache, and come again when the server has
     * answered: it knows nothing of the pages that were read in between.
     */
    _setData(data, options) {
        for (const name in this._laterValues) {
            if (name in data) {
                this._laterValues[name] = data[name];
            }
        }
        super._setData({ ...this._laterValues, ...data }, options);
    }

    /** What an onchange sets on a page that was never opened has to be kept. */
    async _getOnchangeValues(changes) {
        const asks = (name) => this.activeFields[name]?.onChange;
        if (this.resId && Object.keys(changes).some(asks)) {
            await this._readLater(this.model.later);
        }
        return super._getOnchangeValues(...arguments);
    }
}

export class PagedModel extends RelationalModel {
    static Record = PagedRecord;

    setup(params) {
        super.setup(...arguments);
        this.later = params.later;
        this.shownPages = new Set();
    }

    _getNextConfig(currentConfig) {
        // Before the first load the form has put all its fields there.
        this.allActiveFields ||= currentConfig.activeFields;
        const config = super._getNextConfig(...arguments);
        const shown = [...this.shownPages].flatMap((page) => page.props.later);
        const later = this.later.filter((name) => !shown.includes(name));
        config.activeFields = omit(this.allActiveFields, ...(config.resId ? later : []));
        return config;
    }
}

/** The contents of a page: they are shown when they have been read. */
export class LaterPage extends Component {
    static template = xml`<t t-if="isRead" t-slot="default"/>`;
    static props = { later: Array, record: Object, slots: Object };

    setup() {
        onWillStart(() => this.read(this.props));
        onWillUpdateProps((nextProps) => this.read(nextProps));
        onMounted(() => this.props.record.model.shownPages.add(this));
        onWillUnmount(() => this.props.record.model.shownPages.delete(this));
    }

    get isRead() {
        return !this.props.record.getUnread(this.props.later).length;
    }

    async read({ later, record }) {
        if (record.getUnread(later).length) {
            try {
                await record.readLater(later);
            } catch (error) {
                // It is told; the form stays, with what was typed on it.
                Promise.reject(error);
            }
        }
    }
}

export class PagedFormCompiler extends FormCompiler {
    setup() {
        super.setup();
        this.compilers.push({
            selector: "later",
            fn: this.compileLater,
            doNotCopyAttributes: true,
        });
    }

    compileNotebook(el) {
        for (const page of el.querySelectorAll(`:scope > page[${LATER}]`)) {
            if (page.querySelector(":scope > later")) {
                continue; // the same arch was compiled before
            }
            const later = createElement("later", { [LATER]: page.getAttribute(LATER) });
            later.append(...page.childNodes);
            page.append(later);
        }
        return super.compileNotebook(...arguments);
    }

    compileLater(el, params) {
        const page = createElement("LaterPage", {
            later: JSON.stringify(getLater(el)),
            record: "__comp__.props.record",
        });
        for (const child of el.childNodes) {
            const compiled = this.compileNode(child, params);
            if (compiled) {
                page.append(compiled);
            }
        }
        return page;
    }
}

export class PagedFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, LaterPage };
}

export class PagedFormController extends FormController {
    get modelParams() {
        return { ...super.modelParams, later: this.archInfo.later };
    }
}

registry.category("views").add("beneficiary_pages", {
    ...formView,
    ArchParser: PagedArchParser,
    Compiler: PagedFormCompiler,
    Controller: PagedFormController,
    Model: PagedModel,
    Renderer: PagedFormRenderer,
});
