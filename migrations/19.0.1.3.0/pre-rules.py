"""Record rules follow the addon: until 1.3 a mended rule reached no database."""


def migrate(cr, version):
    cr.execute(
        "UPDATE ir_model_data SET noupdate = FALSE"
        " WHERE module = 'beneficiary_relations' AND model = 'ir.rule'"
    )
