from odoo import Command, api, fields, models

from ..rules import flow

SIDES = [("first", "First File"), ("second", "Second File")]
# Keeps the plus sign in front of a number among Arabic words.
ISOLATED = "\N{FIRST STRONG ISOLATE}%s\N{POP DIRECTIONAL ISOLATE}"


class BeneficiaryMerge(models.TransientModel):
    """Asks a manager which of two files stays, and which of two different values.

    It holds no rule: it passes the choices to the pair of files.
    """

    _name = "beneficiary.merge"
    _inherit = ["beneficiary.form.mixin"]
    _description = "Merge Files"

    pair_id = fields.Many2one("beneficiary.duplicate", required=True)
    first_id = fields.Many2one(related="pair_id.first_id", related_sudo=False)
    second_id = fields.Many2one(related="pair_id.second_id", related_sudo=False)
    survivor = fields.Selection(
        SIDES, string="The File That Stays", required=True, default="first"
    )
    line_ids = fields.One2many("beneficiary.merge.line", "wizard_id", string="Values")

    @api.model
    def _open(self, pair):
        """Return the action that shows both files of ``pair``.

        The default survivor is the file with declared data, else the older file. The
        default value of each field is the survivor's, or the other file's if the
        survivor has none.
        """
        first, second = pair.first_id, pair.second_id
        declared = [
            any(request.state in flow.DECLARED for request in file.request_ids)
            for file in (first, second)
        ]
        is_first = declared[0] if declared[0] != declared[1] else first.id < second.id
        survivor = "first" if is_first else "second"
        lines = []
        for field in first._get_typed_fields():
            values = {
                "first": first._get_value_label(field),
                "second": second._get_value_label(field),
            }
            if values["first"] != values["second"]:
                other = "second" if survivor == "first" else "first"
                lines.append(
                    {
                        "field_name": field.name,
                        "first_value": ISOLATED % values["first"],
                        "second_value": ISOLATED % values["second"],
                        "choice": survivor if values[survivor] else other,
                    }
                )
        wizard = self.create(
            {
                "pair_id": pair.id,
                "survivor": survivor,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.beneficiary_merge_action"
        )
        return {**action, "res_id": wizard.id}

    def action_confirm(self):
        """Merge the files as chosen, and open the one that stays."""
        self.ensure_one()
        survivor = self[f"{self.survivor}_id"]
        taken = self.line_ids.filtered(lambda line: line.choice != self.survivor)
        self.pair_id._merge(survivor, taken.mapped("field_name"))
        return survivor.get_formview_action()
