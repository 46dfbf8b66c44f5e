import re
from collections import defaultdict

from lxml import etree

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# The class of a form whose pages are read when they are opened.
PAGED = "beneficiary_pages"
# The attribute of a page that names the fields that are read when it is opened.
LATER = "data-later"
# Attributes that hold no expression.
WORDS = frozenset(
    ["class", "help", "icon", "id", "name", "placeholder", "string", "title", "widget"]
)
NEVER = frozenset([None, "0", "False"])
ALWAYS = frozenset(["1", "True"])


class PagesMixin(models.AbstractModel):
    """A record whose form reads a page of its notebook when the page is opened.

    A form asks for it with ``js_class="beneficiary_pages"``. Each page but the first of
    a notebook, and a first one with the attribute ``data-later``, is then marked with
    the fields that are needed nowhere else. The web client leaves these out until the
    page is shown (``static/src/backend/pages.js``).
    """

    _name = "beneficiary.pages.mixin"
    _description = "Record with Pages"

    def web_read(self, specification):
        """Read a page that may hold lists alone.

        With a column beside them, PostgreSQL checks the right to read these records.
        Odoo would check it on the records, as superuser, and keep for the reader the
        lists that it read for that, such as votes that the reader may not see yet.
        """
        names = specification and specification.keys() & self._fields.keys()
        column = self._fields["write_date"]
        if (
            names
            and not any(self._fields[name].column_type for name in names)
            and self._has_field_access(column, "read")
        ):
            specification = {**specification, column.name: {}}
        return super().web_read(specification)

    @api.model
    def _count_lines(self, lines):
        """Count lines of records, of several models, in one query.

        :param lines: ``{name: (model, its field that names the record, ids of the
            records, domain)}``
        :return: ``{name: {id of a record: number}}``, of the lines that the acting
            user may read
        """
        counts = {name: {} for name in lines}
        parts = []
        for name, (model_name, inverse, ids, domain) in lines.items():
            model = self.env[model_name]
            if not model.has_access("read"):
                continue
            query = model._search(Domain(inverse, "in", ids) & Domain(domain))
            if query.is_empty():
                continue
            owner = model._field_to_sql(query.table, inverse, query)
            query.groupby = owner
            parts.append(query.select(SQL("%s AS name", name), owner, SQL("count(*)")))
        if parts:
            rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
            for name, record_id, count in rows:
                counts[name][record_id] = count
        return counts

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if arch.get("js_class") == PAGED:
            self._mark_pages(arch)
        return arch, view

    @api.model
    def _mark_pages(self, arch):
        """Write on each later page the fields that belong to it alone."""
        pages = arch.xpath(
            "//notebook[not(ancestor::field or ancestor::notebook)]"
            f"/page[preceding-sibling::page or @{LATER}]"
        )
        pages_of_fields = defaultdict(set)
        for node in arch.iter(etree.Element):
            # What the page itself asks is answered before it is opened.
            page = next((page for page in node.iterancestors() if page in pages), None)
            for name in self._get_names_asked(node):
                pages_of_fields[name].add(page)
            if node.tag == "field" and node.get("required") not in NEVER | ALWAYS:
                # Whether it is missing is asked when the form is saved.
                pages_of_fields[node.get("name")].add(None)
        for page in pages:
            later = [
                node.get("name")
                for node in page.xpath(".//field[not(ancestor::field)]")
                if pages_of_fields[node.get("name")] == {page}
            ]
            page.set(LATER, ",".join(dict.fromkeys(later)))

    @api.model
    def _get_names_asked(self, node):
        """Return the names of fields that ``node`` shows or asks in an expression."""
        names = {
            name
            for attribute, text in node.attrib.items()
            if attribute not in WORDS
            for name in re.findall(r"[A-Za-z_]\w*", text)
        }
        if node.tag == "field":
            names.add(node.get("name"))
        return names
