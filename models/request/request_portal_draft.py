from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...rules import flow

# Within these days the same service is asked for again only on purpose.
ASK_AGAIN_DAYS = 7
# After these days a draft in which nothing was entered is deleted.
EMPTY_DRAFT_DAYS = 1


class RequestPortalDraft(models.Model):
    """A draft on the portal: made in steps, sent once, and asked about (R33).

    Every step is saved on the server, so that the draft goes on from another device.
    """

    _inherit = "beneficiary.request"

    # -- steps -------------------------------------------------------------------------

    def _portal_get_steps(self):
        """Return ``{step: its title}`` of the form, in order; empty steps are none."""
        self.ensure_one()
        request = self.sudo()
        steps = {"need": self.env._("What you need")}
        if self._portal_get_questions(request.service_id, request):
            steps["questions"] = self.env._("Questions")
        if request._get_document_types():
            steps["papers"] = self.env._("Papers")
        return {**steps, "check": self.env._("Check and send")}

    def _portal_get_open_step(self):
        """Return the first step with something to complete; else the last step."""
        self.ensure_one()
        request = self.sudo()
        if request._guard_description({}):
            return "need"
        if request._get_unanswered():
            return "questions"
        if request._guard_papers_present({}) or request._guard_papers_valid({}):
            return "papers"
        return "check"

    def _portal_get_draft_page(self, step):
        """Return what the pages of papers and of the summary show, by name."""
        self.ensure_one()
        request = self.sudo()
        is_last = step == "check"
        return {
            "actions": self._portal_get_actions(),
            "papers": self._portal_get_papers() if step in ("papers", "check") else [],
            "missing": request._portal_get_missing() if is_last else [],
            "again_text": is_last and self._portal_get_again_text(),
        }

    @api.autovacuum
    def _gc_empty_drafts(self):
        """Delete the drafts of applicants who opened the form and entered nothing.

        Papers that were sent with one stay: they belong to the file.
        """
        before = fields.Datetime.now() - timedelta(days=EMPTY_DRAFT_DAYS)
        drafts = self.search(
            Domain("state", "=", "draft")
            & Domain("write_date", "<", before)
            & Domain("create_uid.share", "=", True)
            & Domain("submitted_on", "=", False)
            & Domain("description", "in", [False, ""])
            & Domain("note_to_applicant", "in", [False, ""])
            & Domain("amount_requested", "in", [False, 0])
            & Domain("answer_ids", "=", False)
            & ~Domain("message_ids", "any", [("message_type", "=", "comment")]),
            limit=GC_UNLINK_LIMIT,
        )
        drafts.unlink()
        return len(drafts), len(drafts) == GC_UNLINK_LIMIT

    # -- asked again -------------------------------------------------------------------

    @api.model
    def _portal_get_recent(self, files):
        """Return the latest request that is a draft or was sent within days.

        :param files: files that the acting user may follow
        :return: ``{(file, service): request}``, all as superuser
        """
        recent = Domain("state", "=", "draft") | self._get_sent_domain()
        found = self.sudo().search(
            Domain("beneficiary_id", "in", files.ids) & recent, order="id"
        )
        return {
            (request.beneficiary_id, request.service_id): request for request in found
        }

    def _portal_get_sent_since(self):
        """Return another request for the same, sent since this draft was begun."""
        self.ensure_one()
        request = self.sudo()
        return request.search(
            Domain("beneficiary_id", "=", request.beneficiary_id.id)
            & Domain("service_id", "=", request.service_id.id)
            & Domain("id", "!=", request.id)
            & Domain("submitted_on", ">=", request.create_date)
            & self._get_sent_domain(),
            limit=1,
        )

    def _portal_get_again_text(self):
        """Return what is ticked to send this draft besides another request, if any."""
        sent = self._portal_get_sent_since()
        return sent and self.env._(
            "Yes, I ask for this again, besides request %(number)s.", number=sent.name
        )

    def _portal_get_recent_text(self):
        """Return what is known of this request where the same is asked for again."""
        self.ensure_one()
        if self.state == "draft":
            return self.env._(
                "You began a request for this on %(date)s, and have not sent it yet.",
                date=self._format_day(self.create_date),
            )
        return self.env._(
            "You sent request %(number)s for this on %(date)s. Do you ask for it "
            "again?",
            number=self.name,
            date=self._format_day(self.submitted_on),
        )

    @api.model
    def _get_sent_domain(self):
        since = fields.Datetime.now() - timedelta(days=ASK_AGAIN_DAYS)
        return Domain("submitted_on", ">=", since) & Domain("state", "!=", "cancelled")

    # -- papers of a draft -------------------------------------------------------------

    def _portal_find_changeable(self, documents):
        """Return those of ``documents`` that the applicant may still change.

        They were uploaded on the portal, nobody has matched them, and no request was
        verified with them.
        """
        request = self.sudo()
        users = request.beneficiary_id._get_portal_users()
        papers = documents.filtered(
            lambda paper: (
                paper.is_current and paper.create_uid in users and not paper.matched_on
            )
        )
        verified = Domain("verified_document_ids", "in", papers.ids)
        if not papers:
            return papers
        return papers - request.search(verified).verified_document_ids

    def _portal_find_removable(self, documents):
        """Return those of ``documents`` that can be taken back from this draft.

        They came with this draft, and no other open request of the file needs them.
        """
        request = self.sudo()
        papers = documents.filtered(
            lambda paper: (
                request.state == "draft" and paper.create_date >= request.create_date
            )
        )
        if not papers:
            return papers
        others = request.search(
            Domain("beneficiary_id", "=", request.beneficiary_id.id)
            & Domain("state", "not in", ["draft", *flow.CLOSED])
        )
        needed = [kind for other in others for kind in other._get_document_types()]
        free = papers.filtered(lambda paper: paper.type_id not in needed)
        return self._portal_find_changeable(free)

    def _portal_remove_paper(self, document_id):
        """Delete a paper that came with this draft; the one before it counts again.

        :raise UserError: when it cannot be taken back; it may be replaced
        """
        self._portal_check("edit")
        paper = self.sudo().document_ids.filtered(lambda one: one.id == document_id)
        if not paper:
            return  # removed already
        if not self._portal_find_removable(paper):
            raise UserError(
                self.env._(
                    "The association works with this paper already, and keeps it. Send "
                    "another one in its place."
                )
            )
        paper.unlink()
