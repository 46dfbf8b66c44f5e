from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

# Number of earlier requests of the same file that are shown.
EARLIER = 5


class DecisionStudy(models.Model):
    """The study sheet: everything that a member reads before voting, on one screen.

    The sheet is read with the reader's own rights. Records that the reader may not
    read are left out, without an error. A few lines on earlier replies that were
    released to the applicant are shown to every reader. The data of all sheets are
    read at once, because an agenda is printed with its sheets.
    """

    _inherit = "beneficiary.decision"

    study_sheet = fields.Html(compute="_compute_study_sheet", sanitize=False)
    # What stands on the pages of the form, which are read when they are opened.
    has_study_sheet = fields.Boolean(compute="_compute_has_study_sheet")
    answer_count = fields.Integer(compute="_compute_line_counts")
    referral_count = fields.Integer(compute="_compute_line_counts")
    proposal_count = fields.Integer(compute="_compute_line_counts")

    @api.depends("request_id")
    @api.depends_context("uid", "lang")
    def _compute_study_sheet(self):
        studies = self._prepare_studies()
        for decision in self:
            study = studies.get(decision._origin)
            decision.study_sheet = study and self.env["ir.qweb"]._render(
                "beneficiary_relations.decision_study_sheet", study
            )

    @api.depends("request_id")
    @api.depends_context("uid")
    def _compute_has_study_sheet(self):
        requests, files = self._get_studied()
        for decision in self:
            decision.has_study_sheet = (
                decision.request_id._origin in requests
                and decision._get_studied_file() in files
            )

    @api.depends("request_id")
    @api.depends_context("uid")
    def _compute_line_counts(self):
        requests = self.request_id._origin.ids
        # Superuser: these are read with the decision, whoever reads it.
        counts = self.sudo()._count_lines(
            {
                "answer_count": (
                    "beneficiary.request.answer",
                    "request_id",
                    requests,
                    [],
                ),
                "referral_count": ("beneficiary.referral", "request_id", requests, []),
                "proposal_count": (
                    "beneficiary.proposal",
                    "decision_id",
                    self._origin.ids,
                    [],
                ),
            }
        )
        for decision in self:
            request_id = decision.request_id._origin.id
            decision.answer_count = counts["answer_count"].get(request_id, 0)
            decision.referral_count = counts["referral_count"].get(request_id, 0)
            proposals = counts["proposal_count"]
            decision.proposal_count = proposals.get(decision._origin.id, 0)

    def _get_studied(self):
        """Return the requests of these decisions, and their files, that may be read."""
        requests = self.request_id._origin._filtered_access("read")
        return requests, requests.beneficiary_id._filtered_access("read")

    def _get_studied_file(self):
        # As superuser only to know the file; the right to read it is checked apart.
        return self._origin.request_id.sudo().beneficiary_id.with_env(self.env)

    def _prepare_studies(self):
        """Return the contents of the sheets, by decision.

        Decisions whose request the user may not read are left out. A member whose term
        has ended still reads their old votes, but no longer the requests.
        """
        requests, files = self._get_studied()
        household = self.env["beneficiary.household.member"]
        case_studies = self._get_case_studies(requests)
        findings = self._get_findings(case_studies)
        notes = self._get_secretary_notes()
        earlier = self._get_earlier_requests(files)
        granted = self._get_granted(earlier)
        advice = requests.filtered(
            lambda request: request.beneficiary_id in files
        )._get_advice()
        income = files._fields["income_total"]
        health = files._fields["health_conditions"]
        studies = {}
        for decision in self._origin:
            request = decision.request_id
            file = decision._get_studied_file()
            if request not in requests or file not in files:
                continue
            case_study = case_studies.filtered(
                lambda study, request=request: study.request_id == request
            )[:1]
            studies[decision] = {
                "decision": decision,
                "asked": request,
                "file": file,
                "age": self._get_age(file),
                "advice": advice[request],
                "shows_household": household.has_access("read"),
                "shows_income": file._has_field_access(income, "read"),
                "shows_health": file._has_field_access(health, "read"),
                "case_study": case_study,
                "findings": findings.get(case_study),
                "earlier": [
                    (old, granted.get(old))
                    for old in earlier
                    if old.beneficiary_id == file and old != request
                ][:EARLIER],
                "notes": notes.get(decision, ()),
            }
        return studies

    @api.model
    def _get_age(self, file):
        """Return the age of the person of ``file`` today in years; None if unknown."""
        if not file.birth_date:
            return None
        today = file.company_id._get_beneficiary_today()
        return relativedelta(today, file.birth_date).years

    @api.model
    def _get_case_studies(self, requests):
        """Return the answered case studies of these requests, the latest first."""
        return self.env["beneficiary.referral"].search(
            [
                ("request_id", "in", requests.ids),
                ("kind", "=", "case_study"),
                ("state", "=", "answered"),
            ],
            order="answered_on desc, id desc",
        )

    @api.model
    def _get_findings(self, case_studies):
        """Return the findings that the user may read, by case study."""
        # Searched, not read from ``finding_ids``: the cached list of a record depends
        # on the user who read it first.
        findings = self.env["beneficiary.referral.finding"].search(
            [("referral_id", "in", case_studies.ids)]
        )
        return findings.grouped("referral_id")

    def _get_secretary_notes(self):
        """Return the agenda items with a note of each decision.

        Empty if the user may not read agendas.
        """
        items = self.env["beneficiary.session.item"]
        if not items.has_access("read"):
            return {}
        noted = items.search(
            [("decision_id", "in", self._origin.ids), ("note", "!=", False)],
            order="id desc",
        )
        return dict(groupby(noted, lambda item: item.decision_id))

    @api.model
    def _get_earlier_requests(self, files):
        """Return the submitted requests of these files, the latest first.

        :return: requests as superuser; the sheet shows only a line of each
        """
        asked = Domain("beneficiary_id", "in", files.ids) & Domain(
            "submitted_on", "!=", False
        )
        return self._search_released("beneficiary.request", asked, "id desc")

    @api.model
    def _search_released(self, model, domain, order):
        """Return the records of ``domain`` that are released or that the user may read.

        Requests that another committee still studies are left out (R21).
        """
        records = self.env[model]
        seen = Domain("released_on", "!=", False) | Domain(
            "id", "in", records._search(domain)
        )
        # As superuser: a family may ask several committees, and help that was granted
        # is no secret between them.
        return records.sudo().search(domain & seen, order=order)

    @api.model
    def _get_granted(self, requests):
        """Return the accepting decision of each of ``requests``, as superuser."""
        accepted = Domain(
            [
                ("request_id", "in", requests.ids),
                ("state", "=", "taken"),
                ("outcome", "=", "accepted"),
            ]
        )
        decisions = self._search_released("beneficiary.decision", accepted, "id")
        return {decision.request_id: decision for decision in decisions}
