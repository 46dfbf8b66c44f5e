from lxml import etree

from odoo.tests import tagged

from ..common import BeneficiaryCommon


@tagged("post_install", "-at_install")
class TestMeasures(BeneficiaryCommon):
    """R29: every graph and pivot opens."""

    def test_measures_have_an_aggregator(self):
        """R29: what a graph or pivot measures is summed, averaged or counted.

        The web client fails on a measure without a function.
        """
        views = self.env["ir.ui.view"].search(
            [("type", "in", ("graph", "pivot")), ("model", "=like", "beneficiary.%")]
        )
        self.assertTrue(views)
        for view in views:
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
            for node in arch.xpath("//field[@type='measure']"):
                field = model._fields[node.get("name")]
                with self.subTest(view=view.name, field=field.name):
                    self.assertTrue(field.aggregator)
