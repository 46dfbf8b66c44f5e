from odoo import api, fields, models

from ...rules import clock


class RequestPause(models.Model):
    """A time of waiting for the applicant; it does not count in the period (R21).

    Only the moves of a request write these lines. The dates of the reply can be
    computed again from them. Users who may read the request may read its pauses.
    """

    _name = "beneficiary.request.pause"
    _inherit = ["beneficiary.whole.mixin", "beneficiary.mixin"]
    _description = "Pause of the Review Clock"
    _order = "request_id, id"
    _rec_name = "date_start"

    request_id = fields.Many2one(
        "beneficiary.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="Until")
    reason = fields.Text()

    _open_unique = models.UniqueIndex(
        "(request_id) WHERE date_end IS NULL", "The clock is already paused."
    )

    @api.model
    def _begin(self, requests, reason):
        """Begin a pause of each of ``requests`` now."""
        now = fields.Datetime.now()
        return self.sudo().create(  # users may not create them
            [
                {"request_id": request.id, "date_start": now, "reason": reason}
                for request in requests
            ]
        )

    def _end(self):
        """End the pauses that are still open, now, and return them."""
        ended = self.sudo().filtered(lambda pause: not pause.date_end)
        ended.write({"date_end": fields.Datetime.now()})
        return ended

    def _get_pauses(self):
        """Return these pauses as objects of :mod:`rules.clock`."""
        return tuple(clock.Pause(pause.date_start, pause.date_end) for pause in self)
