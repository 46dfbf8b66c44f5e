import re

from odoo.http import request, route

from ..rules.arabic import number_text
from .portal import BeneficiaryPortal

AMOUNT = re.compile(r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.\d{1,2})?")


def parse_amount(text):
    """Return the amount that a person typed, in digits of any script (R44).

    :return: a float; 0 for an empty text, None when it is not an amount
    """
    written = number_text(text)
    if not written:
        return 0.0
    return float(written.replace(",", "")) if AMOUNT.fullmatch(written) else None


def question_field(question):
    """Return the name of the form control for ``question``."""
    return f"question_{question.id}"


class BeneficiaryPortalForm(BeneficiaryPortal):
    """The form of a request, for a new one and for a saved draft (R33).

    A mistake costs nothing: all input comes back, with a message at each mistake.
    """

    @route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_new(self, **query):
        """Show the choice of services first, then the form of the chosen service."""
        offers = self._get_offers()
        chosen = self._choose_offer(offers, query)
        if not chosen:
            return request.render(
                "beneficiary_relations.portal_request_choose",
                {
                    **self._prepare_portal_layout_values(),
                    "page_name": "beneficiary_request_new",
                    "offers": offers,
                },
            )
        return self._render_form(*chosen)

    @route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_create(self, **post):
        chosen = self._choose_offer(self._get_offers(), post)
        if not chosen:
            return request.redirect("/my/requests/new")
        file, service = chosen
        own_request = request.env["beneficiary.request"]
        key = self._read_text(post, "submission_key")
        if sent := own_request._portal_find_sent(key):
            return self.portal_request_update(sent.id, **post)
        questions = own_request._portal_get_questions(service)
        form = self._read_form(post, questions)
        errors = self._get_form_errors(form, post, questions)
        if not errors:
            with self._collect(errors, "general"):
                own_request = own_request._portal_create(
                    file,
                    {**self._get_form_values(form), "service_id": service.id},
                    key,
                ).sudo(False)
                own_request._portal_answer(self._get_answers(form, questions))
        if errors:
            return self._render_form(file, service, form=form, errors=errors, key=key)
        return self._save_and_send(own_request, form, post)

    @route(
        "/my/requests/<int:request_id>/edit",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_edit(self, request_id, **query):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        if "edit" not in own_request._portal_get_actions():
            return self._redirect_to(own_request)
        return self._render_draft(own_request)

    @route(
        "/my/requests/<int:request_id>/edit",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_update(self, request_id, **post):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        if "edit" not in own_request._portal_get_actions():
            return self._redirect_to(own_request)
        questions = self._get_questions(own_request)
        form = self._read_form(post, questions)
        errors = self._get_form_errors(form, post, questions)
        if not errors:
            with self._collect(errors, "general"):
                own_request._portal_write(self._get_form_values(form))
                own_request._portal_answer(self._get_answers(form, questions))
        if errors:
            return self._render_draft(own_request, form, errors)
        return self._save_and_send(own_request, form, post)

    def _save_and_send(self, own_request, form, post):
        """Add the papers to a saved draft, and send the draft if the user asked to."""
        errors = {}
        self._save_papers(own_request, post, errors)
        is_sent = post.get("action") == "send"
        if is_sent and not errors:
            with self._collect(errors, "general"):
                own_request._portal_submit()
        if errors:
            return self._render_draft(own_request, form, errors, is_saved=True)
        return self._redirect_to(own_request, "sent" if is_sent else "saved")

    def _render_draft(self, own_request, form=None, errors=None, is_saved=False):
        request_sudo = own_request.sudo()
        amount = request_sudo.amount_requested
        form = form or {
            "description": request_sudo.description or "",
            "amount_requested": f"{amount:.2f}".removesuffix(".00") if amount else "",
            **{
                question_field(line.question_id): line._get_input()
                for line in request_sudo.answer_ids
            },
        }
        return self._render_form(
            request_sudo.beneficiary_id,
            request_sudo.service_id,
            own_request,
            form=form,
            errors=errors,
            is_saved=is_saved,
        )

    def _render_form(
        self,
        file,
        service,
        draft=None,
        form=None,
        errors=None,
        is_saved=False,
        key=None,
    ):
        requests = request.env["beneficiary.request"]
        file_sudo = file.sudo()
        draft_sudo = draft and draft.sudo()
        policy = file_sudo.company_id._get_beneficiary_policy().sudo()
        return request.render(
            "beneficiary_relations.portal_request_form",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_request_new",
                "res_company": file_sudo.company_id,
                "title": policy._get_form_title(),
                "person_label": policy._word(request.env._("Name of the beneficiary")),
                "file": file_sudo,
                "service": service,
                "draft": draft_sudo,
                "questions": requests._portal_get_questions(service, draft_sudo),
                "question_field": question_field,
                "papers": requests._portal_match_papers(file_sudo, service),
                "file_rule": requests._portal_get_file_rule(),
                "form": form or {},
                "errors": errors or {},
                "is_saved": is_saved,
                "submission_key": key or requests._new_submission_key(),
            },
        )

    def _get_offers(self):
        """Return the visitor's offers: dicts of file, problem and services."""
        requests = request.env["beneficiary.request"]
        files_sudo = request.env["beneficiary.beneficiary"]._get_portal_files()
        return [
            {
                "file": file_sudo,
                "problem": (problem := requests._portal_get_file_problem(file_sudo)),
                "services": not problem and requests._portal_get_services(file_sudo),
            }
            for file_sudo in files_sudo
        ]

    def _choose_offer(self, offers, params):
        """Return the file and service that ``params`` name, or the only possible ones.

        :return: a tuple, or None while the user still has to choose
        """
        pairs = {
            (str(offer["file"].id), str(service.id)): (offer["file"], service)
            for offer in offers
            for service in offer["services"] or ()
        }
        if len(pairs) == 1 and len(offers) == 1 and "service_id" not in params:
            return next(iter(pairs.values()))
        return pairs.get((params.get("file_id"), params.get("service_id")))

    # -- input -------------------------------------------------------------------------

    def _get_questions(self, draft):
        draft_sudo = draft.sudo()
        return draft._portal_get_questions(draft_sudo.service_id, draft_sudo)

    def _read_form(self, post, questions):
        asked = [question_field(question) for question in questions]
        return {
            name: self._read_text(post, name)
            for name in ("description", "amount_requested", *asked)
        }

    def _get_form_errors(self, form, post, questions):
        """Return all mistakes in the form at once, by field."""
        errors = {}
        if parse_amount(form["amount_requested"]) is None:
            errors["amount_requested"] = request.env._(
                "Write the amount in digits alone, for example 1500."
            )
        if post.get("action") == "send" and not form["description"]:
            errors["description"] = request.env._("Write what you need, and why.")
        for question in questions:
            name = question_field(question)
            with self._collect(errors, name):
                answer = question._parse(form[name])
                if (
                    answer is None
                    and question.is_required
                    and post.get("action") == "send"
                ):
                    errors[name] = request.env._("Answer this question.")
        return errors

    def _get_answers(self, form, questions):
        return {question.id: form[question_field(question)] for question in questions}

    def _get_form_values(self, form):
        return {
            "description": form["description"],
            "amount_requested": parse_amount(form["amount_requested"]),
        }
