from odoo import api, models

FIELDS = ("branch_id", "delegate_id", "branch_delegate_ids")
# The views whose fields can be hidden; in all others they are left out.
HIDDEN_BY = {"form": "invisible", "kanban": "invisible", "list": "column_invisible"}


class BranchScreenMixin(models.AbstractModel):
    """Screens of an association without branches do not speak of branches (R6).

    A policy without delegates, such as the one for members, needs no branch office. An
    association that has branches sees them, whatever its policy says now: requests of
    an earlier version name them.
    """

    _name = "beneficiary.branch.screen.mixin"
    _description = "Screens without Branches"

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._shows_branches(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._shows_branches():
            for node in [*arch.iter("field", "label", "filter")]:
                if self._is_about_branches(node):
                    self._hide_node(node)
        return arch, view

    @api.model
    def _shows_branches(self):
        return self.env["beneficiary.branch"]._is_used_by(self.env.company.id)

    @api.model
    def _is_about_branches(self, node):
        if node.tag == "filter":
            return "'branch_id'" in node.get("context", "")
        return node.get("name" if node.tag == "field" else "for") in FIELDS

    @api.model
    def _hide_node(self, node):
        views = node.iterancestors("form", "list", "kanban", "search", "pivot", "graph")
        attribute = HIDDEN_BY.get(next(views, node).tag)
        if attribute:
            node.set(attribute, "1")
        else:
            node.getparent().remove(node)
