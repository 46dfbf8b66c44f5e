import io

import xlsxwriter

from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportTemplate(Controller):
    """Template sheets for imports, with column titles in the user's language."""

    @route(
        "/beneficiary_relations/import_template/<string:name>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def import_template(self, name):
        model = request.env.get(name)
        columns = getattr(model, "_import_columns", ())
        if not columns or not model.has_access("create"):
            raise request.not_found()
        titles = model.fields_get([field for field, _example in columns], ["string"])
        sheet = self._write_sheet(
            [
                (titles[field]["string"], example or self._get_example(model, field))
                for field, example in columns
                if field in titles
            ]
        )
        return request.make_response(
            sheet,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )

    def _get_example(self, model, name):
        """Return an example value for the column: an option or a record's name."""
        field = model._fields[name]
        if field.type == "selection":
            return field._description_selection(request.env)[0][1]
        if field.relational:
            return request.env[field.comodel_name].search([], limit=1).display_name
        return ""

    def _write_sheet(self, columns):
        """Return a workbook of one sheet: titles, and a row of examples."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            if (
                request.env["res.lang"]._get_data(code=request.env.lang).direction
                == "rtl"
            ):
                sheet.right_to_left()
            title_format = book.add_format({"bold": True})
            for column, (title, example) in enumerate(columns):
                sheet.write(0, column, title, title_format)
                sheet.write(1, column, example)
                sheet.set_column(column, column, max(len(title) + 4, 16))
        return content.getvalue()
