from datetime import date, timedelta
from functools import wraps

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CHANNELS, STAFF, STEPS
from .common import MODULE, PolicyCase

TOOLS = ("bylaws", "research_guide", "support_guide", "request_form")
# The facts that five boards approved. The tests know nothing else about a policy:
# its channels, tools, steps and words come from the database.
BENEFICIARY_FACTS = {
    "audience": "beneficiary",
    "objectives": 6,
    "channels": CHANNELS,
    "tools": TOOLS,
    "labels": {},
    "officer_title": False,
    "form_title": "Beneficiary Support Request",
    "form_title_arabic": "طلب دعم مستفيد",
    "approval": {},
    "signatories": [],
    "supersedes_text": False,
}
FACTS = {
    "textile": {
        **BENEFICIARY_FACTS,
        "approval": {
            "approval_date": date(2023, 10, 10),
            "approval_hijri": "1445-03-25",
            "approval_term": "5",
        },
        "signatories": [
            "Chair of the Board",
            "Vice-Chair of the Board",
            "Secretary of the Board",
            "Member of the Board",
            "Financial Supervisor",
        ],
        "supersedes_text": "All earlier policies on managing volunteers",
    },
    "water": {**BENEFICIARY_FACTS, "objectives": 12},
    "rehabilitation": {
        **BENEFICIARY_FACTS,
        "approval": {
            "approval_date": date(2023, 5, 4),
            "approval_hijri": "1444-10-14",
            "approval_session": "3",
            "approval_stamp": True,
        },
        "signatories": ["Chair of the Board", "Executive Director"],
    },
    "blood_banks": BENEFICIARY_FACTS,
    "training": {
        **BENEFICIARY_FACTS,
        "audience": "member",
        "channels": (
            "interview",
            "phone",
            "website",
            "social",
            "letter",
            "help_request",
            "volunteering",
        ),
        "tools": ("bylaws", "support_guide", "request_form"),
        "labels": {
            "social": "The association's social media",
            "support_guide": "Support policy guide for members",
            "request_form": "Member Service Request",
        },
        "officer_title": "Shareholder Relations Officer",
        "form_title": "Member Service Request",
        "form_title_arabic": "طلب خدمة عضو",
        "approval": {
            "approval_date": date(2022, 12, 25),
            "approval_hijri": "1444-06-01",
            "approval_session": "12",
        },
    },
}
APPROVAL_FIELDS = (
    "approval_date",
    "approval_hijri",
    "approval_session",
    "approval_term",
    "approval_stamp",
)


def for_each_policy(test):
    """Run ``test(self, policy, facts)`` in the association of each policy."""

    @wraps(test)
    def run(self):
        for key, policy in self.policies.items():
            with self.subTest(policy=key):
                self._work_in(policy.company_id)
                test(self, policy.with_env(self.env), FACTS[key])

    return run


