from datetime import timedelta

from odoo import Command, api, models
from odoo.fields import Domain

from ...rules import holidays
from ...rules.arabic import ascii_digits
from ..mixins.refusal import Problem, refusal

# What the page of the portal asks.
PORTAL_FIELDS = frozenset(
    [
        "beneficiary_signin_by_code",
        "beneficiary_newcomers",
        "beneficiary_sends_texts",
    ]
)
# What the assistant may write on the association; everything else stays as it is.
ASSOCIATION_FIELDS = frozenset(
    [
        "name",
        "country_id",
        "currency_id",
        "city",
        "phone",
        "email",
        "logo",
        "beneficiary_licence_number",
        "beneficiary_calendar_id",
        *PORTAL_FIELDS,
    ]
)


class ResCompany(models.Model):
    """What the pages of the assistant save on an association (R53).

    Managers may not write companies. These methods check that the acting user manages
    the association, and write a fixed list of fields for them.
    """

    _inherit = "res.company"

    def _set_up_association(self, vals):
        """Write what the assistant asks about the association itself.

        :param vals: values of ``ASSOCIATION_FIELDS``; values that do not change
            are not written
        """
        self._check_may_set_up()
        company = self.sudo()  # managers may not write companies
        if number := vals.get("beneficiary_licence_number"):
            vals = {**vals, "beneficiary_licence_number": ascii_digits(number)}
        changed = {}
        for name in ASSOCIATION_FIELDS & vals.keys():
            field = company._fields[name]
            if company[name] != field.convert_to_record(
                field.convert_to_cache(vals[name], company), company
            ):
                changed[name] = vals[name]
        if changed:
            company.write(changed)

    def _set_up_holidays(self):
        """Enter the Saudi public holidays of this year and the next, where they lack.

        A holiday that overlaps one of the association's is left out: it was entered,
        or moved, by hand.
        """
        self._check_may_set_up()
        leaves = self.env["resource.calendar.leaves"].sudo()  # the check is above
        leaves = leaves.with_company(self)
        names = self._get_holiday_names()
        year = self._get_beneficiary_today().year
        for code, first, last in [
            *holidays.public_holidays(year),
            *holidays.public_holidays(year + 1),
        ]:
            end = self._get_beneficiary_end_of_day(last)
            eve = self._get_beneficiary_end_of_day(first - timedelta(days=1))
            start = eve + timedelta(seconds=1)
            known = (
                self._get_beneficiary_holiday_domain()
                & Domain("date_from", "<=", end)
                & Domain("date_to", ">=", start)
            )
            if not leaves.search_count(known, limit=1):
                holiday = leaves.create(
                    {
                        "name": names[code],
                        "company_id": self.id,
                        "date_from": start,
                        "date_to": end,
                    }
                )
                # Odoo computes its company again, in whichever one is then at work.
                holiday.flush_recordset()

    @api.model
    def _get_holiday_names(self):
        return {
            holidays.FOUNDING_DAY: self.env._("Founding Day"),
            holidays.NATIONAL_DAY: self.env._("National Day"),
            holidays.EID_AL_FITR: self.env._("Eid al-Fitr"),
            holidays.EID_AL_ADHA: self.env._("Eid al-Adha"),
        }

    def _set_up_policy(self, template, channels):
        """Make the draft of the association's policy, with these channels.

        A policy in force stays as it is: it changes by a new version.

        :param template: a policy of no association; used when there is none yet
        :param channels: the channels that the draft allows
        :return: the policy
        """
        self._check_may_set_up()
        policy = self._get_setup_policy()
        if policy.state == "in_force":
            return policy
        if not policy:
            if not template or template.company_id:
                sentence = self.env._("Choose the template of your policy.")
                raise refusal(Problem(sentence, None, "template_id"))
            policy = template.copy({"company_id": self.id})
        lines = policy.channel_line_ids
        lines.filtered(lambda line: line.channel_id not in channels).unlink()
        last = max(lines.exists().mapped("sequence"), default=0)
        policy.channel_line_ids = [
            Command.create({"channel_id": channel.id, "sequence": last + place})
            for place, channel in enumerate(channels - policy._get_channels(), 1)
        ]
        return policy

    def _set_up_portal(self, is_open):
        """Open or close the portal: it is a channel of the policy's draft (R7)."""
        policy = self._get_setup_policy()
        if policy.state != "draft":
            return
        portal = self.env["beneficiary.channel"].search(
            [("is_portal", "=", True), ("company_id", "in", [False, self.id])]
        )
        channels = policy._get_channels()
        if is_open and not channels & portal:
            channels |= portal[:1]
        elif not is_open:
            channels -= portal
        self._set_up_policy(None, channels)

    def _set_up_services(self, codes, committee):
        """Take these services of the catalogue over, with their papers and questions.

        :param codes: codes of the catalogue; those that the association has are skipped
        :param committee: the committee that studies their requests
        """
        self._check_may_set_up()
        own = self.env["beneficiary.service"].with_context(active_test=False)
        known = own.search([("company_id", "=", self.id)]).mapped("code")
        policy = self._get_setup_policy()
        is_offered = any(channel.is_portal for channel in policy._get_channels())
        for template in self._get_service_catalogue():
            if template.code in codes and template.code not in known:
                template.copy(
                    {
                        "company_id": self.id,
                        "code": template.code,
                        "committee_id": committee.id,
                        "portal_published": is_offered and bool(committee),
                    }
                )

    @api.model
    def _get_service_catalogue(self):
        """Return, as superuser, the services from which associations choose theirs."""
        services = self.env["beneficiary.service"].sudo()  # they are of no association
        return services.search([("company_id", "=", False)])
