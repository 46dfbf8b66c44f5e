import base64
from datetime import timedelta

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import TransactionCase

from ..rules.upload import clean_upload
from .upload_cases import make_pdf, make_stream

# A transparent image of one pixel: enough for a signature or a scanned paper.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
CHANNELS = (
    "interview",
    "phone",
    "social",
    "letter",
    "help_request",
    "volunteering",
    "website",
    "delegate",
)
# The users of an association, each with the group of the addon.
STAFF = {
    "delegate": "delegate",
    "officer": "officer",
    "manager": "manager",
    "researcher": "researcher",
    "chair": "committee",
    "member": "committee",
    "member2": "committee",
    "auditor": "auditor",
}
STEPS = ("receive", "verify", "refer", "declare", "notify", "register", "deliver")


class AssociationMixin:
    """Two associations with policies; the first with staff, committee, applicant.

    They are made with ``cls.env`` and do not depend on demo data. ``cls.other`` is a
    second association in the same database, with a policy for members.
    """

    @classmethod
    def _make_associations(cls):
        # Always in English: the tests compare messages.
        cls.env = cls.env(
            context={**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        )
        for lang in ("ar_001", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.company = cls._make_association("Association A", "beneficiary")
        cls.other = cls._make_association("Association B", "member")
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls._make_staff()
        cls.identity_type = cls.env.ref("beneficiary_relations.document_type_identity")
        cls.rejection_reason = cls.env.ref(
            "beneficiary_relations.rejection_reason_not_shown"
        )
        cls.committee = cls.env["beneficiary.committee"].create(
            {
                "name": "Research Committee",
                "company_id": cls.company.id,
                "member_ids": [
                    Command.create({"user_id": cls.chair.id, "role": "chair"}),
                    Command.create({"user_id": cls.member.id}),
                    Command.create({"user_id": cls.member2.id}),
                ],
            }
        )
        cls.service = cls.env["beneficiary.service"].create(
            {
                "name": "Food basket",
                "company_id": cls.company.id,
                "committee_id": cls.committee.id,
                "document_line_ids": [
                    Command.create({"type_id": cls.identity_type.id})
                ],
            }
        )
        cls.file = cls.env["beneficiary.beneficiary"].create(
            {
                "name": "سالم المثال",
                "company_id": cls.company.id,
                "identity_number": "1000000008",
                "phone": "0500000001",
                "email": "salem@example.com",
                "lang": "ar_001",
            }
        )
        cls.file.portal_user_ids = cls.applicant

    @classmethod
    def _make_association(cls, name, audience):
        company = cls.env["res.company"].create({"name": name})
        policy = cls.env["beneficiary.policy"].create(
            {
                "name": f"Policy of {name}",
                "company_id": company.id,
                "audience": audience,
                "declaration_text": "I declare that what I gave is correct.",
                "notice_text": "The committee replies in not less than two weeks.",
                "channel_line_ids": [
                    Command.create(
                        {
                            "channel_id": cls.env.ref(
                                f"beneficiary_relations.channel_{code}"
                            ).id
                        }
                    )
                    for code in CHANNELS
                ],
                "step_ids": [
                    Command.create(
                        {
                            "sequence": sequence,
                            "code": code,
                            "name": f"Step {code}",
                            "is_conditional": code == "refer",
                        }
                    )
                    for sequence, code in enumerate(STEPS)
                ],
            }
        )
        policy.action_put_in_force()
        return company

    @classmethod
    def _make_staff(cls):
        """Make a user for each role, the applicant, and a colleague without a role."""
        logins = {**STAFF, "applicant": None}
        users = cls._make_users(
            *((f"br_{name}", group, cls.company) for name, group in logins.items()),
            ("br_outsider", "manager", cls.other),
            ("br_stranger", "base.group_user", cls.company),
        )
        for name, user in zip([*logins, "outsider", "stranger"], users, strict=True):
            setattr(cls, name, user)

    @classmethod
    def _make_user(cls, login, group, company):
        """Make a user in one of the addon's groups, or a portal user for group None."""
        return cls._make_users((login, group, company))

    @classmethod
    def _make_users(cls, *people):
        """Make several users in one call: most classes need a dozen, and each separate
        call costs a fifth of a second.

        :param people: triples of a login, which is the password too, a group of the
            addon (or the XML id of another one, or None for the portal) and a company
        """
        users = cls.env["res.users"].with_context(
            mail_create_nolog=True, no_reset_password=True
        )
        users = users.create(
            [
                {
                    "login": login,
                    "password": login.ljust(8, "x"),
                    "name": login,
                    "email": f"{login[0]}.{login[0]}@example.com",
                    "group_ids": [Command.set(cls._get_group(group).ids)],
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                }
                for login, group, company in people
            ]
        )
        return users.with_env(cls.env)

    @classmethod
    def _get_group(cls, name):
        if not name:
            return cls.env.ref("base.group_portal")
        return cls.env.ref(
            name if "." in name else f"beneficiary_relations.group_{name}"
        )

    @classmethod
    def _make_branch(cls, delegate, name="North"):
        """Make a branch office with ``delegate`` as its delegate."""
        return cls.env["beneficiary.branch"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "delegate_ids": [Command.set(delegate.ids)],
            }
        )

    @classmethod
    def _make_guardian(cls):
        """Make a portal account of a representative for the applicant's file."""
        guardian = cls._make_user("br_guardian", None, cls.company)
        cls.env["beneficiary.representative"].create(
            {
                "beneficiary_id": cls.file.id,
                "name": "Guardian",
                "user_id": guardian.id,
                "date_from": "2020-01-01",
            }
        )
        return guardian

    @classmethod
    def _ask_for_papers(cls, kinds):
        """Let the service ask only for papers of these ``kinds``."""
        cls.service.document_line_ids = [
            Command.clear(),
            *(Command.create({"type_id": kind.id}) for kind in kinds),
        ]

    def _call_as(self, user, model, method, *args):
        """Call a method over RPC as ``user``, signed in to their associations."""
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        records = self.env(user=user.id, context={})[model]
        return call_kw(records, method, list(args), {"context": context})

    # -- the portal -------------------------------------------------------------

    def _get_waiting(self, model, user):
        """Return what waits for ``user`` in one section of the portal."""
        files = self.env["beneficiary.beneficiary"].with_user(user)._get_portal_files()
        return self.env[model].with_user(user)._portal_get_waiting(files)

    # -- steps of a request -----------------------------------------------------

    @classmethod
    def _channel(cls, code):
        return cls.env.ref(f"beneficiary_relations.channel_{code}")

    def _make_request(self, state="draft", **vals):
        """Return a request that was taken to ``state`` through its own moves.

        The request is returned in the environment of the test (superuser).
        """
        request = (
            self.env["beneficiary.request"]
            .with_user(self.officer)
            .create(
                {
                    "beneficiary_id": self.file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": "A food basket for four.",
                    "amount_requested": 500,
                    **vals,
                }
            )
        )
        self._advance(request, state)
        return request.with_user(self.env.user)

    PATH = (
        "draft",
        "submitted",
        "verified",
        "declared",
        "in_review",
        "decided",
        "accepted",
        "registered",
        "delivered",
        "closed",
    )

    def _count_queries(self, call):
        """Return the number of queries of ``call`` with an empty cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def _advance(self, request, state):
        """Take ``request`` to ``state``; a user with the right makes each move."""
        path = self.PATH
        if state == "rejected":
            path = (*path[: path.index("decided") + 1], "rejected")
        if state == "cancelled":
            request.with_user(self.officer).action_cancel(reason="No longer needed")
            return
        for step in path[path.index(request.state) + 1 : path.index(state) + 1]:
            getattr(self, f"_reach_{step}")(request, state)

    def _reach_submitted(self, request, goal):
        request.with_user(self.officer).action_submit(evidence="Asked", minutes=10)

    def _reach_verified(self, request, goal):
        file = request.sudo().beneficiary_id
        asked = request.sudo()._get_document_types()
        for kind in asked - file.document_ids.type_id:
            self._make_document(file, kind)
        papers = request.sudo().document_ids
        papers = papers.filtered(lambda paper: not paper.matched_on)
        # The officer types in the number and the date from the uploaded papers.
        papers.filtered("missing").write(
            {
                "number": "1000000008",
                "expiry_date": self.company._get_beneficiary_today(),
            }
        )
        papers.with_user(self.officer).action_match("The original")
        file.with_user(self.officer).action_match("The card")
        request.with_user(self.officer).action_verify(evidence="All compared")

    def _reach_declared(self, request, goal):
        request.with_user(self.officer).action_declare(
            signed_by=self._get_signer(request.sudo().beneficiary_id), signature=PIXEL
        )

    def _get_signer(self, file):
        """Return who signs for ``file``: its person, else a representative."""
        if not file._get_signers(self.officer):
            self.env["beneficiary.representative"].create(
                {
                    "beneficiary_id": file.id,
                    "name": "Who speaks for it",
                    "relation": "responsible",
                    "date_from": "2020-01-01",
                }
            )
        return file._get_signers(self.officer)[0]

    def _reach_in_review(self, request, goal):
        request.with_user(self.officer).action_notify(
            channel_id=self._channel("phone").id, text="Told of committee and period"
        )
        request.with_user(self.officer).action_raise()

    def _reach_decided(self, request, goal):
        self._decide(request, "rejected" if goal == "rejected" else "accepted")

    def _reach_accepted(self, request, goal):
        request.with_user(self.manager).action_release(reason="Urgent need")

    _reach_rejected = _reach_accepted

    def _reach_registered(self, request, goal):
        request.with_user(self.officer).action_register(evidence="Registered")

    def _reach_delivered(self, request, goal):
        self._receive(self._plan_delivery(request))
        request.with_user(self.officer).action_deliver(evidence="Handed over")

    def _reach_closed(self, request, goal):
        self._deliver_notices(request)
        request.with_user(self.officer).action_close()

    def _deliver_notices(self, request):
        """Let the carriers report that they sent the notices of ``request``."""
        notices = request.sudo().notice_ids
        notices.notification_id.notification_status = "sent"

    def _plan_delivery(self, request, **vals):
        """Return a delivery that the officer planned for a registered request."""
        return (
            self.env["beneficiary.delivery"]
            .with_user(self.officer)
            .create(
                {
                    "request_id": request.id,
                    "goods": "A food basket",
                    "planned_date": request.company_id._get_beneficiary_today(),
                    "place": "The office",
                    **vals,
                }
            )
        )

    def _hand_over(self, delivery):
        delivery.with_user(self.officer).action_hand_over(
            handed_on=delivery.company_id._get_beneficiary_today()
        )

    def _receive(self, delivery):
        """Sign the receipt of ``delivery`` on the spot."""
        delivery.with_user(self.officer).action_receive(
            received_by=delivery.sudo().beneficiary_id.name,
            signature=PIXEL,
            handed_on=delivery.company_id._get_beneficiary_today(),
        )

    def _decide(self, request, outcome="accepted"):
        """Let the whole committee vote for ``outcome`` and the chair close the vote."""
        decision = request.sudo()._get_current_decision()
        choice = "accept" if outcome == "accepted" else "reject"
        for voter in (self.chair, self.member, self.member2):
            decision.with_user(voter).action_vote(choice, "As studied")
        decision.with_user(self.chair).action_close_vote(
            reason="As studied", rejection_reason_id=self.rejection_reason.id
        )

    def _make_document(self, file, kind, **vals):
        today = file.company_id._get_beneficiary_today()
        return self.env["beneficiary.document"].create(
            {
                "beneficiary_id": file.id,
                "type_id": kind.id,
                "number": "1000000008",
                "issue_date": today - timedelta(days=30),
                "expiry_date": today + timedelta(days=300),
                "file": PIXEL,
                "file_name": "identity.png",
                **vals,
            }
        )


class BeneficiaryCommon(AssociationMixin, TransactionCase):
    """Two associations, in a transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()


def pdf_base64(text=b"example"):
    """Return a tiny PDF with ``text`` on its page, in base64 like a stored upload."""
    page = make_stream(text, b"/Filter /DCTDecode")  # not compressed: tests can find it
    return base64.b64encode(clean_upload(make_pdf([page], b"/Text 4 0 R")))
