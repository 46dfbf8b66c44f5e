from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import BeneficiaryCommon

# The lists of a day's work, each with its action, its views and its questions.
ALL = {"is_mine", "is_of_my_branch", "is_due_this_week", "waits_for_me"}
APPLICANT = {"waits_for_applicant"}
LISTS = {
    "beneficiary_action": ALL | APPLICANT,
    "request_action": ALL | APPLICANT,
    "interaction_action": ALL,
    "delivery_action": ALL | APPLICANT,
    "referral_action": ALL,
    "notice_action": ALL - {"is_due_this_week"},
    "decision_action": ALL,
    "document_action": ALL | APPLICANT,
    "rating_action": set(),
}
VIEWS = {"list", "kanban", "calendar", "pivot", "graph"}
FEWER = {
    "decision_action": VIEWS - {"calendar"},
    "document_action": {"list", "kanban"},
}
# Whole numbers that count nothing: a table of their sums says nothing.
COUNTERS = {"round", "tries", "res_id", "parent_res_id"}


@tagged("post_install", "-at_install")
class TestLists(BeneficiaryCommon):
    """Lists answer the questions of the day, each from one rule, for every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.write({"branch_id": cls.branch.id, "officer_id": cls.officer.id})
        cls.states = {
            state: test._make_request(state)
            for state in ("draft", "submitted", "verified", "in_review", "registered")
        }
        cls.requests = cls.env["beneficiary.request"].union(*cls.states.values())
        cls.delivery = test._plan_delivery(cls.states["registered"])
        cls.referral = cls.env["beneficiary.referral"].create(
            {
                "request_id": cls.states["draft"].id,
                "researcher_id": cls.researcher.id,
                "question": "Which paper?",
            }
        )
        cls.complaint = cls.env["beneficiary.interaction"].create(
            {
                "subject": "A complaint",
                "kind": "complaint",
                "company_id": cls.company.id,
                "channel_id": cls._channel("phone").id,
                "beneficiary_id": cls.file.id,
                "officer_id": cls.officer.id,
            }
        )
        cls.env["beneficiary.notice"]._queue(cls.states["draft"], "cancelled")

    def _get_action(self, name):
        return self.env.ref(f"beneficiary_relations.{name}")

    def _ask(self, user, record, question):
        """Return whether ``record`` is the answer of ``question`` for ``user``."""
        self.env.invalidate_all()
        found = self._call_as(
            user,
            record._name,
            "search",
            [(question, "=", True), ("id", "=", record.id)],
        )
        [row] = self._call_as(user, record._name, "read", record.ids, [question])
        self.assertEqual(row[question], bool(found), (user.login, question))
        return bool(found)

    def assertAnswers(self, record, question, *users):
        """Check for whom of those who may read ``record`` it is the answer."""
        for user in (
            self.officer,
            self.manager,
            self.delegate,
            self.researcher,
            self.chair,
        ):
            if not record.with_user(user).has_access("read"):
                continue
            with self.subTest(user=user.login, question=question, model=record._name):
                self.assertEqual(self._ask(user, record, question), user in users)

    def test_views_and_filters(self):
        """Views: each list has its views, its questions and its empty page."""
        for name, questions in LISTS.items():
            action = self._get_action(name)
            with self.subTest(action=name):
                self.assertLessEqual(
                    FEWER.get(name, VIEWS), {*action.view_mode.split(",")}
                )
                self.assertIn("o_view_nocontent", action.help)
                arch = etree.fromstring(action.search_view_id.arch)
                domains = {
                    filter_.get("domain")
                    for filter_ in arch.iter("filter")
                    if filter_.get("domain")
                }
                for question in questions:
                    self.assertIn(f"[('{question}', '=', True)]", domains)

    def test_every_role(self):
        """Views: each question can be asked by everybody who has the list."""
        for name, questions in LISTS.items():
            model = self._get_action(name).res_model
            for user in (
                self.officer,
                self.manager,
                self.delegate,
                self.researcher,
                self.chair,
                self.auditor,
            ):
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                for question in questions:
                    for record in records.search([])[:5]:
                        with self.subTest(model=model, user=user.login):
                            self._ask(user, record.sudo(), question)
                    self._call_as(user, model, "search_count", [(question, "=", False)])

    def test_sums(self):
        """Views: tables and charts offer no sums of numbers that count nothing."""
        for name in LISTS:
            action = self._get_action(name)
            views = [view for view in action.views if view[1] in ("pivot", "graph")]
            for _id, kind in views:
                model = self.env[action.res_model].with_user(self.manager)
                view = model.get_view(_id, kind)
                shown = {
                    field.get("name")
                    for field in etree.fromstring(view["arch"]).iter("field")
                    if field.get("invisible") != "1"
                }
                hidden = {
                    field.get("name")
                    for field in etree.fromstring(view["arch"]).iter("field")
                } - shown
                counters = {
                    field
                    for field in COUNTERS & model._fields.keys()
                    if model._fields[field].store and model._fields[field].aggregator
                }
                with self.subTest(action=name, view=kind):
                    self.assertFalse(COUNTERS & shown)
                    self.assertLessEqual(counters, hidden)

    def test_mine(self):
        """Views: mine is what names me; my branch is what its delegates look after."""
        for record in (self.states["draft"], self.file, self.complaint, self.delivery):
            self.assertAnswers(record, "is_mine", self.officer)
            self.assertAnswers(record, "is_of_my_branch", self.delegate)
        self.assertAnswers(self.referral, "is_mine", self.researcher)
        self.assertAnswers(self.referral, "is_of_my_branch", self.delegate)
        decision = self.states["in_review"].decision_ids
        self.assertAnswers(decision, "is_mine", self.chair)

    def test_waits_for_me(self):
        """Views: what waits for me is my next move, and not the applicant's."""
        for state, users in (
            ("submitted", [self.officer]),
            ("verified", []),
            ("in_review", [self.chair]),
            ("registered", [self.officer]),
        ):
            self.assertAnswers(self.states[state], "waits_for_me", *users)
        # A referral makes the draft the researcher's turn too.
        self.assertAnswers(
            self.states["draft"], "waits_for_me", self.officer, self.researcher
        )
        self.assertAnswers(self.referral, "waits_for_me", self.researcher)
        self.assertAnswers(self.complaint, "waits_for_me", self.officer)
        self.assertAnswers(self.delivery, "waits_for_me", self.officer)
        review = self.states["in_review"]
        review.decision_ids.with_user(self.chair).action_vote("accept", "As studied")
        self.assertAnswers(review, "waits_for_me")
        self.assertAnswers(review.decision_ids, "waits_for_me")

    def test_waits_for_applicant(self):
        """Views: what came back, or is to be signed, waits for the applicant."""
        self.assertAnswers(
            self.states["verified"], "waits_for_applicant", *self._staff()
        )
        returned = self.states["submitted"]
        self.assertAnswers(returned, "waits_for_applicant")
        returned.with_user(self.officer).action_return(reason="A paper is missing")
        self.assertAnswers(returned, "waits_for_applicant", *self._staff())
        # The chair may not read these requests, and so does not learn of them.
        office = set(self._staff()) - {self.chair}
        self.assertAnswers(self.file, "waits_for_applicant", *office)
        self.assertAnswers(self.delivery, "waits_for_applicant")
        self._hand_over(self.delivery)
        self.assertAnswers(self.delivery, "waits_for_applicant", *self._staff())

    def _staff(self):
        return self.officer, self.manager, self.delegate, self.researcher, self.chair

    def test_due_this_week(self):
        """Views: what is due within seven days, or late, is due this week."""
        # They reckon in the days of the association: after midnight in Riyadh, it is
        # still the day before in UTC.
        for user in self._staff():
            user.tz = "Asia/Riyadh"
        today = self.company._get_beneficiary_today()
        cr = self.env.cr
        for days, is_due in ((-1, True), (6, True), (8, False)):
            cr.execute(
                "UPDATE beneficiary_request SET reply_due_on = now() + %s * INTERVAL"
                " '1 day' WHERE id = %s",
                [days, self.states["in_review"].id],
            )
            cr.execute(
                "UPDATE beneficiary_delivery SET planned_date = %s::date + %s",
                [today, days],
            )
            cr.execute(
                "UPDATE beneficiary_interaction SET answer_due_on = %s::date + %s",
                [today, days],
            )
            self.env.invalidate_all()
            users = self._staff() if is_due else ()
            for record in (
                self.states["in_review"],
                self.states["in_review"].decision_ids,
                self.delivery,
                self.complaint,
            ):
                self.assertAnswers(record, "is_due_this_week", *users)

    def test_actions_of_a_list(self):
        """Views: buttons above a list are only for those who may press one of them."""
        for model, button, users in (
            ("beneficiary.request", "Release the Reply", {"officer", "chair"}),
            ("beneficiary.request", "Hand to a Colleague", {"officer"}),
            (
                "beneficiary.beneficiary",
                "Invite to the Portal",
                {"officer", "delegate"},
            ),
            ("beneficiary.notice", "Try Again", {"officer"}),
            ("beneficiary.document", "Match", {"officer"}),
        ):
            seen = set()
            for name in ("officer", "delegate", "researcher", "chair", "auditor"):
                try:
                    view = (
                        self.env[model]
                        .with_user(getattr(self, name))
                        .with_context(lang="en_US")
                        .get_view(view_type="list")
                    )
                except AccessError:
                    continue
                buttons = etree.fromstring(view["arch"]).iterfind("header/button")
                if button in {node.get("string") for node in buttons}:
                    seen.add(name)
            with self.subTest(model=model, button=button):
                self.assertEqual(seen, users)

    def test_groups_of_cards(self):
        """Views: cards stand in columns, and a column is a field that is stored."""
        for name in LISTS:
            action = self._get_action(name)
            model = self.env[action.res_model].with_user(self.manager)
            ids = [view for view, kind in action.views if kind == "kanban"]
            arch = etree.fromstring(model.get_view(ids[0], "kanban")["arch"])
            column = arch.get("default_group_by")
            with self.subTest(action=name):
                if name != "document_action":
                    self.assertTrue(model._fields[column].store)
                    self.assertEqual(arch.get("records_draggable"), "0")
