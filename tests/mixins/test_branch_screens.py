from lxml import etree

from odoo.tests import tagged

from ..common import BeneficiaryCommon

SCREENS = (
    ("beneficiary.request", "form"),
    ("beneficiary.request", "list"),
    ("beneficiary.request", "search"),
    ("beneficiary.beneficiary", "form"),
    ("beneficiary.beneficiary", "pivot"),
    ("beneficiary.interaction", "form"),
)
ROOT = "beneficiary_relations.root_menu"


@tagged("post_install", "-at_install")
class TestBranchScreens(BeneficiaryCommon):
    """Screens speak of branches and members as the association's policy does."""

    def _shown(self, user):
        """Return the screens on which a field or filter about branches is shown."""
        shown = set()
        for name, type_ in SCREENS:
            model = self.env[name].with_user(user)
            model = model.with_context(allowed_company_ids=user.company_id.ids)
            arch = etree.fromstring(model.get_view(view_type=type_)["arch"])
            nodes = arch.xpath(
                "//field[@name='branch_id' or @name='delegate_id']"
                "|//filter[contains(@context, 'branch_id')]"
            )
            if any(not self._is_hidden(node) for node in nodes):
                shown.add((name, type_))
        return shown

    def _is_hidden(self, node):
        ways = {node.get("invisible"), node.get("column_invisible")}
        return bool(ways & {"1", "True"})

    def _put_in_force_without_branches(self, company):
        policy = company._get_beneficiary_policy().copy()
        lines = policy.channel_line_ids
        lines.filtered("channel_id.requires_branch").unlink()
        policy.action_put_in_force()

    def test_policy_without_delegates(self):
        """R6: no branch field where neither the policy nor the office has one."""
        self.assertEqual(self._shown(self.outsider), set(SCREENS))
        self._put_in_force_without_branches(self.other)
        self.assertFalse(self._shown(self.outsider))

    def test_branch_of_an_earlier_policy(self):
        """R6: an association that has a branch sees it, whatever its policy says."""
        self._put_in_force_without_branches(self.other)
        self.assertFalse(self._shown(self.outsider))
        branch = self.env["beneficiary.branch"].create(
            {"name": "North", "company_id": self.other.id}
        )
        self.assertEqual(self._shown(self.outsider), set(SCREENS))
        branch.unlink()
        self.assertFalse(self._shown(self.outsider))

    def test_title_for_members(self):
        """R2: who works for members alone sees it in the title of the application."""
        for user, title in (
            (self.outsider, "Member Relations"),
            (self.officer, "Beneficiary Relations"),
        ):
            menus = self.env["ir.ui.menu"].with_user(user).with_context(lang="en_US")
            root = self.env.ref(ROOT).id
            self.assertEqual(menus.load_web_menus(False)[root]["name"], title)
        self.outsider.company_ids |= self.company
        menus = self.env["ir.ui.menu"].with_user(self.outsider)
        menus = menus.with_context(lang="en_US").load_web_menus(False)
        self.assertEqual(menus[root]["name"], "Beneficiary Relations")
