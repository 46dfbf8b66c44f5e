from odoo import models


class PolicySections(models.Model):
    """The whole text of a policy in its own structure, clause by clause (R1, R3).

    Paper, public page, reading view and comparison all show these sections, so that
    none of them leaves out a clause.
    """

    _inherit = "beneficiary.policy"

    def _get_sections(self):
        """Return the sections of this policy that have a text, in order.

        :return: list of dicts: ``code``, ``title``, and the ``clauses``, each a dict
            of ``key`` (the same in every version, or ""), ``name`` (the heading of the
            clause, or "") and ``text``
        """
        self.ensure_one()
        sections = [
            *self._get_clause_sections(),
            self._prepare_section(
                "channel",
                self.env._("Channels of Communication"),
                [
                    self._prepare_clause(line.display_name, key=line.channel_id.code)
                    for line in self.channel_line_ids
                ],
            ),
            self._prepare_section(
                "tool",
                self.env._("Documents at Hand"),
                [
                    self._prepare_clause(line.display_name, key=line.tool_id.code)
                    for line in self.tool_line_ids
                ],
            ),
            self._prepare_section(
                "step",
                self.env._("Steps of a Request"),
                [
                    self._prepare_clause(
                        step.description or "",
                        key=step.code,
                        name=self.env._("%(step)s (if needed)", step=step.name)
                        if step.is_conditional
                        else step.name,
                    )
                    for step in self.step_ids
                ],
            ),
            self._prepare_section(
                "period", self.env._("Period of Study and Reply"), self._get_period()
            ),
            self._prepare_section(
                "notice",
                self.env._("Notice Before the Study"),
                self._split_clauses(self.notice_text),
            ),
            self._prepare_section(
                "declaration",
                self.env._("Declaration"),
                self._split_clauses(self.declaration_text),
            ),
        ]
        return [section for section in sections if section["clauses"]]

    def _get_clause_sections(self):
        """Return the sections whose clauses are lines of the policy, by their kind."""
        titles = {
            "foreword": self.env._("Preamble"),
            "goal": self.env._("General Objective"),
            "objective": self.env._("Objectives"),
            "practice": self.env._("Practices"),
        }
        return [
            self._prepare_section(
                kind,
                title,
                [
                    self._prepare_clause(clause.name)
                    for clause in self._get_clauses(kind)
                ],
            )
            for kind, title in titles.items()
        ]

    def _get_period(self):
        """Return the clauses on the period of study (R21)."""
        clauses = [self._prepare_clause(self._public_get_review_text(), key="reply")]
        if self.review_mode != "deadline" and self.review_minimum_days:
            days = self._count_in_words(self.review_minimum_days, "day")
            text = self.env._(
                "No reply leaves earlier than %(days)s after the request was put "
                "before the committee.",
                days=days,
            )
            clauses.append(self._prepare_clause(text, key="least"))
        return clauses

    def _get_settings_section(self):
        """Return the choices of this policy that stand in no clause, for comparison."""
        settings = [
            ("audience", self._get_label("audience")),
            ("officer_title", self.officer_title or ""),
            ("review_mode", self._get_label("review_mode")),
            ("review_unit", self._get_label("review_unit")),
        ]
        labels = self.fields_get([name for name, _value in settings], ["string"])
        clauses = [
            self._prepare_clause(value, key=name, name=labels[name]["string"])
            for name, value in settings
            if value
        ]
        return self._prepare_section("settings", self.env._("Settings"), clauses)

    def _split_clauses(self, text):
        """Return the paragraphs of ``text`` as clauses."""
        lines = (line.strip() for line in (text or "").splitlines())
        return [self._prepare_clause(line) for line in lines if line]

    def _prepare_section(self, code, title, clauses):
        return {"code": code, "title": title, "clauses": clauses}

    def _prepare_clause(self, text, key="", name=""):
        return {"key": key, "name": name, "text": text}
