from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem, refusal

ACTIVITY = "beneficiary_relations.mail_activity_type_change"
PROPOSED = "proposed"
# What may be proposed, by what the proposal is about; in the order of the form.
PERSON_FIELDS = (
    "name",
    "identity_type",
    "identity_number",
    "birth_date",
    "gender",
    "marital_state",
    "education_level",
    "employment_state",
    "phone",
    "phone2",
    "email",
    "street",
    "city",
    "short_address",
    "housing_kind",
    "iban",
    "bank_account_holder",
)
MEMBER_FIELDS = (
    "name",
    "relation",
    "gender",
    "birth_date",
    "identity_type",
    "identity_number",
    "schooling",
)
SUBJECTS = {
    "file": ("beneficiary.beneficiary", PERSON_FIELDS),
    "member": ("beneficiary.household.member", MEMBER_FIELDS),
    "new_member": ("beneficiary.household.member", MEMBER_FIELDS),
    "left": ("beneficiary.household.member", ()),
    "representative": ("beneficiary.representative", ("phone", "email")),
}


class Change(models.Model):
    """A change of a file that its person, or who acts for them, proposes (R26, R51).

    Nothing changes by itself. An officer accepts the proposal, which then is written
    through the rules of the file as if the officer had typed it, or declines it with a
    reason that the person reads. What was proposed stays as it was sent.

    :Who may: whoever follows the file on the portal proposes and takes back. Officers,
        and delegates for the files of their branches, accept and decline; never for a
        file that they follow themselves. Researchers and auditors read.
    :States: proposed -> accepted, declined, or withdrawn by the person.
    :Parts: a file each, beside this one
        ``change_portal``: how it is proposed
    """

    _name = "beneficiary.change"
    _inherit = [
        "beneficiary.upload.mixin",
        "beneficiary.file.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Proposed Change"
    _order = "id desc"
    _check_company_auto = True
    _upload_fields = {"file": "file_name"}

    about = fields.Selection(
        [
            ("file", "The Person"),
            ("member", "A Dependant"),
            ("new_member", "A New Dependant"),
            ("left", "No Longer a Dependant"),
            ("representative", "A Representative"),
        ],
        required=True,
        readonly=True,
        default="file",
    )
    member_id = fields.Many2one(
        "beneficiary.household.member",
        string="Dependant",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    representative_id = fields.Many2one(
        "beneficiary.representative",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    line_ids = fields.One2many(
        "beneficiary.change.line", "change_id", string="What Is to Change"
    )
    summary = fields.Char(string="Changes", compute="_compute_summary")
    note = fields.Text(string="In Their Words", readonly=True)
    file = fields.Binary(string="Its Paper", attachment=True, readonly=True)
    file_name = fields.Char(string="Name of the Paper", readonly=True)
    file_kind = fields.Selection(
        [("pdf", "PDF"), ("photo", "Photo")], compute="_compute_file_kind"
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("declined", "Not Accepted"),
            ("withdrawn", "Taken Back"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default=PROPOSED,
    )
    reason = fields.Text(
        string="Reason the Person Will Read",
        copy=False,
        help="Why the proposal is declined, in words that the person understands.",
    )
    proposed_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    proposed_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    read_on = fields.Datetime(
        string="Result Read On",
        readonly=True,
        copy=False,
        help="When the person confirmed that they read the result.",
    )

    _open = models.Index("(company_id, id) WHERE state = 'proposed'")

    @api.depends("about", "line_ids.name", "member_id", "representative_id")
    def _compute_summary(self):
        for change in self:
            about = change._get_label("about") if change.about else ""
            who = change.member_id.name or change.representative_id.name
            labels = change._list_words(change.line_ids.mapped("label"))
            change.summary = " · ".join(filter(None, [about, who, labels]))

    @api.depends("summary", "beneficiary_id")
    def _compute_display_name(self):
        for change in self:
            change.display_name = change.beneficiary_id.display_name

    @api.depends("file_name")
    def _compute_file_kind(self):
        for change in self:
            name = change.file_name
            change.file_kind = name and ("pdf" if name.endswith(".pdf") else "photo")

    # -- CRUD --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return self._create_once(vals_list, super().create)

    def write(self, vals):
        """Let users write only the reason: the proposal stays as it was sent."""
        if not self.env.su and vals.keys() - {"reason"}:
            raise AccessError(
                self.env._(
                    "A proposal stays as it was sent. Accept it, or decline it with a "
                    "reason."
                )
            )
        if not self.env.su and any(change.state != PROPOSED for change in self):
            raise UserError(self._get_decided_message())
        return super().write(vals)

    # -- actions -----------------------------------------------------------------------

    def action_accept(self):
        """Write what was proposed, through the rules of the file.

        :raise AccessError: unless the acting user may write the file and read all lines
        :raise UserError: when it is decided already, the user follows the file, or a
            rule of the file refuses the values
        """
        self._check_may_decide()
        for change in self:
            change._apply()
        self._decide("accepted")
        return True

    def action_decline(self):
        """Decline the proposals with their reason, which the person reads (R23).

        :raise AccessError: as :meth:`action_accept`
        :raise UserError: when a reason is missing, or it is decided already
        """
        self._check_may_decide()
        for change in self:
            if says_nothing(change.reason):
                sentence = self.env._(
                    "Write the reason first. The person reads it on the portal."
                )
                raise refusal(Problem(sentence, change, "reason"))
        self._decide("declined")
        return True

    def _check_may_decide(self):
        self.check_access("write")
        self.beneficiary_id.check_access("write")
        if any(change.state != PROPOSED for change in self):
            raise UserError(self._get_decided_message())
        if self.env.user in self.sudo().beneficiary_id._get_interested_users():
            raise AccessError(
                self.env._("You follow this file: let a colleague decide about it.")
            )
        lines = self.sudo().line_ids.sudo(False)
        if lines - lines._filtered_access("read"):
            raise AccessError(
                self.env._(
                    "The proposal holds bank data. Let a colleague who reads income "
                    "and bank data decide about it."
                )
            )

    def _get_decided_message(self):
        return self.env._("This proposal is decided already.")

    def _apply(self):
        """Write the values as the acting user, whose rights and rules count."""
        self.ensure_one()
        vals = {line.name: line.value or False for line in self.line_ids}
        if self.about == "new_member":
            member = self.member_id.create(
                {"beneficiary_id": self.beneficiary_id.id, **vals}
            )
            self.sudo().member_id = member
        elif self.about == "left":
            self.member_id.active = False
        else:
            self._get_subject().write(vals)

    def _get_subject(self):
        """Return the record that the proposal would change; empty for a new one."""
        self.ensure_one()
        if self.about == "file":
            return self.beneficiary_id
        if self.about == "representative":
            return self.representative_id
        return self.member_id

    def _decide(self, state):
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        self._end_activities()

    def _end_activities(self):
        """End the activity of each file that has no open proposal any more."""
        files = self.sudo().beneficiary_id
        waiting = self.sudo().search(
            [("beneficiary_id", "in", files.ids), ("state", "=", PROPOSED)]
        )
        done = files - waiting.beneficiary_id
        if self.env.user.share:  # taken back: nobody in the office did anything
            done.with_user(SUPERUSER_ID).activity_unlink([ACTIVITY])
        else:
            done.activity_feedback([ACTIVITY])