@tagged("post_install", "-at_install", "with_demo")
class TestPolicies(PolicyCase):
    """Five associations' policies run as data, with no code of their own.

    The policies come from the demo data. If it is not installed, the test loads their
    files itself. The test always makes its own staff, committee and applicant.
    """

    def _work_in(self, company):
        """Let the helpers of the base class act in the association ``company``."""
        self.company = company
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": company.ids}
        )

    def _make_people(self):
        """Give the association staff, a committee, a service and an applicant."""
        prefix = f"test{self.company.id}_"
        users = self._make_users(
            *((prefix + name, group, self.company) for name, group in STAFF.items())
        )
        for name, user in zip(STAFF, users, strict=True):
            setattr(self, name, user)
        self.committee = self.env["beneficiary.committee"].create(
            {
                "name": "Test Committee",
                "member_ids": [
                    Command.create({"user_id": self.chair.id, "role": "chair"}),
                    Command.create({"user_id": self.member.id}),
                    Command.create({"user_id": self.member2.id}),
                ],
            }
        )
        self.service = self.env["beneficiary.service"].create(
            {
                "name": "Test service",
                "committee_id": self.committee.id,
                "document_line_ids": [
                    Command.create({"type_id": self.identity_type.id})
                ],
            }
        )
        self.file = self.env["beneficiary.beneficiary"].create(
            {
                "name": "سالم المثال",
                "kind": "person",
                "identity_number": "1000000602",
                "phone": "0500000060",
            }
        )

    def _log_interaction(self, channel, **vals):
        return (
            self.env["beneficiary.interaction"]
            .with_user(self.officer)
            .create(
                {
                    "subject": "Asks for help",
                    "kind": "request",
                    "channel_id": channel.id,
                    "beneficiary_id": self.file.id,
                    **vals,
                }
            )
        )

    # -- what the boards wrote ----------------------------------------------------

    @for_each_policy
    def test_channels_and_tools(self, policy, facts):
        """R3, R4, R8: channels and tools are the board's, in the board's order."""
        channels = policy.channel_line_ids.channel_id
        self.assertEqual(tuple(channels.mapped("code")), facts["channels"])
        tools = policy.tool_line_ids.tool_id
        self.assertEqual(tuple(tools.mapped("code")), facts["tools"])

    @for_each_policy
    def test_texts(self, policy, facts):
        """R1, R10: objectives, five practices, seven steps in order."""
        self.assertEqual(policy.audience, facts["audience"])
        kinds = [
            kind
            for kind in policy.clause_ids.mapped("kind")
            if kind in ("objective", "practice")
        ]
        expected = ["objective"] * facts["objectives"] + ["practice"] * 5
        self.assertEqual(kinds, expected)
        self.assertEqual(tuple(policy.step_ids.mapped("code")), STEPS)
        conditional = policy.step_ids.filtered("is_conditional")
        self.assertEqual(conditional.mapped("code"), ["refer"])
        self.assertTrue(all(policy.step_ids.mapped("description")))

    @for_each_policy
    def test_labels(self, policy, facts):
        """R2: a line may override the title of a channel, a tool or the officer."""
        self.assertEqual(policy.officer_title, facts["officer_title"])
        labels = {}
        for line in policy.channel_line_ids:
            name = policy._get_channel_name(line.channel_id)
            if name != line.channel_id.name:
                labels[line.channel_id.code] = name
        for line in policy.tool_line_ids:
            if line.display_name != line.tool_id.name:
                labels[line.tool_id.code] = line.display_name
        self.assertEqual(labels, facts["labels"])

    @for_each_policy
    def test_form_title(self, policy, facts):
        """R9: the request form is titled by the policy's audience."""
        self.assertEqual(policy._get_form_title(), facts["form_title"])

    @for_each_policy
    def test_form_title_arabic(self, policy, facts):
        """R9: طلب دعم مستفيد, and طلب خدمة عضو for members."""
        title = policy.with_context(lang="ar_001")._get_form_title()
        self.assertEqual(title, facts["form_title_arabic"])

    @for_each_policy
    def test_screens_follow_audience(self, policy, facts):
        """R2: the label of the person follows the audience of the policy."""
        label = (
            self.env["beneficiary.request"]
            .with_company(policy.company_id)
            .fields_get(["beneficiary_id"], ["string"])["beneficiary_id"]["string"]
        )
        expected = "Member" if policy.audience == "member" else "Beneficiary"
        self.assertEqual(label, expected)

    @for_each_policy
    def test_approval(self, policy, facts):
        """R36, R39: a policy records its approval, signatories and what it replaced."""
        recorded = {name: policy[name] for name in APPROVAL_FIELDS if policy[name]}
        self.assertEqual(recorded, facts["approval"])
        self.assertEqual(policy.signatory_ids.mapped("name"), facts["signatories"])
        self.assertEqual(policy.supersedes_text, facts["supersedes_text"])

    def test_approval_not_recorded(self):
        """R37: a policy without a recorded approval is in force, and can be found."""
        policies = self.env["beneficiary.policy"].union(*self.policies.values())
        bare = self.policies["water"] | self.policies["blood_banks"]
        self.assertEqual(set(policies.mapped("state")), {"in_force"})
        self.assertEqual(policies.filtered(lambda p: not p.approval_recorded), bare)
        search = policies.search
        ours = [("id", "in", policies.ids)]
        self.assertEqual(search([*ours, ("approval_recorded", "=", False)]), bare)
        recorded = search([*ours, ("approval_recorded", "=", True)])
        self.assertEqual(recorded, policies - bare)

    # -- what the policies do --------------------------------------------------------

    @for_each_policy
    def test_life_of_a_request(self, policy, facts):
        """R5, R7, R10, R15: a request goes from contact to closing by its policy."""
        self._make_people()
        channel = policy.channel_line_ids[0].channel_id
        interaction = self._log_interaction(
            channel, tool_ids=policy.tool_line_ids.tool_id.ids, minutes=15
        )
        self.assertEqual(interaction.policy_id, policy)
        self.assertEqual(
            interaction.allowed_channel_ids, policy.channel_line_ids.channel_id
        )
        request = self._open_request(interaction)
        self.assertEqual(request.interaction_ids, interaction)
        self.assertEqual(request.policy_id, policy)

        self._advance(request, "verified")
        self._refer(request)
        self._advance(request, "closed")

        request = request.sudo()
        self.assertEqual(request.declaration_text, policy.declaration_text)
        taken = request.step_ids
        self.assertEqual(taken.mapped("code"), policy.step_ids.mapped("code"))
        self.assertTrue(all(taken.mapped("done_on")))
        self.assertTrue(all(taken.mapped("doer_id")))
        timeline = [line["code"] for line in request._portal_get_timeline()]
        self.assertEqual(timeline, policy.step_ids.mapped("code"))

    def _open_request(self, interaction):
        """Create the request that the interaction's button opens."""
        action = interaction.action_open_request()
        return (
            self.env["beneficiary.request"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"service_id": self.service.id, "description": "Help, please."})
        )

    def _refer(self, request):
        """Send a question to the researcher, and answer it as the researcher."""
        referral = self.env["beneficiary.referral"].with_user(self.officer)
        referral = referral._send(request, self.researcher, "Which paper is meant?")
        referral.with_user(self.researcher).action_answer("The identity card.")

    @for_each_policy
    def test_delegate_channel(self, policy, facts):
        """R6: the delegate channel needs a branch, a delegate and a policy with it."""
        self._make_people()
        delegates = self._channel("delegate")
        user = self._make_user(f"{policy.id}_delegate", "delegate", self.company)
        branch = self.env["beneficiary.branch"].create(
            {"name": "Test branch", "delegate_ids": user.ids}
        )
        complete = {"branch_id": branch.id, "delegate_id": user.id}
        request = self._make_request(channel_id=delegates.id, **complete)
        with self.assertRaises(ValidationError):
            self._log_interaction(delegates)
        if "delegate" in facts["channels"]:
            self.assertTrue(self._log_interaction(delegates, **complete))
            self._advance(request, "submitted")
            self.assertEqual(request.state, "submitted")
        else:
            with self.assertRaises(ValidationError):
                self._log_interaction(delegates, **complete)
            with self.assertRaisesRegex(UserError, "does not allow the channel"):
                self._advance(request, "submitted")

    # -- what changes when the board changes its mind ----------------------------------

    @for_each_policy
    def test_edited_policy(self, policy, facts):
        """R3, R21, R35: a new version changes later requests, without code.

        The new version has one channel less, the others in reverse order and a review
        period of 30 days. A request under way keeps the version it was made under.
        """
        self._make_people()
        old = self._make_request("in_review")
        draft = self._amend(policy)
        dropped = self._channel("volunteering")
        draft.channel_line_ids.filtered(
            lambda line: line.channel_id == dropped
        ).unlink()
        for sequence, line in enumerate(draft.channel_line_ids.sorted(reverse=True)):
            line.sequence = sequence
        draft.write({"review_days": 30, "review_minimum_days": 30})
        for lang, text in (("en_US", "within 30 days"), ("ar_001", "خلال ٣٠ يومًا")):
            spoken = draft.with_context(lang=lang)
            spoken.notice_text = text
            notify = spoken.step_ids.filtered(lambda step: step.code == "notify")
            notify.description = text
        draft.invalidate_recordset(["channel_line_ids"])
        self.assertEqual(self.company._get_beneficiary_policy(), policy)
        draft.action_put_in_force()

        self.assertEqual((draft.state, policy.state), ("in_force", "superseded"))
        self.assertEqual(draft.version, policy.version + 1)
        self.assertEqual(draft.supersedes_id, policy)
        expected = [code for code in facts["channels"] if code != "volunteering"]
        interaction = self._log_interaction(self._channel("phone"))
        self.assertEqual(interaction.policy_id, draft)
        self.assertEqual(interaction.allowed_channel_ids.mapped("code"), expected[::-1])
        with self.assertRaises(ValidationError):
            self._log_interaction(dropped)
        with self.assertRaisesRegex(UserError, "does not allow the channel"):
            self._make_request("submitted", channel_id=dropped.id)

        new = self._make_request("in_review")
        self.assertEqual((old.policy_id, new.policy_id), (policy, draft))
        self.assertEqual(old.review_floor_on - old.raised_on, timedelta(days=14))
        self.assertEqual(new.review_floor_on - new.raised_on, timedelta(days=30))
        self._advance(old, "closed")
        self.assertEqual(old.policy_id, policy)

    def _amend(self, policy):
        """Return the draft that the manager's button makes of ``policy``."""
        action = policy.with_user(self.manager).action_new_version()
        draft = self.env["beneficiary.policy"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.company_id), ("draft", self.company))
        return draft.with_user(self.manager)

    @for_each_policy
    def test_template(self, policy, facts):
        """R1: an association starts from a copy of the template for its audience."""
        self._make_people()
        xmlid = f"{MODULE}.policy_template_{policy.audience}"
        template = self.env.ref(xmlid)
        self.assertFalse(template.company_id)
        with self.assertRaises(UserError):
            template.action_put_in_force()
        draft = self._amend(template)
        self.assertEqual(draft.audience, facts["audience"])
        channels = draft.channel_line_ids.channel_id
        self.assertEqual(tuple(channels.mapped("code")), facts["channels"])
        self.assertEqual(draft.tool_line_ids.mapped("tool_id.code"), [*facts["tools"]])
        self.assertEqual(
            draft.step_ids.mapped("name"), template.step_ids.mapped("name")
        )
        draft.action_put_in_force()
        self.assertEqual(self.company._get_beneficiary_policy(), draft)

    @for_each_policy
    def test_frozen(self, policy, facts):
        """R1: a policy that is or was in force cannot be changed, nor can its lines."""
        self._make_people()
        stray = self._amend(policy).clause_ids[0]
        policy = policy.with_user(self.manager)
        line = policy.channel_line_ids[0]
        translation = {"ar_001": "نص آخر"}
        refused = {
            "a text": lambda: policy.write({"notice_text": "Other"}),
            "the period": lambda: policy.write({"review_days": 30}),
            "the state": lambda: policy.write({"state": "draft"}),
            "a translation": lambda: policy.update_field_translations(
                "notice_text", translation
            ),
            "a line through its policy": lambda: policy.write(
                {"channel_line_ids": [Command.delete(line.id)]}
            ),
            "the order of lines": lambda: line.write({"sequence": 99}),
            "the name of a line": lambda: line.update_field_translations(
                "name", translation
            ),
            "a line taken away": line.unlink,
            "a line added": policy.clause_ids[0].copy,
            "a line moved in": lambda: stray.write({"policy_id": policy.id}),
            "a step": lambda: policy.step_ids[0].write({"name": "Other"}),
            "a tool": policy.tool_line_ids[0].unlink,
            "the policy": policy.unlink,
        }
        before = self._read_all(policy)
        for what, change in refused.items():
            with (
                self.subTest(refused=what),
                self.assertRaisesRegex(UserError, "frozen once|Use the buttons"),
                self.env.cr.savepoint(),
            ):
                change()
        self.env.invalidate_all()
        self.assertEqual(self._read_all(policy), before)

    def _read_all(self, policy):
        """Return all values of ``policy`` and its lines."""
        lines = (
            policy.clause_ids,
            policy.channel_line_ids,
            policy.tool_line_ids,
            policy.step_ids,
            policy.signatory_ids,
        )
        return policy.read(), [records.read() for records in lines]

    @for_each_policy
    def test_one_in_force(self, policy, facts):
        """R1: an association has only one policy in force at a time."""
        self._make_people()
        second = self._amend(policy)
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError):
            second.sudo()._write_state({"state": "in_force"})
        second.action_put_in_force()
        in_force = policy.search(
            [("company_id", "=", self.company.id), ("state", "=", "in_force")]
        )
        self.assertEqual(in_force, second)
        with self.assertRaises(UserError):
            policy.with_user(self.manager).action_put_in_force()

    def test_both_calendars(self):
        """R38: both dates of an approval must be the same day, by Umm al-Qura."""
        draft = self.policies["rehabilitation"].copy()
        draft.write({"approval_date": "2023-05-04", "approval_hijri": "1444-10-14"})
        self.assertTrue(draft.approval_recorded)
        for gregorian, hijri in (
            ("2023-05-03", "1444-10-14"),
            ("2023-05-05", "1444-10-14"),
            ("2023-05-04", "1444-10-13"),
            ("2023-05-04", "1444-10-15"),
        ):
            with (
                self.subTest(gregorian=gregorian, hijri=hijri),
                self.assertRaisesRegex(ValidationError, "not the same day"),
            ):
                draft.write({"approval_date": gregorian, "approval_hijri": hijri})
        with self.assertRaisesRegex(ValidationError, "no day of the calendar"):
            draft.approval_hijri = "1444-13-01"
