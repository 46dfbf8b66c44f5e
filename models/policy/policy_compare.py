from odoo import api, models

from ...rules.compare import ADDED, CHANGED, REMOVED, SAME, Clause, compare


class PolicyCompare(models.Model):
    """Two versions of a policy side by side (R49)."""

    _inherit = "beneficiary.policy"

    @api.depends("name", "version", "state")
    @api.depends_context("policy_version", "lang")
    def _compute_display_name(self):
        """Tell versions of the same name apart where the context asks for it."""
        super()._compute_display_name()
        if not self.env.context.get("policy_version"):
            return
        for policy in self:
            if policy.state == "draft":
                policy.display_name = self.env._(
                    "%(policy)s (draft)", policy=policy.name
                )
            else:
                policy.display_name = self.env._(
                    "%(policy)s, version %(version)s",
                    policy=policy.name,
                    version=policy.version,
                )

    def _compare(self, earlier):
        """Return what differs between this version and ``earlier``, by section.

        :param earlier: another policy, mostly the version that this one superseded
        :return: list of dicts: ``title``, ``rows`` and ``count``, the number of rows
            that differ. A row has ``mark`` and ``words`` (the mark in words), and
            ``old`` and ``new`` as pieces of text; see :class:`rules.compare.Row`.
        """
        self.ensure_one()
        old = {section["code"]: section for section in earlier._get_compared()}
        new = {section["code"]: section for section in self._get_compared()}
        sections = []
        for code in dict.fromkeys([*new, *old]):
            title = (new.get(code) or old[code])["title"]
            rows = [
                {
                    "mark": row.mark,
                    "words": self._get_mark_words(row),
                    "old": row.old_pieces,
                    "new": row.new_pieces,
                }
                for row in compare(
                    self._get_compared_clauses(old.get(code)),
                    self._get_compared_clauses(new.get(code)),
                )
            ]
            count = sum(bool(row["words"]) for row in rows)
            sections.append({"title": title, "rows": rows, "count": count})
        return sections

    def _get_compared(self):
        return [*self._get_sections(), self._get_settings_section()]

    def _get_compared_clauses(self, section):
        if not section:
            return []
        return [
            Clause(
                ": ".join(filter(None, (clause["name"], clause["text"]))), clause["key"]
            )
            for clause in section["clauses"]
        ]

    def _get_mark_words(self, row):
        """Return in words what differs in a row of a comparison; "" if nothing does."""
        words = {
            SAME: "",
            CHANGED: self.env._("Changed"),
            ADDED: self.env._("Added"),
            REMOVED: self.env._("Removed"),
        }
        moved = self.env._("In another place") if row.is_moved else ""
        return self._list_words(filter(None, (words[row.mark], moved)))
