from collections import defaultdict
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tests import TransactionCase, tagged

STUDIED = {
    "in_review",
    "decided",
    "accepted",
    "rejected",
    "registered",
    "delivered",
    "closed",
}
ALL = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")
UNSIGNED = {"group", "place", "animal"}
SUBMITTED = ("submitted_on", "!=", False)
CAST = {"accept", "reject", "abstain"}


class Recount:
    """Counts of all figures from the raw records, without the addon's SQL or rules."""

    def __init__(self, company, start, end):
        self.env = company.env(su=True)
        self.company = company.with_env(self.env)
        self.zone = ZoneInfo(self.company._get_beneficiary_timezone())
        self.start, self.end = start, end
        self.now = fields.Datetime.now()
        self.today = self.day(self.now)
        policies = self.env["beneficiary.policy"].with_context(active_test=False)
        policies = policies.search(
            [("company_id", "=", company.id), ("state", "!=", "draft")]
        )
        self.first = min(policies.mapped("in_force_on"), default=None)
        self.found = defaultdict(lambda: [0, 0])
        self.amounts = defaultdict(int)
        self.requests()
        self.replies()
        self.contacts()
        self.transfers()
        self.ratings()
        self.improvements()
        self.versions()

    def day(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def search(self, model, *domain):
        records = self.env[model].with_context(active_test=False)
        return records.search([("company_id", "=", self.company.id), *domain])

    def says(self, text):
        return bool((text or "").strip(" \n\r\t.-_"))

    def is_lived(self, day):
        return self.start <= day <= self.end and self.first and day >= self.first

    def add(self, code, applies, keeps=True, amount=0):
        if applies:
            self.found[code][0] += bool(keeps)
            self.found[code][1] += 1
            self.amounts[code] += amount if keeps else 0

    def requests(self):
        for request in self.search(
            "beneficiary.request", ("submitted_on", "!=", False)
        ):
            day = self.day(request.submitted_on)
            if not self.start <= day <= self.end:
                continue
            if request.origin == "migrated":
                self.add("migrated", True)
                continue
            if not self.is_lived(day):
                self.add("before", True)
                continue
            self.add(("channel", request.channel_id), True)
            self.request(request)

    def request(self, request):
        asked = set(request.policy_id.step_ids.mapped("code"))
        valid = request.step_ids.filtered(lambda step: not step.voided_on)
        last = {
            code: max(
                valid.filtered(lambda step, code=code: step.code == code).mapped(
                    "done_on"
                ),
                default=None,
            )
            for code in ALL
        }
        studied = request.state in STUDIED
        released = request.decision_ids.filtered(
            lambda one: one.round == request.round and one.state != "withdrawn"
        )
        accepted = bool(released.released_on) and released.outcome == "accepted"
        due = {
            "receive": True,
            "verify": studied,
            "declare": studied,
            "notify": studied,
            "register": accepted
            and request.state in ("registered", "delivered", "closed"),
            "deliver": accepted and request.state in ("delivered", "closed"),
        }
        for code, applies in due.items():
            self.add(f"step_{code}", applies and code in asked, last[code])
        ended = {"answered", "declined"} & set(request.referral_ids.mapped("state"))
        self.add(
            "step_refer",
            ended and "refer" in asked,
            "refer" in request.step_ids.mapped("code"),
        )
        received = valid.filtered(lambda step: step.code == "receive")
        self.add(
            "time_given",
            received and "receive" in asked,
            any(step.minutes > 0 for step in received),
        )
        earlier = request.decision_ids.filtered(
            lambda one: one.round < request.round and one.released_on
        )
        bound = max(earlier.mapped("released_on"), default=None)
        notices = [
            step.done_on
            for step in request.step_ids
            if step.code == "notify"
            and request.raised_on
            and step.done_on <= request.raised_on
            and (not bound or step.done_on >= bound)
        ]
        self.add(
            "notice_first",
            studied and "notify" in asked,
            last["notify"] and notices,
        )
        order = [last[code] for code in ALL if code != "refer" and last[code]]
        self.add("in_order", len(valid) > 1, order == sorted(order))
        moments = sorted(filter(None, last.values()))
        close = any(
            after - before < timedelta(minutes=1)
            for before, after in zip(moments, moments[1:], strict=False)
        )
        self.add("apart_in_time", len(valid) > 1, not close)
        self.add(
            "with_evidence",
            valid,
            all(step.code == "declare" or self.says(step.evidence) for step in valid),
        )
        self.add("by_person", valid, all(step.doer_id.id != 1 for step in valid))
        void = request.step_ids - valid
        self.add("void_reason", void, all(self.says(s.void_reason) for s in void))
        rated = self.search(
            "rating.rating",
            ("res_model", "=", request._name),
            ("res_id", "=", request.id),
            ("consumed", "=", True),
        )
        was_asked = rated or "rating" in request.notice_ids.mapped("event")
        file = request.beneficiary_id
        is_to_ask = file.kind not in UNSIGNED and file.state != "deceased"
        self.add(
            "rating_asked",
            request.state in ("delivered", "closed") and (was_asked or is_to_ask),
            was_asked,
        )
        self.add("rating_given", rated)

    def replies(self):
        for reply in self.search("beneficiary.decision", ("state", "!=", "withdrawn")):
            request = reply.request_id
            left, due = reply.released_on, reply.reply_due_on
            floor = reply.review_floor_on
            moment = left or due
            submitted = request.submitted_on and self.day(request.submitted_on)
            if (
                request.origin == "migrated"
                or not moment
                or not self.start <= self.day(moment) <= self.end
                or not submitted
                or submitted < self.first
            ):
                continue
            if left and (floor or due):
                kept = (not floor or floor <= left) and (not due or left <= due)
                self.add("in_window", True, kept)
            self.add("in_window", not left and due and due < self.now, False)
            self.add(
                "early_reason",
                left and floor and left < floor,
                self.says(reply.early_release_reason),
            )
            self.add(
                "rejection_reason",
                left and reply.outcome == "rejected",
                self.says(reply.reason) or self.says(reply.rejection_words),
            )
            first = reply.appeal_id.decision_id
            voters = [
                set(one.vote_ids.filtered(lambda v: v.choice in CAST).user_id.ids)
                for one in (reply, first)
            ]
            self.add("appeal_others", left and first, not voters[0] & voters[1])

    def contacts(self):
        for contact in self.search("beneficiary.interaction"):
            day = self.day(contact.date)
            if not self.is_lived(day):
                continue
            self.add(("channel", contact.channel_id), True)
            self.add(
                "outreach", contact.kind == "outreach" and contact.direction == "out"
            )
            if contact.kind == "question" and contact.direction == "in":
                name = "enquiry"
            elif contact.kind in ("complaint", "dispute", "suggestion"):
                name = "complaint"
            else:
                continue
            state, due = contact.answer_state, contact.answer_due_on
            if state == "open" and (not due or due >= self.today):
                continue
            answered = state != "open" if state else self.says(contact.outcome)
            self.add(f"{name}_answered", True, answered)
            late = contact.answered_on and due and self.day(contact.answered_on) > due
            self.add(f"{name}_in_time", True, answered and not late)
            replied = contact.answered_on and self.day(contact.answered_on)
            self.add(f"{name}_same_day", answered, not replied or replied <= day)

    def transfers(self):
        for transfer in self.search(
            "beneficiary.disbursement.line", ("state", "!=", "waiting")
        ):
            returned = transfer.state == "returned"
            day = self.day(transfer.returned_on) if returned else transfer.paid_on
            if not self.is_lived(day):
                continue
            amount = transfer.amount
            self.add("transfer_made", True, not returned, amount)
            self.add("transfer_returned", returned, amount=amount)
            repaid = all(map(self.was_made, transfer.delivery_ids))
            self.add("transfer_repaid", returned, repaid, amount)

    def was_made(self, delivery):
        made = delivery.state in ("handed", "received")
        return made or any(map(self.was_made, delivery.correction_ids))

    def ratings(self):
        models = ("beneficiary.request", "beneficiary.interaction")
        for rating in self.search(
            "rating.rating", ("res_model", "in", models), ("consumed", "=", True)
        ):
            if self.is_lived(self.day(rating.rated_on)):
                self.add("satisfied", True, rating.rating >= 4)

    def improvements(self):
        for one in self.search("beneficiary.improvement"):
            ended = one.state != "open"
            if self.is_lived(one.closed_on or one.due_on):
                self.add(
                    "improvement_ended",
                    ended or one.due_on < self.today,
                    ended and self.says(one.outcome),
                )

    def versions(self):
        policies = self.search("beneficiary.policy", ("state", "!=", "draft"))
        for policy in policies:
            after = policies.filtered(lambda one, it=policy: one.supersedes_id == it)
            is_ruling = policy.state == "in_force"
            day = self.today if is_ruling else after[:1].in_force_on
            readings = policy.acknowledgement_ids
            if day and self.start <= day <= self.end:
                self.add("policy_approved", True, policy.approval_date)
                self.add("policy_circulated", True, readings)
                due = policy.review_due
                self.add("policy_reviewed", is_ruling, due and due >= self.today)
            for one in readings:
                if self.start <= self.day(one.circulated_on) <= self.end:
                    self.add("acknowledged", True, one.read_on)


@tagged("post_install", "-at_install", "with_demo")
class TestComplianceFigures(TransactionCase):
    def test_five_policies(self):
        """R50: each figure of the five policies, recomputed from raw records."""
        companies = self.env["res.company"]._get_beneficiary_associations()
        companies = companies.filtered(lambda one: one._get_beneficiary_policy())
        self.assertGreaterEqual(len(companies), 5)
        for company in companies:
            pages = self.env["beneficiary.compliance"].with_context(
                allowed_company_ids=company.ids
            )
            today = company._get_beneficiary_today()
            for start, end in (
                (date(today.year - 3, 1, 1), today + timedelta(400)),
                (today - timedelta(40), today - timedelta(3)),
            ):
                page = pages.create(
                    {
                        "company_id": company.id,
                        "period": "own",
                        "date_from": start,
                        "date_to": end,
                    }
                )
                recount = Recount(company, start, end)
                before = Recount(
                    company, page._get_period().before, start - timedelta(1)
                )
                for line in page.line_ids.filtered("code"):
                    key = line.code
                    if line.channel_id:
                        key = ("channel", line.channel_id.with_env(recount.env))
                    with self.subTest(company=company.name, start=start, code=key):
                        self.assertEqual([line.kept, line.total], recount.found[key])
                        self.assertEqual(
                            [line.before_kept, line.before_total], before.found[key]
                        )
                        self.assertEqual(
                            (line.amount, line.before_amount),
                            (recount.amounts[key], before.amounts[key]),
                        )
