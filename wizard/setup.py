from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.mimetypes import guess_mimetype

from ..models.association.company_setup_page import ASSOCIATION_FIELDS, PORTAL_FIELDS
from ..models.mixins.refusal import Problem, refusal
from ..rules.upload import decode

PAGES = ("association", "policy", "people", "services", "portal", "ready")


class Setup(models.TransientModel):
    """The assistant of the first hour, from installing to the first request (R53).

    It holds no rule and no list of what was done: its pages show what the association
    has, and pass what is typed to the methods of the association.

    :Who may: managers. An administrator who has no role yet gives it to themselves on
        the first page.
    """

    _name = "beneficiary.setup"
    _inherit = ["beneficiary.upload.mixin", "beneficiary.form.mixin"]
    _description = "First Steps"
    _upload_fields = {"logo": None}  # noqa: RUF012 - Odoo's own way

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    page = fields.Selection(
        [
            ("association", "Association"),
            ("policy", "Policy"),
            ("people", "People"),
            ("services", "Services"),
            ("portal", "Portal"),
            ("ready", "Ready"),
        ],
        required=True,
        default="association",
    )
    needs_role = fields.Boolean(compute="_compute_needs_role", compute_sudo=False)
    missing_html = fields.Html(
        string="Still Missing", compute="_compute_missing", compute_sudo=False
    )
    is_missing = fields.Boolean(compute="_compute_missing", compute_sudo=False)
    advice_html = fields.Html(
        string="Later", compute="_compute_missing", compute_sudo=False
    )

    # -- association -------------------------------------------------------------------

    name = fields.Char(string="Name of the Association")
    country_id = fields.Many2one("res.country")
    currency_id = fields.Many2one("res.currency")
    city = fields.Char()
    phone = fields.Char(string="Telephone")
    email = fields.Char(string="E-mail")
    logo = fields.Image(string="Logo of the Letterhead")
    beneficiary_licence_number = fields.Char(
        string="Licence Number",
        help="Printed in the letterhead of every official paper.",
    )
    beneficiary_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Office Calendar",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Working days by which replies are released, and the time zone.",
    )
    timezone = fields.Char(compute="_compute_timezone", compute_sudo=False)
    has_holidays = fields.Boolean(
        string="Enter the Saudi Public Holidays",
        default=True,
        help="The two feasts, Founding Day and National Day, this year and the next.",
    )

    # -- policy ------------------------------------------------------------------------

    policy_id = fields.Many2one("beneficiary.policy", readonly=True)
    policy_state = fields.Selection(related="policy_id.state", related_sudo=False)
    template_id = fields.Many2one(
        "beneficiary.policy",
        domain="[('company_id', '=', False)]",
        help="A text to start from: whom it speaks of, its objectives and its steps.",
    )
    channel_ids = fields.Many2many(
        "beneficiary.channel",
        string="Channels",
        domain="[('company_id', 'in', [company_id, False])]",
        help="The ways in which people reach the association.",
    )

    # -- people ------------------------------------------------------------------------

    committee_id = fields.Many2one(
        "beneficiary.committee", domain="[('company_id', '=', company_id)]"
    )
    committee_name = fields.Char(string="Name of the Committee")
    person_ids = fields.One2many(
        "beneficiary.setup.person", "setup_id", string="People to Invite"
    )
    staff_html = fields.Html(
        string="Already Here", compute="_compute_staff", compute_sudo=False
    )

    # -- services, portal --------------------------------------------------------------

    service_ids = fields.One2many(
        "beneficiary.setup.service", "setup_id", string="Services"
    )
    is_portal_open = fields.Boolean(
        string="Portal",
        help="People follow their requests on the website, and make new ones.",
    )
    beneficiary_signin_by_code = fields.Boolean(string="Sign-In by Code")
    beneficiary_newcomers = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["beneficiary_newcomers"]
            ._description_selection(self.env)
        ),
        string="Newcomers",
    )
    beneficiary_sends_texts = fields.Boolean(string="Text Messages")

    # -- what the association has ------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Show what the association has, on the first page that lacks something."""
        values = super().default_get(fields)
        company = self.env.company
        values.update(self._read_association(company))
        needed = [one.page for one in company._get_setup_missing() if one.is_needed]
        if self._lacks_role(company) or not company.beneficiary_licence_number:
            values["page"] = "association"
        else:
            values["page"] = next((page for page in PAGES if page in needed), "ready")
        return {name: values[name] for name in fields if name in values}

    @api.model
    def _read_association(self, company):
        """Return what ``company`` has, as values of this form."""
        office = company.sudo()  # managers may not read all of it
        values = {
            name: office._fields[name].convert_to_write(office[name], office)
            for name in ASSOCIATION_FIELDS
        }
        # A drawing that an administrator gave stays, and is not sent back from here.
        if office.logo and guess_mimetype(decode(office.logo)) == "image/svg+xml":
            values["logo"] = False
        if not office.country_id and (country := self.env.ref("base.sa")):
            values["country_id"] = country.id
            values["currency_id"] = self.env.ref("base.SAR").id
        values["beneficiary_calendar_id"] = office._get_beneficiary_calendar().id
        if self._lacks_role(company):
            return values
        policy = company._get_setup_policy()
        shipped = self.env.ref(
            "beneficiary_relations.policy_template_beneficiary",
            raise_if_not_found=False,
        )
        channels = (policy or shipped or policy)._get_channels()
        committee = self.env["beneficiary.committee"].search(
            [("company_id", "=", company.id)], limit=1
        )
        return values | {
            "policy_id": policy.id,
            "template_id": shipped.id if shipped and not policy else False,
            "channel_ids": [Command.set(channels.ids)],
            "committee_id": committee.id,
            "committee_name": committee.name or self.env._("Research Committee"),
            "service_ids": self._read_services(company),
            "is_portal_open": any(channel.is_portal for channel in channels),
        }

    @api.model
    def _read_services(self, company):
        own = self.env["beneficiary.service"].with_context(active_test=False)
        known = own.search([("company_id", "=", company.id)]).mapped("code")
        return [
            Command.clear(),
            *(
                Command.create({"code": service.code, "name": service.name})
                for service in company._get_service_catalogue()
                if service.code not in known
            ),
        ]

    @api.model
    def _lacks_role(self, company):
        return company not in self.env.user._get_managed_associations()

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_needs_role(self):
        for setup in self:
            setup.needs_role = self._lacks_role(setup.company_id)

    @api.depends("company_id", "page")
    def _compute_missing(self):
        self._check_targets()
        words = self.env["beneficiary.policy"]
        for setup in self:
            missing = setup.company_id._get_setup_missing()
            needed = [one.sentence for one in missing if one.is_needed]
            later = [one.sentence for one in missing if not one.is_needed]
            setup.missing_html = words._list_html(needed)
            setup.advice_html = words._list_html(later)
            setup.is_missing = bool(needed)

    @api.depends("beneficiary_calendar_id")
    def _compute_timezone(self):
        self._check_targets()
        for setup in self:
            setup.timezone = setup.beneficiary_calendar_id.tz

    @api.depends("company_id", "page")
    def _compute_staff(self):
        """Name the colleagues who have a role, and the seats of the committee."""
        self._check_targets()
        words = self.env["beneficiary.policy"]
        labels = dict(
            self.env["beneficiary.setup.person"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        for setup in self:
            staff = {} if setup.needs_role else setup.company_id._get_setup_staff()
            setup.staff_html = words._list_html(
                f"{labels[role]}: {words._list_words(users.mapped('name'))}"
                for role, users in staff.items()
            )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id and not self.policy_id:
            self.channel_ids = self.template_id._get_channels()

    # -- actions -----------------------------------------------------------------------

    def action_take_role(self):
        """Give the administrator who installed the addon the role of the manager."""
        self.ensure_one()
        if not self.env.user._is_system():
            raise AccessError(
                self.env._("Only an administrator gives themselves this role.")
            )
        group = self.env.ref("beneficiary_relations.group_manager")
        self.env.user.sudo().group_ids |= group
        self.env.user.sudo().company_ids |= self.company_id.sudo()
        # A manager has other menus: open the app anew.
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_next(self):
        """Save the page, and show the next one."""
        return self._turn(1)

    def action_back(self):
        """Show the page before; what is typed stays in the form."""
        return self._turn(-1)

    def action_save(self):
        """Save the page and leave: the assistant goes on from here another time."""
        self.ensure_one()
        self._save_page()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "beneficiary_relations.request_action"
        )

    def action_start(self):
        """Put the policy in force, and take the first request.

        :raise UserError: lists what is still missing
        """
        self.ensure_one()
        company = self.company_id
        company._check_may_set_up()
        policy = company._get_setup_policy()
        if policy.state == "draft":
            policy.action_put_in_force()
        missing = [one for one in company._get_setup_missing() if one.is_needed]
        if missing:
            raise refusal(
                self.env._(
                    "This is still missing before the first request:\n%(missing)s",
                    missing="\n".join(f"- {one.sentence}" for one in missing),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Request"),
            "res_model": "beneficiary.request",
            "views": [(False, "form")],
            # Who comes first mostly comes to the office: the first channel.
            "context": {"default_channel_id": policy._get_desk_channels()[:1].id},
        }

    def _turn(self, step):
        self.ensure_one()
        if step > 0:
            self._save_page()
        place = PAGES.index(self.page) + step
        page = PAGES[max(0, min(place, len(PAGES) - 1))]
        self.write({**self._read_association(self.company_id), "page": page})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Steps"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _save_page(self):
        self.company_id._check_may_set_up()
        save = {
            "association": self._save_association,
            "policy": self._save_policy,
            "people": self._save_people,
            "services": self._save_services,
            "portal": self._save_portal,
        }.get(self.page)
        if save:
            save()

    def _save_association(self):
        if not self.name:
            sentence = self.env._("Write the name of the association.")
            raise refusal(Problem(sentence, None, "name"))
        given = self._get_given(ASSOCIATION_FIELDS - PORTAL_FIELDS)
        if not self.logo:
            given.pop("logo", None)
        self.company_id._set_up_association(given)
        if self.has_holidays:
            self.company_id._set_up_holidays()

    def _save_policy(self):
        self.company_id._set_up_policy(self.template_id, self.channel_ids)

    def _save_people(self):
        committee = self.committee_id
        if not committee:
            if not self.committee_name:
                sentence = self.env._("Write the name of the committee.")
                raise refusal(Problem(sentence, None, "committee_name"))
            committee = committee.create(
                {"name": self.committee_name, "company_id": self.company_id.id}
            )
        for person in self.person_ids:
            self.company_id._set_up_person(
                person.name, person.email, person.role, committee
            )
        self.person_ids.unlink()

    def _save_services(self):
        codes = self.service_ids.filtered("is_chosen").mapped("code")
        if codes and not self.committee_id:
            sentence = self.env._("Choose the committee that studies these services.")
            raise refusal(Problem(sentence, None, "committee_id"))
        self.company_id._set_up_services(codes, self.committee_id)

    def _save_portal(self):
        self.company_id._set_up_portal(self.is_portal_open)
        self.company_id._set_up_association(self._get_given(PORTAL_FIELDS))

    def _get_given(self, names):
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in names
        }
