import json
import re
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..messages.common import NoticeCase
from ..request.common import DECIDED, RAISED, RELEASE, ClockCase, PortalCase, select

REPORT = "beneficiary_relations.decision_letter_action"
OURS = [("code", "=", "beneficiary.letter")]


class LetterCase(ClockCase):
    def _hold(self, outcome="accepted", **vals):
        return self._decide_at(DECIDED, self._raise_at(RAISED, **vals), outcome)

    def _answer(self, outcome="accepted", **vals):
        """Return the decision of a request whose reply left at :data:`RELEASE`."""
        request = self._hold(outcome, **vals)
        self._run_cron(RELEASE)
        return request.decision_ids

    def _print(self, decision, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.officer)
        page, _kind = reports.with_context(**context)._render_qweb_html(
            REPORT, decision.ids
        )
        return " ".join(" ".join(html.fromstring(page.decode()).itertext()).split())


@tagged("post_install", "-at_install", "with_demo")
class TestLetter(LetterCase):
    def test_numbered_when_the_reply_leaves(self):
        """R20, R40: a letter gets its number and date once, with the release."""
        held = [self._hold(outcome) for outcome in ("accepted", "rejected", "accepted")]
        decisions = self.env["beneficiary.request"].union(*held).decision_ids
        self.assertEqual(set(decisions.mapped("letter_number")), {False})
        self.assertEqual(set(decisions.request_id.mapped("letter_number")), {False})
        self._run_cron(RELEASE)
        numbers = decisions.mapped("letter_number")
        self.assertEqual(len(set(numbers)), 3)
        # Monday 30 March, 09:00 in Riyadh.
        self.assertEqual(str(decisions[0].letter_date), "2026-03-30")
        self._run_cron(RELEASE)
        self.assertEqual(decisions.mapped("letter_number"), numbers)

    def test_says_what_it_said(self):
        """R20, R23: a letter that is printed again has the same text as the first one.

        Later changes of the listed reasons and the request do not change it.
        """
        request = self._hold("rejected", amount_requested=700)
        self.rejection_reason.with_context(lang="ar_001").name = "سبب معلوم"
        self._run_cron(RELEASE)
        decision = request.decision_ids
        self.assertEqual(decision.rejection_words, "سبب معلوم")
        text = self._print(decision)
        for lang in ("ar_001", "en_US"):
            self.rejection_reason.with_context(lang=lang).name = "Another one"
        with freeze_time(RELEASE):
            request.with_user(self.manager).action_reopen(reason="A new law")
        request.with_user(self.officer).amount_requested = 900
        self.assertEqual(self._print(decision), text)
        self.assertEqual(decision.amount_requested, 700)

    def test_each_association_counts_for_itself(self):
        """R43: letters of another association make no gap in the numbers."""
        sequences = self.env["ir.sequence"].search(OURS)
        self.assertTrue(all(sequence.company_id for sequence in sequences))
        own, other = (
            sequences.filtered(lambda sequence, c=company: sequence.company_id == c)
            for company in (self.company, self.other)
        )
        before = own.number_next_actual, other.number_next_actual
        self._answer()
        sequences.invalidate_recordset()
        after = own.number_next_actual, other.number_next_actual
        self.assertEqual(after, (before[0] + 1, before[1]))
        # Associations that have their sequences get no second ones.
        self.env["res.company"]._make_all_beneficiary_sequences()
        self.assertEqual(self.env["ir.sequence"].search(OURS), sequences)

    def test_no_gap(self):
        """R40: a reply that could not be released uses up no number."""
        before, bad, after = (self._hold() for _number in range(3))
        notices = self.registry["beneficiary.notice"]
        queue = notices._queue

        def failing(model, requests, event):
            if bad in requests:
                raise ZeroDivisionError("a fault of one record")
            return queue(model, requests, event)

        with (
            patch.object(notices, "_queue", failing),
            mute_logger("odoo.addons.beneficiary_relations.models.mixins.sweep_mixin"),
        ):
            self._run_cron(RELEASE)
        self.assertFalse(bad.decision_ids.letter_number)
        self._run_cron(bad.clock_retry_on)
        numbers = [
            int(request.decision_ids.letter_number[-5:])
            for request in (before, after, bad)
        ]
        self.assertEqual(sorted(numbers), [1, 2, 3])
        self.assertEqual(numbers[-1], 3)

    def test_numbers_of_a_year(self):
        """R40: numbers may start again each year, without a gap in either year."""
        sequence = self.env["ir.sequence"].search(
            [*OURS, ("company_id", "=", self.company.id)]
        )
        sequence.write(
            {
                "use_date_range": True,
                "number_increment": 2,
            }
        )
        for prefix in ("L/%(range_year)s/", "L/%(year)s/"):
            sequence.prefix = prefix
            sequence.date_range_ids.unlink()
            drawn = []
            # Half past midnight in Riyadh, still the last day of the year in UTC.
            for moment in ("2026-12-31 20:30:00", "2026-12-31 21:30:00"):
                with freeze_time(moment):
                    for count in (2, 1):
                        drawn += sequence._next_by_code_batch(OURS[0][2], count)
            self.assertEqual(
                drawn,
                [
                    f"L/{year}/{number:05}"
                    for year in (2026, 2027)
                    for number in (1, 3, 5)
                ],
            )

    def test_frozen(self):
        """R40: nobody changes the number of a letter, or sets it in advance."""
        decision = self._answer()
        number = decision.letter_number
        for vals in ({"letter_number": "X"}, {"letter_date": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "numbered and dated once"):
                decision.write(vals)
            with self.assertRaisesRegex(UserError, "numbered and dated once"):
                decision.copy(vals)
            for user in (self.officer, self.manager, self.chair, self.auditor):
                with self.assertRaises(UserError):  # AccessError is one too
                    decision.with_user(user).write(vals)
        made = decision.with_context(default_letter_number="X").create(
            {
                "request_id": self._make_request().id,
                "committee_id": self.committee.id,
                "round": 1,
            }
        )
        self.assertFalse(made.letter_number)
        decision._number_letters()
        self.assertEqual(decision.letter_number, number)

    def test_once_by_the_database(self):
        """R40: no two letters of an association have the same number."""
        first, second = self._answer(), self._raise_at(RAISED).decision_ids
        sequence = self.env["ir.sequence"].search(
            [*OURS, ("company_id", "=", self.company.id)]
        )
        sequence.number_next_actual = int(first.letter_number[-5:])
        with (
            freeze_time(RELEASE),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "letter with this number"),
        ):
            second._number_letters()

    # -- what it says ------------------------------------------------------------------

    def test_letterhead(self):
        """R40: number, both dates, attachments and licence."""
        self.company.beneficiary_licence_number = "000"
        self.file.lang = "en_US"
        decision = self._answer()
        paper = self._print(decision)
        for expected in (
            decision.letter_number,
            "30 March 2026",
            "11 Shawwal 1447 AH",
            "Attachments None attached",
            "Licence number: 000",
            self.company.name,
        ):
            self.assertIn(expected, paper)

    def test_accepted(self):
        """R20, R23: an acceptance tells the grant and the next steps, and no appeal."""
        self.file.lang = "en_US"
        decision = self._answer()
        paper = self._print(decision)
        for expected in (
            "Your request is accepted",
            decision.request_id.name,
            self.service.name,
            self.file.name,
            "500.00",
            "registers your request",
            "br_chair",
        ):
            self.assertIn(expected, paper)
        self.assertNotIn("appeal", paper)
        self.assertNotIn("in part", paper)

    def test_accepted_in_part(self):
        """R19: the letter says so if less than requested was granted."""
        self.file.lang = "en_US"
        decision = self._answer()
        decision.write({"grant": "part", "amount_granted": 200})
        paper = self._print(decision)
        self.assertIn("accepted in part", paper)
        self.assertIn("200.00", paper)

    def test_conditions(self):
        """R19: the letter has the conditions of the acceptance."""
        self.file.lang = "en_US"
        decision = self._answer()
        decision.write({"grant": "conditions", "conditions": "Paid to the landlord"})
        paper = self._print(decision)
        self.assertIn("accepted, with conditions", paper)
        self.assertIn("Conditions Paid to the landlord", paper)

    def test_reply_by_email(self):
        """R20: without portal access, the e-mail says where to collect the letter."""
        self.file.lang = "en_US"
        request = self._make_request("rejected")
        template = self.env.ref("beneficiary_relations.mail_template_reply")
        body = template._render_field("body_html", request.ids)[request.id]
        self.assertIn("collect the letter of the decision at the association", body)

    def test_rejected(self):
        """R23, R42: the letter has the reason and the last day for an appeal."""
        self.file.lang = "en_US"
        decision = self._answer("rejected")
        paper = self._print(decision)
        for expected in (
            "Your request is not accepted",
            decision.rejection_reason_id.name,
            "As studied",
            "appeal against this decision once, until 29 April 2026",
        ):
            self.assertIn(expected, paper)
        self.assertNotIn("Amount granted", paper)

    def test_who_signs(self):
        """R19, R40: who signs for the chair has the title that they have."""
        self.file.lang = "en_US"
        secretary = self._make_user("br_secretary", "committee", self.company)
        self.committee.member_ids = [
            Command.create({"user_id": secretary.id, "role": "secretary"})
        ]
        by_chair = self._print(self._answer())
        self.assertIn("Chair of the research committee br_chair", by_chair)
        request = self._raise_at(RAISED)
        with freeze_time(DECIDED):
            decision = request.decision_ids
            decision.with_user(self.chair).action_vote("recused", "A relative")
            for voter in (self.member, self.member2, secretary):
                decision.with_user(voter).action_vote("accept", "As studied")
            decision.with_user(secretary).action_close_vote("As studied")
        self._run_cron(RELEASE)
        paper = self._print(decision)
        self.assertIn(
            "Secretary of the research committee, acting chair br_secretary", paper
        )
        self.assertNotIn("Chair of the research committee", paper)

    def test_dates_are_written_in_one_way(self):
        """R40: letterhead, request and appeal have their dates in one form."""
        self.file.lang = "en_US"
        paper = self._print(self._answer("rejected"))
        for day in ("30 March 2026", "15 March 2026", "29 April 2026"):
            self.assertIn(day, paper)
        self.assertFalse(re.findall(r"\d+[-/]\d+[-/]\d+", paper.split("Received")[-1]))

    def test_audience(self):
        """R2: the letter calls a member a member."""
        self.file.lang = "en_US"
        decision = self._answer()
        self.assertIn("Name of the beneficiary", self._print(decision))
        policy = decision.request_id.policy_id
        policy._write_state({"state": "draft"})
        policy.audience = "member"
        paper = self._print(decision)
        self.assertIn("Name of the member", paper)
        self.assertNotIn("beneficiary", paper)

    def test_language(self):
        """R44: the letter is in the applicant's language, whoever prints it."""
        decision = self._answer()
        reports = self.env["ir.actions.report"].with_user(self.officer)
        page = reports.with_context(lang="en_US")._render_qweb_html(
            REPORT, decision.ids
        )[0]
        self.assertIn('dir="rtl"', page.decode())

    # -- who prints it -----------------------------------------------------------------

    def test_who_prints(self):
        """R20: staff who may read the request print its letter, also delegates."""
        branch = self._make_branch(self.delegate)
        decision = self._answer(branch_id=branch.id)
        request = decision.request_id
        for user in (
            self.delegate,
            self.officer,
            self.manager,
            self.chair,
            self.auditor,
            self.researcher,
        ):
            with self.subTest(user=user.login):
                action = request.with_user(user).action_print_letter()
                name = self.env.ref(REPORT).report_name
                self.assertEqual(action["report_name"], name)
                self.assertIn(decision.letter_number, self._print(decision, user))
        for user in (self.outsider, self.stranger, self.applicant):
            with self.subTest(user=user.login):
                for attempt in (
                    lambda user=user: request.with_user(user).action_print_letter(),
                    lambda user=user: decision.with_user(user).action_print_letter(),
                    lambda user=user: self._print(decision, user),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_not_before_the_release(self):
        """R21: nobody can print a letter before the reply is released."""
        for request in (self._hold(), self._hold("rejected"), self._raise_at(RAISED)):
            decision = request.decision_ids
            for user in (self.officer, self.manager, self.chair):
                for attempt in (
                    request.with_user(user).action_print_letter,
                    decision.with_user(user).action_print_letter,
                    lambda user=user, d=decision: self._print(d, user),
                ):
                    with self.assertRaisesRegex(UserError, "There is no letter yet"):
                        attempt()


@tagged("post_install", "-at_install")
class TestLetterByPost(NoticeCase):
    def test_letter_handed_over(self):
        """R20, R40: a reply by letter is logged with the letter's number."""
        self.file.write({"phone": False, "notice_by_email": False})
        request = self._decide_at(DECIDED, self._raise_at(RAISED))
        self._run_cron(RELEASE)
        notice = request.notice_ids
        self.assertEqual((notice.channel, notice.event), ("hand", "reply"))
        with freeze_time(RELEASE):
            notice.with_user(self.officer).action_told(
                self._channel("letter").id, "Sent by post"
            )
        contact = notice.interaction_id
        self.assertEqual(contact.letter_number, request.decision_ids.letter_number)
        self.assertEqual(contact.letter_date, request.decision_ids.letter_date)


@tagged("post_install", "-at_install")
class TestLetterPortal(PortalCase):
    def _open(self, request, query=""):
        """Open the letter of the latest decision of ``request`` on the portal."""
        decision = request.decision_ids[:1].id or 1
        return self.url_open(
            f"/my/requests/{request.id}/letters/{decision}{query}",
            allow_redirects=False,
        )

    def _answers_of_nothing(self):
        """Return the portal's answer for a request that does not exist."""
        response = self.url_open(
            "/my/requests/999999999/letters/1", allow_redirects=False
        )
        return response.status_code, response.headers["Location"], response.content

    def test_read_the_letter(self):
        """R20, R26: after the release, the letter is on the portal."""
        request = self._make_request("rejected")
        (button,) = select(self._get(f"/my/requests/{request.id}"), "a.o_br_letter")
        response = self.url_open(button.get("href"))
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        # Tests render the page that becomes the PDF.
        self.assertIn(request.decision_ids.letter_number, response.text)
        self.assertIn("As studied", response.text)
        self.assertIn(
            request.decision_ids.letter_number.replace("/", "-"),
            response.headers["Content-Disposition"],
        )

    def test_download(self):
        """R20: staff, also delegates, get a file named after the letter's number."""
        branch = self._make_branch(self.delegate)
        letter = self._make_request("accepted", branch_id=branch.id).decision_ids
        address = f"/report/pdf/beneficiary_relations.decision_letter/{letter.id}"
        for user in (self.officer, self.delegate):
            self._sign_in(user)
            response = self.url_open(
                "/report/download",
                data={
                    "data": json.dumps([address, "qweb-pdf"]),
                    "context": "{}",
                    "csrf_token": Request.csrf_token(self),
                },
            )
            self.assertEqual(response.status_code, 200)
            self.assertIn(
                letter.letter_number.replace("/", "-"),
                response.headers["Content-Disposition"],
            )

    def test_letter_of_an_earlier_reply(self):
        """R42: an appeal does not change the first letter, and has no letter yet."""
        request = self._make_request("rejected")
        first = request.decision_ids
        request.with_user(self.officer).action_appeal(
            reason="My rent has risen", channel_id=self._channel("phone").id
        )
        second = request.decision_ids - first
        page = self._get(f"/my/requests/{request.id}")
        (button,) = select(page, "a.o_br_letter")
        self.assertTrue(button.get("href").endswith(f"/letters/{first.id}"))
        self.assertIn(first.letter_number, self.url_open(button.get("href")).text)
        hidden = self.url_open(
            f"/my/requests/{request.id}/letters/{second.id}", allow_redirects=False
        )
        self.assertEqual(
            (hidden.status_code, hidden.headers["Location"], hidden.content),
            self._answers_of_nothing(),
        )

    def test_letter_of_another_request(self):
        """R43: nobody reads a foreign letter through their own request."""
        foreign = self._make_request("accepted", beneficiary_id=self.neighbour_file.id)
        own = self._make_request("accepted")
        response = self.url_open(
            f"/my/requests/{own.id}/letters/{foreign.decision_ids.id}",
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)

    def test_not_before_the_release(self):
        """R21: before the release the portal answers as if there were no letter."""
        nothing = self._answers_of_nothing()
        for state in ("draft", "in_review", "decided"):
            request = self._make_request(state)
            with self.subTest(state=state):
                page = self._get(f"/my/requests/{request.id}")
                self.assertFalse(select(page, "a.o_br_letter"))
                request._portal_ensure_token()
                for query in (
                    "",
                    f"?access_token={request.access_token}",
                    "?access_token=x&report_type=pdf&download=1",
                ):
                    response = self._open(request, query)
                    self.assertEqual(
                        (
                            response.status_code,
                            response.headers["Location"],
                            response.content,
                        ),
                        nothing,
                    )

    def test_only_ones_own(self):
        """R43: only people who act for the file read the letter, also with a token."""
        nothing = self._answers_of_nothing()
        request = self._make_request("accepted")
        token = request.sudo().access_token or "x"
        for user in (self.neighbour, self.outsider, self.stranger):
            self._sign_in(user)
            for query in ("", f"?access_token={token}"):
                response = self._open(request, query)
                self.assertEqual(response.status_code, nothing[0], user.login)
                self.assertEqual(response.headers["Location"], nothing[1])
        self.logout(keep_db=True)
        for query in ("", f"?access_token={token}"):
            response = self._open(request, query)
            self.assertIn("/web/login", response.headers["Location"])

    def test_not_by_the_report_address(self):
        """R21: Odoo's own report address gives an applicant no letter."""
        for state in ("decided", "accepted"):
            decision = self._make_request(state).decision_ids
            for kind in ("pdf", "html", "text"):
                with mute_logger("odoo.http"):
                    response = self.url_open(
                        f"/report/{kind}/beneficiary_relations.decision_letter/"
                        f"{decision.id}"
                    )
                self.assertNotIn("As studied", response.text)
                self.assertNotIn(decision.letter_number or "L/", response.text)

    def test_representative(self):
        """R33: a representative reads the letter until their period ends."""
        representative = self.env["beneficiary.representative"].create(
            {
                "beneficiary_id": self.file.id,
                "name": "وكيل المثال",
                "user_id": self.neighbour.id,
                "scope": "requests",
                "date_from": "2020-01-01",
            }
        )
        request = self._make_request("accepted")
        self._sign_in(self.neighbour)
        self.assertEqual(self._open(request).status_code, 200)
        representative.date_to = "2020-01-02"
        self.assertEqual(self._open(request).status_code, 303)
