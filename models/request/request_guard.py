from markupsafe import Markup

from odoo import api, fields, models

from ...rules import flow, referral_flow


class RequestGuard(models.Model):
    """The guards of a request: checks that refuse a move, with sentences why.

    There is one guard for each code in ``rules/flow.py``. The checklist of the form,
    the buttons, the portal and the scheduled action all use the same guards.
    """

    _inherit = "beneficiary.request"

    checklist = fields.Html(
        string="What Is Missing", compute="_compute_checklist", sanitize=False
    )

    # What the acting user may do now. Only screens use this; the moves check again.
    can_release = fields.Boolean(compute="_compute_can_move")
    can_return = fields.Boolean(compute="_compute_can_move")
    can_appeal = fields.Boolean(compute="_compute_can_move")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for request in self:
            request.can_return = request._may_move(
                "return"
            ) and not request.sudo()._guard_no_interest({})
            # Evaluated as if a reason were given: the wizard asks for the reason later.
            request.can_release = request._may_move(
                "release"
            ) and not request.sudo()._guard_review_floor({"reason": "early"})
            request.can_appeal = request._may_move(
                "appeal"
            ) and not request.sudo()._guard_appeal({})

    def _may_move(self, name):
        """Whether the acting user has a role for the move called ``name`` now."""
        self.ensure_one()
        moves = flow.find_moves(self._transitions, self.state, name)
        roles = frozenset().union(*(move.roles for _target, move in moves))
        # Skip the lookup of roles if there is no such move.
        return bool(roles and roles & self._get_roles())

    @api.depends(
        "state", "beneficiary_id.document_ids.matched_on", "step_ids", "declaration_id"
    )
    def _compute_checklist(self):
        """List what the guards of the next move still ask for."""
        for request in self:
            missing = request._get_missing()
            items = Markup("").join(
                Markup("<li>%s</li>") % problem for problem in missing
            )
            request.checklist = items and Markup("<ul class='mb-0'>%s</ul>") % items

    def _get_missing(self):
        """Return sentences about what the next move still needs."""
        self.ensure_one()
        target = flow.NEXT.get(self.state)
        if not target:
            return []
        request = self.sudo()  # the list reveals nothing about a vote
        move = flow.move_between(self.state, target)
        return [
            problem
            for guard in move.guards
            for problem in getattr(request, f"_guard_{guard}")({})
        ]

    # -- guards: each returns sentences; an empty list allows the move -----------------

    def _get_policy(self):
        """Return this request's policy version, else the association's current one."""
        self.ensure_one()
        return self.policy_id or self.company_id._get_beneficiary_policy()

    def _guard_channel(self, given):
        return self._get_policy()._get_channel_problems(
            self.channel_id, self.branch_id, self.delegate_id
        )

    def _guard_description(self, given):
        if (self.description or "").strip():
            return []
        return [self.env._("Write what is asked for, and why.")]

    def _guard_information(self, given):
        """R12: the required information, by kind of beneficiary."""
        file = self.beneficiary_id
        missing = []
        if file._has_no_identity():
            missing += self._get_substitute_problems()
        elif file._is_person() and not file.identity_number:
            missing.append(self.env._("The identity number is missing in the file."))
        if file.kind == "group" and not file.headcount:
            missing.append(self.env._("The headcount of the group is missing."))
        if file._can_sign() and not (
            file.notice_phone or file.notice_email or file.phone
        ):
            missing.append(self.env._("A telephone number or e-mail is missing."))
        return missing + self._get_answer_problems()

    def _get_substitute_problems(self):
        """Return what a person without an identity still has to bring instead of it.

        Where the association has no kind of paper for it, the reason is enough.
        """
        kinds = self.beneficiary_id._get_identity_substitutes()
        if not kinds or self.document_ids.filtered("file_name").type_id & kinds:
            return []
        return [
            self.env._(
                "There is no identity number. Add one of the documents that stand in "
                "for it: %(papers)s.",
                papers=self._list_words(kinds.mapped("name")),
            )
        ]

    def _guard_papers_present(self, given):
        held = self.document_ids.filtered("file_name")
        missing = [
            self.env._("The document “%(paper)s” is missing.", paper=kind.name)
            for kind in self._get_document_types(required_only=True) - held.type_id
        ]
        return missing + held._get_problems(codes=["back"])

    def _guard_papers_valid(self, given):
        """R14: validity at the date of submission, not today."""
        papers = self._get_required_documents()
        return papers._get_problems(self.submitted_on, ["ended"])

    def _guard_papers_matched(self, given):
        """R12, R13: each paper is complete, and a named officer has matched it."""
        asked = ["number", "issue_date", "expiry_date", "unmatched"]
        return self._get_required_documents()._get_problems(codes=asked)

    def _guard_referral(self, given):
        if referral_flow.OPEN & set(self.referral_ids.mapped("state")):
            return [self.env._("The social researcher has not answered the referral.")]
        return []

    def _guard_notice(self, given):
        if not self.policy_id._has_step("notify") or self._get_steps("notify"):
            return []
        return [
            self.env._(
                "The applicant has not been told of the committee and its period."
            )
        ]

    def _guard_no_interest(self, given):
        """R19: a recused user takes no part in the study, in any role."""
        if not self._is_recused():
            return []
        return [
            self.env._(
                "You are recused from this request: a colleague without an interest "
                "does this."
            )
        ]

    def _guard_committee(self, given):
        if not self.committee_id:
            return [self.env._("Choose the committee that studies the request.")]
        if not self.committee_id._get_members_in_office():
            return [self.env._("The committee has no member in office.")]
        return []

    def _guard_outcome(self, given):
        if self._get_current_decision().state == "taken":
            return []
        return [self.env._("The committee has not decided yet.")]

    def _guard_review_floor(self, given):
        return self._get_release_problems(given.get("reason"))
