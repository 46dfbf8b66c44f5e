from odoo.tools import convert_file

from ..common import BeneficiaryCommon

MODULE = "beneficiary_relations"
POLICIES = ("textile", "water", "rehabilitation", "blood_banks", "training")


class PolicyCase(BeneficiaryCommon):
    """The five associations' policies, from the demo data or from their files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = {key: cls._load_policy(key) for key in POLICIES}

    @classmethod
    def _load_policy(cls, key):
        xmlid = f"{MODULE}.policy_{key}"
        if not cls.env.ref(xmlid, raise_if_not_found=False):
            convert_file(
                cls.env,
                MODULE,
                f"demo/policy_{key}_demo.xml",
                {},
                mode="init",
                noupdate=True,
            )
        return cls.env.ref(xmlid)
