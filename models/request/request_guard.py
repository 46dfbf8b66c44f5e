from odoo import api, fields, models

from ...rules import flow, referral_flow
from ..mixins.refusal import Problem

# The steps of the form that answer a guard of the usual next move.
GUARD_STEPS = {
    "data_matched": "match",
    "papers_present": "document",
    "papers_valid": "document",
    "papers_matched": "match",
    "signature": "declare",
    "notice": "notify",
    "outcome": "vote",
    "reply": "tell",
}
# What the applicant completes; the other guards ask something of the office.
APPLICANT_GUARDS = ("information", "papers_present", "papers_valid")


class RequestGuard(models.Model):
    """The guards of a request: checks that refuse a move, with sentences why.

    There is one guard for each code in ``rules/flow.py``. The checklist of the form,
    the buttons, the portal and the scheduled action all use the same guards.
    """

    _inherit = "beneficiary.request"

    checklist = fields.Html(
        string="What Is Missing", compute="_compute_checklist", sanitize=False
    )
    next_step = fields.Char(compute="_compute_checklist")

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
        # Skip the lookup of roles if there is no such move; see also `_check_role`.
        if not roles or roles & self.env.user._get_beneficiary_roles():
            return bool(roles)
        return bool(roles & self._get_roles())

    @api.depends(
        "state", "beneficiary_id.document_ids.matched_on", "step_ids", "declaration_id"
    )
    @api.depends_context("uid")
    def _compute_checklist(self):
        """List what the guards of the next move still ask for, and what helps."""
        for request in self:
            missing = request._find_missing()
            request.checklist = self._list_html(
                problem for problems in missing.values() for problem in problems
            )
            request.next_step = request._choose_step(missing)

    def _find_missing(self):
        """Return ``{guard: sentences}``: what the usual next move still needs."""
        self.ensure_one()
        target = flow.NEXT.get(self.state)
        if not target:
            return {}
        request = self.sudo()  # the list reveals nothing about a vote
        move = flow.move_between(self.state, target)
        missing = {
            guard: getattr(request, f"_guard_{guard}")({}) for guard in move.guards
        }
        return {guard: problems for guard, problems in missing.items() if problems}

    def _get_missing(self):
        """Return sentences about what the next move still needs."""
        return [
            problem
            for problems in self._find_missing().values()
            for problem in problems
        ]

    def _get_return_text(self):
        """Return what the applicant has to complete, in the applicant's language."""
        file = self.beneficiary_id
        request = self.with_context(lang=file.lang or self.env.lang).sudo()
        sentences = [
            problem
            for guard in APPLICANT_GUARDS
            for problem in getattr(request, f"_guard_{guard}")({})
        ]
        return "\n".join(sentences)

    def _choose_step(self, missing):
        """Return the step that is next: the move, or what brings it nearer.

        :param missing: see :meth:`_find_missing`
        :return: False if only fields are to be filled in, or nothing is to be done
        """
        self.ensure_one()
        if missing:
            steps = filter(None, map(self._get_guard_step, missing))
            return next(steps, False)
        if self.state == "decided":
            return self.can_release and "release"
        target = flow.NEXT.get(self.state)
        return target and flow.move_between(self.state, target).name

    def _get_guard_step(self, guard):
        """Return the step that answers ``guard``, None if its fields do."""
        if guard == "deliveries":
            return self._get_delivery_step()
        return GUARD_STEPS.get(guard)

    # -- guards: each returns sentences; an empty list allows the move -----------------

    def _get_policy(self):
        """Return this request's policy version, else the association's current one."""
        self.ensure_one()
        return self.policy_id or self.company_id._get_beneficiary_policy()

    def _guard_channel(self, given):
        names = ("channel_id", "branch_id", "delegate_id")
        problems = self._get_policy()._get_channel_problems(
            *(self[name] for name in names)
        )
        return [Problem(problem, self, *names) for problem in problems]

    def _guard_description(self, given):
        if (self.description or "").strip():
            return []
        return [
            Problem(
                self.env._("Write what is asked for, and why."), self, "description"
            )
        ]

    def _guard_information(self, given):
        """R12: the required information, by kind of beneficiary."""
        file = self.beneficiary_id
        missing = []
        if file._has_no_identity():
            missing += self._get_substitute_problems()
        elif file._is_person() and not file.identity_number:
            missing.append(
                Problem(
                    self.env._("The identity number is missing in the file."),
                    file,
                    "identity_number",
                )
            )
        if file.kind == "group" and not file.headcount:
            missing.append(
                Problem(
                    self.env._("The headcount of the group is missing."),
                    file,
                    "headcount",
                )
            )
        # Their own first: to read it takes no look at who represents them.
        if file._can_sign() and not (
            file.phone or file.notice_phone or file.notice_email
        ):
            missing.append(
                Problem(
                    self.env._("A telephone number or e-mail is missing."),
                    file,
                    "phone",
                    "email",
                )
            )
        return missing + [
            Problem(problem, self, "answer_ids")
            for problem in self._get_answer_problems()
        ]

    def _get_substitute_problems(self):
        """Return what a person without an identity still has to bring instead of it.

        Where the association has no kind of paper for it, the reason is enough.
        """
        kinds = self.beneficiary_id._get_identity_substitutes()
        if not kinds or self.document_ids.filtered("file_name").type_id & kinds:
            return []
        return [
            Problem(
                self.env._(
                    "There is no identity number. Add one of the documents that stand "
                    "in for it: %(papers)s.",
                    papers=self._list_words(kinds.mapped("name")),
                ),
                self,
                "document_ids",
            )
        ]

    def _guard_reception(self, given):
        """R11: time was given to whoever came; on the portal nobody is received."""
        if "minutes" not in given or given["minutes"] or self.env.user._is_portal():
            return []
        sentence = self.env._("Write how many minutes the person was given.")
        return [Problem(sentence, None, "minutes")]

    def _guard_papers_present(self, given):
        return self._place_papers(self._list_lacking_papers(self._get_wanted_papers()))

    def _guard_papers_valid(self, given):
        """R14: validity at the date of submission, not today."""
        return self._place_papers(self._list_ended_papers(self._get_wanted_papers()))

    def _guard_papers_matched(self, given):
        """R12, R13: each paper is complete, and a named officer has matched it."""
        asked = ["number", "issue_date", "expiry_date", "unmatched"]
        papers = self._get_required_documents()
        return self._place_papers(papers._get_problems(codes=asked))

    def _place_papers(self, problems):
        return [Problem(problem, self, "document_ids") for problem in problems]

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
            return [
                Problem(
                    self.env._("Choose the committee that studies the request."),
                    self,
                    "committee_id",
                )
            ]
        if not self.committee_id._get_members_in_office():
            return [self.env._("The committee has no member in office.")]
        return []

    def _guard_outcome(self, given):
        if self._get_current_decision().state == "taken":
            return []
        return [self.env._("The committee has not decided yet.")]

    def _guard_review_floor(self, given):
        return self._get_release_problems(given.get("reason"))
