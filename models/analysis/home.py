from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from .home_line import ASSOCIATION, GROUPS, LINES, MINE, SECTIONS, SINCE


class Home(models.AbstractModel):
    """What waits for whom: the first screen, a line for each thing to be done (R22).

    Each line is defined once, in ``home_line``. Its domain counts the records and opens
    their list, as the acting user, so both are the same and nobody learns more than a
    list would show. Auditors have nothing to do here: they see how the association
    stands.
    """

    _name = "beneficiary.home"
    _description = "What Waits for Me"

    @api.model
    @api.readonly
    def get_home(self):
        """Return what the first screen shows to the acting user.

        Work that there is none of is left out; figures of the association are shown
        also when they are zero.

        :return: dict of ``sections``, each with its title and its lines (key, title,
            count, the next date in words, whether it is late), ``has_figures``,
            and ``missing``: what a new association still needs
        :raise AccessError: when the user has no role in the addon
        """
        lines = self._get_lines()
        sections = []
        for section, title in SECTIONS:
            shown = [
                values
                for line in lines
                if line.section == section
                and ((values := self._count(line))["count"] or section == ASSOCIATION)
            ]
            # One's own section also says that nothing waits.
            if any(line.section == section for line in lines) and (
                shown or section == MINE
            ):
                sections.append(
                    {
                        "key": section,
                        "title": title._translate(self.env.lang or "en_US"),
                        "lines": shown,
                    }
                )
        return {
            "sections": sections,
            "has_figures": any(line.section == ASSOCIATION for line in lines),
            "missing": self._get_missing(),
        }

    @api.model
    def _get_missing(self):
        """Return what a manager's association lacks before its first request (R53)."""
        if not self.env.user.has_group("beneficiary_relations.group_manager"):
            return []
        missing = self.env.company._get_setup_missing()
        return [one.sentence for one in missing if one.is_needed]

    @api.model
    @api.readonly
    def get_list(self, key):
        """Return the action that shows the records which a line counts.

        :param key: name of a line that the acting user is shown
        :return: dict of ``action``, and ``order``: the oldest stands first
        :raise AccessError: when the user is shown no such line
        """
        line = next((line for line in self._get_lines() if line.key == key), None)
        if not line:
            raise AccessError(self.env._("This list is not part of your work."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"beneficiary_relations.{line.action}"
        )
        # Without its identifier the browser keeps the domain when the page is reloaded.
        return {
            "action": {
                "type": action["type"],
                "name": line.title._translate(self.env.lang or "en_US"),
                "res_model": line.model,
                "views": action["views"],
                "search_view_id": action["search_view_id"],
                "help": action["help"],
                "domain": line.domain(self.env.uid),
                "context": {},
            },
            "order": [{"name": line.oldest or line.due, "asc": True}],
        }

    @api.model
    def _get_lines(self):
        """Return the lines of the acting user's roles, or raise if there are none."""
        groups = {
            name
            for name in GROUPS
            if self.env.user.has_group(f"beneficiary_relations.{name}")
        }
        lines = [line for line in LINES if groups.intersection(line.groups)]
        if not lines:
            raise AccessError(self.env._("You have no role in beneficiary relations."))
        return lines

    @api.model
    def _count(self, line):
        """Return the values of one line, in one query."""
        groups = self.env[line.model]._read_group(
            line.domain(self.env.uid),
            ["state"] if line.owing else [],
            ["__count", f"{line.due}:min"],
        )
        count = sum(found for *_state, found, _due in groups)
        dues = [
            due
            for *state, _found, due in groups
            if due and (not line.owing or line.owing.issuperset(state))
        ]
        due = min(dues, default=None)
        return {
            "key": line.key,
            "title": line.title._translate(self.env.lang or "en_US"),
            "count": count,
            **self._describe_due(line, due),
        }

    @api.model
    def _describe_due(self, line, due):
        """Return the next date of a line in words, and whether it has passed."""
        if not due:
            return {"due": "", "is_late": False}
        company = self.env.company
        day, is_late = due, False
        if isinstance(due, datetime):
            zone = company._get_beneficiary_timezone()
            local = fields.Datetime.context_timestamp(self.with_context(tz=zone), due)
            day, is_late = local.date(), due < fields.Datetime.now()
        else:
            is_late = due < company._get_beneficiary_today()
        date = format_date(self.env, day)
        if line.due in SINCE:
            return {"due": self.env._("Since %(date)s", date=date), "is_late": False}
        if is_late:
            return {"due": self.env._("Was due %(date)s", date=date), "is_late": True}
        return {"due": self.env._("Next: %(date)s", date=date), "is_late": False}
