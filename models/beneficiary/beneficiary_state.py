from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import date_utils, html_escape

from ...rules import file_flow, flow

REVIEW_ACTIVITY = "beneficiary_relations.mail_activity_type_file_review"
NEWS_ACTIVITY = "beneficiary_relations.mail_activity_type_file_news"
# Hours until the scheduled action retries a file on which it failed.
RETRY_HOURS = 24


class BeneficiaryState(models.Model):
    """The states of a file, and the regular review that keeps its data true.

    The moves follow :data:`rules.file_flow.TRANSITIONS`. The first activation and each
    review set the date of the next review; a scheduled action asks for it once.
    """

    _inherit = "beneficiary.beneficiary"
    _transitions = file_flow.TRANSITIONS
    _next_depends = ("state", "successor_id")

    state = fields.Selection(
        [
            ("new", "New"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("closed", "Closed"),
            ("deceased", "Deceased"),
        ],
        default="new",
        required=True,
        readonly=True,
        copy=False,
    )
    state_reason = fields.Text(string="Reason of the State", readonly=True, copy=False)
    state_changed_on = fields.Datetime(string="State Since", readonly=True, copy=False)
    state_changed_by_id = fields.Many2one(
        "res.users", string="State Set By", readonly=True, copy=False
    )
    officer_id = fields.Many2one(
        "res.users",
        string="Relations Officer",
        default=lambda self: self._default_officer_id(),
        domain=lambda self: self._get_role_domain(flow.OFFICER),
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="This officer is asked to review the file when it is due.",
    )
    verified_on = fields.Date(string="Last Verified", readonly=True, copy=False)
    review_due_on = fields.Date(string="Review Due", readonly=True, copy=False)
    # Written by the scheduled action, so that it asks for each review only once.
    review_asked_on = fields.Date(readonly=True, copy=False)
    review_retry_on = fields.Datetime(readonly=True, copy=False)

    _review_due = models.Index(
        "(review_due_on, id) WHERE state = 'active' AND review_asked_on IS NULL"
    )

    @api.model
    def _default_officer_id(self):
        user = self.env.user
        return user if user.has_group("beneficiary_relations.group_officer") else False

    def _get_next_step(self):
        if self.state == file_flow.DECEASED:
            return not self.successor_id and "succession"
        steps = {"new": "activate", "suspended": "activate", "active": "request"}
        return steps.get(self.state, False)

    # -- moves -------------------------------------------------------------------------

    def action_activate(self):
        """Activate a file that was verified, or end a suspension."""
        return self._move("activate")

    def action_suspend(self, reason=None):
        """Suspend the file: no request is taken, raised, registered or handed over.

        :param reason: why, as it stays on record
        """
        return self._move("suspend", reason=reason)

    def action_close(self, reason=None):
        """Close the file: the association has nothing more to do for it.

        :param reason: why, as it stays on record
        """
        return self._move("close", reason=reason)

    def action_reopen(self, reason=None):
        """Make a closed file active again.

        :param reason: why, as it stays on record
        """
        return self._move("reopen", reason=reason)

    def _get_roles(self):
        return self.env.user._get_beneficiary_roles()

    def _get_role_refusal(self, roles):
        return self.env._("Your role does not allow this change of a file.")

    def _write_flow(self, vals):
        return self.sudo().write(vals)

    def _guard_open_requests(self, given):
        return self._get_open_request_problems([("beneficiary_id", "=", self.id)])

    def _get_archive_problems(self):
        return self._guard_open_requests({})

    def _check_archiving(self, to_active=False):
        """Archiving takes the role of closing; restoring, that of reopening."""
        move = file_flow.REOPEN if to_active else file_flow.CLOSE
        if not move.roles & self._get_roles():
            raise AccessError(
                self.env._(
                    "Only managers archive and restore files. Ask a manager, or "
                    "suspend the file."
                )
            )
        return super()._check_archiving(to_active)

    def _do_move(self, target, given):
        """Also note who set the state, when and why."""
        self._write_flow(
            {
                "state_reason": given.get("reason"),
                "state_changed_on": fields.Datetime.now(),
                "state_changed_by_id": self.env.uid,
                "review_asked_on": False,
            }
        )
        return super()._do_move(target, given)

    def _do_activate(self, target, given):
        self.filtered(lambda file: file.state == "new")._set_verified()

    def _do_close(self, target, given):
        self.activity_unlink([REVIEW_ACTIVITY])

    def _log_move(self, move, target, given):
        """Leave an internal note of the new state, with the reason."""
        body = self._describe_move(target, given.get("reason"))
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return super()._log_move(move, target, given)

    # -- review ------------------------------------------------------------------------

    def action_review(self):
        """Record that the file was compared with the person's life today."""
        self.check_access("write")
        self._check_role(flow.OFFICERS)
        if any(file.state not in file_flow.REVIEWED for file in self):
            raise UserError(
                self.env._(
                    "Active and suspended files are reviewed; activate it first."
                )
            )
        self._set_verified()
        self.activity_feedback([REVIEW_ACTIVITY])
        body = html_escape(self.env._("File reviewed"))
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))
        return True

    def _set_verified(self):
        """Note that the files were verified today, and when they are due again."""
        for company, files in self.grouped("company_id").items():
            today = company._get_beneficiary_today()
            months = company.beneficiary_file_review_months
            files.sudo().write(
                {
                    "verified_on": today,
                    "review_due_on": months and date_utils.add(today, months=months),
                    "review_asked_on": False,
                }
            )

    @api.model
    def _cron_file_review(self):
        """Ask for the review of every file that is due, once (R22)."""
        now = fields.Datetime.now()
        waiting = Domain("state", "=", "active") & Domain("review_asked_on", "=", False)
        waiting &= Domain("review_retry_on", "=", False) | Domain(
            "review_retry_on", "<=", now
        )
        # One day ahead: an association in another time zone may be at the next day.
        soon = Domain("review_due_on", "<=", now.date() + timedelta(days=1))
        for [company] in self._read_group(waiting & soon, ["company_id"]):
            if not self._sweep(
                waiting
                & Domain("review_due_on", "<=", company._get_beneficiary_today())
                & Domain("company_id", "=", company.id),
                lambda files: files._ask_for_review(),
                order="review_due_on, id",
            ):
                return

    def _ask_for_review(self):
        """Plan one activity for each file, for its officer or else the manager.

        :param self: files of one company
        """
        self._tell_office(
            REVIEW_ACTIVITY, lambda env: env._("The review of this file is due")
        )
        self.write({"review_asked_on": self.company_id._get_beneficiary_today()})

    def _tell_office(self, xmlid, summary):
        """Plan an activity for the officer of each file, else for the manager.

        If there is neither of them, nobody is told.

        :param summary: as :meth:`_schedule_activities` takes it
        """
        wanted = [
            (file, user, summary) for file in self for user in file._get_news_user()
        ]
        return self._schedule_activities(xmlid, wanted)

    def _tell_of_news(self, summary):
        told = self.activity_search([NEWS_ACTIVITY]).mapped("res_id")
        news = self.filtered(lambda file: file.id not in told)
        news._tell_office(NEWS_ACTIVITY, summary)

    def _get_stop_problems(self, served=file_flow.SERVED):
        """Return why requests and deliveries of this file do not go on, as sentences.

        :param served: the states of a file in which they do
        """
        if not self:  # a form may not have its file yet
            return []
        if not self.active:
            return [
                self.env._("The file is archived. A manager has to restore it first.")
            ]
        if self.state in served:
            return []
        if self._is_deceased():
            return [
                self.env._(
                    "%(person)s has died: nothing more is done in this name. Cancel "
                    "it, or name another head of the household in the file, who goes "
                    "on with it.",
                    person=self.name,
                )
            ]
        return [self.env._("The file is suspended or closed. Reopen it first.")]

    def _postpone(self, error):
        self.write(
            {"review_retry_on": fields.Datetime.now() + timedelta(hours=RETRY_HOURS)}
        )
