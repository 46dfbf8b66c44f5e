from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..association.res_company_sequence import LETTER

LETTER_FIELDS = frozenset(["letter_number", "letter_date"])


class DecisionLetter(models.Model):
    """The numbered letter that tells the applicant of a decision (R20, R40).

    It gets its number and date when the reply leaves, and they never change. A letter
    with a mistake is reissued, see ``letter_reissue``. As long as a decision has no
    number, nobody can print its letter.

    :Who may: print it: staff who may read the request; the applicant on the portal.
    """

    _inherit = "beneficiary.decision"

    letter_number = fields.Char(readonly=True, copy=False)
    letter_date = fields.Date(readonly=True, copy=False)

    _letter_number_unique = models.UniqueIndex(
        "(company_id, letter_number) WHERE letter_number IS NOT NULL",
        "A letter with this number already exists.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_letter_vals(vals)
        decisions = self._without_defaults(LETTER_FIELDS)
        return super(DecisionLetter, decisions).create(vals_list)

    def write(self, vals):
        self._refuse_letter_vals(vals)
        return super().write(vals)

    @api.model
    def _refuse_letter_vals(self, vals):
        if LETTER_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "A letter is numbered and dated once, when the reply leaves."
                )
            )

    def _number_letters(self):
        """Give the letters of these decisions their numbers and date.

        Called when the reply leaves.
        """
        # In a fixed order: two transactions that number letters of several associations
        # then wait for each other without a deadlock.
        letters = self.sudo().sorted(lambda decision: decision.company_id.id)
        for company, decisions in letters.grouped("company_id").items():
            new = decisions.filtered(lambda decision: not decision.letter_number)
            if not new:
                continue
            numbers = (
                self.env["ir.sequence"]
                .with_company(company)
                ._next_by_code_batch(LETTER, len(new))
            )
            today = company._get_beneficiary_today()
            new.sorted("id")._write_each(
                [{"letter_number": number, "letter_date": today} for number in numbers]
            )

    # -- printing ----------------------------------------------------------------------

    def action_print_letter(self):
        """Print the letter, once the reply has been released."""
        letters = self._get_printable_letters()
        return self.env.ref(
            "beneficiary_relations.decision_letter_action"
        ).report_action(letters.ids, config=False)

    def _get_printable_letters(self):
        """Return these decisions as superuser, or raise if the user may not print them.

        Staff who may read the request may print its letter. These include delegates,
        who hand it over. Applicants get their letter from a portal page.

        :raise AccessError: when the user may not read the request
        :raise UserError: before the reply has been released
        """
        letters = self.sudo()
        if not self.env.su:
            if self.env.user.share:
                raise AccessError(self.env._("This letter is not yours to print."))
            letters.request_id.sudo(False).check_access("read")
        if not all(letter.letter_number for letter in letters):
            raise UserError(
                self.env._(
                    "There is no letter yet: it is numbered when the reply leaves."
                )
            )
        return letters

    # -- texts of the letter -----------------------------------------------------------

    def _get_letterhead(self):
        """Return the values for the letterhead of this letter (R40)."""
        self.ensure_one()
        return {
            "number": self.letter_number,
            "date": self.letter_date,
            "attachment_count": 0,
        }

    def _get_letter_file_name(self):
        self.ensure_one()
        return self.letter_number.replace("/", "-")

    def _get_person_label(self):
        """Return the label for the applicant's name, by the policy's audience (R2)."""
        self.ensure_one()
        label = self.env._("Name of the beneficiary")
        return self.request_id.policy_id._word(label)

    def _get_appeal_day(self):
        """Return the last day on which this rejection may be appealed.

        :return: the day in both calendars; an empty text if there was an appeal before
            this rejection, because a request has only one appeal
        """
        self.ensure_one()
        appealed = self.request_id.appeal_ids.decision_id
        if appealed and appealed.round < self.round:
            return ""
        return self._format_paper_both(self.appeal_until)

    def _get_signatory(self):
        """Return name and title of who signs: the chair when the committee voted.

        Where the chair stepped aside, who closed the vote signs for the chair, with the
        title that this person has.
        """
        self.ensure_one()
        chairs = self.vote_ids.filtered(
            lambda vote: vote.is_chair and vote.choice != "recused"
        )
        if chairs or not self.closed_by_id:
            title = self.env._("Chair of the research committee")
            return chairs[:1].user_id.name, title
        seats = self.committee_id.member_ids.filtered(
            lambda seat: seat.user_id == self.closed_by_id
        )
        title = self.env._("For the chair of the research committee")
        if "secretary" in seats.mapped("role"):
            title = self.env._("Secretary of the research committee, acting chair")
        return self.closed_by_id.name, title

    def _get_appealed_letter(self):
        """Return number and date of the rejection that this decision takes up again.

        :return: None unless the decision was taken on an appeal
        """
        self.ensure_one()
        # Who prints the letter may not be allowed to read the earlier decision.
        appealed = self.sudo().appeal_id.decision_id
        if not appealed.letter_number:
            return None
        number, date, _reissue = appealed._get_letter()
        return number, date
