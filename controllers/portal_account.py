from odoo.http import request, route

from .portal import BeneficiaryPortal


class BeneficiaryPortalAccount(BeneficiaryPortal):
    """The owner of an existing account agrees that the account follows a file (R43).

    This gives two proofs: the link reached the mailbox, and the person is signed in.
    """

    @route(
        "/my/file/accept",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_file_invitation(self, **query):
        token = self._read_text(query, "token")
        files = request.env["beneficiary.beneficiary"]
        if not (file_sudo := files._portal_find_invitation(token)):
            return self._refuse_page()
        return request.render(
            "beneficiary_relations.portal_accept_invitation",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "beneficiary_invitation",
                "file": file_sudo,
                "token": token,
            },
        )

    @route("/my/file/accept", type="http", auth="user", website=True, methods=["POST"])
    def portal_file_accept(self, **post):
        token = self._read_text(post, "token")
        files = request.env["beneficiary.beneficiary"]
        if not files._portal_accept_invitation(token):
            return self._refuse_page()
        return request.redirect("/my")

    @route(
        "/my/file/elsewhere",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_not_yours(self, **query):
        """The page for people whose link leads to a record they may not read."""
        return self._refuse_page()

    def _refuse_page(self):
        return request.render("beneficiary_relations.portal_not_yours", status=403)
