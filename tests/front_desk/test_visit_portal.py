from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..request.common import PortalCase, select

VISIT = "beneficiary.appointment"
NEW = "/my/visits/new"


@tagged("post_install", "-at_install", "without_demo")
class TestVisitPortal(PortalCase):
    """R33: a person asks for a call or visit, chooses a time, changes and cancels."""

    def setUp(self):
        super().setUp()
        self.file.officer_id = self.officer
        self.first = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)

    def _ask(self, **vals):
        form = {"kind": "home", "subject": "السكن", "words": "صباحًا", **vals}
        return self._post(NEW, form, allow_redirects=False)

    def _get_visit(self, user=None):
        return self.env[VISIT].search(
            [("asked_by_id", "=", (user or self.applicant).id)], limit=1
        )

    def _offer(self):
        self._ask()
        visit = self._get_visit()
        office = visit.with_user(self.officer)
        office.slot_ids = [
            Command.create({"start": self.first + timedelta(days=day)})
            for day in range(2)
        ]
        office.action_offer()
        return visit

    def _page(self, visit):
        return self._get(f"/my/visits/{visit.id}")

    def test_ask(self):
        """R33: what is asked for is a task of the officer, and stands in the list."""
        self.assertTrue(select(self._get(NEW), "textarea[name=words]"))
        for kind in ("call", "office", "home"):
            response = self._ask(kind=kind)
            self.assertEqual(response.status_code, 303)
            visit = self._get_visit()
            self.assertEqual((visit.kind, visit.state), (kind, "asked"))
            self.assertEqual(visit.beneficiary_id, self.file)
            self.assertEqual(visit.activity_ids.user_id, self.officer)
            self.assertIn(visit.name, self._page(visit).text_content())
        self.assertEqual(len(select(self._get("/my/contacts"), ".o_br_visits a")), 3)

    def test_choose(self):
        """R33: the person chooses an offered time; it is in the officer's calendar."""
        visit = self._offer()
        waiting = self._get_waiting(VISIT, self.applicant)
        self.assertEqual([line["url"] for line in waiting], [f"/my/visits/{visit.id}"])
        self.assertEqual(waiting[0]["date"], self.first)
        options = select(self._page(visit), "input[name=slot_id]")
        self.assertEqual(len(options), 2)
        for _time in range(2):
            self._post(
                f"/my/visits/{visit.id}/choose",
                {"slot_id": options[0].get("value"), "submission_key": "one"},
            )
        self.assertEqual((visit.state, visit.start), ("agreed", self.first))
        self.assertEqual(visit.event_id.user_id, self.officer)
        self.assertTrue(select(self._page(visit), ".o_br_when"))
        self.assertFalse(self._get_waiting(VISIT, self.applicant))

    def test_change_and_cancel(self):
        """R33: the person asks for another time, or cancels; the office is told."""
        visit = self._offer()
        path = f"/my/visits/{visit.id}"
        self._post(f"{path}/choose", {"slot_id": visit.slot_ids[0].id})
        event = visit.event_id
        self._post(f"{path}/change", {"reason": ""}, allow_redirects=False)
        (error,) = select(self._page(visit), "details .o_br_error[role=alert]")
        self.assertTrue(error.text_content().strip())
        self._post(f"{path}/change", {"reason": "بعد الظهر"})
        self.assertEqual((visit.state, visit.reason), ("asked", "بعد الظهر"))
        self.assertFalse(event.exists())
        self.assertEqual(visit.activity_ids.user_id, self.officer)
        self._post(f"{path}/cancel", {"reason": ""})
        self.assertEqual(visit.state, "cancelled")
        self._post(f"{path}/choose", {"slot_id": visit.slot_ids[0].id})
        self.assertEqual(visit.state, "cancelled")
        self.assertFalse(select(self._page(visit), "form.o_br_form"))

    def test_time_went(self):
        """R33: a time that somebody took meanwhile is refused in plain words."""
        visit = self._offer()
        slot = visit.slot_ids[0]
        self.env["calendar.event"].create(
            {
                "name": "Board",
                "start": slot.start,
                "stop": slot.start + timedelta(hours=1),
                "partner_ids": [Command.set(self.officer.partner_id.ids)],
            }
        )
        self._post(
            f"/my/visits/{visit.id}/choose", {"slot_id": slot.id}, allow_redirects=False
        )
        self.assertEqual(visit.state, "offered")
        page = self._page(visit)
        self.assertTrue(select(page, ".o_br_choose .o_br_error"))
        self.assertTrue(select(page, "input[disabled=disabled]"))

    def test_others(self):
        """R43: nobody sees, chooses, changes or cancels for others; no state by GET."""
        visit = self._offer()
        path = f"/my/visits/{visit.id}"
        for step in ("choose", "change", "cancel"):
            response = self.url_open(f"{path}/{step}", allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith(path))
        self._sign_in(self.neighbour)
        for step, data in (
            ("choose", {"slot_id": visit.slot_ids[0].id}),
            ("change", {"reason": "x"}),
            ("cancel", {"reason": "x"}),
        ):
            response = self._post(f"{path}/{step}", data, allow_redirects=False)
            self.assertIn("/my/file/elsewhere", response.headers["Location"])
        response = self.url_open(path, allow_redirects=False)
        self.assertIn("/my/file/elsewhere", response.headers["Location"])
        self._ask(file_id=self.file.id)
        self.assertEqual(
            self._get_visit(self.neighbour).beneficiary_id, self.neighbour_file
        )
        self.assertEqual(visit.state, "offered")

    def test_foreign_slot(self):
        """R43: a time of another appointment, or none, is not chosen."""
        visit, other = self._offer(), self._offer()
        for slot in (visit.slot_ids[0].id, 0, "x", "٩", "9" * 30, ""):
            self._post(f"/my/visits/{other.id}/choose", {"slot_id": slot})
            self.assertEqual(other.state, "offered", slot)

    def test_mistakes(self):
        """R33: a mistake is said, what was typed stays, and nothing is asked for."""
        for vals in (
            {"subject": " "},
            {"kind": "party"},
            {"words": "س" * 3000},
            {"submission_key": "x" * 100},
        ):
            with self.subTest(vals=str(vals)[:40]):
                self._ask(**vals)
                self.assertFalse(self._get_visit())
                page = self._get(NEW)
                self.assertTrue(select(page, ".o_br_error[role=alert]"))

    def test_twice_and_enough(self):
        """R44: a form that arrives twice asks once; five open ones are enough."""
        for _time in range(2):
            self._ask(submission_key="same")
        visits = self.env[VISIT].search([("beneficiary_id", "=", self.file.id)])
        self.assertEqual(len(visits), 1)
        for _time in range(6):
            self._ask()
        visits = self.env[VISIT].search([("beneficiary_id", "=", self.file.id)])
        self.assertEqual(len(visits), 5)
