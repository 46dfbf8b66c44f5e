from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from ..common import PIXEL
from .common import MailServerCase, NoticeCase

EVENTS = ("papers", "returned", "sign", "planned", "receipt")


class TurnCase(NoticeCase):
    """Each event that asks something of the person, or tells of a delivery."""

    def _cause(self, event):
        """Let ``event`` happen, and return its request."""
        if event == "papers":
            self.env["beneficiary.document"].search(
                [("beneficiary_id", "=", self.file.id)]
            ).unlink()
            request = self._make_request()
            request.with_user(self.officer).action_submit(evidence="Asked", minutes=5)
            return request
        if event == "returned":
            return self._return()
        if event == "sign":
            return self._make_request("verified")
        request = self._make_request("registered")
        delivery = self._plan_delivery(request)
        if event == "receipt":
            self._hand_over(delivery)
        return request

    def _get_of(self, request, event):
        return request.notice_ids.filtered(lambda notice: notice.event == event)


@tagged("post_install", "-at_install")
class TestTurnNotice(HttpCase, TurnCase):
    """R22, R26: each event is told once, in the person's language, with its link."""

    def _mark_words(self):
        """Let each Arabic template begin with a mark of its event."""
        for event in EVENTS:
            mail, text = (
                self.env.ref(f"beneficiary_relations.{kind}_template_{event}")
                for kind in ("mail", "sms")
            )
            arabic = mail.with_context(lang="ar_001")
            arabic.subject = f"عربي {event}"
            text = text.with_context(lang="ar_001")
            link = (
                "object.request_id" if event in ("planned", "receipt") else "object"
            ) + "._get_portal_link()"
            text.body = f"عربي {event} {{{{ {link} }}}}"

    def test_once_by_both_channels(self):
        """One e-mail and one text for each event, however often it is queued."""
        for event in EVENTS:
            with self.subTest(event=event):
                request = self._cause(event)
                notices = self._get_of(request, event)
                self.assertEqual(
                    sorted(notices.mapped("channel")), ["email", "sms"], event
                )
                subjects = notices.delivery_id or request
                self.env["beneficiary.notice"]._queue(subjects, event)
                self.assertEqual(self._get_of(request, event), notices)
                texts = self.env["sms.sms"].search(
                    [("mail_message_id", "in", notices.mail_message_id.ids)]
                )
                self.assertEqual(len(texts), 1)
                self.assertEqual(texts.number, "+966500000001")

    def test_link_in_the_person_s_language(self):
        """E-mail and text are in Arabic, and their link opens the request's page."""
        self._mark_words()
        self.authenticate(self.applicant.login, self.applicant.login)
        for event in EVENTS:
            with self.subTest(event=event):
                request = self._cause(event)
                notices = self._get_of(request, event)
                link = request._get_portal_link()
                for notice in notices:
                    message = notice.mail_message_id
                    words = f"{message.subject} {message.body}"
                    self.assertIn(f"عربي {event}", words)
                    self.assertIn(link, message.body)
                response = self.url_open(urlsplit(link).path)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(response.url.endswith(request.access_url))
                self.assertIn(request.name, response.text)

    def test_shipped_texts(self):
        """The shipped text says where the request stands, as its page does."""
        self.file.lang = "en_US"
        for event, words in (
            ("papers", "Needs completing. See what is still missing"),
            ("returned", "Needs completing. Read what is asked of you"),
            ("sign", "Your signature is needed. Read the declaration"),
            ("planned", "A delivery is planned"),
            ("receipt", "Sign that you received"),
        ):
            with self.subTest(event=event):
                request = self._cause(event)
                sms = self._get_of(request, event).filtered(
                    lambda notice: notice.channel == "sms"
                )
                text = self.env["sms.sms"].search(
                    [("mail_message_id", "=", sms.mail_message_id.id)]
                )
                self.assertIn(words, text.body)
                self.assertIn(request._get_portal_link(), text.body)
                self.assertNotIn(self.service.name, text.body)

    def test_every_template_has_a_link(self):
        """No text message sends a person to a page without saying where it is."""
        for name in (
            self.env["beneficiary.notice"]._fields["event"].get_values(self.env)
        ):
            text = self.env.ref(f"beneficiary_relations.sms_template_{name}")
            body = text.with_context(lang="en_US").body
            self.assertRegex(body, r"_get_(portal_link|rating_url)\(\)")


