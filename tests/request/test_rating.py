from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PortalCase, select

REQUEST = "beneficiary.request"
RATING = "rating.rating"


class RatingCase(PortalCase):
    """A delivered request of an applicant with an account on the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.applicant | cls.neighbour).lang = "en_US"

    def setUp(self):
        super().setUp()
        self.request = self._make_request("delivered")

    def _rate(self, rate="4", words="On time.", request=None):
        """Send the same data as the rating form of the page."""
        path = f"/my/requests/{(request or self.request).id}/rate"
        return self._post(path, {"rate": rate, "words": words})

    def _get_ratings(self, request=None):
        return self.env[RATING].search(
            [
                ("res_model", "=", REQUEST),
                ("res_id", "=", (request or self.request).id),
            ]
        )


@tagged("post_install", "-at_install", "without_demo")
class TestRatingPortal(RatingCase):
    def test_asked_once(self):
        """R29: the page of a delivered request asks for a rating, once."""
        page = self._get(f"/my/requests/{self.request.id}")
        self.assertEqual(len(select(page, "section.o_br_rating input[name=rate]")), 5)
        response = self._rate("٤", " Late, but complete. ")
        self.assertIn("Thank you for your rating", response.text)
        rating = self._get_ratings()
        self.assertEqual((rating.rating, rating.consumed), (4, True))
        self.assertEqual(rating.feedback, "Late, but complete.")
        self.assertEqual(rating.partner_id, self.applicant.partner_id)
        self.assertEqual(rating.company_id, self.company)
        self.assertFalse(rating.rated_partner_id, "R30: nobody is rated")
        self.assertFalse(rating.access_token)
        page = self._get(f"/my/requests/{self.request.id}")
        self.assertFalse(select(page, "section.o_br_rating"))
        (rated,) = select(page, "section.o_br_rated")
        self.assertIn("4 of 5", rated.text_content())
        self.assertIn("Your rating", self._rate("1").text)
        self.assertEqual(self._get_ratings().rating, 4)

    def test_is_asked_for(self):
        """R29: after delivery an applicant with an account is invited once to rate."""
        told = self.request.notice_ids.filtered(lambda line: line.event == "rating")
        self.assertEqual(set(told.mapped("channel")), {"email", "sms"})

    def test_refused(self):
        """R29, R21: a refused request is rated once its reply has left, and closed."""
        request = self._make_request("in_review")
        self._decide(request, "rejected")
        self._rate(request=request)
        self.assertFalse(self._get_ratings(request))
        self.assertFalse(
            request.notice_ids.filtered(lambda line: line.event == "rating")
        )
        request.with_user(self.manager).action_release(reason="Urgent need")
        # Only its page asks yet: a message beside the reply would tell of the refusal.
        self.assertNotIn("rating", request.notice_ids.mapped("event"))
        page = self._get(f"/my/requests/{request.id}")
        self.assertEqual(len(select(page, "section.o_br_rating input[name=rate]")), 5)
        self._deliver_notices(request)
        request.with_user(self.officer).action_close()
        told = request.notice_ids.filtered(lambda line: line.event == "rating")
        self.assertEqual(set(told.mapped("channel")), {"email", "sms"})
        self._rate("2", request=request)
        self.assertEqual(self._get_ratings(request).rating, 2)

    def test_closed(self):
        """R29: a closed request can still be rated; the comment is optional."""
        self._advance(self.request, "closed")
        self._rate("1", "")
        self.assertEqual(self._get_ratings().rating, 1)

    def test_only_what_was_delivered(self):
        """R29: a request that has not come to its end here cannot be rated."""
        migrated = self._make_request("delivered")
        migrated._write_flow({"origin": "migrated"})
        requests = [
            migrated,
            *(
                self._make_request(state)
                for state in ("draft", "in_review", "decided", "registered")
            ),
        ]
        for request in requests:
            with self.subTest(state=request.state):
                page = self._get(f"/my/requests/{request.id}")
                self.assertFalse(select(page, "section.o_br_rating"))
                self._rate(request=request)
                self.assertFalse(self._get_ratings(request))

    def test_only_one_s_own(self):
        """R43: neither a neighbour nor an anonymous visitor can rate a request."""
        self._sign_in(self.neighbour)
        self._rate()
        self.authenticate(None, None)
        self._rate()
        self.assertFalse(self._get_ratings())

    def test_what_is_no_rate(self):
        """R44: a rating is from 1 to 5; other input is explained."""
        for rate in ("", "0", "6", "-1", "4.5", "10", "five", "٦"):
            with self.subTest(rate=rate):
                response = self._rate(rate)
                self.assertIn("from 1 to 5", response.text)
        self.assertIn("at most 2000", self._rate("4", "x" * 2001).text)
        self.assertFalse(self._get_ratings())

    def test_words_are_text(self):
        """Trap: the comment is shown as text, not as HTML."""
        self._rate("2", "<script>alert(1)</script>")
        page = self._get(f"/my/requests/{self.request.id}")
        (rated,) = select(page, "section.o_br_rated")
        self.assertIn("<script>alert(1)</script>", rated.text_content())
        self.assertFalse(select(rated, "script"))


@tagged("post_install", "-at_install", "without_demo")
class TestRatingRecord(RatingCase):
    """The front desk records the rating of a person without an account."""

    def setUp(self):
        super().setUp()
        self.file.portal_user_ids = False
        self.file.branch_id = self._make_branch(self.delegate)
        self.request = self._make_request("registered")
        self.file.notice_by_email = self.file.notice_by_sms = False
        self._advance(self.request, "delivered")
        self.phone = self._channel("phone").id

    def _get_asked(self, request):
        return request.notice_ids.filtered(lambda line: line.event == "rating")

    def _get_plans(self):
        kind = self.env.ref("beneficiary_relations.mail_activity_type_notice")
        return self.request.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _record(self, user=None, rate="5", words="", channel_id=None):
        request = self.request.with_user(user or self.officer)
        companies = (user or self.officer).company_id.ids
        return call_kw(
            request.with_context(allowed_company_ids=companies),
            "action_record_rating",
            [request.ids, rate, words, channel_id or self.phone],
            {},
        )

    def test_the_office_asks(self):
        """R29: of who has no address, the office asks for the rating and records it."""
        notice = self._get_asked(self.request)
        self.assertEqual((notice.channel, notice.state), ("hand", "waiting"))
        self.assertEqual(self._get_plans().user_id, self.officer)
        self.assertIn("how satisfied", self._get_plans().summary)
        wizard = self.env["beneficiary.rating.record"].with_user(self.delegate)
        with Form(wizard.with_context(default_request_id=self.request.id)) as form:
            self.assertNotIn(self._channel("website"), form.allowed_channel_ids[:])
            form.channel_id = self._channel("phone")
            form.rate = "1"
            form.words = "It came late"
        form.record.action_confirm()
        rating = self._get_ratings()
        self.assertEqual((rating.rating, rating.consumed), (1, True))
        self.assertEqual(rating.feedback, "It came late")
        self.assertEqual(rating.recorded_by_id, self.delegate)
        self.assertEqual(rating.recorded_channel_id.id, self.phone)
        self.assertEqual(rating.partner_id, self.file.partner_id)
        self.assertEqual(rating.company_id, self.company)
        self.assertFalse(rating.rated_partner_id, "R30: nobody is rated")
        self.assertEqual((notice.state, notice.told_by_id), ("told", self.delegate))
        self.assertFalse(self._get_plans())

    def test_the_record_shows_it(self):
        """R29: managers see who recorded the rating; other staff see no score."""
        self._record(words="Good")
        with Form(self.request.with_user(self.manager)) as form:
            self.assertFalse(form.can_record_rating)
            self.assertEqual(len(form.rating_ids), 1)
        rating = self._get_ratings().with_user(self.manager)
        self.assertEqual(rating.recorded_by_id, self.officer)
        note = self.request.message_ids[:1]
        self.assertEqual(note.author_id, self.officer.partner_id)
        self.assertIn("rating was recorded", str(note.body))
        self.assertNotIn("Good", str(self.request.message_ids.mapped("body")))
        for user in (self.officer, self.delegate, self.auditor):
            with self.assertRaises(AccessError):
                self._get_ratings().with_user(user).read(["rating"])
        self.file.portal_user_ids = self.applicant
        (rated,) = select(
            self._get(f"/my/requests/{self.request.id}"), "section.o_br_rated"
        )
        self.assertIn("wrote down what you answered", rated.text_content())

    def test_once(self):
        """R29: a recorded rating cannot be replaced, by the office or on the portal."""
        self._record(rate="1")
        with self.assertRaisesRegex(UserError, "not rated yet"):
            self._record(rate="5")
        self.file.portal_user_ids = self.applicant
        self._rate("5")
        self.assertEqual(self._get_ratings().rating, 1)

    def test_nobody_uses_up_anothers_right(self):
        """R29: the office cannot rate for a person who can rate on the portal."""
        self.file.portal_user_ids = self.applicant
        self.assertFalse(self.request.with_user(self.officer).can_record_rating)
        for user in (self.officer, self.manager, self.delegate):
            with self.assertRaisesRegex(UserError, "rates on the portal"):
                self._record(user)
        self.assertTrue(self._get_plans())
        self._rate("1")
        self.assertEqual(self._get_ratings().rating, 1)
        # The office had to ask before the account existed; that activity has ended.
        self.assertFalse(self._get_plans())
        self.assertEqual(self._get_asked(self.request).state, "told")

    def test_only_what_was_delivered(self):
        """R29: only a request that has ended can have its rating recorded."""
        self._advance(self.request, "closed")
        self._record()
        for state in ("registered", "decided", "in_review"):
            self.request = self._make_request(state)
            with self.assertRaisesRegex(UserError, "delivered or refused"):
                self._record()

    def test_who_records(self):
        """Roles: only the front desk records ratings."""
        for actor in (
            "researcher",
            "chair",
            "auditor",
            "applicant",
            "stranger",
            "outsider",
        ):
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self._record(getattr(self, actor))
        for actor in ("delegate", "officer", "manager"):
            self.request = self._make_request("delivered")
            self._record(getattr(self, actor))
            self.assertTrue(self._get_ratings())

    def test_what_is_no_answer(self):
        """Safety: invalid ratings are refused over RPC too."""
        website = self._channel("website").id
        for given, words in (
            ({"rate": "6"}, "how satisfied"),
            ({"rate": ""}, "how satisfied"),
            ({"rate": 5}, "must be given as text"),
            ({"words": ["x"]}, "must be given as text"),
            ({"words": "x" * 2001}, "at most 2000"),
            ({"channel_id": website}, "Choose a channel"),
            ({"channel_id": [self.phone]}, "Choose a channel"),
        ):
            with self.subTest(given=given), self.assertRaisesRegex(UserError, words):
                self._record(**given)
        self.assertFalse(self._get_ratings())

    def test_nobody_to_ask(self):
        """R32: nobody is asked to rate a delivery to a place."""
        request = self._make_request("registered")
        self.file.kind = "place"
        delivery = self._plan_delivery(request)
        delivery.with_user(self.officer).action_receive(
            waiver="Nobody is there",
            handed_on=self.company._get_beneficiary_today(),
        )
        request.with_user(self.officer).action_deliver(evidence="Handed over")
        self.assertFalse(self._get_asked(request))


@tagged("post_install", "-at_install", "without_demo")
class TestRatingDoors(RatingCase):
    """Odoo's own ways to read, give and change a rating."""

    def _as(self, user, records):
        companies = user.company_id.ids
        return records.with_user(user).with_context(allowed_company_ids=companies)

    def test_who_reads(self):
        """R30, R43: only managers of the association read ratings."""
        self._rate("2", "Too late")
        rating = self._get_ratings()
        readers = set()
        for actor in (
            "delegate",
            "officer",
            "manager",
            "researcher",
            "chair",
            "auditor",
            "applicant",
            "stranger",
            "outsider",
        ):
            user = getattr(self, actor)
            ratings = self._as(user, self.env[RATING])
            mine = [("id", "in", rating.ids)]
            try:
                found = ratings.search(mine)
            except AccessError:
                continue
            groups = ratings.formatted_read_group(mine, ["res_name"], ["rating:avg"])
            self.assertEqual(bool(groups), bool(found))
            if found:
                readers.add(actor)
            else:
                with self.assertRaises(AccessError):
                    self._as(user, rating).read(["feedback"])
        self.assertEqual(readers, {"manager"})

    def test_request_s_own_fields(self):
        """R30: only managers read scores through the fields of the request."""
        self._rate("2", "Too late")
        names = [name for name in self.request._fields if name.startswith("rating_")]
        self.assertIn("rating_avg", names)
        for user in (self.officer, self.auditor, self.chair, self.applicant):
            request = self.request.with_user(user)
            for name in names:
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        request.read([name])
                    with self.assertRaises(AccessError):
                        request.search([(name, "!=", False)])
        manager = self.request.with_user(self.manager)
        self.assertEqual(manager.rating_last_value, 2)
        self.assertEqual(manager.rating_last_feedback, "Too late")

    def test_nobody_writes(self):
        """R30: no user can create, change or delete a rating over RPC."""
        self._rate("1")
        rating = self._get_ratings()
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(REQUEST),
            "res_id": self._make_request("delivered").id,
            "rating": 5,
            "consumed": True,
        }
        other = self.env[RATING].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.stranger.partner_id.id,
            }
        )
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        for user in (self.stranger, self.officer, self.manager, self.outsider, admin):
            own = rating.with_user(user)
            with self.subTest(user=user.login):
                for method, args in (
                    ("write", [rating.ids, {"rating": 5}]),
                    ("unlink", [rating.ids]),
                    ("reset", [rating.ids]),
                    ("create", [[vals]]),
                    ("create", [[{**vals, "company_id": False}]]),
                    ("write", [other.ids, vals]),
                ):
                    with self.assertRaises(AccessError, msg=method):
                        call_kw(own, method, args, {})
        self.assertEqual(self._get_ratings().rating, 1)
        # Ratings of other models can be written as before.
        other.with_user(self.stranger).write({"rating": 3})

    def test_request_s_own_methods(self):
        """R29: Odoo's own methods and messages cannot rate a request."""
        rating = self.env[RATING].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(REQUEST),
                "res_id": self.request.id,
            }
        )
        for user in (self.officer, self.manager):
            request = self.request.with_user(user)
            for method, args in (
                ("rating_apply", [5, rating.access_token]),
                ("rating_send_request", [1]),
            ):
                with self.assertRaises(AccessError):
                    call_kw(request, method, [request.ids, *args], {})
        self.request.with_user(self.officer).message_post(body="x", rating_value=5)
        self.assertEqual(self._get_ratings(), rating)
        self.assertEqual(self.request._rating_get_access_token(), "")
        self.assertEqual(self._get_ratings(), rating)

    @mute_logger("odoo.http")
    def test_links(self):
        """R29: no rating link of Odoo works, whatever its token."""
        self._rate("2")
        forged = self._make_request("delivered")
        rating = self.env[RATING].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(REQUEST),
                "res_id": forged.id,
            }
        )
        self.authenticate(None, None)
        for token in ("False", "None", "", " "):
            response = self.url_open(f"/rate/{token}/5")
            self.assertEqual(response.status_code, 404)
        self._post(f"/rate/{rating.access_token}/submit_feedback", {"rate": "5"})
        self.assertEqual(self._get_ratings(forged).rating, 0)
        self.assertEqual(self._get_ratings().rating, 2)

    @mute_logger("odoo.http")
    def test_portal_rpc(self):
        """Safety: a portal user cannot rate over RPC or with a message."""
        vals = {"res_model_id": 1, "res_id": self.request.id}
        for model, method, args in (
            (RATING, "search_read", [[]]),
            (RATING, "create", [vals]),
            (REQUEST, "rating_apply", [self.request.ids, 5]),
            (REQUEST, "rating_get_stats", [self.request.ids]),
            (REQUEST, "read", [self.request.ids, ["rating_avg"]]),
        ):
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self._rpc(model, method, *args)
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": REQUEST,
                "thread_id": self.request.id,
                "post_data": {"body": "Five!", "rating_value": 5},
            },
        )
        self.assertFalse(self._get_ratings())

    def test_twice_at_once(self):
        """R29: the database keeps only one of two ratings made at the same moment."""
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(REQUEST),
            "res_id": self.request.id,
        }
        self.env[RATING].create(vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env[RATING].create(vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as caught:
            self.request.with_user(self.applicant)._create_rating(5, "")
        self.assertIn("rated already", str(caught.exception))
