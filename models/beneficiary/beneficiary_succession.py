from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rules import arabic, flow

# What a dependant and a file have in common, and what the household shares.
PERSON_FIELDS = (
    "name",
    "identity_type",
    "identity_number",
    "identity_reason",
    "nationality_id",
    "gender",
    "birth_date",
    "is_birth_year_only",
)
SHARED_FIELDS = (
    "branch_id",
    "city",
    "company_id",
    "housing_condition",
    "housing_kind",
    "kind",
    "lang",
    "officer_id",
    "short_address",
    "street",
)
# Requests of which something is left to do or to give.
OPEN_STATES = frozenset(flow.TRANSITIONS) - flow.CLOSED - {"rejected", "delivered"}
DECISIONS = ("continue", "cancel")


class BeneficiarySuccession(models.Model):
    """The household goes on under another head, after its head has died.

    The new head is one of the dependants, with their own file or a new one. The other
    dependants move there. An officer decides about each open request: it continues in
    the new head's file, with what is owed, or it is cancelled. What was finished stays
    in the file of the person who has died.
    """

    _inherit = "beneficiary.beneficiary"

    successor_id = fields.Many2one(
        "beneficiary.beneficiary",
        string="Household Goes On In",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    def action_open_succession(self):
        """Open the form that names another head of the household."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.succession_action"
        )
        return {**action, "context": {"default_beneficiary_id": self.id}}

    def action_hand_on(self, member_id=None, decisions=None, reason=None):
        """Let the household go on under another head; open the new head's file.

        :param member_id: id of the dependant who is the head now; empty when there is
            none, so that every open request is cancelled
        :param decisions: list of pairs (id of an open request, ``continue`` or
            ``cancel``), one for each open request that is decided now
        :param reason: why, as it stays on record and as applicants read it
        :raise AccessError: unless the acting user is an officer who may write the file
        :raise UserError: when the person has not died, or the input does not fit
        """
        self.ensure_one()
        self.check_access("write")
        self._check_role(flow.OFFICERS)
        member = self._read_id("beneficiary.household.member", member_id)
        requests = self._read_decisions(decisions)
        self._check_hand_on(member, requests, reason)
        successor = self._get_successor(member) if member else self.browse()
        if successor:
            self._move_household(member, successor)
        self._carry_out(requests, successor, reason.strip())
        if not self._get_open_requests():
            self.activity_feedback(["beneficiary_relations.mail_activity_type_death"])
        return (successor or self).get_formview_action()

    def _get_open_requests(self):
        """Return the requests of this file that somebody has to decide about."""
        return self.env["beneficiary.request"].search(
            Domain("beneficiary_id", "=", self.id)
            & Domain("state", "in", list(OPEN_STATES))
        )

    def _read_decisions(self, decisions):
        """Return ``{request: decision}``; RPC may send anything.

        :raise UserError: when the input has another form, or names other requests
        """
        requests = {request.id: request for request in self._get_open_requests()}
        try:
            given = dict(decisions or [])
            return {
                requests[key]: DECISIONS[DECISIONS.index(given[key])] for key in given
            }
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "Decide about the open requests of this file: each continues, or "
                    "is cancelled."
                )
            ) from error

    def _check_hand_on(self, member, requests, reason):
        problems = []
        if not self._is_deceased():
            problems.append(self.env._("Record the death of the person first."))
        if member and member not in self.household_member_ids:
            problems.append(self.env._("Choose a dependant of this file."))
        elif member.member_file_id._is_deceased():
            problems.append(self.env._("This dependant has died too."))
        if not member and "continue" in requests.values():
            problems.append(
                self.env._("Choose the new head, in whose file the requests continue.")
            )
        if not isinstance(reason, str) or arabic.is_blank(reason):
            problems.append(self.env._("Write the reason."))
        if problems:
            raise UserError("\n".join(problems))

    def _get_successor(self, member):
        """Return the file of ``member``; it is made if there is none."""
        if member.member_file_id:
            return member.member_file_id
        if member.identity_number:
            known = self.search(
                Domain("company_id", "=", self.company_id.id)
                & Domain("identity_type", "=", member.identity_type)
                & Domain("nationality_id", "=", member.nationality_id.id)
                & Domain("identity_number", "=", member.identity_number),
                limit=1,
            )
            if known:
                return known
        return self.create(
            {
                name: record._fields[name].convert_to_write(record[name], record)
                for record, names in ((member, PERSON_FIELDS), (self, SHARED_FIELDS))
                for name in names
            }
        )

    def _move_household(self, member, successor):
        """Move the other dependants, and note in both files what became of it."""
        others = (self.household_member_ids - member).sudo()  # the checks are above
        others._move_to_file("beneficiary_id", successor)
        member.sudo().write({"member_file_id": successor.id, "active": False})
        self.sudo().write({"successor_id": successor.id})
        note = self.env._(
            "After the death of %(person)s the household goes on in the file of "
            "%(head)s. Check how each dependant is related to the new head.",
            person=self.display_name,
            head=successor.display_name,
        )
        for file in self | successor:
            file.sudo()._message_log(body=note)
        successor.sudo()._update_open_studies()

    def _carry_out(self, decisions, successor, reason):
        """Move or cancel each request, as it was decided.

        :param decisions: ``{request: decision}``
        """
        for request, decision in decisions.items():
            if decision == "cancel":
                request.action_cancel(reason=reason)
                continue
            moved = request.sudo()  # what was asked for does not change otherwise
            moved._move_to_file("beneficiary_id", successor)
            moved._message_log(
                body=self.env._(
                    "The request continues in the file of %(head)s: %(reason)s",
                    head=successor.display_name,
                    reason=reason,
                )
            )
            moved._void_changed_declarations()
            moved._resume_after_move()
        successor.sudo()._update_open_studies()
