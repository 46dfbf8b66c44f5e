from lxml import etree

from odoo import api, fields, models

FIELD = "next_step"
# The attribute of a button that names its step.
STEP = "data-step"


class NextMixin(models.AbstractModel):
    """A record that knows what is to be done with it next: its form has one button.

    A button of the form names its step, as ``data-step="verify"``. It is highlighted,
    and stands first, while that is the next step; at any other time it is a plain
    button. A model says in :meth:`_get_next_step` which step is next.
    """

    _name = "beneficiary.next.mixin"
    _description = "Record with a Next Step"

    # The fields on which the next step depends.
    _next_depends = ("state",)

    next_step = fields.Char(compute="_compute_next_step")

    @api.depends(lambda self: self._next_depends)
    @api.depends_context("uid")
    def _compute_next_step(self):
        for record in self:
            record.next_step = record._get_next_step()

    def _get_next_step(self):
        """Return the step that is next for the acting user; False if there is none."""
        raise NotImplementedError

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if buttons := arch.xpath(f"//button[@{STEP}]"):
            for button in buttons:
                self._highlight_when_next(button)
            [header] = arch.xpath("header")
            header.append(etree.Element("field", name=FIELD, invisible="1"))
        return arch, view

    @api.model
    def _highlight_when_next(self, button):
        """Put a highlighted copy of ``button`` first, and show one of the two."""
        step = button.attrib.pop(STEP)
        hidden = button.get("invisible")
        copy = etree.fromstring(etree.tostring(button, with_tail=False))
        for node, negated in ((button, "=="), (copy, "!=")):
            condition = f"{FIELD} {negated} '{step}'"
            node.set("invisible", f"({hidden}) or {condition}" if hidden else condition)
        copy.set("class", "oe_highlight")
        parent = button.getparent()
        parent.insert(0 if parent.tag == "header" else parent.index(button), copy)
