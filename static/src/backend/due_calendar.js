import { CalendarCommonPopover } from "@web/views/calendar/calendar_common/calendar_common_popover";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { onWillStart } from "@odoo/owl";

// A sentence that is worked out for each request: it is asked for where it is shown.
const PREVIEW = "reply_preview";

/** The calendar of the replies that are due: thousands of them in a month. */
export class DueCalendarModel extends CalendarModel {
    fetchRecords(data) {
        const { activeFields, context, fieldNames, resModel } = this.meta;
        const names = new Set([...fieldNames, ...Object.keys(activeFields)]);
        names.delete(PREVIEW);
        return this.orm.searchRead(resModel, this.computeDomain(data), [...names], {
            context,
        });
    }
}

export class DueCalendarPopover extends CalendarCommonPopover {
    setup() {
        super.setup();
        const orm = useService("orm");
        onWillStart(async () => {
            const { model, record } = this.props;
            const { context, resModel } = model.meta;
            const [values] = await orm.read(resModel, [record.id], [PREVIEW], {
                context,
            });
            Object.assign(record.rawRecord, values);
        });
    }
}

export class DueCalendarCommonRenderer extends CalendarCommonRenderer {
    static components = {
        ...CalendarCommonRenderer.components,
        Popover: DueCalendarPopover,
    };
}

export class DueCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: DueCalendarCommonRenderer,
        week: DueCalendarCommonRenderer,
        month: DueCalendarCommonRenderer,
    };
}

registry.category("views").add("beneficiary_due_calendar", {
    ...calendarView,
    Model: DueCalendarModel,
    Renderer: DueCalendarRenderer,
});
