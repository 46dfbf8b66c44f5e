from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...rules import holidays
from ..common import BeneficiaryCommon

SETUP = "beneficiary.setup"
RULES = "odoo.addons.base.models.ir_rule"
SERVICE = "beneficiary.service"
PEOPLE = (
    ("سارة المثال", "chair@first.example.com", "chair"),
    ("منى المثال", "member@first.example.com", "member"),
    ("نورة المثال", "officer@first.example.com", "officer"),
)


@tagged("post_install", "-at_install")
class TestSetup(BeneficiaryCommon):
    """R53: the assistant leads a new association to its first request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls.env["res.company"].create({"name": "Fresh"})
        cls.fresh.partner_id.lang = "en_US"
        cls.head = cls._make_user("br_head", "manager", cls.fresh)
        cls.head.lang = "en_US"

    def _open(self, user=None):
        user = user or self.head
        records = self.env[SETUP].with_user(user)
        return records.with_context(allowed_company_ids=user.company_ids.ids)

    def _get_needed(self, company=None):
        company = company or self.fresh
        return [one.page for one in company._get_setup_missing() if one.is_needed]

    def _fill(self, form, page):
        """Type into the page what a manager would."""
        if page == "association":
            form.beneficiary_licence_number = "٤٥٦"
        elif page == "people":
            for name, email, role in PEOPLE:
                with form.person_ids.new() as person:
                    person.name, person.email, person.role = name, email, role
        elif page == "services":
            with form.service_ids.edit(0) as service:
                service.is_chosen = True

    def _go_on(self, setup, pages):
        for page in pages:
            self.assertEqual(setup.page, page)
            with Form(setup) as form:
                self._fill(form, page)
            setup.action_next()

    def test_from_nothing_to_the_first_request(self):
        """R53, R45: six pages, each saved by itself; then the first request opens."""
        self.assertEqual(self._get_needed(), ["policy", "people", "services"])
        setup = Form(self._open()).save()
        self._go_on(setup, ("association", "policy", "people", "services", "portal"))
        self.assertEqual(setup.page, "ready")
        self.assertEqual(self._get_needed(), ["ready"])
        action = setup.action_start()
        self.assertEqual(action["res_model"], "beneficiary.request")
        self.assertFalse(self._get_needed())
        fresh = self.fresh
        self.assertEqual(fresh.beneficiary_licence_number, "456")
        self.assertEqual(fresh.country_id.code, "SA")
        self.assertEqual(fresh.currency_id.name, "SAR")
        policy = fresh._get_beneficiary_policy()
        template = self.env.ref("beneficiary_relations.policy_template_beneficiary")
        self.assertEqual(len(policy.clause_ids), len(template.clause_ids))
        service = self.env[SERVICE].search([("company_id", "=", fresh.id)])
        self.assertEqual(service.committee_id.company_id, fresh)
        self.assertTrue(service.portal_published)
        self.assertTrue(service.document_line_ids)

    def test_numbers_start_at_one(self):
        """R43, R53: a new association counts its files and requests from one."""
        setup = Form(self._open()).save()
        self._go_on(setup, ("association", "policy", "people", "services", "portal"))
        setup.action_start()
        env = self._open().env
        file = env["beneficiary.beneficiary"].create({"name": "سالم المثال"})
        request = env["beneficiary.request"].create(
            {
                "beneficiary_id": file.id,
                "service_id": env[SERVICE].search([]).id,
                "channel_id": self._channel("phone").id,
                "description": "A basket",
            }
        )
        self.assertEqual(int(file.file_number), 1)
        self.assertTrue(request.name.endswith("/00001"), request.name)

    def test_it_goes_on_where_it_was_left(self):
        """R53: the page is found from the data, whoever did the rest."""
        setup = Form(self._open()).save()
        self._go_on(setup, ("association", "policy"))
        setup.action_save()
        again = Form(self._open())
        self.assertEqual(again.page, "people")
        self.assertTrue(again.policy_id)
        again = again.save()
        self._go_on(again, ("people",))
        again.action_back()
        self.assertEqual(again.page, "people")
        self.assertIn("سارة المثال", again.staff_html)
        self.assertFalse(again.person_ids, "Nobody is invited twice")

    def test_people_get_their_roles(self):
        """R53: a person gets an account, a role, a seat, and an invitation."""
        setup = Form(self._open()).save()
        with self._mock_invitations() as invited:
            self._go_on(setup, ("association", "policy", "people"))
        users = self.env["res.users"].search([("login", "like", "@first.example.com")])
        self.assertEqual(len(users), 3)
        self.assertEqual(users.company_ids, self.fresh)
        self.assertCountEqual(invited, users.mapped("login"))
        chair = users.filtered(lambda user: user.login.startswith("chair"))
        self.assertTrue(chair.has_group("beneficiary_relations.group_committee"))
        self.assertFalse(chair.has_group("beneficiary_relations.group_officer"))
        committee = self.env["beneficiary.committee"].search(
            [("company_id", "=", self.fresh.id)]
        )
        self.assertEqual(committee.member_ids.mapped("role"), ["chair", "member"])

    @contextmanager
    def _mock_invitations(self):
        """Collect the logins that Odoo would invite."""
        invited = []
        with patch.object(
            type(self.env["res.users"]),
            "_action_reset_password",
            lambda self, **_kw: invited.extend(self.mapped("login")),
        ):
            yield invited

    def test_other_peoples_accounts_are_left_alone(self):
        """R43: an account of another association, or of an applicant, gets no role."""
        fresh = self.fresh.with_user(self.head)
        for user in (self.officer, self.applicant):
            user.login = f"{user.login}@example.com"
            groups = user.group_ids
            with self.assertRaises(ValidationError):
                fresh._set_up_person("X", user.login.upper(), "manager", None)
            self.assertEqual(user.group_ids, groups)
            self.assertNotIn(self.fresh, user.company_ids)
        with self.assertRaises(ValidationError):
            fresh._set_up_person("X", "no address", "officer", None)
        clerk = self._make_user("clerk@example.com", "base.group_user", self.fresh)
        fresh._set_up_person("Clerk", "Clerk@example.com", "researcher", None)
        self.assertTrue(clerk.has_group("beneficiary_relations.group_researcher"))

    def test_colleagues_who_work_elsewhere_too(self):
        """R43: a role counts in all associations, so only administrators give it."""
        both = self._make_user("both@example.com", "base.group_user", self.fresh)
        both.company_ids |= self.company
        groups = both.group_ids
        with self.assertRaises(ValidationError):
            self.fresh.with_user(self.head)._set_up_person(
                "Both", both.login, "manager", None
            )
        self.assertEqual(both.group_ids, groups)

    def test_only_managers(self):
        """R43, R53: nobody else sets an association up, and no one another's."""
        for user in (self.officer, self.auditor, self.member, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._open(user).create({"page": "ready"})
        for call in (
            lambda company: company._set_up_association({"name": "Mine"}),
            lambda company: company._set_up_holidays(),
            lambda company: company._set_up_services(["C01"], None),
            lambda company: company._set_up_person("X", "x@example.com", "officer", 0),
            lambda company: company._get_setup_staff(),
        ):
            with self.assertRaises(AccessError):
                call(self.fresh.with_user(self.manager))
        with self.assertRaises(AccessError):
            setup = self._open().create({"page": "association"})
            setup.write({"company_id": self.company.id})
            setup.action_next()

    def test_the_role_in_one_click(self):
        """R53: who installed the addon takes the role; nobody else can."""
        setup = self._open().create({})
        with self.assertRaises(AccessError):
            setup.action_take_role()
        admin = self._make_user("br_system", "base.group_system", self.fresh)
        form = Form(self._open(admin))
        self.assertTrue(form.needs_role)
        form.save().action_take_role()
        self.assertTrue(admin.has_group("beneficiary_relations.group_manager"))
        self.assertFalse(Form(self._open(admin)).needs_role)

    def test_start_says_what_is_missing(self):
        """R53: the first request waits for a committee and a service."""
        setup = self._open().create({"page": "ready"})
        with self.assertRaisesRegex(UserError, "(?s)policy.*committee.*service"):
            setup.action_start()

    def test_the_portal_is_a_channel(self):
        """R7: turned off, the draft has no portal, and services are not offered."""
        setup = Form(self._open()).save()
        self._go_on(setup, ("association", "policy"))
        company = self._open().env.company
        company._set_up_portal(False)
        policy = self.fresh._get_setup_policy()
        self.assertFalse(policy._get_channels().filtered("is_portal"))
        company._set_up_portal(True)
        self.assertTrue(policy._get_channels().filtered("is_portal"))

    def test_a_policy_in_force_stays(self):
        """R1: the assistant does not touch the text of a policy in force."""
        company = self.company.with_user(self.manager)
        policy = self.company._get_beneficiary_policy()
        channels = policy._get_channels()
        company._set_up_policy(None, channels[:1])
        company._set_up_portal(False)
        self.assertEqual(policy._get_channels(), channels)

    def test_the_catalogue_is_nobodys_service(self):
        """R45, R43: services of the catalogue stand in no list and no picker."""
        catalogue = self.env["res.company"]._get_service_catalogue()
        self.assertGreaterEqual(len(catalogue), 19)
        for user in (self.manager, self.officer, self.auditor):
            services = self.env[SERVICE].with_user(user)
            self.assertFalse(services.search([("id", "in", catalogue.ids)]))
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.env[SERVICE].with_user(self.manager).create(
                {"name": "X", "company_id": False, "portal_published": False}
            )

    def test_offered_services_are_studied(self):
        """R45: no service is offered on the portal without its committee."""
        self.assertTrue(self.service.portal_published)
        self.service.committee_id = False
        self.assertFalse(self.service.portal_published)
        with self.assertRaisesRegex(ValidationError, "no committee") as caught:
            self.service.portal_published = True
        self.assertIn("committee_id", str(caught.exception.context))

    def test_holidays(self):
        """R21, R53: the feasts are entered once, and none is moved back."""
        with freeze_time("2026-01-10"):
            company = self.fresh.with_user(self.head)
            company._set_up_holidays()
            domain = self.fresh._get_beneficiary_holiday_domain()
            leaves = self.env["resource.calendar.leaves"].search(domain)
            self.assertEqual(len(leaves), 8, leaves.mapped("display_name"))
            self.assertEqual(leaves.company_id, self.fresh)
            company._set_up_holidays()
            self.assertEqual(
                self.env["resource.calendar.leaves"].search_count(domain), 8
            )
            off = self.fresh._get_beneficiary_work_calendar(leaves[0].date_from)
        self.assertIn(date(2026, 3, 20), off.holidays)
        self.assertEqual(self.company._get_setup_missing()[0].is_needed, False)

    def test_no_texts(self):
        """R20: without text messages nobody is told by one."""
        self.assertIn("sms", self.file._get_notice_channels())
        self.company.beneficiary_sends_texts = False
        self.assertEqual(self.file._get_notice_channels(), ["email"])
        self.file.email = False
        self.assertTrue(self.file.is_told_by_hand)
        self.assertFalse(self.file._has_mobile())


@tagged("post_install", "-at_install")
class TestHolidayRules(BeneficiaryCommon):
    def test_public_holidays(self):
        """R21: four days from the day after 29 Ramadan, four from Arafah."""
        self.assertEqual(
            holidays.public_holidays(2026),
            [
                ("founding_day", date(2026, 2, 22), date(2026, 2, 22)),
                ("eid_al_fitr", date(2026, 3, 19), date(2026, 3, 22)),
                ("eid_al_adha", date(2026, 5, 26), date(2026, 5, 29)),
                ("national_day", date(2026, 9, 23), date(2026, 9, 23)),
            ],
        )
        # Two feasts of a kind can begin in one Gregorian year.
        codes = [code for code, *_days in holidays.public_holidays(2033)]
        self.assertEqual(codes.count("eid_al_fitr"), 2)
