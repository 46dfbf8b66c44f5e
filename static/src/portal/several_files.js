import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

import { reduce } from "./reduce";

/** Several files that go with a text: the photos among them are made smaller. */
export class SeveralFiles extends Interaction {
    static selector = ".o_br_several_files";

    dynamicContent = {
        _root: { "t-on-change": this.onChosen },
    };

    async onChosen() {
        const chosen = [...this.el.files];
        const smaller = await this.waitFor(Promise.all(chosen.map(reduce)));
        if (chosen.some((file, index) => this.el.files[index] !== file)) {
            return; // others were chosen meanwhile
        }
        const transfer = new DataTransfer();
        smaller.forEach((file) => transfer.items.add(file));
        this.el.files = transfer.files;
    }
}

registry.category("public.interactions").add("beneficiary_relations.several_files", SeveralFiles);
