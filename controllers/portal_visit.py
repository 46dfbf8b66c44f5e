from odoo.http import request, route

from .portal_voice import FOREIGN, BeneficiaryPortalVoice

VISIT = "beneficiary.appointment"


class BeneficiaryPortalVisit(BeneficiaryPortalVoice):
    """A person asks for a call or visit, chooses a time, changes, cancels (R33)."""

    @route(
        "/my/visits",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_visits(self, **query):
        """Show calls and visits where the other contacts are."""
        return request.redirect("/my/contacts")

    @route(
        "/my/visits/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_visit_new(self, **query):
        visits = request.env[VISIT]
        kept = self._take_kept("/my/visits/new")
        return request.render(
            "beneficiary_relations.portal_visit_form",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_visit_new",
                "files": self._get_files(),
                "kinds": visits._fields["kind"]._description_selection(request.env),
                "form": kept["form"],
                "error": kept["error"],
                "submission_key": kept["form"].get("submission_key")
                or visits._new_submission_key(),
            },
        )

    @route("/my/visits/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_visit_create(self, **post):
        form = self._read_fields(post, "file_id", "kind", "subject", "words")
        errors = {}
        with self._collect(errors, "general"):
            visit = request.env[VISIT]._portal_ask(
                self._choose_file(self._get_files(), form), form, form["submission_key"]
            )
        if errors:
            return self._keep("/my/visits/new", form, errors)
        return request.redirect(f"{visit._get_portal_path()}?done=asked")

    def _get_files(self):
        return request.env["beneficiary.beneficiary"]._get_portal_files()

    @route(
        "/my/visits/<int:visit_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_visit(self, visit_id, **query):
        visit = self._find_own(VISIT, visit_id)
        if not visit:
            return request.redirect(FOREIGN)
        kept = self._take_kept(visit._get_portal_path())
        return request.render(
            "beneficiary_relations.portal_visit_page",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_visit",
                "visit": visit,
                "res_company": visit.company_id,
                "page": visit._portal_get_page(),
                "done": self._get_voice_messages().get(query.get("done")),
                "form": kept["form"],
                "error": kept["error"],
                "submission_key": visit._new_submission_key(),
            },
        )

    @route(
        [
            "/my/visits/<int:visit_id>/choose",
            "/my/visits/<int:visit_id>/change",
            "/my/visits/<int:visit_id>/cancel",
        ],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_visit_step_page(self, visit_id, **query):
        return request.redirect(f"/my/visits/{visit_id}")

    @route(
        "/my/visits/<int:visit_id>/choose",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_visit_choose(self, visit_id, **post):
        return self._take_step(
            visit_id,
            {**self._read_fields(post, "slot_id"), "step": "choose"},
            lambda visit, form: visit._portal_choose(
                self._read_number(form["slot_id"])
            ),
        )

    @route(
        "/my/visits/<int:visit_id>/change",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_visit_change(self, visit_id, **post):
        return self._take_step(
            visit_id,
            {**self._read_fields(post, "reason"), "step": "change"},
            lambda visit, form: visit._portal_ask_again(form["reason"]),
        )

    @route(
        "/my/visits/<int:visit_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_visit_cancel(self, visit_id, **post):
        return self._take_step(
            visit_id,
            {**self._read_fields(post, "reason"), "step": "cancel"},
            lambda visit, form: visit._portal_cancel(form["reason"]),
        )

    def _take_step(self, visit_id, form, act):
        """Take a step on the user's own appointment, once for each form.

        :param form: what was typed, with the name of the step
        :param act: called with the appointment and the form
        """
        visit = self._find_own(VISIT, visit_id)
        if not visit:
            return request.redirect(FOREIGN)
        path = visit._get_portal_path()
        errors = {}
        with self._collect(errors, "general"):
            visit._portal_once(form["submission_key"], lambda: act(visit, form))
        if errors:
            return self._keep(path, form, errors)
        return request.redirect(f"{path}?done={form['step']}")

    def _get_voice_messages(self):
        return {
            **super()._get_voice_messages(),
            "asked": request.env._("We have received it, and shall offer you times."),
            "choose": request.env._("The time is yours. We shall remind you."),
            "change": request.env._("We shall offer you other times."),
            "cancel": request.env._("It is cancelled."),
        }
