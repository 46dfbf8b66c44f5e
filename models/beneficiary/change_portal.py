from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...rules import arabic
from ..mixins.once_mixin import SUBMISSION_KEY
from .change import ACTIVITY, PROPOSED, SUBJECTS

# So many open proposals of one file are enough; more would only hide the others.
MOST_OPEN = 20
FINANCE = "beneficiary_relations.group_finance"


class ChangePortal(models.Model):
    """How a change is proposed on the portal, taken back, and its result read.

    Controllers call the ``_portal_*`` methods. These check that the acting user follows
    the file, and then act as superuser: applicants have no rights here.
    """

    _inherit = "beneficiary.change"

    @api.model
    def _portal_get_waiting(self, files):
        """Return the proposals that were declined, until the person has read why."""
        return [
            {
                "text": self.env._(
                    "A change that you proposed was not accepted: %(what)s. Read why.",
                    what=change.summary,
                ),
                "url": change._portal_get_url(),
                "button": self.env._("Read the reason"),
                "date": change.decided_on,
            }
            for change in self.sudo().search(
                Domain("beneficiary_id", "in", files.ids)
                & Domain("state", "=", "declined")
                & Domain("read_on", "=", False)
            )
        ]

    @api.model
    def _portal_find(self, domain=Domain.TRUE):
        """Return, as superuser, the proposals for files that the user follows."""
        files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return self.sudo().search(Domain("beneficiary_id", "in", files.ids) & domain)

    def _portal_get_url(self):
        return f"/my/file/{self.beneficiary_id.id}#change_{self.id}"

    @api.model
    def _portal_get_subject(self, file_sudo, about, subject_id):
        """Return, as superuser, the record that a proposal about it would change.

        :param about: what the person says it is about; any text
        :param subject_id: id of a dependant or a representative
        :return: the record, empty for a new dependant; None where there is none
        """
        if about == "file":
            return file_sudo
        if about == "new_member":
            return file_sudo.household_member_ids.browse()
        lines = {
            "member": file_sudo.household_member_ids,
            "left": file_sudo.household_member_ids,
            "representative": file_sudo.representative_ids._filter_acting(),
        }
        if about not in lines:
            return None
        return lines[about].filtered(lambda line: line.id == subject_id) or None

    @api.model
    def _portal_get_form(self, file_sudo, about, subject_sudo):
        """Return the fields that may be proposed, with their present values.

        :return: list of dicts: ``name``, ``label``, ``kind`` (``text``, ``date``,
            ``phone``, ``email``, ``number`` or ``choice``), ``options`` (of a choice)
            and ``value``
        """
        model, names = SUBJECTS[about]
        may_see_money = file_sudo._portal_sees_all()
        form = []
        for name in names:
            field = self.env[model]._fields[name]
            if field.groups == FINANCE and not may_see_money:
                continue
            value = subject_sudo[name] or ""
            form.append(
                {
                    "name": name,
                    "label": field._description_string(self.env),
                    "kind": self._portal_get_kind(field),
                    "options": field.type == "selection"
                    and field._description_selection(self.env),
                    "value": str(value),
                }
            )
        return form

    @api.model
    def _portal_get_kind(self, field):
        if field.type == "selection":
            return "choice"
        if field.type == "date":
            return "date"
        if field.name in ("phone", "phone2"):
            return "phone"
        if field.name in ("identity_number", "iban", "short_address"):
            return "number"
        return "email" if field.name == "email" else "text"

    @api.model
    def _portal_propose(self, file_sudo, about, subject_id, form, key=None):
        """Propose a change of a file on behalf of the acting user.

        Nothing of the file changes. Values that cannot be right are refused at once;
        whether somebody else has the same number is for the officer to see.

        :param file_sudo: a file that the user follows
        :param about: as :meth:`_portal_get_subject` takes it; so is ``subject_id``
        :param form: dict of texts by field, and of ``note`` and ``file`` (name and
            content in base64); fields that are not in it stay as they are
        :param key: the form's key: the same form again gives the same proposal
        :return: the proposal, as superuser
        :raise AccessError: when the file is not the user's
        :raise UserError: says what to correct
        """
        file_sudo._portal_check_own()
        subject = self._portal_get_subject(file_sudo, about, subject_id)
        if subject is None:
            raise UserError(self.env._("This is no part of your file any more."))
        if key and (made := self.sudo()._find_submission(key)):
            return made
        lines = self._portal_read_lines(file_sudo, about, subject, form)
        note = form.get("note") or ""
        upload = form.get("file")
        if not lines and about != "left" and arabic.is_blank(note) and not upload:
            raise UserError(
                self.env._("Nothing differs from your file. Change what is wrong.")
            )
        if about == "new_member":
            self._portal_check_required(lines)
        self._portal_check_number(file_sudo)
        change = self.sudo().create(
            {
                "beneficiary_id": file_sudo.id,
                "about": about,
                "member_id": about in ("member", "left") and subject.id,
                "representative_id": about == "representative" and subject.id,
                "line_ids": [Command.create(line) for line in lines],
                "note": note,
                "file_name": upload and upload[0],
                "file": upload and upload[1],
                SUBMISSION_KEY: key,
            }
        )
        change._tell_office_of_change()
        return change

    @api.model
    def _portal_check_required(self, lines):
        """Raise unless a new dependant has all that a dependant needs."""
        model, names = SUBJECTS["new_member"]
        given = {line["name"] for line in lines}
        for name in names:
            field = self.env[model]._fields[name]
            if field.required and name not in given:
                raise UserError(
                    self.env._(
                        "Fill in “%(field)s”.",
                        field=field._description_string(self.env),
                    )
                )

    @api.model
    def _portal_check_number(self, file_sudo):
        is_open = [("beneficiary_id", "=", file_sudo.id), ("state", "=", PROPOSED)]
        if self.sudo().search_count(is_open) >= MOST_OPEN:
            raise UserError(
                self.env._(
                    "Many of your proposals wait for the association already. Wait "
                    "for its answer, or take one back."
                )
            )

    @api.model
    def _portal_read_lines(self, file_sudo, about, subject_sudo, form):
        """Return the values of the lines: what differs from the file, cleaned (R44)."""
        asked = self._portal_get_form(file_sudo, about, subject_sudo)
        given = {}
        for field in asked:
            name = field["name"]
            typed = form.get(name, field["value"]).strip()
            if typed != field["value"]:
                self._portal_check_typed(subject_sudo._fields[name], field, typed)
                given[name] = typed or False
        clean = self._portal_clean(file_sudo, subject_sudo, given)
        return [
            self._prepare_line_vals(subject_sudo, name, clean[name])
            for name in given
            if (clean[name] or False) != (subject_sudo[name] or False)
        ]

    @api.model
    def _portal_check_typed(self, field, shown, typed):
        """Raise if a required value was emptied, or a choice is none of the answers."""
        if not typed and field.required:
            raise UserError(self.env._("Fill in “%(field)s”.", field=shown["label"]))
        if typed and shown["options"] and typed not in dict(shown["options"]):
            raise UserError(
                self.env._(
                    "Choose one of the answers for “%(field)s”.", field=shown["label"]
                )
            )

    @api.model
    def _portal_clean(self, file_sudo, records, given):
        """Return ``given`` as the file would store it, by the rules of its fields."""
        vals = records._clean_lines(records._read_dates(given))
        kind = given.get("identity_type") or records.identity_type or "national"
        vals = records._normalise(dict(vals), kind)
        for name, span in records._get_typed_dates().items():
            if vals.get(name):
                new = records.new(
                    {name: vals[name], "company_id": file_sudo.company_id}
                )
                new._check_span(name, span)
        return vals

    @api.model
    def _prepare_line_vals(self, records, name, value):
        field = records._fields[name]
        texts = [self._portal_describe(field, one) for one in (records[name], value)]
        is_money = field.groups == FINANCE
        return {
            "name": name,
            "value": str(value or ""),
            "old_text": texts[0],
            "new_text": texts[1],
            "restriction": "finance" if is_money else "none",
        }

    @api.model
    def _portal_describe(self, field, value):
        """Return a value as people read it."""
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "date":
            return self._format_both(fields.Date.to_date(value))
        return str(value)

    def _tell_office_of_change(self):
        """Plan one activity on the file, unless one is open."""
        files = self.beneficiary_id
        told = files.activity_search([ACTIVITY]).mapped("res_id")
        files.filtered(lambda file: file.id not in told)._tell_office(
            ACTIVITY,
            lambda env: env._("A change of the file is proposed: decide on it"),
        )

    # -- afterwards --------------------------------------------------------------------

    @api.model
    def _portal_get(self, change_id):
        """Return, as superuser, the user's proposal with this id, or none."""
        return self._portal_find(Domain("id", "=", change_id))

    def _portal_take_back(self):
        """Withdraw a proposal that is not decided yet."""
        self.beneficiary_id._portal_check_own()
        if self.state != PROPOSED:
            raise UserError(self._get_decided_message())
        self.sudo()._decide("withdrawn")

    def _portal_read_result(self):
        """Note that the person has read the result."""
        self.beneficiary_id._portal_check_own()
        decided = self.sudo().filtered(lambda one: one.decided_on and not one.read_on)
        decided.write({"read_on": fields.Datetime.now()})
