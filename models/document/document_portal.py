from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LOOKS = {
    "valid": ("fa-check-circle", "o_br_good"),
    "ending": ("fa-clock-o", "o_br_soon"),
    "ended": ("fa-exclamation-circle", "o_br_bad"),
}


class DocumentPortal(models.Model):
    """The person's papers on the portal: until when they hold, and their renewal.

    Controllers call the ``_portal_*`` methods, which check that the acting user follows
    the file, and then act as superuser: applicants have no rights here.
    """

    _inherit = "beneficiary.document"

    @api.model
    def _portal_get_card(self, files):
        return {
            "label": self.env._("My papers"),
            "text": self.env._("Until when they are valid, and how to renew them"),
            "url": "/my/papers",
            "icon": "fa-id-card-o",
            "counted": self._portal_sudo(files)._search(self._portal_domain(files)),
        }

    @api.model
    def _portal_get_waiting(self, files):
        """Return the papers that have ended or end soon: the person renews them."""
        ending = self._portal_sudo(files).search(
            self._portal_domain(files) & Domain("validity", "in", ["ending", "ended"])
        )
        sentences = {
            "ending": self.env._("This paper ends soon: %(paper)s. Send the new one."),
            "ended": self.env._("This paper has ended: %(paper)s. Send the new one."),
        }
        return [
            {
                "text": sentences[paper.validity] % {"paper": paper.type_id.name},
                "url": f"/my/papers#paper_{paper.id}",
                "button": self.env._("Renew"),
                "date": paper.valid_until,
            }
            for paper in ending
        ]

    @api.model
    def _portal_find(self, domain=Domain.TRUE):
        """Return, as superuser, the current papers that the acting user may see."""
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return self._portal_sudo(files).search(self._portal_domain(files) & domain)

    @api.model
    def _portal_domain(self, files):
        """Return the domain of the current papers that the acting user may see.

        Papers about health, income and the bank are shown to the person, and to who
        acts for them in everything.

        :param files: the files that the user follows, as superuser
        """
        close = files.filtered(lambda file: file._portal_sees_all())
        seen = Domain("beneficiary_id", "in", close.ids)
        seen |= Domain("beneficiary_id", "in", files.ids) & Domain(
            "type_id.restriction", "=", "none"
        )
        return seen & Domain("is_current", "=", True)

    @api.model
    def _portal_sudo(self, files):
        # The state of a paper is that of its own association, not of the acting one.
        return self.sudo().with_context(
            bin_size=True, allowed_company_ids=files.company_id.ids
        )

    @api.model
    def _portal_get_papers(self):
        """Return the papers of the acting user's files, by file.

        :return: list of dicts: ``file`` and ``papers``, a list of dicts: ``document``,
            ``until`` (a text with both calendars), ``status`` (in words), ``icon``,
            ``css`` and ``is_own`` (it was sent on the portal, and may be downloaded)
        """
        return [
            {
                "file": file,
                "papers": [paper._portal_describe(file) for paper in papers],
            }
            for file, papers in self._portal_find().grouped("beneficiary_id").items()
        ]

    def _portal_describe(self, file_sudo):
        self.ensure_one()
        icon, css = LOOKS[self.validity]
        words = {
            "valid": self.env._("Valid"),
            "ending": self.env._("Ends soon"),
            "ended": self.env._("No longer valid"),
        }
        status = words[self.validity]
        if not self.matched_on and self.validity == "valid":
            status = self.env._("With the association, being checked")
        return {
            "document": self,
            "until": self.valid_until
            and self.env._(
                "Valid until %(date)s", date=self._format_both(self.valid_until)
            ),
            "status": status,
            "icon": icon,
            "css": css,
            "is_own": self.file_name and self._portal_is_own(file_sudo),
        }

    def _portal_is_own(self, file_sudo):
        """Whether the paper was sent on the portal: scans of officers stay inside."""
        return self.create_uid in file_sudo._get_portal_users()

    @api.model
    def _portal_get(self, document_id):
        """Return, as superuser, the paper with this id, if the user may see it."""
        return self._portal_find(Domain("id", "=", document_id))

    def _portal_renew(self, front, back=None):
        """Add a newer version of this paper, and return it as superuser.

        :param front: name and content (base64) of the file
        :param back: the same of the other side, for kinds with two sides
        :raise UserError: says what to choose instead
        """
        self.ensure_one()
        self.beneficiary_id._portal_check_own()
        sides = {"file": front, "file_back": back} if back else {"file": front}
        if not all(content for _name, content in sides.values()):
            raise UserError(self.env._("This file is empty. Choose another one."))
        slot = {"beneficiary_id": self.beneficiary_id.id, "type_id": self.type_id.id}
        renewed = self.env["beneficiary.request"].sudo()._portal_keep_paper(slot, sides)
        if renewed == self:
            raise UserError(
                self.env._(
                    "The association has this photo or PDF already. Choose that of the "
                    "new paper."
                )
            )
        self.sudo().beneficiary_id._tell_of_news(
            lambda env: env._("A paper was renewed on the portal: compare it")
        )
        return renewed
