from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# Only a merge writes these fields: create, write, import and RPC refuse them.
MERGE_FIELDS = frozenset(["merged_into_id", "name_key", "duplicate_check"])
# Fields whose value is never taken from the other file.
UNMERGED_FIELDS = frozenset(
    ["company_id", "state", "active", "partner_id", "portal_user_ids"]
)
# Fields that make up an identity number.
IDENTITY_PARTS = ("identity_type", "identity_number", "nationality_id")
TYPED = frozenset(
    [
        "boolean",
        "char",
        "date",
        "datetime",
        "float",
        "html",
        "integer",
        "many2many",
        "many2one",
        "monetary",
        "selection",
        "text",
    ]
)
# States in which a committee has the request: if both files have one, they are not
# merged, because two committees would be deciding for the same person.
BEFORE_COMMITTEE = ("in_review", "decided")


class FileMerge(models.Model):
    """Two files of one person become one.

    The surviving file receives everything that points at the other file: requests,
    contacts, papers with their versions, messages, activities, portal users. The
    other file is archived with its own values, and its numbers lead to the surviving
    file. ``beneficiary.duplicate`` calls the merge and checks who may do it.
    """

    _inherit = "beneficiary.beneficiary"

    merged_into_id = fields.Many2one(
        "beneficiary.beneficiary",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.constrains("active", "merged_into_id")
    def _check_merged_is_archived(self):
        if any(file.active and file.merged_into_id for file in self):
            raise ValidationError(
                self.env._(
                    "A file that was merged stays archived. Use the file it was "
                    "merged into."
                )
            )

    def _refuse_merged(self):
        """Raise if one of these files was merged: it is only kept to be read."""
        for file in self.sudo().filtered("merged_into_id"):
            raise ValidationError(
                self.env._(
                    "The file %(file)s was merged into %(survivor)s and stays as it "
                    "is. Open the file that stays, and go on there.",
                    file=file.file_number,
                    survivor=file.merged_into_id.file_number,
                )
            )

    def _move(self, name, **given):
        """Make no move in a file that was merged: no death, no closing."""
        self.check_access("read")
        self._refuse_merged()
        return super()._move(name, **given)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_merge_vals(vals)
        files = self._without_defaults(MERGE_FIELDS)
        return super(FileMerge, files).create(vals_list)

    def write(self, vals):
        self._refuse_merge_vals(vals)
        return super().write(vals)

    def _refuse_merge_vals(self, vals):
        if not self.env.su and MERGE_FIELDS & vals.keys():
            raise AccessError(
                self.env._("Values written by a merge cannot be changed by hand.")
            )

    # -- what a merge compares ---------------------------------------------------------

    @api.model
    def _get_typed_fields(self):
        """Return the fields that people fill in and the acting user may write.

        The name comes first.
        """
        typed = [
            field
            for field in self._fields.values()
            if field.type in TYPED
            and field.store
            and not (field.compute or field.related or field.readonly)
            and field.name not in UNMERGED_FIELDS
            and self._has_field_access(field, "write")
        ]
        return sorted(typed, key=lambda field: field.name != "name")

    def _get_value_label(self, field):
        """Return the value of ``field`` as people read it, or an empty text."""
        self.ensure_one()
        value = self[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value:
            return ""
        return str(field.convert_to_export(value, self))

    def _get_comparison(self, other):
        """Return the values of ``self`` and ``other`` side by side, for a screen.

        :return: list of (label, value of ``self``, value of ``other``, whether they
            differ), for each field that has a value in one of the files
        """
        labels = self.fields_get(attributes=["string"])
        return [
            (labels[field.name]["string"], *values, values[0] != values[1])
            for field in self._get_typed_fields()
            if any(
                values := (self._get_value_label(field), other._get_value_label(field))
            )
        ]

    # -- the merge ---------------------------------------------------------------------

    def _get_merge_problems(self, other):
        """Return sentences on why these two files may not be merged."""
        problems = []
        if self == other:
            problems.append(self.env._("Choose two different files."))
        if self.company_id != other.company_id:
            problems.append(self.env._("Files of two associations are never merged."))
        if self.merged_into_id or other.merged_into_id:
            problems.append(self.env._("One of the files was already merged."))
        if self._is_deceased() != other._is_deceased():
            problems.append(
                self.env._(
                    "One of the two is recorded as deceased. Record the death in the "
                    "other file too, or take it back, and merge then."
                )
            )
        studied = [
            file
            for file in (self, other)
            if file.request_ids.filtered(
                lambda request: request.state in BEFORE_COMMITTEE
            )
        ]
        if len(studied) == 2:
            problems.append(
                self.env._(
                    "Both files have a request before a committee. Wait until one of "
                    "them is answered, or return it first."
                )
            )
        return problems

    def _merge_from(self, merged, taken):
        """Make one file of two: ``self`` stays, ``merged`` is archived.

        The caller checks the rights. The merge runs in one transaction: all or nothing.

        :param merged: the file whose records come over
        :param taken: names of the fields whose value is taken from ``merged``
        :raise UserError: when the files may not be merged; says why
        """
        survivor, merged = self.sudo(), merged.sudo()
        (survivor | merged).lock_for_update()
        if problems := survivor._get_merge_problems(merged):
            raise UserError("\n".join(problems))
        unknown = set(taken) - {field.name for field in self._get_typed_fields()}
        if unknown:
            raise UserError(self.env._("These fields cannot be chosen in a merge."))
        note = self._get_merge_note(merged, taken)
        former = survivor._get_former_numbers(merged)
        # Requests first: their declarations are compared with the values that stay.
        merged.request_ids._move_to_file("beneficiary_id", survivor)
        survivor._take_values(merged, taken)
        survivor._take_records(merged)
        survivor._take_thread(merged)
        survivor._take_contact(merged)
        # A member who verified papers of the merged file is recused from requests here.
        survivor._update_open_studies()
        survivor._void_changed_declarations()
        merged.write({"active": False, "merged_into_id": survivor.id})
        survivor.write({"former_numbers": former, "duplicate_check": True})
        survivor._message_log(body=note)
        merged._message_log(body=note)

    def _get_former_numbers(self, merged):
        """Return all former numbers by which this file can still be found."""
        numbers = " ".join(
            filter(
                None,
                [
                    self.former_numbers,
                    merged.file_number,
                    merged.identity_number,
                    merged.former_numbers,
                    # This number is replaced if the merged file's number is taken.
                    self.identity_number,
                ],
            )
        )
        return " ".join(dict.fromkeys(numbers.split()))

    def _get_merge_note(self, merged, taken):
        """Return the note for both files: which were merged, and what was replaced.

        If not everybody may read a field, the note has its label without the values.
        """
        labels = self.fields_get(attributes=["string"])
        lines = [
            self.env._(
                "%(merged)s was merged into %(survivor)s.",
                merged=merged.display_name,
                survivor=self.display_name,
            )
        ]
        if accounts := merged.portal_user_ids - self.portal_user_ids:
            lines.append(
                self.env._(
                    "These accounts on the portal follow the file that stays: "
                    "%(accounts)s. Each keeps its own address.",
                    accounts=self._list_words(accounts.mapped("name")),
                )
            )
        for name in taken:
            field = self._fields[name]
            label = labels[name]["string"]
            if field.groups:
                lines.append(self.env._("Taken over: %(field)s", field=label))
            else:
                lines.append(
                    self.env._(
                        "Taken over: %(field)s “%(value)s”, instead of “%(former)s”",
                        field=label,
                        value=merged._get_value_label(field),
                        former=self._get_value_label(field),
                    )
                )
        return Markup("<br/>").join(lines)

    def _take_values(self, merged, taken):
        # A number without its type and state is not the same number.
        number = IDENTITY_PARTS if "identity_number" in taken else ()
        vals = {
            name: self._fields[name].convert_to_write(merged[name], merged)
            for name in {*taken, *number}
        }
        if vals.get("identity_number"):
            # Only one file of the association may have an identity number at a time.
            merged.identity_number = False
            merged.flush_recordset()
        self.write(vals)

    def _take_records(self, merged):
        """Make every record that points at the merged file point at this one."""
        for model, name in self._get_file_references():
            records = (
                self.env[model]
                .sudo()
                .with_context(active_test=False)
                .search([(name, "=", merged.id)])
            )
            records._move_to_file(name, self)
        self.portal_user_ids |= merged.portal_user_ids
        merged.portal_user_ids = False

    @api.model
    def _get_file_references(self):
        """Return (model, field) for every stored many2one field to a file.

        Papers come first: other records name a paper of the same file as evidence.
        """
        references = [
            (model._name, field.name)
            for model in self.env.registry.values()
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == self._name
            and field.store
            and not (field.compute or field.related)
        ]
        return sorted(references, key=lambda found: found[0] != "beneficiary.document")

    def _take_thread(self, merged):
        """Move messages, attachments, activities and followers to this file."""
        for model, reference in (
            ("mail.message", "model"),
            ("ir.attachment", "res_model"),
            ("mail.activity", "res_model"),
        ):
            # As superuser: users may not move messages to another record.
            self.env[model].with_user(SUPERUSER_ID).with_context(
                active_test=False
            ).search([(reference, "=", self._name), ("res_id", "=", merged.id)]).write(
                {"res_id": self.id}
            )
        followers = merged.message_partner_ids
        merged.message_unsubscribe(followers.ids)
        self.message_subscribe((followers - merged.partner_id).ids)

    def _take_contact(self, merged):
        """Keep one contact: this file's, or the merged file's if this one has none.

        An unused contact is archived with its file, unless somebody signs in with it.
        """
        contact = merged.partner_id
        if not contact:
            return
        if not self.partner_id:
            merged.partner_id = False
            merged.flush_recordset()
            self.partner_id = contact
            self._update_contacts()
        elif not contact.user_ids:
            contact.active = False
