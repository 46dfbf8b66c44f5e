from odoo import api, fields, models

from ...rules import flow


class RequestService(models.Model):
    """The papers and answers that the service of a request asks for (R12, R45)."""

    _inherit = "beneficiary.request"

    answer_ids = fields.One2many(
        "beneficiary.request.answer", "request_id", string="Answers", tracking=True
    )
    document_ids = fields.Many2many(
        "beneficiary.document",
        compute="_compute_document_ids",
        string="Documents Asked For",
        help="After verification: the papers that were verified. Before it: the "
        "latest paper in the file of each kind that the service asks for.",
    )

    @api.depends(
        "service_id.document_line_ids.type_id",
        "service_id.document_line_ids.kind_ids",
        "beneficiary_id.kind",
        "beneficiary_id.document_ids",
        "verified_document_ids",
        "state",
    )
    @api.depends_context("uid")
    def _compute_document_ids(self):
        """Show each user only the papers that the user may read; guards see all.

        The papers are collected as superuser, because the cached list of a file's
        papers depends on the user who read it first.
        """
        documents = self.env["beneficiary.document"]
        verified = self.sudo().filtered(
            lambda request: (
                request.state not in flow.EDITABLE and request.verified_by_id
            )
        )
        papers = {request: request.verified_document_ids for request in verified}
        asking = self.sudo() - verified
        current = documents.sudo().search_fetch(
            [
                ("beneficiary_id", "in", asking.beneficiary_id.ids),
                ("is_current", "=", True),
            ]
        )
        held = {(paper.beneficiary_id, paper.type_id): paper for paper in current}
        for request in asking:
            slots = [
                (request.beneficiary_id, kind) for kind in request._get_document_types()
            ]
            papers[request] = documents.union(
                *(held[slot] for slot in slots if slot in held)
            )
        readable = documents.union(*papers.values())._filtered_access("read")
        for request in self:
            request.document_ids = papers[request].with_env(self.env) & readable

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        self.env["beneficiary.request.answer"]._ask(requests)
        return requests

    def write(self, vals):
        if "service_id" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda request: request.service_id.id != vals["service_id"]
        )
        result = super().write(vals)
        changed._ask_again()
        changed._lengthen_clock()
        return result

    def _ask_again(self):
        """Ask the new service's questions; delete the answers to the former service."""
        self.sudo().answer_ids.unlink()
        self.env["beneficiary.request.answer"]._ask(self)

    def _get_applicant_lang(self):
        """Return the language of the applicant (R44)."""
        self.ensure_one()
        return self.beneficiary_id.lang or self.env.lang

    # -- papers ------------------------------------------------------------------------

    def _get_document_types(self, required_only=False):
        """Return the kinds of paper that the service asks this beneficiary for."""
        self.ensure_one()
        return self.service_id._get_document_types(self.beneficiary_id, required_only)

    def _get_wanted_papers(self):
        """Return what is still wanted of each kind of paper: the one rule (R12, R14).

        :return: ``{kind: {code: sentence}}`` for each kind that the service asks for
            and each that is held: ``missing``, or ``back`` and ``ended`` of a paper
            that is held; empty where nothing is wanted
        """
        self.ensure_one()
        held = self.document_ids.filtered("file_name")
        papers = held.grouped("type_id")
        wanted = {}
        for kind in self._get_document_types() | held.type_id:
            if kind in papers:
                wanted[kind] = papers[kind]._get_problems_by_code(
                    self.submitted_on, ("back", "ended")
                )
            else:
                sentence = self.env._(
                    "The document “%(paper)s” is missing.", paper=kind.name
                )
                wanted[kind] = {"missing": sentence}
        return wanted

    def _list_lacking_papers(self, wanted):
        """Return the sentences on papers and sides that are missing (R12).

        :param wanted: see :meth:`_get_wanted_papers`
        """
        required = self._get_document_types(required_only=True)
        missing = [
            problems["missing"]
            for kind, problems in wanted.items()
            if "missing" in problems and kind in required
        ]
        return missing + [
            problems["back"] for problems in wanted.values() if "back" in problems
        ]

    def _list_ended_papers(self, wanted):
        """Return the sentences on required papers that were not valid (R14).

        :param wanted: see :meth:`_get_wanted_papers`
        """
        required = self._get_required_types()
        return [
            problems["ended"]
            for kind, problems in wanted.items()
            if "ended" in problems and kind in required
        ]

    def _get_missing_types(self):
        """Return the kinds that the service asks for and the file has no good paper of.

        A paper that was not valid for this request counts as missing (R14).
        """
        self.ensure_one()
        request = self.sudo()  # papers that the user may not read count
        wanted = request._get_wanted_papers()
        return request._get_document_types().filtered(
            lambda kind: {"missing", "ended"} & wanted[kind].keys()
        )

    def _get_required_types(self):
        """Return the kinds of paper that are checked: optional ones are not."""
        required = self._get_document_types(required_only=True)
        if self.beneficiary_id._has_no_identity():
            required |= self.beneficiary_id._get_identity_substitutes()
        return required

    def _get_required_documents(self):
        """Return the papers to be checked: optional papers are not checked."""
        required = self._get_required_types()
        return self.document_ids.filtered(lambda paper: paper.type_id in required)

    # -- answers -----------------------------------------------------------------------

    def _get_unanswered(self):
        """Return the lines of required questions without an answer (R12).

        Migrated requests have none: their applicants were never asked.
        """
        lived = self.filtered(lambda request: request.origin == "lived")
        lived = lived.with_prefetch(self._prefetch_ids)  # one query for a whole list
        missing = lived.answer_ids.filtered(
            lambda line: not line.value and line.is_required
        )
        askable = missing.question_id._filter_askable()
        return missing.filtered(lambda line: line.question_id in askable)

    def _get_answer_problems(self):
        """Return a sentence for each required question without an answer (R12)."""
        self.ensure_one()
        return [
            self.env._(
                "The question “%(question)s” is not answered.",
                question=line.question_id.name,
            )
            for line in self._get_unanswered()
        ]

    def _answer(self, answers):
        """Store the answers to the questions of this request.

        :param answers: dict of text, as it was typed, by id of the question. Ids of
            other questions are ignored
        """
        self.ensure_one()
        for line in self.answer_ids:
            if line.question_id.id in answers:
                line.write({"value": answers[line.question_id.id]})

    # -- portal ------------------------------------------------------------------------

    @api.model
    def _portal_get_questions(self, service_sudo, draft_sudo=None):
        """Return the questions of the portal's form: for a draft, its own questions."""
        if draft_sudo:
            return draft_sudo.answer_ids.question_id._filter_askable()
        return service_sudo.question_ids._filter_askable()

    def _portal_answer(self, answers):
        """Store the applicant's answers in a draft; see :meth:`_answer`."""
        self._portal_check("edit")
        self.sudo()._answer(answers)
