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
    """A new request in steps: each step saves the draft on the server (R33).

    A mistake costs nothing: what is right is saved, and what is wrong comes back with
    a message at each mistake. The draft goes on from any device.
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
        """Show the services to choose from, or the one that the address names."""
        requests = request.env["beneficiary.request"]
        offers = self._get_offers()
        chosen = self._choose_offer(offers, query)
        errors, _values = self._take_refused("/my/requests/new")
        files = request.env["beneficiary.beneficiary"]._get_portal_files()
        return request.render(
            "beneficiary_relations.portal_request_choose",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_request_new",
                "offers": offers,
                "chosen": chosen,
                "recent": requests._portal_get_recent(files),
                "make_key": requests._new_submission_key,
                "errors": errors,
            },
        )

    @route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_create(self, **post):
        """Make the draft, once for each key, and go to its first step."""
        chosen = self._choose_offer(self._get_offers(), post)
        if not chosen:
            return self._answer("/my/requests/new")
        file, service = chosen
        requests = request.env["beneficiary.request"]
        key = self._read_text(post, "submission_key")
        own_request = requests._portal_find_sent(key)
        if not own_request:
            if not post.get("again") and requests._portal_get_recent(file).get(chosen):
                # Asked already: the page shows what there is, and asks.
                return self._answer(
                    f"/my/requests/new?file_id={file.id}&service_id={service.id}"
                )
            errors = {}
            with self._collect(errors, "general"):
                own_request = requests._portal_create(
                    file, {"service_id": service.id}, key
                ).sudo(False)
            if errors:
                return self._answer("/my/requests/new", errors)
        return self._save_draft(own_request, post)

    @route(
        "/my/requests/<int:request_id>/edit",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_edit(self, request_id, **query):
        """Lead to the first step that is not complete yet."""
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        if "edit" not in own_request._portal_get_actions():
            return request.redirect(own_request.access_url)
        step = own_request._portal_get_open_step()
        return request.redirect(self._get_step_url(own_request, step))

    @route(
        "/my/requests/<int:request_id>/edit/<string:step>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_request_step(self, request_id, step, **query):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        if "edit" not in own_request._portal_get_actions():
            return request.redirect(own_request.access_url)
        if step not in own_request._portal_get_steps():
            return request.redirect(f"{own_request.access_url}/edit")
        return self._render_step(own_request, step, query.get("done"))

    @route(
        [
            "/my/requests/<int:request_id>/edit",
            "/my/requests/<int:request_id>/edit/<string:step>",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_update(self, request_id, step="", **post):
        own_request = self._find_own_request(request_id)
        if not own_request:
            return request.redirect("/my")
        return self._save_draft(own_request, post, step)

    # -- saving ------------------------------------------------------------------------

    def _save_draft(self, own_request, post, step=""):
        """Save what came, and go where the pressed button leads.

        :param step: the step whose form was sent; empty for a form of several steps
        """
        if "edit" not in own_request._portal_get_actions():
            # The form arrives again: this is what it has led to.
            sent = post.get("action") == "send"
            return self._redirect_to(own_request, "sent" if sent else None)
        questions = self._get_questions(own_request)
        form = self._read_form(post, questions)
        errors = self._get_form_errors(form, questions)
        good = {name: value for name, value in form.items() if name not in errors}
        with self._collect(errors, "general"):
            own_request._portal_write(self._get_form_values(good))
            own_request._portal_answer(self._get_answers(good, questions))
        self._save_papers(own_request, post, errors)
        action = post.get("action")
        if action == "send" and not errors:
            errors = self._send(own_request, post)
        if errors:
            typed = {name: form[name] for name in errors if name in form}
            wrong = self._find_step(own_request, errors, step)
            return self._answer(self._get_step_url(own_request, wrong), errors, typed)
        if action == "send":
            return self._redirect_to(own_request, "sent")
        if action == "save":
            return self._redirect_to(own_request, "saved")
        return self._answer(
            self._get_step_url(own_request, self._get_next_step(own_request, step))
        )

    def _send(self, own_request, post):
        """Send the draft, and return the messages of what stands against it."""
        errors = self._get_blanks(own_request)
        sent = own_request._portal_get_sent_since()
        if sent and not post.get("again"):
            errors["again"] = request.env._(
                "You have sent request %(number)s for this service meanwhile. Tick the "
                "box if you ask for it again.",
                number=sent.name,
            )
        if not errors:
            with self._collect(errors, "general"):
                own_request._portal_submit()
        return errors

    def _get_blanks(self, own_request):
        """Return a message for each control that has to be filled in before sending."""
        request_sudo = own_request.sudo()
        errors = {}
        if request_sudo._guard_description({}):
            errors["description"] = request.env._("Write what you need, and why.")
        for line in request_sudo._get_unanswered():
            name = question_field(line.question_id)
            errors[name] = request.env._("Answer this question.")
        return errors

    def _get_next_step(self, own_request, step):
        """Return the step after ``step``; without it, the first open one."""
        steps = list(own_request._portal_get_steps())
        if step not in steps:
            return own_request._portal_get_open_step()
        return steps[min(steps.index(step) + 1, len(steps) - 1)]

    def _find_step(self, own_request, errors, step):
        """Return the step that shows the first of ``errors``."""
        steps = own_request._portal_get_steps()
        for name in errors:
            if name in ("description", "amount_requested"):
                return "need"
            if name.startswith("question_"):
                return "questions"
            if name.startswith("paper_"):
                return "papers"
        return step if step in steps else "check"

    def _get_step_url(self, own_request, step):
        return f"{own_request.access_url}/edit/{step}"

    # -- showing -----------------------------------------------------------------------

    def _render_step(self, own_request, step, done=None):
        request_sudo = own_request.sudo()
        errors, typed = self._take_refused(self._get_step_url(own_request, step))
        file_sudo = request_sudo.beneficiary_id
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
                "service": request_sudo.service_id,
                "draft": request_sudo,
                "support_request": request_sudo,
                "step": step,
                "steps": own_request._portal_get_steps(),
                "questions": self._get_questions(own_request),
                "question_field": question_field,
                "page": own_request._portal_get_draft_page(step),
                "file_rule": own_request._portal_get_file_rule(),
                "form": {**self._get_saved(request_sudo), **typed},
                "errors": errors,
                "done": not errors and self._get_done_messages().get(done),
            },
        )

    def _get_saved(self, request_sudo):
        """Return the saved values of a draft, as its controls show them."""
        amount = request_sudo.amount_requested
        return {
            "description": request_sudo.description or "",
            "amount_requested": f"{amount:.2f}".removesuffix(".00") if amount else "",
            **{
                question_field(line.question_id): line._get_input()
                for line in request_sudo.answer_ids
            },
        }

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
        """Return the values of the controls that the form had."""
        asked = [question_field(question) for question in questions]
        return {
            name: self._read_text(post, name)
            for name in ("description", "amount_requested", *asked)
            if name in post
        }

    def _get_form_errors(self, form, questions):
        """Return all mistakes in the form at once, by field."""
        errors = {}
        if parse_amount(form.get("amount_requested", "")) is None:
            errors["amount_requested"] = request.env._(
                "Write the amount in digits alone, for example 1500."
            )
        for question in questions:
            name = question_field(question)
            if name in form:
                with self._collect(errors, name):
                    question._parse(form[name])
        return errors

    def _get_answers(self, form, questions):
        return {
            question.id: form[question_field(question)]
            for question in questions
            if question_field(question) in form
        }

    def _get_form_values(self, form):
        values = {name: form[name] for name in ("description",) if name in form}
        if "amount_requested" in form:
            values["amount_requested"] = parse_amount(form["amount_requested"])
        return values
