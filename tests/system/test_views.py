from odoo.tests import Form, tagged

from ..common import BeneficiaryCommon

STATES = ("draft", "verified", "in_review", "decided", "delivered")
# The models in the application's menu for each role, apart from settings.
COMMITTEE_MENUS = {
    "request",
    "decision",
    "vote",
    "committee.session",
    "committee.interest",
    "policy",
    "policy.acknowledgement",
    "tool",
}
DESK_MENUS = {
    "change",
    "request",
    "beneficiary",
    "household.member",
    "document",
    "appointment",
    "interaction",
    "outreach",
    "outreach.line",
    "referral",
    "question.answer",
    "policy",
    "policy.acknowledgement",
    "tool",
    "consent",
}
WINDOW = "ir.actions.act_window"
ANALYSIS_MENUS = {"request.report", "interaction.report"}
OFFICE_MENUS = {"duplicate", "delivery", "notice"}
MEETING_MENUS = {"decision", "committee.session"}
# What officers, managers and auditors have, and no delegate.
RIGHTS_MENUS = {"data.request", "disbursement"}
READER_MENUS = DESK_MENUS | {"improvement"}
ASSISTANT_MENUS = {"setup"}
SETUP_MENUS = {
    "service",
    "committee",
    "branch",
    "document.type",
    "channel",
    "category",
    "rejection.reason",
    "committee.interest",
    "request.migration",
    "seal",
    "seal.verify",
    "export.log",
}


@tagged("post_install", "-at_install")
class TestViews(BeneficiaryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["beneficiary.request"].union(
            *(cls._make_request(cls(), state) for state in STATES)
        )
        cls.env["beneficiary.referral"].with_user(cls.officer)._send(
            cls.requests[0].with_user(cls.officer), cls.researcher, "Which paper?"
        )
        cls.env["beneficiary.duplicate"].create(
            {"first_id": cls.file.id, "second_id": cls.file.copy().id}
        )
        cls.env["beneficiary.seal"]._append(cls.requests.declaration_id)
        cls.env["beneficiary.interaction"].create(
            {
                "subject": "When does the reply come?",
                "company_id": cls.company.id,
                "channel_id": cls._channel("phone").id,
                "beneficiary_id": cls.file.id,
                "request_id": cls.requests[0].id,
            }
        )

    def _get_actions(self, user):
        """Return the window actions in the application's menus of ``user``."""
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref("beneficiary_relations.root_menu")
        visible = menus.search([("id", "child_of", root.id)])._filter_visible_menus()
        reached = visible.filtered(lambda menu: menu.parent_id in visible)
        actions = [menu.action.sudo() for menu in reached if menu.action]
        return [action for action in actions if action.type == WINDOW]

    def _open(self, user, action):
        """Open all views of ``action`` as ``user``, and the form of every record."""
        model = self.env[action.res_model].with_user(user)
        model.get_views([*action.views, (action.search_view_id.id, "search")])
        records = model.search([])
        for record in records if "form" in action.view_mode else ():
            Form(record)
        return records

    def test_activities_are_filtered(self):
        """R48: what the clock of the bar opens is what waits for the user."""
        models = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("beneficiary.")
            and not model._abstract
            and "activity_ids" in model._fields
        ]
        self.assertGreater(len(models), 5)
        for name in models:
            view = self.env[name].get_view(view_type="search")
            for wanted in (
                "filter_activities_my",
                "activities_overdue",
                "activities_today",
                "activities_upcoming_all",
            ):
                with self.subTest(model=name, filter=wanted):
                    self.assertIn(f'name="{wanted}"', view["arch"])

    def test_screens_open(self):
        """Every role can open every screen of its menu with all its records."""
        for user, expected in (
            (self.delegate, DESK_MENUS | OFFICE_MENUS | ANALYSIS_MENUS),
            (
                self.officer,
                READER_MENUS
                | OFFICE_MENUS
                | RIGHTS_MENUS
                | ANALYSIS_MENUS
                | {"decision"},
            ),
            (
                self.manager,
                READER_MENUS
                | OFFICE_MENUS
                | SETUP_MENUS
                | ASSISTANT_MENUS
                | MEETING_MENUS
                | RIGHTS_MENUS
                | ANALYSIS_MENUS
                | {"rating.rating", "resource.calendar.leaves", "satisfaction"},
            ),
            (self.researcher, READER_MENUS),
            (self.chair, COMMITTEE_MENUS),
            (
                self.auditor,
                READER_MENUS
                | OFFICE_MENUS
                | SETUP_MENUS
                | MEETING_MENUS
                | RIGHTS_MENUS
                | ANALYSIS_MENUS
                | {"satisfaction"},
            ),
            (self.stranger, set()),
        ):
            actions = self._get_actions(user)
            with self.subTest(user=user.login):
                models = {
                    action.res_model.removeprefix("beneficiary.")
                    if action.res_model != "beneficiary.beneficiary"
                    else "beneficiary"
                    for action in actions
                }
                self.assertEqual(models, expected)
            for action in actions:
                with self.subTest(user=user.login, action=action.name):
                    self._open(user, action)

    def test_waiting_for_my_vote(self):
        """A member's list shows open ballots, and is empty after voting."""
        action = self.env.ref("beneficiary_relations.vote_action")
        waiting = [
            ("user_id", "=", self.member.id),
            ("choice", "=", False),
            ("decision_state", "=", "open"),
        ]
        votes = self._open(self.member, action).filtered_domain(waiting)
        self.assertEqual(votes.request_id, self.requests[2])
        opened = votes.action_open_decision()
        self.assertEqual(opened["res_id"], votes.decision_id.id)
        votes.decision_id.action_vote("accept")
        self.assertFalse(votes.filtered_domain(waiting))
        activities = self.requests[2].activity_ids
        self.assertNotIn(self.member, activities.user_id)

    def test_from_request_to_decision(self):
        """The button opens the decision for its readers, otherwise an empty list."""
        request = self.requests[2]
        decision = request.sudo()._get_current_decision()
        opened = request.with_user(self.member).action_view_decision()
        self.assertEqual(opened["res_id"], decision.id)
        opened = request.with_user(self.officer).action_view_decision()
        self.assertFalse(opened.get("res_id"), "Open votes are the committee's")
