from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What a person asks in words; a copy is made at once.
ASKED = ("correction", "erasure")


class DataRequestPortal(models.Model):
    """What a person does about their own data on the portal (R51).

    Portal users have no right to records here. Controllers call these methods, which
    check that the file is the acting user's, and then act as superuser.
    """

    _inherit = "beneficiary.data.request"

    @api.model
    def _portal_get_files(self, files=None):
        """Return, as superuser, the files about whose data the acting user may ask.

        These are the user's own, and those of people for whom the user does everything:
        who stands for requests or receipts alone gets no copy of a file.

        :param files: the files that the user follows, if they are at hand
        """
        user = self.env.user
        if files is None:
            files = self.env["beneficiary.beneficiary"]._get_portal_files()
        return files.filtered(
            lambda file: (
                user in file.portal_user_ids
                or any(
                    one.user_id == user and one.scope == "all"
                    for one in file.representative_ids._filter_acting()
                )
            )
        )

    @api.model
    def _portal_find_file(self, file_id):
        """Return one of these files by its id as text, or the only one.

        :return: as superuser; empty when the id names none of them
        """
        files = self._portal_get_files()
        if not file_id and len(files) == 1:
            return files
        return files.filtered(lambda file: str(file.id) == file_id)

    @api.model
    def _portal_get_requests(self, file):
        """Return, as superuser, what was asked about the data of ``file``."""
        return self.sudo().search([("beneficiary_id", "=", file.id)], limit=20)

    @api.model
    def _portal_ask(self, file, kind, text, key):
        """Record what the acting user asks about the data of ``file``.

        :param file: one of :meth:`_portal_get_files`
        :param kind: as it was sent
        :param text: in the person's words
        :param key: of the form: its second arrival makes no other request
        :raise UserError: when it is not complete, or is asked already
        """
        if kind not in ASKED:
            raise UserError(self.env._("Choose what you ask for."))
        if known := self._find_submission(key):
            return known
        if not text:
            raise UserError(
                self.env._("Write what is wrong, and what is right.")
                if kind == "correction"
                else self.env._("Write what is to be erased, and why.")
            )
        asked = self.sudo().search(
            [
                ("beneficiary_id", "=", file.id),
                ("kind", "=", "erasure"),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if kind == "erasure" and asked:
            raise UserError(
                self.env._(
                    "You have asked for this already: number %(number)s. It is "
                    "answered by %(date)s at the latest.",
                    number=asked.name,
                    date=asked._format_both(asked.due_on),
                )
            )
        return self._portal_create(file, kind, text=text, submission_key=key)

    @api.model
    def _portal_get_copy(self, file):
        """Return, as superuser, the latest copy that the acting user took.

        :param file: one of :meth:`_portal_get_files`
        """
        return self.sudo().search(
            [
                ("beneficiary_id", "=", file.id),
                ("kind", "=", "copy"),
                ("on_portal", "=", True),
                ("create_uid", "=", self.env.uid),
            ],
            limit=1,
        )

    @api.model
    def _portal_copy(self, file):
        """Record that the acting user takes a copy of the data, once a day.

        :param file: one of :meth:`_portal_get_files`
        """
        today = file.company_id._get_beneficiary_today()
        taken = self._portal_get_copy(file)
        if not taken or taken._get_local_day(taken.asked_on) != today:
            lang = file.company_id._get_beneficiary_lang()
            words = self.with_context(lang=lang).env
            self._portal_create(
                file,
                "copy",
                state="done",
                answer=words._("Taken by the person on the portal."),
                answered_on=fields.Datetime.now(),
                answered_by_id=self.env.uid,
            )

    @api.model
    def _portal_create(self, file, kind, **vals):
        company = file.company_id
        owner = file._get_news_user()
        if not owner._has_part(self._role_fields["owner_id"], company):
            owner = company._get_beneficiary_manager()
        return self.sudo().create(  # applicants have no right to write records
            {
                "beneficiary_id": file.id,
                "kind": kind,
                "asked_on": fields.Datetime.now(),
                "owner_id": owner.id or SUPERUSER_ID,
                "on_portal": True,
                **vals,
            }
        )

    # -- the home page of the portal ---------------------------------------------------

    @api.model
    def _portal_get_waiting(self, files):
        """Return the answers of the last days, for the home page; see its mixin."""
        files = self._portal_get_files(files)
        since = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        answered = self.sudo().search(
            Domain("beneficiary_id", "in", files.ids)
            & Domain("state", "in", ("done", "declined"))
            & Domain("kind", "in", ASKED)
            & Domain("answered_on", ">", since)
        )
        return [
            {
                "text": self.env._(
                    "Your request %(number)s about your data has an answer.",
                    number=one.name,
                ),
                "url": f"/my/data?file_id={one.beneficiary_id.id}",
                "button": self.env._("Read the answer"),
                "date": False,
            }
            for one in answered
        ]

    @api.model
    def _portal_get_card(self, files):
        """Return the card of this section for the home page; see its mixin."""
        if not self._portal_get_files(files):
            return {}
        return {
            "label": self.env._("My data"),
            "text": self.env._("Consents, a copy of your data, correction and erasure"),
            "url": "/my/data",
            "icon": "fa-shield",
            "counted": None,
        }