@tagged("post_install", "-at_install")
class TestTurnNoticeDetails(TurnCase):
    """R22: who is told, how often, and what is not sent any more."""

    def test_each_delivery(self):
        """R25: every delivery of a request has its own notices."""
        request = self._make_request("registered")
        deliveries = self._plan_delivery(request) | self._plan_delivery(request)
        planned = self._get_of(request, "planned")
        self.assertEqual(planned.delivery_id, deliveries)
        self.assertEqual(len(planned), 4)
        bodies = planned.filtered(lambda one: one.channel == "email")
        self.assertIn("The office", bodies[:1].mail_message_id.body)

    def test_a_new_plan(self):
        """R25: another day or place is told anew, and the earlier plan no more."""
        request = self._make_request("registered")
        delivery = self._plan_delivery(request)
        self._send_texts()
        delivery.with_user(self.officer).write({"quantity": 2})
        told = self._get_of(request, "planned")
        self.assertEqual(len(told), 2)
        sent = told.filtered(lambda notice: notice.channel == "sms")
        delivery.with_user(self.officer).write({"place": "The branch"})
        told = self._get_of(request, "planned")
        self.assertEqual(len(told), 3, "the text of before has left")
        self.assertLess(sent, told)
        fresh = (told - sent).filtered(lambda notice: notice.channel == "email")
        self.assertIn("The branch", fresh.mail_message_id.body)

    def test_a_plan_of_the_past(self):
        """What is recorded after its day is not announced."""
        request = self._make_request("registered")
        self._plan_delivery(request, planned_date="2020-01-01")
        self.assertFalse(self._get_of(request, "planned"))

    def test_done_before_it_left(self):
        """What the person did meanwhile is not asked for any more."""
        request = self._make_request("verified")
        notices = self._get_of(request, "sign")
        messages = notices.mail_message_id
        self.assertEqual(set(notices.mapped("state")), {"queued"})
        self._advance(request, "declared")
        self.assertFalse(notices.exists() or messages.exists())
        self._send_texts()
        self.assertFalse(self.texts)

    def test_death_by_mistake(self):
        """What was done before a death was recorded by mistake is not brought back."""
        request = self._make_request("verified")
        notices = self._get_of(request, "sign")
        notices._stop_for_death()
        request._write_flow({"state": "declared"})
        notices._go_on()
        self.assertEqual(set(notices.mapped("state")), {"stopped"})

    def test_what_left_stays(self):
        """A notice that was sent stays on record."""
        request = self._make_request("registered")
        delivery = self._plan_delivery(request)
        self._hand_over(delivery)
        self._send_texts()
        receipt = self._get_of(request, "receipt")
        sent = receipt.filtered(lambda notice: notice.channel == "sms")
        request.with_user(self.applicant)._portal_receive(
            delivery.id, self.file.name, PIXEL
        )
        self.assertEqual(receipt.exists(), sent)
        self.assertEqual(sent.state, "sent")

    def test_signed_again(self):
        """R16: a declaration that was voided is asked for again, in the same round."""
        request = self._make_request("verified")
        self._send_texts()
        self._advance(request, "declared")
        self.file.name = "سالم المثال الثاني"
        self.assertEqual(request.state, "verified")
        asked = self._get_of(request, "sign")
        self.assertEqual(set(asked.mapped("round")), {request.round})
        self.assertEqual(sorted(set(asked.mapped("occasion"))), ["0", "1"])

    def test_by_hand(self):
        """R20: who has no address is told by hand to sign."""
        self.file.write({"email": False, "notice_by_sms": False})
        request = self._cause("papers")
        self.assertFalse(self._get_of(request, "papers"))
        request = self._make_request("verified")
        notice = self._get_of(request, "sign")
        self.assertEqual((notice.channel, notice.state), ("hand", "waiting"))
        self.assertEqual(self._get_plans(request).user_id, self.officer)
        self._advance(request, "declared")
        self.assertFalse(notice.exists())
        self.assertFalse(self._get_plans(request))

    def test_nobody_signs(self):
        """R32: for a place nobody is asked to sign."""
        mosque = self.env["beneficiary.beneficiary"].create(
            {
                "name": "مسجد المثال",
                "kind": "place",
                "company_id": self.company.id,
                "email": "mosque@example.com",
            }
        )
        request = self._make_request("submitted", beneficiary_id=mosque.id)
        self._advance(request, "verified")
        self.assertFalse(self._get_of(request, "sign"))


@tagged("post_install", "-at_install")
class TestTurnNoticeServer(MailServerCase, TurnCase):
    """R22: a mail server that fails and comes back sends each notice once."""

    def test_once(self):
        for event in EVENTS:
            with self.subTest(event=event):
                request = self._cause(event)
                notice = self._get_of(request, event).filtered(
                    lambda one: one.channel == "email"
                )
                link = notice.mail_message_id.message_id
                self._send_mails(error=OSError("the server is away"))
                self.assertEqual(notice.state, "failed")
                self._follow_up(notice.retry_on)
                self.assertEqual(notice.state, "queued")
                left = []
                for _time in range(2):
                    self._send_mails()
                    left += self.emails
                self.assertEqual(notice.state, "sent")
                self.assertEqual(
                    len([mail for mail in left if link in mail["message"]]), 1
                )
