from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html_escape

from ...rules import arabic, flow
from ...rules.evidence import says_nothing

# Written when a record is archived or restored, and at no other time.
STAMP_FIELDS = frozenset(["archive_reason", "archived_on", "archived_by_id"])
ARCHIVE_FIELDS = STAMP_FIELDS | {"active"}
# Requests that a refusal names; of more there is a mark.
MOST_NAMED = 10


class ArchiveMixin(models.AbstractModel):
    """A record that is archived for a reason, once nothing open needs it.

    Archiving follows the rules of closing, through every door: the menu of a form or a
    list, an import, a call over RPC. It is refused while open requests need the record,
    it asks for the reason, and the reason stays on record with who archived and when.
    The addon itself, as superuser, archives without this, for example in a merge.
    """

    _name = "beneficiary.archive.mixin"
    _description = "Archived for a Reason"

    archive_reason = fields.Char(
        string="Why It Was Archived",
        copy=False,
        help="Written when it is archived, with who did it and when.",
    )
    archived_on = fields.Datetime(readonly=True, copy=False)
    archived_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name not in STAMP_FIELDS
                }
                for vals in vals_list
            ]
        records = self._without_defaults(STAMP_FIELDS)
        return super(ArchiveMixin, records).create(vals_list)

    def write(self, vals):
        if self.env.su or not ARCHIVE_FIELDS & vals.keys():
            return super().write(vals)
        if "active" not in vals:
            raise UserError(
                self.env._("The reason is written when the record is archived.")
            )
        to_active = bool(vals["active"])
        changed = self.filtered(lambda record: record.active != to_active)
        rest = {name: vals[name] for name in vals if name not in ARCHIVE_FIELDS}
        if rest and (kept := self - changed):
            super(ArchiveMixin, kept).write(rest)
        if changed:
            reason = arabic.one_line(str(vals.get("archive_reason") or ""))
            stamp = changed._prepare_stamp(to_active, reason)
            super(ArchiveMixin, changed).write({**rest, "active": to_active, **stamp})
            changed._log_archiving(to_active, reason)
        return True

    def _prepare_stamp(self, to_active, reason):
        """Check that these records may be archived or restored, and return the stamp.

        :raise UserError: with all that stands against it
        """
        self._check_archiving(to_active)
        if to_active:
            return dict.fromkeys(STAMP_FIELDS, False)
        if says_nothing(reason):
            raise ValidationError(
                self.env._(
                    "Write in the field “%(field)s” why this is archived: %(records)s.",
                    field=self._fields["archive_reason"]._description_string(self.env),
                    records=self._list_words(self.mapped("display_name")),
                )
            )
        return {
            "archive_reason": reason,
            "archived_on": fields.Datetime.now(),
            "archived_by_id": self.env.uid,
        }

    def _check_archiving(self, to_active=False):
        """Raise if the acting user may not archive, or restore, these records now.

        :raise AccessError: when it is not for this user
        :raise UserError: with all that stands against archiving
        """
        self.check_access("write")
        if to_active:
            return
        problems = [
            self.env._(
                "%(record)s: %(problem)s", record=record.display_name, problem=problem
            )
            for record in self
            for problem in record._get_archive_problems()
        ]
        if problems:
            raise UserError("\n".join(problems))

    def _get_archive_problems(self):
        """Return sentences on what stands against archiving this record."""
        return []

    @api.model
    def _get_open_request_problems(self, domain):
        """Return a sentence that names the open requests in ``domain``, if any."""
        requests = self.env["beneficiary.request"].sudo()  # also of other branches
        waiting = requests.search(
            Domain(domain) & Domain("state", "not in", list(flow.CLOSED)),
            limit=MOST_NAMED + 1,
        )
        if not waiting:
            return []
        names = waiting.mapped("name")
        if len(names) > MOST_NAMED:
            names[MOST_NAMED:] = ["…"]
        return [
            self.env._(
                "These requests are still open: %(requests)s. Close or cancel them "
                "first.",
                requests=self._list_words(names),
            )
        ]

    def _log_archiving(self, to_active, reason):
        """Leave a note on records that people write on; the others keep the stamp."""
        if "message_ids" not in self._fields:
            return
        if to_active:
            body = html_escape(self.env._("Restored from the archive"))
        else:
            word = html_escape(self.env._("Archived"))
            body = word + Markup("<br/>") + html_escape(reason)
        self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    # -- actions -----------------------------------------------------------------------

    def action_archive(self):
        """Ask why: the form that opens archives the records.

        :raise UserError: when they cannot be archived, before a reason is asked
        """
        leaving = self.filtered("active")
        if self.env.su or not leaving:
            return super().action_archive()
        leaving._check_archiving()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.archive_reason_action"
        )
        ids = ",".join(map(str, leaving.ids))
        return {
            **action,
            "context": {
                "default_res_model": self._name,
                "default_res_ids": ids,
                "dialog_size": "medium",
            },
        }

    def action_archive_because(self, reason=None):
        """Archive these records.

        :param reason: why, as it stays on record
        :raise UserError: without a reason, or when open requests need them
        """
        return self.write({"active": False, "archive_reason": reason})
