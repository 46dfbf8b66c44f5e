from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import session_flow

STEP = 10


class SessionAgenda(models.Model):
    """The agenda of a session; one click fills it with the waiting requests."""

    _inherit = "beneficiary.committee.session"

    item_ids = fields.One2many(
        "beneficiary.session.item", "session_id", string="Agenda"
    )
    item_count = fields.Integer(string="On the Agenda", compute="_compute_item_count")

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self.env["beneficiary.session.item"]._read_group(
                [("session_id", "in", self.ids)], ["session_id"], ["__count"]
            )
        )
        for session in self:
            session.item_count = counts.get(session._origin, 0)

    def action_fill_agenda(self):
        """Put all waiting requests of the committee on the agenda, earliest due first.

        Requests on the agenda of another session that is still to be held stay there.
        Each call sorts the whole agenda of a planned session, also items that were
        moved by hand, so that no urgent request is behind one that can wait. Items can
        be moved by hand afterwards. Once the session is open its items keep their
        places, and new ones come last.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_role(session_flow.KEEPERS)
        if self.state not in session_flow.AGENDA_OPEN:
            raise UserError(
                self.env._("The agenda is filled before the session ends, not after.")
            )
        # As superuser: also requests from which the chair or secretary is recused.
        session = self.sudo()
        requests = session.env["beneficiary.request"].search(self._get_waiting_domain())
        new = session.env["beneficiary.session.item"].create(
            [{"session_id": self.id, "request_id": request.id} for request in requests]
        )
        session._put_in_order(session.item_ids if self.state == "planned" else new)
        if requests:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "No other request waits: all requests of the committee are "
                    "already on an agenda."
                ),
                # The order may have changed.
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _put_in_order(self, items):
        """Sort ``items`` by the due date of the reply, after all other items."""
        last = max((self.item_ids - items).mapped("sequence"), default=0)
        ordered = items.sorted(
            lambda item: (item.request_id.reply_on or datetime.max, item.request_id.id)
        )
        for place, item in enumerate(ordered, start=1):
            item.sequence = last + STEP * place
        self.invalidate_recordset(["item_ids"])  # the cached list has the old order

    def _get_waiting_domain(self):
        """Return the domain of requests in review that may be put on this agenda.

        Requests on another open agenda are left out, and so are all that were on this
        one: a request that was postponed here does not come back here.
        """
        to_be_held = Domain(
            "session_state", "in", list(session_flow.AGENDA_OPEN)
        ) & Domain("outcome", "=", False)
        on_agenda = to_be_held | Domain("session_id", "=", self.id)
        waiting = Domain("state", "=", "open") & Domain(
            "session_item_ids", "not any", on_agenda
        )
        return (
            Domain("committee_id", "=", self.committee_id.id)
            & Domain("state", "=", "in_review")
            & Domain("decision_ids", "any", waiting)
            & self.env["beneficiary.request"]._get_living_domain()
        )
