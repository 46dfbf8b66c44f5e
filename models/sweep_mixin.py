import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH = 500


class SweepMixin(models.AbstractModel):
    """Scheduled actions that go through many records, and can be cut off anywhere.

    A model that sweeps says in :meth:`_postpone` how a record that cannot be
    treated leaves the search, and when it is looked at again.
    """

    _name = "beneficiary.sweep.mixin"
    _description = "Batches of a Scheduled Action"

    @api.model
    def _sweep(self, domain, treat):
        """Do ``treat`` to every record of ``domain``, in batches that may be cut off.

        Safe to run twice and on two workers at once: rows are locked, and what
        another worker holds is left to it. A batch that fails is gone through one
        by one; the record that fails is marked, waits, and never stops the rest.

        :param domain: must exclude what has been treated
        :param treat: called with a recordset of one company
        """
        progress = self.env["ir.cron"]
        while True:
            try:
                due = self.search(domain, limit=BATCH)
                mine = due.try_lock_for_update().filtered_domain(domain)
                if not mine:
                    return
                for company, records in mine.grouped("company_id").items():
                    self._treat(records.with_company(company), treat)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was faster: look again at what is left.
                self.env.cr.rollback()
                continue
            remaining = self.search_count(domain)
            if not progress._commit_progress(len(mine), remaining=remaining):
                return

    def _treat(self, records, treat):
        try:
            with self.env.cr.savepoint():
                treat(records)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            if len(records) == 1:
                _logger.warning("Scheduled action: %s", records, exc_info=error)
                records._postpone(error)
                return
        for record in records:
            self._treat(record, treat)

    def _postpone(self, error):
        """Mark a record that could not be treated, and look at it again later."""
        raise NotImplementedError

    @api.model
    def _schedule_activities(self, xmlid, wanted):
        """Plan one activity for each (record, user, summary), in one batch."""
        activity_type = self.env.ref(xmlid)
        model_id = self.env["ir.model"]._get_id(self._name)
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": activity_type.id,
                        "res_model_id": model_id,
                        "res_id": record.id,
                        "user_id": user.id,
                        "summary": summary,
                        "date_deadline": fields.Date.context_today(self),
                        # Or who does what it asks would not find and end it.
                        "automated": True,
                    }
                    for record, user, summary in wanted
                ]
            )
        )
