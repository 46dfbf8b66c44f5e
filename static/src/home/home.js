import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { View } from "@web/views/view";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

const REPORT = "beneficiary.request.report";
const YEAR = "today -12m";
const HOME = "beneficiary.home";

/** The graph of Odoo itself, over the report of requests. */
const makeGraph = (domain, groupBy) => ({
    resModel: REPORT,
    type: "graph",
    // The search view brings the fields by which the rows are grouped.
    views: [
        [false, "graph"],
        [false, "search"],
    ],
    display: { controlPanel: false },
    domain,
    context: { graph_groupbys: groupBy, graph_measure: "__count" },
});

/**
 * The first screen: what waits for the user, each line a way to its list. The figures
 * of the association are loaded once the lines are there.
 */
export class BeneficiaryHome extends Component {
    static template = "beneficiary_relations.Home";
    static components = { View };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ sections: [], missing: [], figures: null });
        this.months = makeGraph(
            [["submitted_on", ">=", YEAR]],
            ["submitted_on:month", "outcome"]
        );
        this.replies = makeGraph(
            [
                ["released_on", ">=", YEAR],
                ["timeliness", "!=", false],
            ],
            ["released_on:month", "timeliness"]
        );
        onWillStart(async () => {
            const { sections, missing, has_figures } = await this.orm.call(HOME, "get_home", []);
            this.state.sections = sections;
            this.state.missing = missing;
            if (has_figures) {
                this.loadFigures();
            }
        });
    }

    async loadFigures() {
        this.state.figures = await this.orm.call(HOME, "get_figures", []);
    }

    get isNothing() {
        return this.state.sections.every(({ lines }) => !lines.length);
    }

    openSetup() {
        return this.action.doAction("beneficiary_relations.setup_action");
    }

    async open(key) {
        const { action, order } = await this.orm.call(HOME, "get_list", [key]);
        return this.action.doAction(action, { props: { orderBy: order } });
    }
}

registry.category("actions").add("beneficiary_home", BeneficiaryHome);
