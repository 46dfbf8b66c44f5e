from odoo import models


class RequestNotice(models.Model):
    """When the applicant of a request is told that it is their turn (R22, R26)."""

    _inherit = "beneficiary.request"

    def _prepare_notice_vals(self, event):
        """Return the values that tell apart the notices of ``event``.

        In the same round, a declaration that was voided is signed again, and a letter
        is corrected as often as it has a mistake.
        """
        self.ensure_one()
        times = 0
        if event == "sign":
            times = len(self.declaration_ids)
        elif event == "letter":
            times = len(self._get_letters()[:1].reissue_ids)
        return {"request_id": self.id, "round": self.round, "occasion": f"{times}"}

    def _needs_notice(self, event):
        """Whether the applicant still has to be told of ``event``.

        Who was told that the request came back, was told what is missing too.
        """
        self.ensure_one()
        if event == "papers":
            return self._is_asked() and not self.note_to_applicant
        return event != "sign" or self._get_status_code() == "sign"

    def _do_move(self, target, given):
        result = super()._do_move(target, given)
        self.sudo().notice_ids._drop_needless()  # nobody writes notices by hand
        return result

    def _after_submit(self, target):
        self.env["beneficiary.notice"]._queue(self, "papers")

    def _after_verify(self, target):
        self.env["beneficiary.notice"]._queue(self, "sign")

    def _after_void(self, target):
        self.env["beneficiary.notice"]._queue(self, "sign")
