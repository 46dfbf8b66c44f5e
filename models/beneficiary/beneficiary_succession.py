from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html_escape

from ...rules import file_flow, flow
from ...rules.evidence import says_nothing
from .beneficiary_death import TODO

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

    What was handed on is kept by name: if the death was recorded by mistake, it goes
    back (see ``beneficiary_death``).
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

    handed_member_ids = fields.Many2many(
        "beneficiary.household.member",
        "beneficiary_handed_member_rel",
        "beneficiary_id",
        "member_id",
        string="Dependants Handed On",
        readonly=True,
        copy=False,
        context={"active_test": False},
    )
    handed_request_ids = fields.Many2many(
        "beneficiary.request",
        "beneficiary_handed_request_rel",
        "beneficiary_id",
        "request_id",
        string="Requests Handed On",
        readonly=True,
        copy=False,
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

        :param member_id: id of the dependant who is the head now; empty when the head
            was named before, or when there is none, so that every open request is
            cancelled
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
        successor = self._find_successor(member)
        self._check_hand_on(member, successor, requests, reason)
        if member and not self.successor_id:
            successor = successor or self._create_successor(member)
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

    def _check_hand_on(self, member, successor, requests, reason):
        problems = []
        goes_on = "continue" in requests.values()
        if not self._is_deceased():
            problems.append(self.env._("Record the death of the person first."))
        if self.successor_id:
            if member and member.member_file_id != self.successor_id:
                problems.append(
                    self.env._(
                        "The household goes on in the file of %(head)s already. Leave "
                        "the new head empty.",
                        head=self.successor_id.display_name,
                    )
                )
        elif member and member not in self.household_member_ids:
            problems.append(self.env._("Choose a dependant of this file."))
        elif not member and goes_on:
            problems.append(
                self.env._("Choose the new head, in whose file the requests continue.")
            )
        if goes_on or not self.successor_id:
            problems += successor._get_heading_problems()
        if says_nothing(reason):
            problems.append(self.env._("Write the reason."))
        if problems:
            raise UserError("\n".join(problems))

    def _get_heading_problems(self):
        """Return why the household cannot go on in this file, as sentences."""
        if self._is_deceased():
            return [self.env._("This dependant has died too.")]
        if self and not (self.active and self.state in file_flow.SERVED):
            return [
                self.env._(
                    "The file of %(head)s is archived, suspended or closed. Reopen it "
                    "first, or choose another dependant.",
                    head=self.display_name,
                )
            ]
        return []

    def _get_successors(self):
        """Return the files in which the household went on, the last one at the end."""
        heads = self.browse()
        head = self.successor_id
        while head and head not in heads:
            heads += head
            head = head.successor_id
        return heads

    def _find_successor(self, member):
        """Return the file of the head, named before or now; empty if it is not made."""
        if self.successor_id:
            return self._get_successors()[-1:]
        return member._find_own_files().get(member, self.browse())

    def _create_successor(self, member):
        """Make a file for ``member``, with what the household shares."""
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
        self.sudo().write(
            {
                "successor_id": successor.id,
                "handed_member_ids": [Command.set((others + member).ids)],
            }
        )
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
        continued = self.env["beneficiary.request"].union(
            *(one for one, decision in decisions.items() if decision == "continue")
        )
        if not continued:
            return
        self.sudo().handed_request_ids |= continued
        successor._take_requests(
            continued,
            self.env._(
                "The request continues in the file of %(head)s: %(reason)s",
                head=successor.display_name,
                reason=reason,
            ),
        )

    def _take_requests(self, requests, note):
        """Let ``requests`` continue in this file, and note why."""
        moved = requests.sudo()  # what was asked for does not change otherwise
        moved._move_to_file("beneficiary_id", self)
        moved._message_log_batch(bodies=dict.fromkeys(moved.ids, html_escape(note)))
        moved._void_changed_declarations()
        moved._resume_after_move()
        self.sudo()._update_open_studies()

    # -- a death that was recorded by mistake ------------------------------------------

    def _take_household_back(self):
        """Take back what was handed on: the person of the file is alive.

        Requests that were finished meanwhile stay where they were finished.
        """
        for file in self.filtered("successor_id"):
            heads = file._get_successors()
            members = file.handed_member_ids
            own_lines = members.filtered(  # of the dependant who was the head meanwhile
                lambda line, file=file: (
                    line.beneficiary_id == file
                    and not (line.death_date or line.member_file_id._is_deceased())
                )
            )
            own_lines.write({"active": True})
            members.filtered(
                lambda line, heads=heads: line.beneficiary_id in heads
            )._move_to_file("beneficiary_id", file)
            handed = file.handed_request_ids.filtered(
                lambda request, heads=heads: request.beneficiary_id in heads
            )
            open_ones = handed.filtered(lambda request: request.state in OPEN_STATES)
            note = file._get_return_note(heads[:1], handed - open_ones)
            file._take_requests(open_ones, note)
            for one in file | heads:
                one._message_log(body=note)
            heads._tell_office(
                TODO,
                lambda env: env._(
                    "The household went back to its former head: check what stays here"
                ),
            )
            file.write(
                {
                    "successor_id": False,
                    "handed_member_ids": [Command.clear()],
                    "handed_request_ids": [Command.clear()],
                }
            )

    def _get_return_note(self, head, finished):
        """Return the note of what went back to this file, and what stays."""
        note = self.env._(
            "The death of %(person)s was recorded by mistake: what went on in the file "
            "of %(head)s is back in the file of %(person)s.",
            person=self.display_name,
            head=head.display_name,
        )
        if not finished:
            return note
        stays = self.env._(
            "These requests were finished meanwhile, and stay: %(requests)s.",
            requests=self._list_words(finished.mapped("name")),
        )
        return f"{note} {stays}"
