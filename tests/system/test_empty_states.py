import re
from types import SimpleNamespace

from lxml import etree, html

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import BeneficiaryCommon
from .common import AccessCase

MODULE = "beneficiary_relations"
LISTS = {"list", "kanban", "calendar", "pivot", "graph"}
# Shown and never chosen, or chosen where the association follows from the choice, or
# where saving refuses one of another association.
ELSEWHERE = {
    "beneficiary.committee.session.committee_id",
    "beneficiary.decision.committee_id",
    "beneficiary.decision.request_id",
    "beneficiary.notice.request_id",
    "beneficiary.request.answer.question_id",
    "beneficiary.request.step.channel_id",
}
RELATIONS = ("many2one", "many2many", "one2many")
# What a title of an empty list must not be: it says nothing.
HOLLOW = re.compile(r"no (records?|data|results?)\b", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestEmptyStates(BeneficiaryCommon):
    """R53: an empty list says what it is for, and what to do."""

    def test_every_list_has_words(self):
        """R53: each action with a list has a title and a sentence, of its own words."""
        names = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(names.mapped("res_id"))
        self.assertGreater(len(actions), 30)
        for action in actions.with_context(lang="en_US"):
            if not LISTS & {*action.view_mode.split(",")}:
                continue
            with self.subTest(action=action.name, model=action.res_model):
                self.assertTrue(action.help, "It has no empty state")
                texts = [
                    " ".join(node.text_content().split())
                    for node in html.fragments_fromstring(action.help)
                    if not isinstance(node, str)
                ]
                texts = [text for text in texts if text]
                self.assertGreater(len(texts), 1, "A title alone is no help")
                self.assertFalse(HOLLOW.search(texts[0]), texts[0])


@tagged("post_install", "-at_install")
class TestPickers(AccessCase):
    """R43, R53: a field offers records of the record's own association only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._make_user("br_two", "manager", cls.company)
        cls.both.company_ids |= cls.other

    def test_pickers(self):
        """R53: a manager of two associations is not offered the other one's records."""
        user = self.both
        records = {
            model: record.with_user(user).with_context(
                allowed_company_ids=(self.company | self.other).ids
            )
            for model, record in self.own.items()
        }
        offered = {}
        for record in records.values():
            views = self.env["ir.ui.view"].search_count(
                [("model", "=", record._name), ("type", "=", "form")], limit=1
            )
            if not views or not record.has_access("read"):
                continue
            arch = etree.fromstring(record.get_view(view_type="form")["arch"])
            self._walk(arch, record, None, offered)
        wrong = sorted(place for place, found in offered.items() if found)
        self.assertGreater(len(offered), 40)
        self.assertFalse({*wrong} - ELSEWHERE)

    def _walk(self, node, record, parent, offered):
        """Try the fields below ``node``, and those of the lines inside."""
        for child in node:
            if not isinstance(child.tag, str):
                continue
            name = child.get("name")
            if child.tag != "field" or name not in record._fields:
                self._walk(child, record, parent, offered)
                continue
            field = record._fields[name]
            if field.type not in RELATIONS:
                continue
            if self._is_picked(child, record, field):
                offered[f"{record._name}.{name}"] = self._get_foreign(
                    child, record, parent, field
                )
            if len(child):
                inverse = getattr(field, "inverse_name", None)  # computed ones: none
                lines = record[name][:1] or record.env[field.comodel_name].new(
                    {inverse: record} if inverse else {}
                )
                self._walk(child, lines, record, offered)

    def _is_picked(self, node, record, field):
        return (
            field.type != "one2many"
            and not field.readonly
            and node.get("readonly") not in ("1", "True")
            and node.get("invisible") not in ("1", "True")
            and field.comodel_name.startswith("beneficiary.")
            and "company_id" in record.env[field.comodel_name]._fields
        )

    def _get_foreign(self, node, record, parent, field):
        """Return what the field offers of the other association."""
        domain = node.get("domain") or field._description_domain(record.env) or []
        if isinstance(domain, str):
            values = self._get_values(record)
            if parent is not None:
                values["parent"] = SimpleNamespace(**self._get_values(parent))
            domain = safe_eval(domain, values)
        comodel = record.env[field.comodel_name]
        theirs = Domain("company_id", "=", self.other.id)
        return comodel.search(Domain(domain) & theirs, limit=1)

    def _get_values(self, record):
        """Return the values of a form, as the client gives them to a domain."""
        values = {"uid": record.env.uid, "context": {}, "allowed_company_ids": []}
        for name, field in record._fields.items():
            if not record._has_field_access(field, "read"):
                continue
            value = record[name]
            if field.type == "many2one":
                value = value.id or False
            elif field.type in RELATIONS:
                value = value.ids
            values[name] = value
        return values
