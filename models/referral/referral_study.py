from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rules.evidence import says_nothing
from ..mixins.refusal import Problem

STUDY_FIELDS = frozenset(
    [
        "visit_date",
        "visited_on",
        "visit_place",
        "visit_met",
        "finding_ids",
        "photo_ids",
        "recommendation",
        "recommendation_text",
        "proposed_amount",
    ]
)
VISIT_ACTIVITY = "beneficiary_relations.mail_activity_type_study_visit"


class ReferralStudy(models.Model):
    """The case study: a visit, findings by section, a recommendation (R15).

    The researcher writes it between accepting and answering. Nobody writes it after
    that. When the study is accepted, one empty section is made for each heading.
    """

    _inherit = "beneficiary.referral"

    visit_date = fields.Datetime(
        string="Visit Planned", copy=False, tracking=True, index="btree_not_null"
    )
    visited_on = fields.Datetime(
        string="Visit Made",
        span="past",
        copy=False,
        help="When the visit really took place.",
    )
    visit_place = fields.Char(string="Place of the Visit", copy=False)
    visit_met = fields.Char(
        string="Who Was Met", copy=False, help="Names, and who they are in the family."
    )
    finding_ids = fields.One2many(
        "beneficiary.referral.finding", "referral_id", string="Findings"
    )
    photo_ids = fields.One2many(
        "beneficiary.referral.photo", "referral_id", string="Photos"
    )
    recommendation = fields.Selection(
        [
            ("support", "Support"),
            ("no_support", "Do Not Support"),
            ("further", "Further Study Needed"),
        ],
        copy=False,
    )
    recommendation_text = fields.Text(string="Why", copy=False)

    can_write_study = fields.Boolean(compute="_compute_can_write_study")

    @api.depends("kind", "state", "researcher_id")
    @api.depends_context("uid")
    def _compute_can_write_study(self):
        for referral in self:
            referral.can_write_study = referral.can_answer and referral._is_study_open()

    @api.constrains("visited_on")
    def _check_visited_on(self):
        for referral in self:
            if referral.visited_on and referral.visited_on > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "The visit cannot have been made in the future. Write a "
                        "coming visit under “Visit Planned”."
                    )
                )

    def write(self, vals):
        if STUDY_FIELDS & vals.keys():
            self._check_study_open()
        result = super().write(vals)
        if "visit_date" in vals:
            self._plan_visit()
        return result

    def _is_study_open(self):
        self.ensure_one()
        return self.kind == "case_study" and self.state == "accepted"

    def _check_study_open(self):
        if not all(referral._is_study_open() for referral in self):
            raise UserError(
                self.env._(
                    "A case study is written once its researcher has accepted it, and "
                    "until it is answered."
                )
            )

    def _open_study(self):
        """Add an empty finding for each section that is still missing."""
        findings = self.env["beneficiary.referral.finding"]
        sections = [
            section for section, _label in findings._fields["section"].selection
        ]
        findings.create(
            [
                {"referral_id": referral.id, "section": section}
                for referral in self
                for section in sections
                if section not in referral.finding_ids.mapped("section")
            ]
        )

    def _plan_visit(self):
        """Keep one activity for the planned visit, on its day."""
        referrals = self.sudo()  # activities of other users are deleted too
        referrals.activity_unlink([VISIT_ACTIVITY])
        for referral in referrals.filtered("visit_date"):
            referral.activity_schedule(
                VISIT_ACTIVITY,
                date_deadline=referral._get_local_day(referral.visit_date),
                user_id=referral.researcher_id.id,
            )

    def _get_study_problems(self):
        """Return sentences about what the case study still lacks for its answer."""
        self.ensure_one()
        if self.state != "accepted":
            return [self.env._("Accept the case study first.")]
        asked = {
            "visited_on": self.env._("Write when the visit was made."),
            "visit_place": self.env._("Write where the visit took place."),
            "visit_met": self.env._("Write who was met."),
            "finding_ids": self.env._("Write what was found."),
            "recommendation": self.env._("Choose a recommendation."),
            "recommendation_text": self.env._("Write the reasons for it."),
        }
        problems = [
            Problem(sentence, self, name)
            for name, sentence in asked.items()
            if not self[name]
            or (name == "recommendation_text" and says_nothing(self[name]))
        ]
        labels = dict(
            self.finding_ids._fields["section"]._description_selection(self.env)
        )
        return problems + [
            Problem(
                self.env._(
                    "Nothing is written under “%(section)s”: write what was found, or "
                    "delete the section.",
                    section=labels[finding.section],
                ),
                self,
                "finding_ids",
            )
            for finding in self.finding_ids
            if says_nothing(finding.text)
        ]
