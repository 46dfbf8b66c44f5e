import logging

from odoo import SUPERUSER_ID, api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BATCH = 500
# How often one run searches again after another worker took its batch.
MAX_CONFLICTS = 10


class SweepMixin(models.AbstractModel):
    """Scheduled actions that go through many records, and can be cut off anywhere.

    Each model implements :meth:`_postpone`: it takes a failed record out of the search,
    and sets when the record is tried again.
    """

    _name = "beneficiary.sweep.mixin"
    _description = "Batches of a Scheduled Action"

    @api.model
    def _sweep(self, domain, treat, order):
        """Call ``treat`` on the records of ``domain``, in batches that may be cut off.

        Safe to run twice and on two workers at once: rows are locked, and rows that
        another worker holds are left to that worker. If a batch fails, its records are
        treated one by one. A record that fails is marked, waits, and never stops the
        rest.

        :param domain: must exclude records that have been treated
        :param treat: called with a recordset of one company
        :param order: the order of an index of the records that are due, so that a run
            with nothing due reads nothing
        :return: whether there is time left; if not, the scheduler has been told how
            many records remain, and nothing else may be reported after that
        """
        progress = self.env["ir.cron"]
        conflicts = 0
        while conflicts < MAX_CONFLICTS:
            try:
                due = self.search(domain, order=order, limit=BATCH)
                mine = due.try_lock_for_update().filtered_domain(domain)
                if not mine:
                    return True
                for records in mine._group_by_association():
                    self._treat(records, treat)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was faster: search again for the rest.
                self.env.cr.rollback()
                conflicts += 1
                continue
            remaining = self.search_count(domain)
            if not progress._commit_progress(len(mine), remaining=remaining):
                return not remaining
        # Other workers are still faster: the next run follows at once and tries again.
        progress._commit_progress(remaining=self.search_count(domain))
        return False

    def _group_by_association(self):
        """Return these records by association, each in the language of its own.

        What is written then can be read by its staff. The order is always the same, so
        that two workers cannot deadlock.
        """
        return [
            self.filtered(lambda record, company=company: record.company_id == company)
            .with_company(company)
            .with_context(lang=company._get_beneficiary_lang())
            for company in self.company_id.sorted("id")
        ]

    def _treat(self, records, treat, give_up=None):
        """Call ``treat`` on ``records``; if that fails, on each record by itself.

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
        """Mark a record that could not be treated, to be tried again later."""
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
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            xmlid, raise_if_not_found=True
        )
        model_id = self.env["ir.model"]._get_id(self._name)
        companies = self.env["res.company"].union(
            *(record.company_id for record, _user, _summary in wanted)
        )
        today = {company: company._get_beneficiary_today() for company in companies}
        langs = {user: user.lang for user in {user for _record, user, _words in wanted}}
        words = {
            (summary, lang): summary(self.with_context(lang=lang).env)
            for summary in {summary for _record, _user, summary in wanted}
            if callable(summary)
            for lang in set(langs.values())
        }
        records = self.sudo().union(*(record for record, _user, _summary in wanted))
        names = {record: record.display_name for record in records}
        # Staff read who planned an activity; not all may read an applicant's contact.
        planner = self.with_user(SUPERUSER_ID) if self.env.user.share else self
        return (
            planner.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": type_id,
                        "res_model_id": model_id,
                        "res_id": record.id,
                        "res_name": names[record],  # else it is written afterwards
                        "user_id": user.id,
                        "summary": words.get((summary, langs[user]), summary),
                        "date_deadline": get_deadline(record)
                        if get_deadline
                        else today[record.company_id],
                        # Only automated activities are found and ended when the work is
                        # done.
                        "automated": True,
                    }
                    for record, user, summary in wanted
                ]
            )
        )
