import re

from lxml import etree

from odoo.service.model import call_kw
from odoo.tests import tagged

from ...models.mixins.wording_mixin import MEMBER_WORDING, WORDED_ATTRIBUTES
from ..common import BeneficiaryCommon

ARCH = """
<form string="Support Request">
    <header><button name="action_close" string="Notify the beneficiary"/></header>
    <group string="Beneficiary">
        <label for="description" string="Name of the beneficiary"/>
        <field name="description" placeholder="Name of the beneficiary"/>
        <field name="officer_id"/>
        <span>Beneficiary file</span>
        <span title="Reason the beneficiary will read">Unrelated</span>
    </group>
</form>
"""
# The name of the product, and the two audiences that a policy can choose.
SAME_FOR_ALL = {
    "Beneficiary Relations",
    "علاقات المستفيدين",
    "Beneficiaries",
    "المستفيدون",
}
LANGUAGES = ("en_US", "ar_001")


@tagged("post_install", "-at_install")
class TestWording(BeneficiaryCommon):
    """``company`` serves beneficiaries, ``other`` general-assembly members (R2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._make_user("br_both", "manager", cls.company)
        cls.both.company_ids |= cls.other
        cls.both.group_ids |= cls.env.ref("beneficiary_relations.group_committee")
        cls.view = cls.env["ir.ui.view"].create(
            {
                "name": "wording",
                "model": "beneficiary.request",
                "type": "form",
                "arch": ARCH,
            }
        )

    def _model(self, company, name="beneficiary.request", lang="en_US"):
        """Return model ``name`` for a user of both associations, in ``company``."""
        others = self.both.company_ids - company
        return (
            self.env[name]
            .with_user(self.both)
            .with_context(allowed_company_ids=[*company.ids, *others.ids], lang=lang)
        )

    def _strings(self, company, name="beneficiary.request", views=None, lang="en_US"):
        """Return all texts of ``views`` that the client shows, as RPC returns them."""
        model = self._model(company, name, lang)
        answer = call_kw(
            model, "get_views", [[*(views or [])]], {"context": model.env.context}
        )
        strings = set()
        for view in answer["views"].values():
            for node in etree.fromstring(view["arch"]).iter(etree.Element):
                strings.update(node.get(name) for name in WORDED_ATTRIBUTES)
                strings.update([node.text, node.tail])
        for field in answer["models"][name]["fields"].values():
            strings.update([field.get("string"), field.get("help")])
            strings.update(label for _value, label in field.get("selection", ()))
        return {text.strip() for text in strings if text and text.strip()}

    def _wording(self, lang):
        """Return the pairs (for beneficiaries, for members) that differ in ``lang``."""
        pairs = [
            (source._translate(lang), member._translate(lang))
            for source, member in MEMBER_WORDING
        ]
        return [(source, member) for source, member in pairs if source != member]

    def test_views(self):
        """R2: strings of a view are switched whole, in attributes and in text."""
        view = [(self.view.id, "form")]
        for lang in LANGUAGES:
            self._translate_view(lang)
            wording = dict(self._wording(lang))
            shown = self._strings(self.company, views=view, lang=lang)
            switched = self._strings(self.other, views=view, lang=lang)
            for source in self._sources(lang):
                with self.subTest(lang=lang, source=source):
                    self.assertIn(source, shown)
                    if source in wording:
                        self.assertIn(wording[source], switched)
                        self.assertNotIn(source, switched)
            self.assertIn("Unrelated", switched)

    def _sources(self, lang):
        """Return the wordings for beneficiaries that the test's view shows."""
        return {
            source._translate(lang)
            for source, _member in MEMBER_WORDING
            if source._source in ARCH
        }

    def _translate_view(self, lang):
        """Translate the test's view into ``lang``, like the addon's own views."""
        arch = ARCH
        # The longest first: one wording may be the beginning of another.
        for source in sorted(
            (source for source, _member in MEMBER_WORDING),
            key=lambda source: -len(source._source),
        ):
            for left, right in (('"', '"'), (">", "<")):
                arch = arch.replace(
                    f"{left}{source._source}{right}",
                    f"{left}{source._translate(lang)}{right}",
                )
        self.view.arch_db = arch

    def test_one_session_two_associations(self):
        """R2: switching the association switches the words, back and forth."""
        view = [(self.view.id, "form")]
        first = self._strings(self.company, views=view)
        second = self._strings(self.other, views=view)
        self.assertNotEqual(first, second)
        self.assertEqual(self._strings(self.company, views=view), first)
        self.assertEqual(self._strings(self.other, views=view), second)

    def test_cache_key(self):
        """R2: the view cache depends on the audience, and not on the association."""
        keys = [
            self._model(company)._get_view_cache_key(self.view.id, "form")
            for company in (self.company, self.other, self.company)
        ]
        self.assertEqual(keys[0], keys[2])
        self.assertNotEqual(keys[0], keys[1])
        third = self._make_association("Association C", "beneficiary")
        self.both.company_ids |= third
        key = self._model(third)._get_view_cache_key(self.view.id, "form")
        self.assertEqual(key[-1], keys[0][-1])

    def test_labels(self):
        """R2: labels from ``fields_get`` follow the association, in both languages."""
        for lang in LANGUAGES:
            wording = dict(self._wording(lang))
            for name in ("beneficiary.request", "beneficiary.decision"):
                for company in (self.company, self.other):
                    labels = {
                        field["string"]
                        for field in call_kw(
                            self._model(company, name, lang),
                            "fields_get",
                            [],
                            {"context": {**self._session(company), "lang": lang}},
                        ).values()
                    }
                    # "Member" also names a seat in a committee.
                    unwanted = (
                        wording
                        if company == self.other
                        else {member for member in wording.values() if " " in member}
                    )
                    self.assertFalse(labels & set(unwanted), (name, lang, company))

    def _session(self, company):
        return {"allowed_company_ids": company.ids}

    def test_without_policy(self):
        """R2: without a policy in force, an association serves beneficiaries."""
        company = self.env["res.company"].create({"name": "Association C"})
        self.assertEqual(company._get_beneficiary_audience(), "beneficiary")

    def test_new_policy_switches_words(self):
        """R2: a new policy version for members switches the words at once."""
        view = [(self.view.id, "form")]
        before = self._strings(self.company, views=view)
        policy = self.company._get_beneficiary_policy().copy({"audience": "member"})
        policy.action_put_in_force()
        after = self._strings(self.company, views=view)
        self.assertEqual(after, self._strings(self.other, views=view))
        self.assertNotEqual(after, before)

    def test_form_title(self):
        """R9: the title of the printed form names the policy's audience."""
        titles = [
            company._get_beneficiary_policy()._get_form_title()
            for company in (self.company, self.other)
        ]
        self.assertEqual(
            titles, ["Beneficiary Support Request", "Member Service Request"]
        )

    # -- the addon's own screens ------------------------------------------------------

    def _our_views(self):
        """Yield every model of the addon, with the views that it has."""
        views = self.env["ir.ui.view"].search(
            [
                ("model", "=like", "beneficiary.%"),
                ("inherit_id", "=", False),
                ("id", "!=", self.view.id),
            ]
        )
        for name, of_model in views.grouped("model").items():
            if name == "beneficiary.demo.removal":
                continue  # administrators alone open it
            yield name, [(view.id, view.type) for view in of_model]

    def test_screens(self):
        """R2: no screen of a members' association speaks of beneficiaries."""
        wrong = {}
        for lang, word in (("en_US", r"beneficiar"), ("ar_001", "مستفيد")):
            for name, views in self._our_views():
                shown = self._strings(self.other, name, views, lang) - SAME_FOR_ALL
                if found := {text for text in shown if re.search(word, text, re.I)}:
                    wrong[name, lang] = found
        self.assertEqual(wrong, {})

    def test_screens_of_beneficiaries(self):
        """R2: no screen of a beneficiaries' association has the members' words."""
        wrong = {}
        for lang in LANGUAGES:
            # "Member" also names a seat in a committee.
            words = {member for _source, member in self._wording(lang) if " " in member}
            for name, views in self._our_views():
                if found := self._strings(self.company, name, views, lang) & words:
                    wrong[name, lang] = found
        self.assertEqual(wrong, {})

    def test_menus_and_actions_are_neutral(self):
        """R2: menus and titles of actions are the same for every audience."""
        for lang, word in (("en_US", r"beneficiar|\bmember"), ("ar_001", "مستفيد|عضو")):
            for model in ("ir.ui.menu", "ir.actions.act_window"):
                ours = self.env["ir.model.data"].search(
                    [("module", "=", "beneficiary_relations"), ("model", "=", model)]
                )
                records = (
                    self.env[model]
                    .with_context(lang=lang)
                    .browse(ours.mapped("res_id"))
                )
                for name in set(records.mapped("name")) - SAME_FOR_ALL:
                    with self.subTest(model=model, name=name):
                        self.assertFalse(re.search(word, name, re.I))
