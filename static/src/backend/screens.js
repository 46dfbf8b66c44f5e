import { FormController } from "@web/views/form/form_controller";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";
import { patch } from "@web/core/utils/patch";

/** The class of the addon's own screens, for the rules in screens.scss. */
const OURS = "o_br_screen";

function isOurs({ props }) {
    return props.resModel.startsWith("beneficiary.");
}

for (const Controller of [ListController, KanbanController]) {
    patch(Controller.prototype, {
        get className() {
            return isOurs(this) ? `${super.className || ""} ${OURS}` : super.className;
        },
    });
}

patch(FormController.prototype, {
    get className() {
        return { ...super.className, [OURS]: isOurs(this) };
    },
});
