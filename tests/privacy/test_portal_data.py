import json
import time

from odoo import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..request.common import PortalCase, select

REQUEST = "beneficiary.data.request"
CONSENT = "beneficiary.consent"


@tagged("post_install", "-at_install", "without_demo")
class TestPortalData(PortalCase):
    """R51: the person's own page about their data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.applicant | cls.neighbour).lang = "en_US"

    def _send(self, form, file=None, **vals):
        data = {"file_id": (file or self.file).id, "submission_key": "k1", **vals}
        return self._post(f"/my/data/{form}", data)

    def _prove(self, password=None):
        return self._send("prove", password=password or self.applicant.login)

    def _get_asked(self, file=None):
        return self.env[REQUEST].search(
            [("beneficiary_id", "=", (file or self.file).id)]
        )

    def _get_consents(self):
        return self.env[CONSENT].search([("beneficiary_id", "=", self.file.id)])

    def test_consents(self):
        """R51: consents are given and withdrawn on the page, each on record."""
        page = self._get("/my/data")
        shown = select(page, "p.o_br_decision")
        self.assertEqual({one.get("data-given") for one in shown}, {"no"})
        self._send("consent", purpose="study", decision="given")
        self._send("consent", purpose="study", decision="given")
        line = self._get_consents()
        self.assertEqual((line.decision, line.method), ("given", "portal"))
        self.assertEqual(line.given_by, self.file.name)
        self.assertEqual(line.recorded_by_id, self.applicant)
        page = self._get("/my/data")
        (study,) = select(page, "p.o_br_decision[data-purpose=study]")
        self.assertEqual(study.get("data-given"), "yes")
        self._send("consent", purpose="study", decision="withdrawn")
        self.assertEqual(self._get_consents()[0].decision, "withdrawn")
        self.assertEqual(len(self._get_consents()), 2)
        self._send("consent", purpose="everything", decision="given")
        self.assertEqual(len(self._get_consents()), 2)

    def test_copy_needs_a_proof(self):
        """R51: without a fresh proof there is no copy, by no address."""
        path = f"/my/data/{self.file.id}/copy"
        page = self._get("/my/data")
        self.assertTrue(select(page, "input[name=password]"))
        self._send("copy")
        for kind in ("json", "pdf"):
            response = self.url_open(f"{path}.{kind}", allow_redirects=False)
            self.assertEqual(response.status_code, 303)
        with mute_logger("odoo.addons.base.models.res_users"):
            response = self._prove("wrong")
        self.assertIn("password is not right", response.text)
        self._send("copy")
        self.assertFalse(self._get_asked())
        self._prove()
        response = self._send("copy")
        self.assertIn("copy.json", response.text)
        copy = self._get_asked()
        self.assertEqual((copy.kind, copy.state), ("copy", "done"))
        self.assertFalse(copy.activity_ids, "the office has nothing to do")
        response = self.url_open(f"{path}.json")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        data = json.loads(response.text)
        self.assertEqual(data["number"], copy.name)
        self.assertEqual(data["file"][0]["name"], self.file.name)
        # Once a day it is on record.
        self._send("copy")
        self.assertEqual(self._get_asked(), copy)

    def test_signing_in_is_a_proof(self):
        """R51: who signed in just now needs no other proof."""
        self.authenticate(None, None)
        name = self.applicant.login
        self._post(
            "/web/login",
            {"login": name, "password": name, "redirect": "/my/data"},
        )
        page = self._get("/my/data")
        self.assertFalse(select(page, "input[name=password]"))
        self.assertTrue(select(page, "form[action=/my/data/copy]"))

    def test_proof_ends(self):
        """R51: the proof counts for ten minutes."""
        self._prove()
        self._send("copy")
        later = time.time() + 11 * 60
        self.patch(time, "time", lambda: later)
        response = self.url_open(
            f"/my/data/{self.file.id}/copy.json", allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)

    def test_delete_the_account(self):
        """R46: who signs in without a password can delete their account, too."""
        self._send("leave", sure="yes")
        self.assertTrue(self.applicant.active)
        self._prove()
        self._send("leave")
        self.assertTrue(self.applicant.active)
        self._send("leave", sure="yes")
        self.assertFalse(self.applicant.active)
        self.assertFalse(self.file.portal_user_ids)
        self.assertTrue(self.file.active)
        self.assertIn("/web/login", self.url_open("/my/data").url)

    def test_ask(self):
        """R51: correction and erasure go to an officer, with a number and a day."""
        self.file.officer_id = self.officer
        response = self._send("ask", kind="correction", text="My street is wrong.")
        asked = self._get_asked()
        self.assertEqual((asked.kind, asked.state), ("correction", "open"))
        self.assertEqual((asked.owner_id, asked.on_portal), (self.officer, True))
        self.assertEqual(asked.text, "My street is wrong.")
        self.assertIn(asked.name, response.text)
        self.assertTrue(asked.activity_ids)
        # The same form, sent twice, makes one.
        self._send("ask", kind="correction", text="My street is wrong.")
        self.assertEqual(self._get_asked(), asked)
        self._send("ask", kind="erasure", text="Everything.", submission_key="k2")
        self.assertEqual(len(self._get_asked()), 2)
        response = self._send(
            "ask", kind="erasure", text="All of it.", submission_key="k3"
        )
        self.assertIn("asked for this already", response.text)
        self.assertIn("All of it.", response.text, "what was typed stays")
        self.assertEqual(len(self._get_asked()), 2)

    def test_answer_is_shown(self):
        """R51: the person reads the answer, and not before it is given."""
        self._send("ask", kind="correction", text="My street is wrong.")
        asked = self._get_asked()
        asked.answer = "It is corrected."
        self.assertNotIn("It is corrected.", self.url_open("/my/data").text)
        asked.with_user(self.manager).action_done()
        self.assertIn("It is corrected.", self.url_open("/my/data").text)
        waiting = self._get_waiting(REQUEST, self.applicant)
        self.assertEqual(len(waiting), 1)

    def test_refused(self):
        """R51: what is not complete is refused beside its button, in words."""
        for kind in ("correction", "erasure"):
            page = self._send("ask", kind=kind, text=" ")
            self.assertIn('role="alert"', page.text)
        self._send("ask", kind="copy", text="x")
        self._send("ask", kind="", text="x")
        self.assertFalse(self._get_asked())

    def test_words_are_text(self):
        """Trap: what was asked is shown as text, not as HTML."""
        self._send("ask", kind="correction", text="<script>alert(1)</script>")
        page = self._get("/my/data")
        (shown,) = select(page, "section.o_br_data_requests")
        self.assertIn("<script>alert(1)</script>", shown.text_content())
        self.assertFalse(select(shown, "script"))

    def test_only_one_s_own(self):
        """R43: nobody asks, decides or takes a copy for another person's file."""
        self._prove()
        other = self.neighbour_file
        self._send("copy", file=other)
        self._send("consent", file=other, purpose="study", decision="given")
        self._send("ask", file=other, kind="erasure", text="Everything.")
        self.assertFalse(self._get_asked(other))
        self.assertFalse(self.env[CONSENT].search([("beneficiary_id", "=", other.id)]))
        self._send("copy")
        response = self.url_open(
            f"/my/data/{other.id}/copy.json", allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)
        for wrong in ("0", "-1", "x", "9" * 30):
            response = self._post("/my/data/ask", {"file_id": wrong, "kind": "erasure"})
            self.assertEqual(response.status_code, 200)
        for model in (REQUEST, CONSENT):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self._rpc(model, "search_read", [], ["display_name"])

    def test_guardian(self):
        """R51: who stands for everything asks for the ward; for requests alone, not."""
        guardian = self._make_guardian()
        guardian.lang = "en_US"
        line = self.file.representative_ids
        self._sign_in(guardian)
        self._send("consent", purpose="study", decision="given")
        self.assertEqual(self._get_consents().given_by, "Guardian")
        for scope in ("requests", "receipt"):
            line.scope = scope
            self._send("ask", kind="erasure", text="Everything.")
            self.assertFalse(self._get_asked())
        line.write({"scope": "all", "date_to": "2020-02-01"})
        self._send("ask", kind="erasure", text="Everything.")
        self.assertFalse(self._get_asked())

    def test_several_files(self):
        """R43: with files in two associations, the person chooses one."""
        self.applicant.company_ids |= self.other
        second = self._make_file(
            self.other, self.applicant, identity_number="1000000008"
        )
        page = self._get("/my/data")
        self.assertEqual(len(select(page, "div.o_br_choose")), 1)
        self.assertFalse(select(page, "textarea"))
        self._send("ask", file=second, kind="erasure", text="Everything.")
        self.assertEqual(self._get_asked(second).company_id, self.other)

    def test_addresses_of_forms(self):
        """A10: the address of a form, opened by hand, leads to the page."""
        for form in ("prove", "consent", "copy", "ask"):
            response = self.url_open(f"/my/data/{form}")
            self.assertTrue(response.url.endswith("/my/data"), form)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/data").url)

    def test_staff(self):
        """R43: staff, who follow no file, have no such page."""
        self.applicant.group_ids = [Command.link(self.env.ref("base.group_portal").id)]
        self._sign_in(self.officer)
        self.assertFalse(self.url_open("/my/data").url.endswith("/my/data"))
