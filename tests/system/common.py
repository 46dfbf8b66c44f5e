"""Shared base of the tests of the whole addon."""

from datetime import date, datetime

from odoo import SUPERUSER_ID, Command

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import PIXEL, BeneficiaryCommon

TODAY = date(2026, 3, 15)
# What each role may do with a record of its own association, branch, committee or
# person: read, write, create, unlink. Nobody else may do anything.
#                  delegate officer manager researcher member auditor applicant
SETTING = "r        r       rwcu    r          r      r       -"
RIGHTS = {
    "beneficiary.channel": SETTING,
    "beneficiary.tool": SETTING,
    "beneficiary.branch": SETTING,
    "beneficiary.category": SETTING,
    "beneficiary.document.type": SETTING,
    "beneficiary.service": SETTING,
    "beneficiary.service.document": SETTING,
    "beneficiary.service.question": SETTING,
    "beneficiary.service.question.option": SETTING,
    "beneficiary.service.budget": "- r      rwcu    -          r      r       -",
    "beneficiary.committee": SETTING,
    "beneficiary.committee.member": SETTING,
    "beneficiary.policy": SETTING,
    "beneficiary.policy.clause": SETTING,
    "beneficiary.policy.channel": SETTING,
    "beneficiary.policy.tool": SETTING,
    "beneficiary.policy.step": SETTING,
    "beneficiary.policy.signatory": SETTING,
    "beneficiary.policy.acknowledgement": "r - r    -          -      r       -",
    "beneficiary.policy.review": "r  r       rc      r          r      r       -",
    "beneficiary.beneficiary": "rwc  rwc     rwcu    r          r      r       r",
    "beneficiary.household.member": "rwc rwc rwcu    r          r      r       -",
    "beneficiary.income.line": "-    rwcu    rwcu    r          -      r       -",
    "beneficiary.representative": "rwc rwc  rwcu    r          r      r       -",
    "beneficiary.history": "r        r       r       r          r      r       -",
    "beneficiary.duplicate": "r      rw      rw      -          -      r       -",
    "beneficiary.change": "rw        rw      rw      r          -      r       -",
    "beneficiary.change.line": "r    r       r       r          -      r       -",
    "beneficiary.document": "rwc     rwc     rwcu    r          r      r       -",
    "beneficiary.interaction": "rwc  rwc     rwcu    r          -      r       -",
    "beneficiary.appointment": "rwc  rwc     rwcu    r          -      r       -",
    "beneficiary.appointment.slot": "rwcu rwcu rwcu  r          -      r       -",
    "beneficiary.improvement": "-    r       rwcu    r          -      r       -",
    "beneficiary.outreach": "r       rwcu    rwcu    r          -      r       -",
    "beneficiary.outreach.line": "rw rwcu    rwcu    r          -      r       -",
    "beneficiary.consent": "rc       rc      rc      r          -      r       -",
    "beneficiary.data.request": "-   rwc     rwc     -          -      r       -",
    "beneficiary.satisfaction": "-   -       r       -          -      r       -",
    "beneficiary.compliance": "-     -       rwc     -          -      rwc     -",
    "beneficiary.compliance.line": "- -      r       -          -      r       -",
    "beneficiary.compliance.request": "- -   r       -          -      r       -",
    "beneficiary.compliance.reply": "- -     r       -          -      r       -",
    "beneficiary.compliance.contact": "- -   r       -          -      r       -",
    "beneficiary.compliance.transfer": "- -  r       -          -      r       -",
    "beneficiary.compliance.use": "- -       r       -          -      r       -",
    "beneficiary.compliance.improvement": "- - r     -        -      r       -",
    "beneficiary.compliance.version": "- -   r       -          -      r       -",
    "beneficiary.compliance.reading": "- -   r       -          -      r       -",
    "beneficiary.compliance.rating": "- -    r       -          -      -       -",
    "beneficiary.request.report": "r r       r       -          -      r       -",
    "beneficiary.interaction.report": "r r   r       -          -      r       -",
    "beneficiary.rating.link": "-    -       -       -          -      -       -",
    "beneficiary.request": "rwc      rwc     rwcu    r          r      r       r",
    "beneficiary.request.answer": "rw rw    rw      r          r      r       -",
    "beneficiary.request.step": "r   r       r       r          r      r       -",
    "beneficiary.referral": "r       r       r       rw         r      r       -",
    "beneficiary.request.pause": "r  r       r       r          r      r       -",
    "beneficiary.verification": "r   r       r       r          r      r       -",
    "beneficiary.declaration": "r    r       r       r          r      r       -",
    "beneficiary.request.migration": "- -     rc      -          -      r       -",
    "beneficiary.referral.finding": "r r     r       rwcu       r      r       -",
    "beneficiary.referral.photo": "r r       r       rwcu       r      r       -",
    "beneficiary.question.answer": "r r      rwcu    rwc        -      r       -",
    "beneficiary.delivery": "r       rwc     rwc     r          r      r       -",
    "beneficiary.disbursement": "-   rwcu    rwcu    -          -      r       -",
    "beneficiary.disbursement.line": "- ru   ru      -          -      r       -",
    "beneficiary.decision": "-       r       r       -          r      r       -",
    "beneficiary.letter.reissue": "- r      r       -          r      r       -",
    "beneficiary.vote": "-           -       r       -          r      r       -",
    "beneficiary.proposal": "-       r       r       -          r      r       -",
    "beneficiary.past.vote": "-      -       r       -          r      r       -",
    "beneficiary.appeal": "r         r       r       r          r      r       -",
    "beneficiary.rejection.reason": SETTING,
    "beneficiary.committee.interest": "- -   r       -          rwc    r       -",
    "beneficiary.notice": "r         r       r       -          -      r       -",
    "beneficiary.committee.session": "- -     rwcu    -          rwcu   r       -",
    "beneficiary.session.item": "-   -       r       -          rwcu   r       -",
    "beneficiary.session.attendance": "- -    r       -          r      r       -",
    "beneficiary.seal": "-           -       r       -          -      r       -",
    "beneficiary.seal.payload": "-   -       r       -          -      r       -",
    "beneficiary.export.log": "-     -       r       -          -      r       -",
    "beneficiary.submission": "-     -       -       -          -      -       -",
    "beneficiary.signin.code": "-    -       -       -          -      -       -",
    "beneficiary.newcomer": "-       -       -       -          -      -       -",
}
# Forms of the steps, with their roles: only the user who opened one may use it.
WIZARDS = {
    "beneficiary.request.move": {"delegate", "officer", "manager", "member"},
    "beneficiary.archive.reason": {"manager"},
    "beneficiary.appointment.move": {"delegate", "officer", "manager"},
    "beneficiary.file.move": {"delegate", "officer", "manager"},
    "beneficiary.succession": {"officer", "manager"},
    "beneficiary.succession.line": {"officer", "manager"},
    "beneficiary.document.add": {"delegate", "officer", "manager"},
    "beneficiary.document.add.line": {"delegate", "officer", "manager"},
    "beneficiary.document.match": {"officer", "manager"},
    "beneficiary.file.match": {"officer", "manager"},
    "beneficiary.file.match.line": {"officer", "manager"},
    "beneficiary.notice.told": {"delegate", "officer", "manager"},
    "beneficiary.portal.invite": {"delegate", "officer", "manager"},
    "beneficiary.rating.record": {"delegate", "officer", "manager"},
    "beneficiary.referral.move": {"delegate", "officer", "manager", "researcher"},
    "beneficiary.referral.send": {"delegate", "officer", "manager"},
    "beneficiary.delivery.move": {"delegate", "officer", "manager"},
    "beneficiary.delivery.plan": {"officer", "manager"},
    "beneficiary.delivery.plan.line": {"officer", "manager"},
    "beneficiary.policy.compare": {
        "delegate",
        "officer",
        "manager",
        "researcher",
        "member",
        "auditor",
    },
    "beneficiary.disbursement.move": {"officer", "manager"},
    "beneficiary.disbursement.answer": {"officer", "manager"},
    "beneficiary.vote.wizard": {"member"},
    "beneficiary.session.move": {"manager", "member"},
    "beneficiary.decision.move": {"member"},
    "beneficiary.merge": {"manager"},
    "beneficiary.merge.line": {"manager"},
    "beneficiary.seal.verify": {"manager", "auditor"},
    "beneficiary.setup": {"manager"},
    "beneficiary.setup.person": {"manager"},
    "beneficiary.setup.service": {"manager"},
    "beneficiary.demo.removal": set(),
    "beneficiary.assign": {"delegate", "officer", "manager"},
    "beneficiary.request.each": {"delegate", "officer", "manager", "member"},
}
# Catalogues: all may read records without an association, and nobody may write them.
SHARED = (
    "beneficiary.channel",
    "beneficiary.tool",
    "beneficiary.rejection.reason",
    "beneficiary.category",
    "beneficiary.document.type",
    "beneficiary.policy",
)
# Models that a delegate sees by branch, and a committee member by committee.
BY_BRANCH = {
    "beneficiary.beneficiary",
    "beneficiary.household.member",
    "beneficiary.income.line",
    "beneficiary.representative",
    "beneficiary.history",
    "beneficiary.change",
    "beneficiary.change.line",
    "beneficiary.document",
    "beneficiary.duplicate",
    "beneficiary.interaction",
    "beneficiary.appointment",
    "beneficiary.appointment.slot",
    "beneficiary.outreach",
    "beneficiary.policy.acknowledgement",
    "beneficiary.outreach.line",
    "beneficiary.request",
    "beneficiary.request.answer",
    "beneficiary.request.step",
    "beneficiary.request.pause",
    "beneficiary.verification",
    "beneficiary.declaration",
    "beneficiary.appeal",
    "beneficiary.referral",
    "beneficiary.referral.finding",
    "beneficiary.referral.photo",
    "beneficiary.delivery",
    "beneficiary.notice",
    "beneficiary.consent",
    "beneficiary.request.report",
    "beneficiary.interaction.report",
}


