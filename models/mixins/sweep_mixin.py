import logging

from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH = 500
# How often a batch that another worker took is looked for again before the next run.
MAX_CONFLICTS = 10


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
        :return: whether there is time left; where there is not, the scheduler is told
            how many remain, and nothing else may be reported after that
        """
        progress = self.env["ir.cron"]
        conflicts = 0
        while conflicts < MAX_CONFLICTS:
            try:
                due = self.search(domain, limit=BATCH)
                mine = due.try_lock_for_update().filtered_domain(domain)
                if not mine:
                    return True
                # In one order: two workers at once wait for each other, not in a ring.
                for company in mine.company_id.sorted("id"):
                    records = mine.filtered(lambda one, c=company: one.company_id == c)
                    self._treat(records.with_company(company), treat)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was faster: look again at what is left.
                self.env.cr.rollback()
                conflicts += 1
                continue
            remaining = self.search_count(domain)
            if not progress._commit_progress(len(mine), remaining=remaining):
                return not remaining
        # Others are faster still: the next run, which comes at once, looks again.
        progress._commit_progress(remaining=self.search_count(domain))
        return False

    def _treat(self, records, treat, give_up=None):
        """Do ``treat`` to ``records``, one by one where it fails for all of them.

        :param give_up: called with the record that fails and the error; by default
            the record is postponed
        """
        try:
            with self.env.cr.savepoint():
                treat(records)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            if len(records) == 1:
                _logger.warning("Scheduled action: %s", records, exc_info=error)
                (give_up or type(records)._postpone)(records, error)
                return
        for record in records:
            self._treat(record, treat, give_up)

    def _postpone(self, error):
        """Mark a record that could not be treated, and look at it again later."""
        raise NotImplementedError

    @api.model
    def _schedule_activities(self, xmlid, wanted, get_deadline=None):
        """Plan one activity for each (record, user, summary), in one batch.

        :param wanted: a summary may be a function, which takes the environment of the
            user and returns the words in their language
        :param get_deadline: takes the record and returns the day; today by default
        """
        if not wanted:
            return self.env["mail.activity"]
        activity_type = self.env.ref(xmlid)
        model_id = self.env["ir.model"]._get_id(self._name)
        companies = self.env["res.company"].union(
            *(record.company_id for record, _user, _summary in wanted)
        )
        today = {company: company._get_beneficiary_today() for company in companies}
        # Staff read who planned it, and not every applicant's contact.
        planner = self.with_user(SUPERUSER_ID) if self.env.user.share else self
        return (
            planner.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": activity_type.id,
                        "res_model_id": model_id,
                        "res_id": record.id,
                        "user_id": user.id,
                        "summary": summary(record.with_context(lang=user.lang).env)
                        if callable(summary)
                        else summary,
                        "date_deadline": get_deadline(record)
                        if get_deadline
                        else today[record.company_id],
                        # Or who does what it asks would not find and end it.
                        "automated": True,
                    }
                    for record, user, summary in wanted
                ]
            )
        )
