import json
from base64 import b64decode

from lxml import html

from odoo.tests import tagged

from ..common import PIXEL
from ..request.common import PortalCase, select
from ..upload_cases import make_pdf


@tagged("post_install", "-at_install", "without_demo")
class TestFilePortal(PortalCase):
    """Home, file, family, papers, deliveries and help on the portal (R26, R33, R51)."""

    def setUp(self):
        super().setUp()
        self.ended = {"issue_date": False, "expiry_date": "2020-03-15"}
        self.change_url = f"/my/file/{self.file.id}/change"

    def _get_changes(self):
        return self.env["beneficiary.change"].search(
            [("beneficiary_id", "=", self.file.id)]
        )

    def test_pages_are_read_only(self):
        """Safety: pages work on a read-only replica, without a second try."""
        self._make_document(self.file, self.identity_type)
        with self.assertNoLogs("odoo.http", "WARNING"):
            for path in (
                "/my/file",
                f"/my/file/{self.file.id}",
                self.change_url,
                f"{self.change_url}?about=new_member",
                "/my/papers",
                "/my/deliveries",
                "/my/services",
                "/my/help",
            ):
                self._get(path)

    def test_home_leads_everywhere(self):
        """R26: one card for each section, and what waits stands above them."""
        page = self._get("/my")
        links = {card.get("href") for card in select(page, "a.o_br_section")}
        self.assertLessEqual(
            {
                "/my/requests",
                "/my/services",
                "/my/file",
                f"/my/file/{self.file.id}#family",
                "/my/papers",
                "/my/deliveries",
                "/my/help",
            },
            links,
        )
        self.assertTrue(select(page, ".o_br_nothing_waits"))
        self.assertFalse(select(page, "a[href=/my/addresses]"))
        for link in links:
            self._get(link)

    def test_home_costs(self):
        """Scale: the home page costs as much with 2N papers and requests as with N."""
        kinds = self.env["beneficiary.document.type"].create(
            [{"name": f"Kind {number}"} for number in range(8)]
        )
        costs = []
        for half in (kinds[:4], kinds[4:]):
            for kind in half:
                self._make_document(self.file, kind, **self.ended)
                self._make_request()
            for _each in half[:2]:
                self._make_request("delivered")
            self._get("/my")  # fill the caches
            before = self.cr.sql_log_count
            self._get("/my")
            costs.append(self.cr.sql_log_count - before)
        self.assertEqual(*costs)

    def test_a_paper_that_ended_waits(self):
        """R14: a paper that has ended waits on the home page, with both calendars."""
        paper = self._make_document(self.file, self.identity_type, **self.ended)
        (line,) = select(self._get("/my"), ".o_br_waiting li")
        (link,) = select(line, "a")
        self.assertEqual(link.get("href"), f"/my/papers#paper_{paper.id}")
        self.assertIn("1441/07/20", line.text_content())
        page = self._get("/my/papers")
        self.assertIn("1441/07/20", page.get_element_by_id(f"paper_{paper.id}")
                      .text_content())  # fmt: skip
        renew = f"/my/papers/{paper.id}/renew"
        same = self._post(renew, {}, files={"paper": ("x.png", b64decode(PIXEL))})
        self.assertTrue(select(html.fromstring(same.content), ".o_br_say"))
        for end in ("?done=renewed", ""):
            new = {"paper": ("new.pdf", make_pdf())}
            response = self._post(renew, {}, files=new)
            self.assertTrue(response.url.endswith(f"/my/papers{end}"))
        current = self.file.document_ids.filtered("is_current")
        self.assertEqual((len(current), current.version), (1, 2))
        self.assertFalse(select(self._get("/my"), ".o_br_waiting"))
        self._get(f"/my/papers/{current.id}")

    def test_papers_of_others(self):
        """R43: nobody renews or downloads the paper of somebody else."""
        paper = self._make_document(self.neighbour_file, self.identity_type)
        upload = {"paper": ("card.png", b64decode(PIXEL))}
        self._post(f"/my/papers/{paper.id}/renew", {}, files=upload)
        self.assertEqual(self.neighbour_file.document_ids, paper)
        response = self.url_open(f"/my/papers/{paper.id}")
        self.assertTrue(response.url.endswith("/my/papers"))
        own = self._make_document(self.file, self.identity_type)
        response = self.url_open(f"/my/papers/{own.id}")
        self.assertTrue(response.url.endswith("/my/papers"), "an officer scanned it")

    def test_a_refused_paper(self):
        """R33: the message stands at the paper, and the address leads back by GET."""
        paper = self._make_document(self.file, self.identity_type)
        renew = f"/my/papers/{paper.id}/renew"
        response = self._post(renew, {}, files={"paper": ("x.png", b"<html>")})
        page = html.fromstring(response.content)
        line = page.get_element_by_id(f"paper_{paper.id}")
        (alert,) = select(line, ".o_br_say[role=alert]")
        self.assertEqual(alert.get("tabindex"), "-1")
        self.assertFalse(select(self._get("/my/papers"), ".o_br_say"), "shown once")
        self.assertTrue(self.url_open(renew).url.endswith("/my/papers"))

    def test_all_that_is_held(self):
        """R51: the page shows what the file holds, and nothing that is internal."""
        self.file.write(
            {
                "notes": "INTERNAL",
                "birth_date": "1985-05-20",
                "iban": "SA0380000000608010167519",
                "city": "أبها",
                "chronic_illness": "السكري",
            }
        )
        self.env["beneficiary.household.member"].create(
            {"beneficiary_id": self.file.id, "name": "نورة المثال"}
        )
        self._make_guardian()
        page = self._get(f"/my/file/{self.file.id}").text_content()
        for text in ("1000000008", "1405/09/01", "أبها", "… 7519", "السكري", "نورة",
                     "Guardian"):  # fmt: skip
            self.assertIn(text, page)
        for text in ("INTERNAL", "SA03"):
            self.assertNotIn(text, page)

    def test_file_of_somebody_else(self):
        """R43: a foreign file leads home, by each of its addresses."""
        foreign = self.neighbour_file.id
        for path in (
            f"/my/file/{foreign}",
            f"/my/file/{foreign}/change",
            f"/my/file/{2**40}",
        ):
            self.assertNotIn("جار", self.url_open(path).text)
        self._post(f"/my/file/{foreign}/change", {"about": "file", "value_city": "x"})
        changes = self.env["beneficiary.change"]
        self.assertFalse(changes.search([("beneficiary_id", "=", foreign)]))

    def test_propose(self):
        """R51: the form shows what is held; its second arrival makes no other."""
        page = self._get(f"{self.change_url}?about=file")
        (phone,) = select(page, "[name=value_phone]")
        self.assertEqual(phone.get("value"), self.file.phone)
        for control in page.xpath("//main//form//*[self::input or self::select]"):
            if control.get("type") != "hidden":
                self.assertTrue(select(page, f"label[for={control.get('id')}]"))
        (key,) = select(page, "[name=submission_key]")
        form = {
            "about": "file",
            "value_city": "أبها",
            "submission_key": key.get("value"),
        }
        for _time in range(2):
            response = self._post(self.change_url, form)
            self.assertIn("done=proposed", response.url)
        change = self._get_changes()
        self.assertEqual(change.line_ids.new_text, "أبها")
        self.assertFalse(self.file.city)
        url = f"/my/file/{self.file.id}/changes/{change.id}/back"
        self.assertIn(f"/my/file/{self.file.id}", self.url_open(url).url)
        self.assertEqual(change.state, "proposed", "opened by GET")
        self._post(url)
        self.assertEqual(change.state, "withdrawn")

    def test_a_refused_proposal(self):
        """R33: what was typed comes back, after a redirect, with the message."""
        form = {"about": "file", "value_phone": "12", "value_city": "أبها"}
        response = self._post(self.change_url, form)
        self.assertEqual(response.history[0].status_code, 303)
        page = html.fromstring(response.content)
        (phone,) = select(page, "[name=value_phone]")
        self.assertEqual(phone.get("value"), "12")
        (city,) = select(page, "[name=value_city]")
        self.assertEqual(city.get("value"), "أبها")
        self.assertTrue(select(page, "form .o_br_errors[role=alert]"))
        self.assertFalse(self._get_changes())
        response = self._post(
            self.change_url, form, headers={"X-Requested-With": "XMLHttpRequest"}
        )
        self.assertTrue(response.json()["errors"], "a script is told")

    def test_a_declined_proposal(self):
        """R23: the reason waits on the home page until the person has read it."""
        self._post(self.change_url, {"about": "file", "value_city": "أبها"})
        change = self._get_changes()
        change.with_user(self.officer).reason = "العنوان ناقص"
        mails = self.env["mail.mail"].search_count([])
        change.with_user(self.officer).action_decline()
        (mail,) = self.env["mail.mail"].search([], limit=1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 1)
        self.assertEqual(mail.email_to, self.file.notice_email)
        self.assertIn("/my/file", mail.body_html)
        (link,) = select(self._get("/my"), ".o_br_waiting a")
        self.assertEqual(
            link.get("href"), f"/my/file/{self.file.id}#change_{change.id}"
        )
        page = self._get(f"/my/file/{self.file.id}")
        self.assertIn("العنوان ناقص", page.text_content())
        self._post(f"/my/file/{self.file.id}/changes/{change.id}/read")
        self.assertFalse(select(self._get("/my"), ".o_br_waiting"))

    def test_several_files(self):
        """R33: a guardian chooses whose file, and reads scope and end of each."""
        guardian = self._make_guardian()
        self.file.representative_ids.date_to = "2099-01-01"
        self.neighbour_file.portal_user_ids |= guardian
        self._sign_in(guardian)
        page = self._get("/my/file")
        self.assertEqual(len(select(page, "a.o_br_file")), 2)
        (line,) = select(page, ".o_br_representations li")
        self.assertIn("2099", line.text_content())
        page = self._get(f"/my/file/{self.file.id}")
        self.assertTrue(select(page, ".o_br_acting"))

    def test_receipt_only(self):
        """R33: who only collects deliveries reads for whom, and opens no file."""
        self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.neighbour_file.id,
                "name": "Collector",
                "user_id": self.applicant.id,
                "scope": "receipt",
                "date_from": "2020-01-01",
            }
        )
        page = self._get(f"/my/file/{self.file.id}")
        (line,) = select(page, ".o_br_representations li")
        self.assertIn(self.neighbour_file.name, line.text_content())
        self.assertFalse(select(line, "a"))

    def test_odoo_addresses(self):
        """R26: Odoo's pages of the account lead to the file, and lose nothing."""
        for path in ("/my/account", "/my/addresses", "/my/address?partner_id=1"):
            response = self.url_open(path)
            self.assertTrue(response.url.endswith(f"/my/file/{self.file.id}"), path)
        contact = self.applicant.partner_id
        before = contact.read(["name", "email", "street", "city"])
        typed = {
            "partner_id": contact.id,
            "name": self.file.name,
            "email": self.file.email,
            "city": "أبها",
            "street": "شارع المثال",
        }
        answer = self._post("/my/address/submit", typed)
        self.assertIn("done=proposed", json.loads(answer.text)["redirectUrl"])
        self.assertEqual(contact.read(["name", "email", "street", "city"]), before)
        self.assertEqual(
            set(self._get_changes().line_ids.mapped("name")), {"street", "city"}
        )
        answer = self._post("/my/address/submit", {**typed, "email": "x"})
        self.assertTrue(json.loads(answer.text)["messages"])

    def test_odoo_addresses_of_others(self):
        """R26: who follows no file keeps Odoo's pages."""
        self._sign_in(self._make_user("br_customer", None, self.company))
        self.assertTrue(self.url_open("/my/account").url.endswith("/my/account"))
        self.assertTrue(select(self._get("/my"), "a[href=/my/addresses]"))
        for path in ("/my/file", "/my/papers", "/my/deliveries", "/my/services",
                     "/my/help"):  # fmt: skip
            self.assertTrue(self.url_open(path).url.endswith("/my"), path)

    def test_deliveries(self):
        """R25: all deliveries on one page, those of others on none."""
        self._make_request("delivered")
        (line,) = select(self._get("/my/deliveries"), ".o_br_deliveries li")
        self.assertEqual(line.get("data-state"), "received")
        self._sign_in(self.neighbour)
        self.assertTrue(select(self._get("/my/deliveries"), ".o_br_empty"))
