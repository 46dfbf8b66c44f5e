from odoo import api, models
from odoo.exceptions import UserError

# Fields that make an activity ask for a vote; a change would hide the vote asked for.
ASKED_FIELDS = frozenset(["activity_type_id", "res_id", "res_model", "res_model_id"])


class MailActivity(models.Model):
    """Votes are personal: an activity that asks for one cannot be handed on or ended.

    It ends when the vote is cast.
    """

    _inherit = "mail.activity"

    @api.constrains("attachment_ids")
    def _check_attachment_access(self):
        """Raise if a file is linked that the acting user may not read (R43).

        An activity shows the names of its files.
        """
        # Constraints run as superuser, but the acting user needs the access.
        self.attachment_ids.sudo(False).check_access("read")

    def write(self, vals):
        if "user_id" in vals:
            self.filtered(
                lambda activity: activity.user_id.id != vals["user_id"]
            )._refuse_vote(
                self.env._("A vote is personal: it is not handed on to anybody else.")
            )
        # Odoo archives an activity when it is done: by then the vote is cast.
        if ASKED_FIELDS & vals.keys() or not vals.get("active", True):
            self._refuse_vote(self._ask_to_vote())
        return super().write(vals)

    def _action_done(self, feedback=False, attachment_ids=None):
        self._refuse_vote(self._ask_to_vote())
        if not self.env.su:  # a finished activity leaves a note on the record
            self._check_may_note()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_vote(self):
        if not self.env.su:  # the addon itself deletes activities of withdrawn studies
            self._refuse_vote(self._ask_to_vote())

    def _check_may_note(self):
        """Raise unless the acting user may write notes on these activities' records."""
        for model, activities in (
            self.filtered("res_model").grouped("res_model").items()
        ):
            if self.env["mail.thread"]._is_beneficiary_thread(model):
                records = self.env[model].browse(activities.mapped("res_id"))
                records._check_may_write_message()

    def _ask_to_vote(self):
        return self.env._(
            "Accept, reject, abstain or step aside: the activity ends then."
        )

    def _refuse_vote(self, message):
        """Raise ``message`` if one of these activities waits for its user's vote."""
        if self._get_votes_asked():
            raise UserError(message)

    def _get_votes_asked(self):
        """Return the ballots that these activities wait for."""
        asking = self.filtered(
            lambda activity: activity.activity_category == "beneficiary_vote"
        )
        if not asking:
            return self.env["beneficiary.vote"]
        votes = (
            self.env["beneficiary.vote"]
            .sudo()  # also for users who may not read these votes
            .search(
                [
                    ("request_id", "in", asking.mapped("res_id")),
                    ("user_id", "in", asking.user_id.ids),
                    ("choice", "=", False),
                    ("decision_id.state", "=", "open"),
                ]
            )
        )
        pairs = {(activity.res_id, activity.user_id) for activity in asking}
        return votes.filtered(
            lambda vote: (vote.request_id.id, vote.user_id) in pairs and vote._counts()
        )
