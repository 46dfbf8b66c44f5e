from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...rules.file_flow import DECEASED

# Scopes by which a representative makes and follows requests on the portal.
ACTING_SCOPES = ("all", "requests")
# Scopes by which a representative receives deliveries.
RECEIPT_SCOPES = ("all", "receipt")


class Representative(models.Model):
    """A person who speaks for a file: a guardian, an agent, the imam of a mosque (R33).

    Representatives are in effect from the first day of their period to the end of its
    last day, in the association's time zone. A period without an end date stays open.
    Who has died acts for nobody, from the day of death.
    A representative with a login acts on the portal during the period, within the
    scope.

    :Who may: officers, and delegates for the files of their branches; researchers,
        auditors and the committee read. A representation is ended with a date; only
        managers delete it.
    """

    _name = "beneficiary.representative"
    _word_fields = frozenset(["name"])
    _inherit = [
        "beneficiary.whole.mixin",
        "beneficiary.identity.mixin",
        "beneficiary.kin.mixin",
        "beneficiary.trace.line.mixin",
        "beneficiary.file.line.mixin",
        "beneficiary.mixin",
    ]
    _description = "Representative of a File"
    _order = "beneficiary_id, date_to desc, id desc"
    _check_company_auto = True
    _traced_on = ("beneficiary_id", "representative_ids")
    _traced_fields = (
        "name",
        "relation",
        "identity_number",
        "phone",
        "email",
        "scope",
        "date_from",
        "date_to",
        "death_date",
        "user_id",
    )

    name = fields.Char(required=True)
    relation = fields.Selection(
        [
            ("parent", "Parent"),
            ("spouse", "Spouse"),
            ("child", "Son or Daughter"),
            ("sibling", "Brother or Sister"),
            ("guardian", "Legal Guardian"),
            ("agent", "Agent by Power of Attorney"),
            ("responsible", "Responsible for the Place or Body"),
            ("other", "Other"),
        ],
        required=True,
        default="guardian",
    )
    phone = fields.Char(
        help="Notices of a minor, or of a person without a telephone and an e-mail, go "
        "here while the representative acts."
    )
    email = fields.Char()
    scope = fields.Selection(
        [
            ("all", "Everything"),
            ("requests", "Requests Only"),
            ("receipt", "Receipt Only"),
        ],
        required=True,
        default="all",
        help="Receipt only: collects deliveries, but does not act on the portal.",
    )
    date_from = fields.Date(
        string="In Effect From",
        required=True,
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    date_to = fields.Date(string="In Effect Until", help="Empty: until further notice.")
    death_date = fields.Date(
        string="Died On",
        readonly=True,
        copy=False,
        help="The file of the representative says that they have died: from that day "
        "they act for nobody.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Portal User",
        index="btree_not_null",
        copy=False,
        domain=[("share", "=", True)],
        groups="beneficiary_relations.group_officer",
    )
    evidence = fields.Text(help="The evidence: the deed, its number and its source.")
    document_id = fields.Many2one(
        "beneficiary.document",
        string="Scan of the Evidence",
        check_company=True,
        index="btree_not_null",
        copy=False,
    )

    _phone_index = models.Index("(company_id, phone) WHERE phone IS NOT NULL")
    _identity_index = models.Index(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL"
    )
    _period_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A representative's period ends after it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_death(vals)
        representatives = self._without_defaults({"death_date"})
        representatives = super(Representative, representatives).create(vals_list)
        representatives.beneficiary_id._update_open_studies()
        representatives.beneficiary_id._update_contacts()
        return representatives

    def write(self, vals):
        self._refuse_death(vals)
        former = {line: line.sudo().user_id for line in self if "user_id" in vals}
        result = super().write(vals)
        self.beneficiary_id._update_open_studies()
        self.beneficiary_id._update_contacts()
        for line, account in former.items():
            (account - line.sudo().user_id)._leave_association(line.company_id)
        return result

    def unlink(self):
        files = self.beneficiary_id
        result = super().unlink()
        files._update_contacts()
        return result

    def _refuse_death(self, vals):
        if not self.env.su and "death_date" in vals:
            raise AccessError(
                self.env._(
                    "The death of a representative is recorded in their own file."
                )
            )

    @api.constrains(
        "date_to",
        "death_date",
        "identity_number",
        "identity_type",
        "nationality_id",
        "user_id",
    )
    def _check_alive(self):
        """Raise for a person who has died, unless the period ended before (R33)."""
        living = self.filtered(lambda line: not line.death_date)
        files = self.env["beneficiary.beneficiary"]
        dead = Domain("state", "=", DECEASED)
        by_number = living._find_files_by_number(dead)
        if accounts := living.user_id:
            files = files.search(dead & Domain("portal_user_ids", "in", accounts.ids))
        for line in living:
            own = files.filtered(
                lambda file, line=line: (
                    line.user_id in file.portal_user_ids
                    and file.company_id == line.company_id
                )
            )
            for file in by_number[line] | own:
                if not line.date_to or line.date_to >= file.death_date:
                    raise ValidationError(
                        self.env._(
                            "%(person)s has died, and represents nobody. Record "
                            "another representative.",
                            person=line.name,
                        )
                    )

    @api.constrains(
        "beneficiary_id", "name", "identity_number", "identity_type", "nationality_id"
    )
    def _check_person(self):
        self._check_not_the_person()

    def _get_same_person_message(self):
        return self.env._(
            "%(number)s is the identity number of the person of the file, who does "
            "not represent themselves. Enter the guardian or the agent.",
            number=self.identity_number,
        )

    @api.constrains("beneficiary_id", "user_id")
    def _check_user(self):
        for representative in self:
            representative.beneficiary_id._check_accounts(representative.user_id)
        if any(line.user_id & line.beneficiary_id.portal_user_ids for line in self):
            raise ValidationError(
                self.env._(
                    "This account is the person's own. Choose the account of the "
                    "representative, or leave it empty."
                )
            )

    @api.constrains("beneficiary_id", "document_id")
    def _check_document(self):
        for representative in self.filtered("document_id"):
            if (
                representative.document_id.beneficiary_id
                != representative.beneficiary_id
            ):
                raise ValidationError(
                    self.env._("Choose a document of this file as the evidence.")
                )

    @api.model
    def _get_acting_domain(self, today):
        """Return the domain of representatives who act on the portal on ``today``.

        :param today: a day of the association
        """
        return Domain("scope", "in", ACTING_SCOPES) & self._get_period_domain(today)

    @api.model
    def _get_receipt_domain(self, day):
        """Return the domain of representatives who may receive a delivery on ``day``.

        :param day: a day of the association
        """
        return Domain("scope", "in", RECEIPT_SCOPES) & self._get_period_domain(day)

    @api.model
    def _get_period_domain(self, day):
        begun = Domain("date_from", "<=", day)
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        living = Domain("death_date", "=", False) | Domain("death_date", ">", day)
        return begun & running & living

    def _filter_acting(self):
        """Return the representatives among these who act on the portal now."""
        return self.browse().union(
            *(
                own.filtered_domain(
                    self._get_acting_domain(company._get_beneficiary_today())
                )
                for company, own in self.grouped("company_id").items()
            )
        )
