import tempfile

from werkzeug.wsgi import wrap_file

from odoo.http import Controller, content_disposition, request, route


class Evidence(Controller):
    """The evidence pack of a compliance page, as a download (R50)."""

    # Not read-only: what is taken out is logged.
    @route(
        "/beneficiary_relations/evidence/<int:page_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def evidence(self, page_id):
        page = request.env["beneficiary.compliance"].browse(page_id)
        if not page.has_access("read") or not page.exists():
            raise request.not_found()
        # Closed by the server, with the answer.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        page._write_pack(file)
        size = file.tell()
        file.seek(0)
        return request.make_response(
            wrap_file(request.httprequest.environ, file),
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(page._get_pack_name())),
            ],
        )
