from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...rules import flow

# The only fields that may change after an interest was declared.
OPEN_FIELDS = frozenset(["date_to", "note"])


class CommitteeInterest(models.Model):
    """A member's own register of conflicts of interest (R19).

    A member who declares an interest in a person is recused from all requests of that
    person, of their dependants, of the family they belong to, and of the files they
    represent. A recused member does not vote and does not see the votes of others. It
    makes no difference whether the person was named by number or by file.

    :Who may: members declare and end their own interests; managers and auditors read
        the register of their association. Nothing is deleted.
    """

    _name = "beneficiary.committee.interest"
    _inherit = ["beneficiary.identity.mixin", "beneficiary.mixin"]
    _description = "Conflict of Interest"
    _order = "user_id, id desc"
    _check_company_auto = True
    _role_fields = {"user_id": (flow.COMMITTEE,)}

    user_id = fields.Many2one(
        "res.users",
        string="Member",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=lambda self: self._get_role_domain(flow.COMMITTEE),
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    name = fields.Char(string="Whom It Concerns", required=True)
    identity_number = fields.Char(
        help="Identifies the present and future requests of the person."
    )
    beneficiary_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="File",
        check_company=True,
        index="btree_not_null",
        help="Choose the file if the person has no identity number.",
    )
    kind = fields.Selection(
        [
            ("relative", "Relative"),
            ("work", "Work or Employer"),
            ("business", "Business or Debt"),
            ("dispute", "Dispute"),
            ("other", "Other"),
        ],
        required=True,
        default="relative",
    )
    date_from = fields.Date(
        string="Since",
        required=True,
        default=lambda self: self.env.company._get_beneficiary_today(),
    )
    date_to = fields.Date(string="Until", help="Empty: until further notice.")
    note = fields.Text()

    _period_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "An interest ends after it begins.",
    )
    _identity_index = models.Index(
        "(company_id, identity_number) WHERE identity_number IS NOT NULL"
    )

    @api.constrains("identity_number", "beneficiary_id")
    def _check_known(self):
        for interest in self:
            if not interest.identity_number and not interest.beneficiary_id:
                raise ValidationError(
                    self.env._(
                        "Give the identity number of %(name)s, or choose the file: by "
                        "the name alone no request would be known.",
                        name=interest.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        interests = super().create(vals_list)
        interests._recuse()
        return interests

    def write(self, vals):
        if not vals.keys() <= OPEN_FIELDS:
            raise UserError(
                self.env._(
                    "What was declared stays on record: write its last day, and "
                    "declare the other interest anew."
                )
            )
        return super().write(vals)

    def _move_to_file(self, name, file):
        """Point at the surviving file after a merge; the declaration stays the same."""
        return super().write({name: file.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("What was declared stays on record: write its last day instead.")
        )

    def _recuse(self):
        """Recuse the members from the studies that are open now."""
        # Only the addon writes ballots, and the member may not read all of them.
        votes = self.env["beneficiary.vote"].sudo()
        votes.search(
            Domain("user_id", "in", self.user_id.ids)
            & Domain("decision_id.state", "=", "open")
        ).decision_id._refresh_ballots()

    @api.model
    def _find(self, requests):
        """Return the users with an interest in each of ``requests`` today.

        :param requests: requests, as superuser
        :return: ``{request: users}``
        """
        found = dict.fromkeys(requests, self.env["res.users"])
        for company, of_company in requests.grouped("company_id").items():
            related = of_company.beneficiary_id._get_related_files()
            numbers = {
                file: files._get_known_numbers()
                | file.household_member_ids._get_known_numbers()
                | file.representative_ids._get_known_numbers()
                for file, files in related.items()
            }
            files = self.env["beneficiary.beneficiary"].union(*related.values())
            interests = self._search_interests(company, files, numbers.values())
            for request in of_company:
                file = request.beneficiary_id
                found[request] = interests._concerning(
                    related[file], numbers[file]
                ).user_id
        return found

    @api.model
    def _search_interests(self, company, files, numbers):
        """Return the interests of ``company`` that are in effect today in these people.

        :param files: files of the people
        :param numbers: sets of their identity numbers
        """
        known = list(set().union(*numbers))
        return self.sudo().search(  # members may not read each other's interests
            Domain("company_id", "=", company.id)
            & self._get_in_effect_domain(company._get_beneficiary_today())
            & (
                Domain("beneficiary_id", "in", files.ids)
                | Domain("identity_number", "in", known)
                | Domain("beneficiary_id.identity_number", "in", known)
            )
        )

    def _concerning(self, files, numbers):
        """Return the interests in the people of these files or identity numbers."""
        return self.filtered(
            lambda interest: (
                interest.beneficiary_id in files or interest._get_numbers() & numbers
            )
        )

    def _get_numbers(self):
        """Return the known identity numbers of the person."""
        self.ensure_one()
        return self._get_known_numbers() | self.beneficiary_id._get_known_numbers()

    @api.model
    def _get_in_effect_domain(self, today):
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        return Domain("date_from", "<=", today) & running
