"""The code of a channel is unique in its association from now on, not among all."""


def migrate(cr, version):
    cr.execute(
        "ALTER TABLE beneficiary_channel"
        " DROP CONSTRAINT IF EXISTS beneficiary_channel_code_unique"
    )
