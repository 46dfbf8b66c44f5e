from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

# How many earlier requests of the same file are shown.
EARLIER = 5


class DecisionStudy(models.Model):
    """The study sheet: all that a member reads before voting, on one screen.

    Everything on it is looked up with the rights of who reads it: what they may not
    read is left out, and nothing is refused. Of what was released to the applicant
    long ago a few lines are on it for every reader. Looked up for all sheets at once,
    as they are printed with an agenda.
    """

    _inherit = "beneficiary.decision"

    study_sheet = fields.Html(compute="_compute_study_sheet", sanitize=False)

    @api.depends("request_id")
    @api.depends_context("uid", "lang")
    def _compute_study_sheet(self):
        studies = self._prepare_studies()
        for decision in self:
            study = studies.get(decision._origin)
            decision.study_sheet = study and self.env["ir.qweb"]._render(
                "beneficiary_relations.decision_study_sheet", study
            )

    def _prepare_studies(self):
        """Return what each sheet shows, by decision, where the request is readable.

        A member whose term has ended keeps their old votes, and reads the requests
        no more.
        """
        requests = self.request_id._origin._filtered_access("read")
        files = requests.beneficiary_id._filtered_access("read")
        household = self.env["beneficiary.household.member"]
        case_studies = self._get_case_studies(requests)
        findings = self._get_findings(case_studies)
        notes = self._get_secretary_notes()
        earlier = self._get_earlier_requests(files)
        granted = self._get_granted(earlier)
        income = files._fields["income_total"]
        health = files._fields["health_conditions"]
        studies = {}
        for decision in self._origin:
            request = decision.request_id
            # Whose it is; what may be read of it is asked below.
            file = request.sudo().beneficiary_id.with_env(self.env)
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
        """Return the case studies that were handed over, the latest first."""
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
        # Searched for, not read from the list: what is cached of lists depends on
        # who looked first.
        findings = self.env["beneficiary.referral.finding"].search(
            [("referral_id", "in", case_studies.ids)]
        )
        return findings.grouped("referral_id")

    def _get_secretary_notes(self):
        """Return the notes on the agendas of each decision, where one may read them."""
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
        """Return what else was asked for the same files, the latest first.

        :return: requests as superuser, of which the sheet tells a line
        """
        asked = Domain("beneficiary_id", "in", files.ids) & Domain(
            "submitted_on", "!=", False
        )
        return self._search_released("beneficiary.request", asked, "id desc")

    @api.model
    def _search_released(self, model, domain, order):
        """Return the records of ``domain`` that the user may read, or whose reply has
        left: what another committee studies still is its own (R21)."""
        records = self.env[model]
        seen = Domain("released_on", "!=", False) | Domain(
            "id", "in", records._search(domain)
        )
        # One family asks several committees, and the help they gave is no secret.
        return records.sudo().search(domain & seen, order=order)

    @api.model
    def _get_granted(self, requests):
        """Return the acceptance of each of ``requests``, as superuser."""
        accepted = Domain(
            [
                ("request_id", "in", requests.ids),
                ("state", "=", "taken"),
                ("outcome", "=", "accepted"),
            ]
        )
        decisions = self._search_released("beneficiary.decision", accepted, "id")
        return {decision.request_id: decision for decision in decisions}
