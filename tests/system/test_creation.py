from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..common import PIXEL
from .common import RIGHTS, TODAY, AccessCase

INTERACTION = "beneficiary.interaction"
# Fields that a form asks for without the model requiring them.
ALSO = {
    "beneficiary.interaction": ("party_name",),
    "beneficiary.committee.interest": ("identity_number",),
    "beneficiary.request.migration": ("submitted_on",),
    "beneficiary.data.request": ("text",),
}
# Lines are made in the form of their record, which gives the field that leads to it.
LINES = {
    "beneficiary.service.document": "service_id",
    "beneficiary.service.question": "service_id",
    "beneficiary.service.question.option": "question_id",
    "beneficiary.service.budget": "service_id",
    "beneficiary.committee.member": "committee_id",
    "beneficiary.policy.clause": "policy_id",
    "beneficiary.policy.channel": "policy_id",
    "beneficiary.policy.tool": "policy_id",
    "beneficiary.policy.step": "policy_id",
    "beneficiary.policy.signatory": "policy_id",
    "beneficiary.income.line": "beneficiary_id",
    "beneficiary.representative": "beneficiary_id",
    "beneficiary.referral.finding": "referral_id",
    "beneficiary.referral.photo": "referral_id",
}
# These are made by a button of the record that they belong to, and by no form.
BY_BUTTON = {
    "beneficiary.delivery",
    "beneficiary.outreach.line",
    "beneficiary.session.item",
}

# The columns of RIGHTS.
ROLES = (
    "delegate",
    "officer",
    "manager",
    "researcher",
    "member",
    "auditor",
    "applicant",
)
# Words of Odoo's own refusals, which say neither why nor what to do.
JOKES = ("Uh-oh", "top-secret", "cookies", "security restrictions", "document type")


@tagged("post_install", "-at_install")
class TestCreation(AccessCase):
    """Roles: each role makes each record that it may make, from the form's defaults."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare_member = cls._make_user("br_spare", "committee", cls.company)
        cls.spare_tool = cls.env["beneficiary.tool"].create(
            {"name": "Spare", "code": "spare", "company_id": cls.company.id}
        )

    def _get_created(self):
        """Yield (role, model) for each record that a role may make."""
        for model, rights in RIGHTS.items():
            for role, given in zip(ROLES, rights.split(), strict=True):
                if "c" in given and model not in BY_BUTTON:
                    yield role, model

    def _get_value(self, model, name, field):
        """Return a value for a required field, as a person would type or choose it."""
        special = {
            (INTERACTION, "channel_id"): self._channel("phone"),
            ("beneficiary.committee.interest", "identity_number"): "1000000032",
            ("beneficiary.committee.member", "user_id"): self.spare_member,
            ("beneficiary.policy.channel", "channel_id"): self._channel("letter"),
            ("beneficiary.policy.tool", "tool_id"): self.spare_tool,
            ("beneficiary.policy.step", "code"): "verify",
            ("beneficiary.policy.review", "next_review"): "2030-01-01",
            ("beneficiary.service.document", "type_id"): self.identity_type,
            ("beneficiary.service.budget", "date_from"): "2027-01-01",
            ("beneficiary.service.budget", "date_to"): "2027-01-31",
            ("beneficiary.referral.finding", "section"): "income",
            ("beneficiary.document", "type_id"): self.identity_type,
            ("beneficiary.committee.session", "stop"): f"{TODAY} 11:00:00",
        }
        if (model, name) in special:
            return special[model, name]
        if name == "name":
            self.count = getattr(self, "count", 0) + 1
            return f"Example {self.count}"
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.comodel_name == "res.users":
            return self.officer
        if field.type == "many2one":
            return self.own[field.comodel_name]
        typed = {
            "char": "Example",
            "text": "Example",
            "date": str(TODAY),
            "datetime": f"{TODAY} 09:00:00",
            "monetary": 1,
            "integer": 1,
            "float": 1,
            "binary": PIXEL,
        }
        return typed[field.type]

    def _make(self, role, model):
        """Make a record in the form of ``model``, with as little as it asks for."""
        records = self._as(role, self.env[model])
        if parent := LINES.get(model):
            record = self.own[records._fields[parent].comodel_name]
            records = records.with_context(**{f"default_{parent}": record.id})
        form = Form(records)
        for name, field in self.env[model]._fields.items():
            if (
                name in form._view["fields"]
                and name != "id"
                and (field.required or name in ALSO.get(model, ()))
                and not form._get_modifier(name, "readonly")
                and not form._get_modifier(name, "invisible")
                and not form[name]
            ):
                setattr(form, name, self._get_value(model, name, field))
        return form.save()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_walk(self):
        """Roles: the defaults of each form lead to a record that its user may make."""
        for role, model in self._get_created():
            with self.subTest(role=role, model=model):
                self.assertTrue(self._make(role, model))
                self.env.flush_all()

    def test_delegate(self):
        """R6: a delegate's new file is of the own branch, and no other is offered."""
        form = Form(self._as("delegate", self.env["beneficiary.beneficiary"]))
        own = self.own["beneficiary.branch"]
        self.assertEqual(form.branch_id, own)
        for model in ("beneficiary.beneficiary", "beneficiary.request", INTERACTION):
            records = self._as("delegate", self.env[model])
            (field,) = records.fields_get(["branch_id"], ["domain"]).values()
            domain = safe_eval(field["domain"], {"company_id": self.company.id})
            branches = self._as("delegate", self.env["beneficiary.branch"])
            self.assertEqual(branches.search(domain), own)
        self.assertFalse(
            Form(self._as("officer", self.env["beneficiary.beneficiary"])).branch_id
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_other_branch(self):
        """R6: another branch, or none, is refused with the names of the own ones."""
        files = self._as("delegate", self.env["beneficiary.beneficiary"])
        far = self.foreign["beneficiary.branch"]
        for branch in (far, far.browse()):
            with self.assertRaises(AccessError) as caught:
                files.create({"name": "Example", "branch_id": branch.id})
            said = str(caught.exception)
            self.assertIn(self.own["beneficiary.branch"].name, said)
            self.assertNotIn(far.name, said)
        self.own["beneficiary.branch"].delegate_ids = False
        with self.assertRaisesRegex(AccessError, "Configuration / Branches"):
            files.create({"name": "Example"})

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_words(self):
        """Roles: a refusal says what to do, and is none of Odoo's jokes."""
        for role in ROLES[:-1]:
            for model in RIGHTS:
                for operation in ("create", "write", "unlink", "read"):
                    record = self._as(role, self.beyond[model][:1])
                    if operation == "create":
                        record = record.browse()
                    try:
                        record.check_access(operation)
                    except AccessError as error:
                        said = str(error)
                        with self.subTest(role=role, model=model, operation=operation):
                            self.assertFalse([word for word in JOKES if word in said])
                            self.assertRegex(said, "(?i)ask a|use the buttons|choose")