class AccessCase(BeneficiaryCommon):
    """Three worlds, each with a record of every model.

    ``own`` is the branch, committee and person of the roles; ``foreign`` another
    branch, committee and person of the same association; ``other`` belongs to
    another association.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact_reader = mail_new_test_user(
            cls.env,
            "br_contact_reader",
            groups="beneficiary_relations.group_contact_reader",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        for exporter in cls.delegate | cls.member:
            exporter.group_ids |= cls.env.ref("base.group_allow_export")
        cls.own = cls._make_world(
            cls.company, "Own", cls.delegate, cls.member, cls.applicant
        )
        cls.foreign = cls._make_world(
            cls.company,
            "Foreign",
            cls._make_user("br_far_delegate", "delegate", cls.company),
            cls._make_user("br_far_member", "committee", cls.company),
            cls._make_user("br_far_applicant", None, cls.company),
        )
        cls.beyond = cls._make_world(
            cls.other,
            "Other",
            cls._make_user("br_other_delegate", "delegate", cls.other),
            cls._make_user("br_other_member", "committee", cls.other),
            cls._make_user("br_other_applicant", None, cls.other),
        )
        cls.env.flush_all()

    @classmethod
    def _make_world(cls, company, name, delegate, member, applicant):
        """Return ``{model: record}`` with one record of each model for one request."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        ours = {"company_id": company.id, "name": name}
        world = {
            model: env[model].create({**ours, **vals})
            for model, vals in (
                ("beneficiary.branch", {"delegate_ids": [Command.link(delegate.id)]}),
                ("beneficiary.document.type", {}),
                ("beneficiary.channel", {"code": name.lower()}),
                ("beneficiary.tool", {"code": name.lower()}),
                ("beneficiary.rejection.reason", {}),
                ("beneficiary.category", {"code": name.lower()}),
            )
        }
        committee = env["beneficiary.committee"].create(
            {
                **ours,
                "quorum": 1,
                "member_ids": [Command.create({"user_id": member.id, "role": "chair"})],
            }
        )
        kind = world["beneficiary.document.type"]
        service = env["beneficiary.service"].create(
            {
                **ours,
                "committee_id": committee.id,
                "document_line_ids": [Command.create({"type_id": kind.id})],
                "question_ids": [
                    Command.create(
                        {
                            "name": name,
                            "kind": "choice",
                            "option_ids": [Command.create({"name": name})],
                        }
                    )
                ],
                "budget_ids": [
                    Command.create(
                        {"date_from": TODAY, "date_to": TODAY, "amount": 1000}
                    )
                ],
            }
        )
        channel = cls._channel("phone")
        file = env["beneficiary.beneficiary"].create(
            {
                **ours,
                "branch_id": world["beneficiary.branch"].id,
                "portal_user_ids": [Command.set(applicant.ids)],
                "phone": "0500000003",
            }
        )
        request = env["beneficiary.request"].create(
            {
                "company_id": company.id,
                "beneficiary_id": file.id,
                "service_id": service.id,
                "channel_id": channel.id,
                "description": name,
            }
        )
        world |= {
            "beneficiary.committee": committee,
            "beneficiary.committee.member": committee.member_ids,
            "beneficiary.service": service,
            "beneficiary.service.document": service.document_line_ids,
            "beneficiary.service.question": service.question_ids,
            "beneficiary.service.question.option": service.question_ids.option_ids,
            "beneficiary.service.budget": service.budget_ids,
            "beneficiary.beneficiary": file,
            "beneficiary.request": request,
            "beneficiary.household.member": env["beneficiary.household.member"].create(
                {"beneficiary_id": file.id, "name": f"Child of {name}"}
            ),
            "beneficiary.income.line": env["beneficiary.income.line"].create(
                {"beneficiary_id": file.id, "type": "salary", "amount": 1}
            ),
            "beneficiary.representative": env["beneficiary.representative"].create(
                {"beneficiary_id": file.id, "name": f"Agent of {name}"}
            ),
            "beneficiary.request.answer": request.answer_ids,
            "beneficiary.document": env["beneficiary.document"].create(
                {"beneficiary_id": file.id, "type_id": kind.id}
            ),
            "beneficiary.interaction": env["beneficiary.interaction"].create(
                {
                    "company_id": company.id,
                    "subject": name,
                    "channel_id": channel.id,
                    "beneficiary_id": file.id,
                    "branch_id": file.branch_id.id,
                }
            ),
            **cls._make_appointment_world(env, file, name),
            "beneficiary.improvement": env["beneficiary.improvement"].create(
                {**ours, "due_on": "2030-01-01"}
            ),
            "beneficiary.duplicate": env["beneficiary.duplicate"].create(
                {"first_id": file.id, "second_id": file.copy().id}
            ),
            "beneficiary.request.step": request._record_step("receive"),
            "beneficiary.request.pause": env["beneficiary.request.pause"].create(
                {"request_id": request.id, "date_start": datetime.now()}
            ),
            "beneficiary.verification": env["beneficiary.verification"].create(
                {
                    "beneficiary_id": file.id,
                    "item": "identity",
                    "source": name,
                    "matched_by_id": cls.officer.id,
                    "matched_on": datetime.now(),
                    "salt": name,
                    "digest": name,
                }
            ),
            "beneficiary.declaration": env["beneficiary.declaration"].create(
                {
                    "request_id": request.id,
                    "policy_id": company._get_beneficiary_policy().id,
                    "round": 1,
                    "method": "paper",
                    "signed_on": datetime.now(),
                    "taken_by_id": cls.officer.id,
                    "digest": name,
                }
            ),
            "beneficiary.request.migration": env[
                "beneficiary.request.migration"
            ].create(
                {
                    "company_id": company.id,
                    "reference": name,
                    "beneficiary_id": file.id,
                    "service_id": service.id,
                    "channel_id": channel.id,
                    "description": name,
                    "state": "submitted",
                    "submitted_on": datetime(2024, 1, 1),
                }
            ),
            **cls._make_study_world(env, request),
            "beneficiary.notice": env["beneficiary.notice"].create(
                {
                    "request_id": request.id,
                    "event": "reply",
                    "channel": "email",
                    "round": 1,
                    "queued_on": datetime.now(),
                }
            ),
            **cls._make_policy_world(env, ours, world["beneficiary.tool"], delegate),
        }
        request._write_flow({"state": "in_review", "raised_on": datetime.now()})
        decision = env["beneficiary.decision"]._open(request)
        decision.with_user(member).with_context(
            allowed_company_ids=company.ids
        ).action_vote("accept")
        change = env["beneficiary.change"].create(
            {
                "beneficiary_id": file.id,
                "line_ids": [Command.create({"name": "city", "value": name})],
            }
        )
        world["beneficiary.change"] = change
        world["beneficiary.change.line"] = change.line_ids
        world |= cls._make_session_world(env, request)
        world["beneficiary.proposal"] = env["beneficiary.proposal"].create(
            {
                "decision_id": decision.id,
                "amount": 1,
                "proposed_by_id": member.id,
                "proposed_on": datetime.now(),
            }
        )
        world["beneficiary.past.vote"] = env["beneficiary.past.vote"].create(
            {
                "decision_id": decision.id,
                "user_id": member.id,
                "choice": "reject",
                "ended_on": datetime.now(),
                "why": "changed",
            }
        )
        decision.write({"state": "taken", "outcome": "accepted"})
        request._write_flow({"state": "registered"})
        world["beneficiary.delivery"] = env["beneficiary.delivery"].create(
            {"request_id": request.id, "goods": name, "planned_date": TODAY}
        )
        world["beneficiary.disbursement"] = env["beneficiary.disbursement"].create(
            {
                "company_id": company.id,
                "date_from": TODAY,
                "date_to": TODAY,
                "line_ids": [Command.create({"beneficiary_id": file.id})],
            }
        )
        world["beneficiary.disbursement.line"] = world[
            "beneficiary.disbursement"
        ].line_ids
        request._write_flow({"state": "decided"})
        link = env["beneficiary.seal"]._append(world["beneficiary.declaration"])
        world["beneficiary.seal"] = link
        world["beneficiary.export.log"] = env["beneficiary.export.log"]._add(
            request, ["name"]
        )
        world["beneficiary.seal.payload"] = link.payload_ids
        world["beneficiary.history"] = env["beneficiary.history"].search(
            [("request_id", "=", request.id), ("kind", "=", "request")]
        )
        outreach = env["beneficiary.outreach"].create(
            {
                **ours,
                "channel_id": channel.id,
                "line_ids": [Command.create({"beneficiary_id": file.id})],
            }
        )
        world["beneficiary.outreach"] = outreach
        world["beneficiary.outreach.line"] = outreach.line_ids
        world["beneficiary.appeal"] = env["beneficiary.appeal"].create(
            {
                "request_id": request.id,
                "decision_id": decision.id,
                "reason": name,
                "filed_on": datetime.now(),
                "filed_by_id": cls.officer.id,
            }
        )
        world["beneficiary.committee.interest"] = env[
            "beneficiary.committee.interest"
        ].create({**ours, "identity_number": "1000000024", "user_id": member.id})
        world["beneficiary.letter.reissue"] = env["beneficiary.letter.reissue"].create(
            {
                "decision_id": decision.id,
                "name": f"{name} 2",
                "date": datetime.now(),
                "replaces": name,
                "replaces_date": datetime.now(),
                "correction": name,
                "reason": name,
                "reissued_by_id": cls.officer.id,
            }
        )
        world["beneficiary.submission"] = env["beneficiary.submission"].create(
            {
                "user_id": cls.officer.id,
                "model": file._name,
                "key": name,
                "res_id": file.id,
                "sent_on": datetime.now(),
            }
        )
        world["beneficiary.signin.code"] = env["beneficiary.signin.code"].create(
            {
                "purpose": "signin",
                "key_digest": name,
                "number_digest": name,
                "address_digest": name,
                "asked_on": datetime.now(),
                "company_id": file.company_id.id,
                "beneficiary_id": file.id,
            }
        )
        world["beneficiary.newcomer"] = env["beneficiary.newcomer"].create(
            {
                "company_id": file.company_id.id,
                "code_key": name,
                "name": name,
                "identity_type": "national",
                "identity_number": name,
                "phone": name,
                "asked_on": datetime.now(),
            }
        )
        world |= cls._make_privacy_world(env, file)
        world |= cls._make_rating_world(env, request, name)
        payment = world["beneficiary.disbursement.line"]
        payment._write_flow({"state": "paid", "paid_on": datetime.now()})
        world |= cls._make_compliance_world(env, request)
        world["beneficiary.decision"] = decision
        world["beneficiary.vote"] = decision.vote_ids
        for name in ("beneficiary.request", "beneficiary.interaction"):
            world[f"{name}.report"] = env[f"{name}.report"].browse(world[name].id)
        return world

    @classmethod
    def _make_appointment_world(cls, env, file, name):
        appointment = env["beneficiary.appointment"].create(
            {
                "company_id": file.company_id.id,
                "beneficiary_id": file.id,
                "subject": name,
                "slot_ids": [Command.create({"start": "2030-01-01 08:00:00"})],
            }
        )
        return {
            "beneficiary.appointment": appointment,
            "beneficiary.appointment.slot": appointment.slot_ids,
        }

    @classmethod
    def _make_privacy_world(cls, env, file):
        ours = {"beneficiary_id": file.id}
        return {
            "beneficiary.consent": env["beneficiary.consent"].create(
                {**ours, "purpose": "study"}
            ),
            "beneficiary.data.request": env["beneficiary.data.request"].create(
                {**ours, "text": file.name, "owner_id": SUPERUSER_ID}
            ),
        }

    @classmethod
    def _make_rating_world(cls, env, request, name):
        env["rating.rating"].create(
            {
                "access_token": False,  # as the addon makes them
                "res_model_id": env["ir.model"]._get_id(request._name),
                "res_id": request.id,
                "rating": 3,
                "feedback": name,
                "consumed": True,
            }
        )
        env.flush_all()
        links = env["beneficiary.rating.link"]
        links._make(request)
        return {
            "beneficiary.satisfaction": env["beneficiary.satisfaction"].search(
                [("company_id", "=", request.company_id.id)], limit=1
            ),
            "beneficiary.rating.link": links.search([("res_id", "=", request.id)]),
        }

    @classmethod
    def _make_compliance_world(cls, env, request):
        request._write_flow({"submitted_on": datetime.now()})
        page = env["beneficiary.compliance"].create(
            {"company_id": request.company_id.id}
        )
        env.flush_all()
        ours = [("company_id", "=", request.company_id.id)]
        return {
            "beneficiary.compliance": page,
            "beneficiary.compliance.line": page.line_ids[:1],
            **{
                f"beneficiary.compliance.{source}": env[
                    f"beneficiary.compliance.{source}"
                ].search(ours, limit=1)
                for source in (
                    "request",
                    "reply",
                    "contact",
                    "transfer",
                    "use",
                    "improvement",
                    "rating",
                    "version",
                    "reading",
                )
            },
        }

    @classmethod
    def _make_session_world(cls, env, request):
        session = env["beneficiary.committee.session"].create(
            {
                "committee_id": request.committee_id.id,
                "start": "2026-03-22 07:00:00",
                "stop": "2026-03-22 09:00:00",
                "item_ids": [Command.create({"request_id": request.id})],
            }
        )
        # Opening a session makes its attendance list; nobody may create its lines.
        session._write_flow({"state": "open"})
        session._call_roll()
        session._write_flow({"state": "planned"})
        return {
            "beneficiary.committee.session": session,
            "beneficiary.session.item": session.item_ids,
            "beneficiary.session.attendance": session.attendance_ids,
        }

    @classmethod
    def _make_study_world(cls, env, request):
        researcher = cls.researcher
        if request.company_id != cls.company:
            researcher = cls._make_user("br_else", "researcher", request.company_id)
        study = env["beneficiary.referral"].create(
            {
                "request_id": request.id,
                "researcher_id": researcher.id,
                "kind": "case_study",
                "question": request.description,
            }
        )
        study._write_flow({"state": "accepted"})
        return {
            "beneficiary.referral": study,
            "beneficiary.referral.finding": env["beneficiary.referral.finding"].create(
                {"referral_id": study.id, "section": "housing"}
            ),
            "beneficiary.referral.photo": env["beneficiary.referral.photo"].create(
                {"referral_id": study.id, "image": PIXEL}
            ),
            "beneficiary.question.answer": env["beneficiary.question.answer"].create(
                {
                    "company_id": request.company_id.id,
                    "question": "Which paper?",
                    "answer": "The identity card.",
                }
            ),
        }

    @classmethod
    def _make_policy_world(cls, env, ours, tool, reader):
        policy = env["beneficiary.policy"].create(
            {
                **ours,
                "clause_ids": [Command.create({"name": "Serve"})],
                "channel_line_ids": [
                    Command.create({"channel_id": cls._channel("phone").id})
                ],
                "tool_line_ids": [Command.create({"tool_id": tool.id})],
                "step_ids": [Command.create({"code": "receive", "name": "Receive"})],
                "signatory_ids": [Command.create({"name": "Chair"})],
            }
        )
        in_force = policy._get_in_force(policy.company_id)
        return {
            "beneficiary.policy.acknowledgement": env[
                "beneficiary.policy.acknowledgement"
            ].create(
                {
                    "policy_id": in_force.id,
                    "user_id": reader.id,
                    "role": "delegate",
                    "circulated_on": datetime.now(),
                }
            ),
            "beneficiary.policy.review": env["beneficiary.policy.review"].create(
                {
                    "policy_id": in_force.id,
                    "reason": "Read",
                    "next_review": "2030-01-01",
                }
            ),
            "beneficiary.policy": policy,
            "beneficiary.policy.clause": policy.clause_ids,
            "beneficiary.policy.channel": policy.channel_line_ids,
            "beneficiary.policy.tool": policy.tool_line_ids,
            "beneficiary.policy.step": policy.step_ids,
            "beneficiary.policy.signatory": policy.signatory_ids,
        }

    def _as(self, role, records):
        return records.with_user(getattr(self, role)).with_context(
            allowed_company_ids=getattr(self, role).company_id.ids
        )

    def _our_models(self):
        """Return ``{name: model}`` of the addon's own models that hold records."""
        return {
            name: self.env[name]
            for name, model in self.env.registry.items()
            if model._original_module == "beneficiary_relations" and not model._abstract
        }


def luhn(number):
    """Return the identity number of 1, ``number`` and the check digit."""
    digits = f"1{number:08}"
    total = 0
    for position, digit in enumerate(map(int, digits)):
        doubled = digit * 2 if position % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return f"{digits}{-total % 10}"
