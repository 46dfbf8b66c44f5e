import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The value of a call or a form that says which one it is. It is no field: nobody can
# read it, search it or change it later.
SUBMISSION_KEY = "submission_key"
LONGEST_KEY = 64


class OnceMixin(models.AbstractModel):
    """Records that are made once, however often their form or call arrives.

    ``create`` takes a value ``submission_key``, any text that the sender chose for
    this form or call. If the same person sent the key before, ``create`` returns the
    record of that time and makes no other. A key of somebody else means nothing.
    """

    _name = "beneficiary.once.mixin"
    _description = "Made Once"

    @api.model
    def _new_submission_key(self):
        """Return a key for a form that is about to be shown."""
        return uuid.uuid4().hex

    @api.model
    def _find_submission(self, key):
        """Return the record that the acting user made under ``key``, or none."""
        submission = self.env["beneficiary.submission"].sudo()
        found = submission.search(
            [
                ("user_id", "=", self.env.uid),
                ("model", "=", self._name),
                ("key", "=", key),
            ]
        )
        return self.browse(found.res_id or []).exists()

    @api.model
    def _create_once(self, vals_list, create):
        """Create records, except those that the acting user made before.

        :param vals_list: values, with or without ``submission_key``
        :param create: the method that creates records from values
        :return: a record for each dict, in their order
        :raise ValidationError: a key is no short text
        """
        keys = [vals.get(SUBMISSION_KEY) for vals in vals_list]
        if not any(keys):
            return create([self._without_key(vals) for vals in vals_list])
        records = self.browse()
        for key, vals in zip(keys, vals_list, strict=True):
            made = self._claim_submission(key) if key else self.browse()
            if not made:
                made = create([self._without_key(vals)])
                if key:
                    self._keep_submission(key, made)
            records += made
        return records

    @api.model
    def _without_key(self, vals):
        return {name: value for name, value in vals.items() if name != SUBMISSION_KEY}

    @api.model
    def _claim_submission(self, key):
        """Return the record that was made under ``key``, or claim the key."""
        if not isinstance(key, str) or len(key) > LONGEST_KEY:
            raise ValidationError(
                self.env._("The key of a form is a text of up to 64 characters.")
            )
        self.browse().check_access("create")
        # Of two calls at the same moment, the second waits here for the first. Then
        # PostgreSQL makes it fail, and Odoo runs it again.
        self.env.cr.execute(
            """INSERT INTO beneficiary_submission (user_id, model, key, sent_on)
               VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            [self.env.uid, self._name, key, fields.Datetime.now()],
        )
        return self.browse() if self.env.cr.rowcount else self._find_submission(key)

    @api.model
    def _keep_submission(self, key, record):
        self.env.cr.execute(
            """UPDATE beneficiary_submission SET res_id = %s
                WHERE user_id = %s AND model = %s AND key = %s""",
            [record.id, self.env.uid, self._name, key],
        )
        self.env["beneficiary.submission"].invalidate_model(["res_id"])
