import re
from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ...models.mixins.rating_link import LINK_DAYS
from .common import select
from .test_rating import RatingCase

LINK = re.compile(r"/rate/([\w-]{43})")


class RatingLinkCase(RatingCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        (self.manager | self.auditor).lang = "en_US"  # the tests compare texts

    def _get_texts(self):
        """Return the messages to the person that are in the queues."""
        mails = self.env["mail.mail"].search([])
        return [
            *mails.mapped("body_html"),
            *self.env["sms.sms"].search([]).mapped("body"),
        ]

    def _get_tokens(self):
        return [token for text in self._get_texts() for token in LINK.findall(text)]

    def _make_token(self, record=None):
        url = self.env["beneficiary.rating.link"]._make(record or self.request)
        return LINK.search(url)[1]

    def _follow(self, token, status=200):
        response = self.url_open(f"/rate/{token}")
        self.assertEqual(response.status_code, status)
        self.env.invalidate_all()
        return html.fromstring(response.content)

    def _send(self, token, rate="4", words="On time."):
        return self._post(f"/rate/{token}", {"rate": rate, "words": words})


@tagged("post_install", "-at_install", "without_demo")
class TestRatingLink(RatingLinkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.lang = "en_US"

    def test_link_in_the_messages(self):
        """R29: e-mail and text have a link each, which rates without sign-in."""
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "in", self._get_asked().mail_message_id.ids)]
        )
        (mailed,) = set(LINK.findall(str(mail.body_html)))
        (text,) = self.env["sms.sms"].search(
            [("mail_message_id", "in", self._get_asked().mail_message_id.ids)]
        )
        (texted,) = LINK.findall(text.body)
        self.assertNotEqual(mailed, texted)
        page = self._follow(texted)
        self.assertEqual(len(select(page, "input[name=rate]")), 5)
        self.assertEqual(len(select(page, "svg")), 5)
        self.assertFalse(self._get_ratings(), "a GET changes nothing")
        response = self._send(texted, "٥", " شكرا ")
        self.assertTrue(response.history, "a POST leads to a page")
        rating = self._get_ratings()
        self.assertEqual((rating.rating, rating.feedback), (5, "شكرا"))
        self.assertEqual(rating.partner_id, self.file.partner_id)
        self.assertFalse(rating.rated_partner_id or rating.recorded_by_id)
        # The other link says thanks as well, and changes nothing.
        for token in (mailed, texted):
            self.assertTrue(select(self._follow(token), "div.o_br_thanks"))
            self._send(token, "1", "")
        self.assertEqual(self._get_ratings().rating, 5)

    def _get_asked(self):
        return self.request.notice_ids.filtered(lambda line: line.event == "rating")

    def test_nobody_else_reads_it(self):
        """R30: no colleague finds the secret, and no database holds it."""
        messages = self._get_asked().mail_message_id
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertNotRegex(str(message.body), LINK)
            self.assertIn(self.request.access_url, str(message.body))
        links = self.env["beneficiary.rating.link"].search([])
        self.assertFalse({*self._get_tokens()} & {*links.mapped("digest")})
        for user in (self.officer, self.manager, self.auditor, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._call_as(user, links._name, "search_read", [])
        # Whoever renders the text, with whatever context, gets no secret.
        template = self.env.ref("beneficiary_relations.sms_template_rating")
        for context in ({}, {"beneficiary_rating_links": {self.request.id: "x"}}):
            [shown] = (
                template.with_context(**context)
                ._render_field("body", self.request.ids)
                .values()
            )
            self.assertIn(self.request.access_url, shown)
            self.assertNotRegex(shown, LINK)
        before = links.search_count([])
        request = self.request.with_user(self.officer)
        self.assertNotRegex(request._get_rating_url(), LINK)
        self.assertEqual(links.search_count([]), before)

    def test_sent_mail_is_deleted(self):
        """R29: once the e-mail has left, the queue does not keep its secret."""
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", self._get_asked().mail_message_id.ids)]
        )
        self.assertTrue(mails and all(mails.mapped("auto_delete")))

    def test_page_tells_nothing(self):
        """R43: the page of a link holds nothing about the person."""
        page = self._follow(self._make_token()).text_content()
        self.assertIn(self.company.name, page)
        self.assertIn(self.request.name, page)
        for secret in (
            self.file.name,
            self.file.phone,
            self.file.identity_number,
            self.request.description,
            self.service.name,
        ):
            self.assertNotIn(secret, page)

    def test_language(self):
        """R44: who is signed out reads the page in the person's language."""
        self.file.lang = "ar_001"
        page = self._follow(self._make_token())
        self.assertIn("rtl", page.xpath("//div[@id='wrapwrap']")[0].get("class"))

    @mute_logger("odoo.http")
    def test_what_is_no_link(self):
        """R29: unknown, cut off, huge and expired links show one page, and rate not."""
        token = self._make_token()
        with freeze_time(fields.Datetime.now() + timedelta(days=LINK_DAYS, hours=1)):
            expired = self._follow(token, 404)
            self._send(token)
        self.assertFalse(self._get_ratings())
        pages = {
            html.tostring(select(page, "div.o_br_no_link")[0])
            for page in (
                expired,
                *(
                    self._follow(wrong, 404)
                    for wrong in ("x", token[:-1], "x" * 5000, "%27%3B--", "٥")
                ),
            )
        }
        self.assertEqual(len(pages), 1)
        for wrong in ("x", token[:-1], "x" * 5000):
            self._send(wrong)
        self.assertFalse(self._get_ratings())

    @mute_logger("odoo.http")
    def test_only_this_rating(self):
        """R29, R21: a link rates its own request alone, and only once it has ended."""
        other = self._make_request("delivered")
        waiting = self._make_request("decided")
        early = self._make_token(waiting)
        self._follow(early, 404)
        self._send(early)
        self.assertFalse(self._get_ratings(waiting))
        self._send(self._make_token())
        self.assertTrue(self._get_ratings())
        self.assertFalse(self._get_ratings(other))
        with self.assertRaises(JsonRpcException):
            self._rpc("beneficiary.request", "read", self.request.ids, ["name"])

    @mute_logger("odoo.http")
    def test_after_a_death(self):
        """R29: nobody rates in the name of a person who has died."""
        token = self._make_token()
        self.file._write_flow({"state": "deceased"})
        self._follow(token, 404)
        self._send(token)
        self.assertFalse(self._get_ratings())

    def test_refused_words(self):
        """R29: a refused form leads back to the page, with the words as typed."""
        token = self._make_token()
        for rate in ("", "0", "6", "five"):
            response = self._send(token, rate, "Too late")
            page = html.fromstring(response.content)
            (error,) = select(page, "[role=alert]")
            self.assertIn("1", error.text_content())
            (words,) = select(page, "textarea[name=words]")
            self.assertEqual(words.text_content(), "Too late")
        self._send(token, "4", "x" * 2001)
        self.assertFalse(self._get_ratings())

    def test_links_are_deleted(self):
        """R51: expired links are deleted."""
        links = self.env["beneficiary.rating.link"]
        self._make_token()
        links.search([]).expires_on = fields.Datetime.now() - timedelta(days=1)
        links._gc_links()
        self.assertFalse(links.search([]))

    def test_without_account(self):
        """R29: who has an address but no account is asked by link."""
        self.file.portal_user_ids = False
        self.request = self._make_request("delivered")
        self.assertEqual(set(self._get_asked().mapped("channel")), {"email", "sms"})


