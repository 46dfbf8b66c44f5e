from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Domain

ACTIVITY = "beneficiary_relations.mail_activity_type_death"
TODO = "mail.mail_activity_data_todo"
# Activities of the office that ask something of the person.
ENDED_ACTIVITIES = (
    "beneficiary_relations.mail_activity_type_change",
    "beneficiary_relations.mail_activity_type_file_review",
    "beneficiary_relations.mail_activity_type_file_visit",
    "beneficiary_relations.mail_activity_type_renewal",
)


class BeneficiaryDeath(models.Model):
    """The person of a file has died: from that day nothing happens in their name.

    Nothing is sent, released, registered or handed over; nobody follows the file on
    the portal or acts for it; the person represents nobody. What is open waits until
    somebody decides, see ``beneficiary_succession``. A manager takes back a death that
    was recorded by mistake: accounts, representations and the household are as before,
    and notices that were stopped wait for an officer.
    """

    _inherit = "beneficiary.beneficiary"

    death_date = fields.Date(string="Died On", readonly=True, copy=False, span="past")

    _deceased = models.Index("(id) WHERE state = 'deceased'")

    def action_record_death(self, death_date=None, reason=None):
        """Record that the person has died.

        :param death_date: day of death, in either calendar
        :param reason: how it is known, as it stays on record
        """
        day = fields.Date.to_date(self._read_date("death_date", death_date))
        return self._move("record_death", death_date=day, reason=reason)

    def action_correct_death(self, reason=None):
        """Take back a death that was recorded by mistake; the file is active again.

        :param reason: how the mistake came about, as it stays on record
        """
        return self._move("correct_death", reason=reason)

    def _guard_death(self, given):
        if not self._is_person():
            return [
                self.env._(
                    "Only a person dies. Close this file, or suspend it instead."
                )
            ]
        day = given["death_date"]
        if not day:
            return [self.env._("Write the day of death.")]
        return self._get_death_day_problems(day, self.birth_date)

    def _get_death_day_problems(self, day, birth_date):
        """Return why nobody can have died on ``day``, as sentences.

        :param birth_date: day of birth, or False
        """
        if day > (self.company_id or self.env.company)._get_beneficiary_today():
            return [self.env._("The day of death is still to come.")]
        if birth_date and day < birth_date:
            return [
                self.env._(
                    "The day of death is before the day of birth. Correct one of them."
                )
            ]
        return []

    # -- what the moves write, and what follows ----------------------------------------

    def _do_record_death(self, target, given):
        self._write_flow({"death_date": given["death_date"]})

    def _after_record_death(self, target):
        self.activity_unlink(ENDED_ACTIVITIES)
        self._update_contacts()
        self._stop_messages()
        self.env["beneficiary.request"]._stop_for_death(self)
        self.env["beneficiary.outreach.line"]._leave_out(self)
        self.env["beneficiary.appointment"]._stop_for_death(self)
        self._mark_dependants()
        self._end_own_representations()
        self._tell_office(
            ACTIVITY,
            lambda env: env._(
                "The person died: decide what is open and owed, and name another head"
            ),
        )

    def _do_correct_death(self, target, given):
        self._write_flow({"death_date": False})

    def _after_correct_death(self, target):
        self.activity_unlink([ACTIVITY])
        for file in self:  # their own file is alive again: nothing refuses this now
            lines = file._get_dependant_lines().filtered("death_date")
            lines.write({"death_date": False, "active": True})
            file._get_own_representations().write({"death_date": False})
        self._take_household_back()
        self._update_contacts()
        self.env["beneficiary.request"]._go_on_after_death(self)

    def _stop_messages(self):
        """Take the queued e-mails and texts to these people out of Odoo's queues."""
        appointments = (
            self.env["beneficiary.appointment"]
            .sudo()
            .search([("beneficiary_id", "in", self.ids)])
        )
        records = {
            self._name: self.ids,
            "beneficiary.appointment": appointments.ids,
            "beneficiary.interaction": self.interaction_ids.ids,
            "beneficiary.request": self.request_ids.ids,
            "beneficiary.document": self.document_ids.ids,
        }
        about_them = Domain.OR(
            Domain("model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in records.items()
        )
        office = self.with_user(SUPERUSER_ID).env
        queued = office["mail.mail"].search(
            Domain("state", "in", ["outgoing", "exception"]) & about_them
        )
        queued.filtered(
            lambda mail: (
                mail.email_to or all(one.partner_share for one in mail.recipient_ids)
            )
        ).cancel()
        texts = office["sms.sms"].search(
            Domain("state", "in", ["outgoing", "error"])
            & (
                Domain("mail_message_id", "any", about_them)
                | Domain("partner_id", "in", self.partner_id.ids)
            )
        )
        texts.filtered(
            lambda text: not text.partner_id or text.partner_id.partner_share
        ).action_set_canceled()

    def _get_dependant_lines(self):
        """Return the lines by which these people are dependants of other files.

        A line names the person's own file, or has the person's number.
        """
        members = self.env["beneficiary.household.member"]
        by_number = (
            Domain("member_file_id", "=", False)
            & Domain("company_id", "in", self.company_id.ids)
            & members._get_person_domain([file._get_person() for file in self])
        )
        lines = members.with_context(active_test=False).search(
            Domain("member_file_id", "in", self.ids) | by_number
        )
        return lines.filtered(
            lambda line: (
                line.member_file_id
                or line._get_kin().number != line.beneficiary_id._get_kin().number
            )
        )

    def _mark_dependants(self):
        """Note the death where the person is a dependant; who left there, had left."""
        for file in self:
            lines = file._get_dependant_lines().filtered("active")
            lines.write({"death_date": file.death_date})

    def _get_own_representations(self):
        """Return what this person does for others: by their number, or by account."""
        lines = self.env["beneficiary.representative"]
        return lines.search(
            Domain("company_id", "=", self.company_id.id)
            & (
                lines._get_person_domain([self._get_person()])
                | Domain("user_id", "in", self.portal_user_ids.ids)
            )
        )

    def _end_own_representations(self):
        """End what these people do for others, and ask the office for somebody else.

        The periods stay as they are: a death may be taken back.
        """
        wards = self.browse()
        for file in self:
            today = file.company_id._get_beneficiary_today()
            lines = file._get_own_representations().filtered(
                lambda line, died=file.death_date: (
                    not line.date_to or line.date_to >= died
                )
            )
            lines.write({"death_date": file.death_date})
            running = lines.filtered(
                lambda line, today=today: not line.date_to or line.date_to >= today
            )
            wards |= running.beneficiary_id
        (wards - self)._tell_office(
            TODO, lambda env: env._("A representative has died: record another one")
        )