@tagged("post_install", "-at_install", "without_demo")
class TestLowRating(RatingLinkCase):
    def _get_improvements(self):
        return self.env["beneficiary.improvement"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_low_rating(self):
        """R31: a low rating begins an improvement with its source linked."""
        self._send(self._make_token(), "2", "Too late")
        (improvement,) = self._get_improvements()
        self.assertEqual(improvement.source, "rating")
        self.assertEqual(improvement.rating_id, self._get_ratings())
        self.assertEqual(improvement.owner_id, self.company._get_beneficiary_manager())
        action = improvement.with_user(self.manager).action_open_rated()
        self.assertEqual(action["res_id"], self.request.id)

    def test_readers(self):
        """R30: other readers of the improvement do not learn which rating it was."""
        self._send(self._make_token(), "1", "Too late")
        improvement = self._get_improvements()
        for user in (self.officer, self.auditor):
            seen = improvement.with_user(user)
            self.assertNotIn(self.request.name, str(seen.read()))
            self.assertNotIn("Too late", str(seen.read()))
            with self.assertRaises(AccessError):
                seen.read(["rating_id"])
            with self.assertRaises(AccessError):
                seen.action_open_rated()

    def test_not_low(self):
        """R31: neither and satisfied begin none; whoever recorded it makes no odds."""
        self._send(self._make_token(), "3")
        self.assertFalse(self._get_improvements())
        self.file.portal_user_ids = False
        request = self._make_request("delivered")
        request.with_user(self.officer).action_record_rating(
            "1", "", self._channel("phone").id
        )
        self.assertEqual(len(self._get_improvements()), 1)

    def test_on_the_page(self):
        """R31: a low rating from the person's own page begins one, too."""
        self._sign_in(self.applicant)
        self._rate("1")
        self.assertEqual(self._get_improvements().rating_id, self._get_ratings())


@tagged("post_install", "-at_install", "without_demo")
class TestSatisfaction(RatingLinkCase):
    def _rows(self, user=None):
        user = user or self.manager
        rows = self.env["beneficiary.satisfaction"].with_user(user)
        rows = rows.with_context(allowed_company_ids=user.company_ids.ids)
        return rows.search([("company_id", "=", self.company.id)])

    def test_figures(self):
        """R29: rate, number of answers and interval, overall and by what was rated."""
        for value in (5, 4, 4, 1):
            self._make_request("delivered")._create_rating(value, "")
        self._make_request("rejected")._create_rating(4, "")
        overall, *others = self._rows()
        self.assertEqual((overall.about, overall.count), (False, 5))
        self.assertAlmostEqual(overall.rate, 0.8)
        self.assertEqual(overall.interval, "38% – 96%")
        self.assertEqual(
            [(row.about, row.service_id, row.count) for row in others],
            [
                ("accepted", self.service.browse(), 4),
                ("accepted", self.service, 4),
                ("rejected", self.service.browse(), 1),
                ("rejected", self.service, 1),
            ],
        )
        found = self.env["beneficiary.satisfaction"]._get_overall(self.company)
        self.assertEqual((found.count, found.rate), (5, 0.8))

    def test_few_answers(self):
        """R30: of too few answers no figure is shown, not even to managers."""
        self._make_request("delivered")._create_rating(5, "")
        for row in self._rows():
            self.assertFalse(row.is_shown or row.rate)
            self.assertEqual(row.interval, "Too few answers to say")
            with self.assertRaises(AccessError):
                row.read(["satisfied"])
        overall = self.env["beneficiary.satisfaction"]._get_overall(self.company)
        self.assertIsNone(overall)

    def test_readers(self):
        """R30, R43: managers and auditors of the association read; nobody writes."""
        self._make_request("delivered")._create_rating(5, "")
        self.assertTrue(self._rows(self.auditor))
        for user in (self.officer, self.chair, self.researcher, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._rows(user)
        self.assertFalse(self._rows(self.outsider))
        with self.assertRaises(UserError):
            call_kw(self._rows(), "write", [self._rows().ids, {"about": "answer"}], {})
