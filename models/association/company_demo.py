from psycopg2.errors import ForeignKeyViolation

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

MODULE = "beneficiary_relations"
# Records of Odoo's own that an association has, and that go with it.
OWNED = (
    "resource.calendar.leaves",
    "resource.resource",
    "resource.calendar",
    "ir.attachment",
)
# Records of Odoo's own that hang on any record: (model, field of the model's name).
HANGING = (
    ("mail.activity", "res_model"),
    ("mail.followers", "res_model"),
    ("mail.message", "model"),
    ("rating.rating", "res_model"),
    ("ir.attachment", "res_model"),
    ("ir.model.data", "model"),
)


class ResCompany(models.Model):
    """Removes the associations that came with the demo data (R53).

    All demo data are in associations of their own, which only the demo data make. So
    what is removed is these associations with all that is in them, and nothing of the
    others. Their chains of seals go whole, so no other chain gets a gap.

    It is done in SQL: sealed records, papers and seals refuse to be deleted through the
    ORM, for everybody, and keep refusing.
    """

    _inherit = "res.company"

    @api.model
    def _get_demo_associations(self):
        """Return, as superuser, the associations that the demo data made."""
        names = self.env["ir.model.data"].sudo()  # names of our own records
        known = names.search([("module", "=", MODULE), ("model", "=", self._name)])
        # The administrator need not work for them.
        return self.sudo().browse(known.mapped("res_id")).exists()

    @api.model
    def _get_association_models(self):
        """Return the stored models of the addon whose records name an association."""
        return [
            model
            for name, model in self.env.registry.items()
            if name.startswith("beneficiary.")
            and not model._abstract
            and model._auto
            and not model._transient
            and (field := model._fields.get("company_id"))
            and field.store
        ]

    def _describe_made_in_demo(self):
        """Return what people made in these associations since they were installed.

        The demo data are made in one transaction, so they all have one moment. What the
        system adds later (seals, notices) is nobody's.

        :return: sentences, one for each kind of record
        """
        lines = []
        for model in self._get_association_models():
            if "message_ids" not in model._fields:
                continue  # lines and logs go with their record
            # The administrator who asks need not work for these associations.
            records = self.env[model._name].sudo().with_context(active_test=False)
            count = records.search_count(
                Domain.OR(
                    Domain("company_id", "=", company.id)
                    & Domain("create_date", ">", company.create_date)
                    & Domain("create_uid", "!=", SUPERUSER_ID)
                    for company in self
                )
            )
            if count:
                # A name for the message; nobody reads the list of models.
                label = self.env["ir.model"].sudo()._get(model._name).name
                lines.append(self.env._("%(kind)s: %(count)s", kind=label, count=count))
        return lines

    def _remove_demo(self, takes_made=False):
        """Delete these demo associations, with all that is in them.

        :param takes_made: also what people added to them
        :raise UserError: names what keeps them: records of people, colleagues who have
            no other association, or records of other apps
        """
        demo = self & self._get_demo_associations()
        made = demo._describe_made_in_demo()
        if made and not takes_made:
            raise UserError(
                self.env._(
                    "People have added to the demo associations:\n%(made)s\nThey are "
                    "kept until you choose to delete them too.",
                    made="\n".join(f"- {line}" for line in made),
                )
            )
        if not demo:
            return
        users = demo._release_colleagues()
        try:
            with self.env.cr.savepoint():
                demo._delete_demo_rows(users)
        except ForeignKeyViolation as error:
            raise UserError(
                self.env._(
                    "Other records of this database name the demo associations: "
                    "%(kind)s. Move or delete them first; nothing was deleted.",
                    kind=self._get_kind_of_table(error.diag.table_name),
                )
            ) from None
        # Otherwise the next upgrade would install the demo data again.
        module = self.env["ir.module.module"].sudo()  # the addon's own line
        module.search([("name", "=", MODULE)]).demo = False
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def _release_colleagues(self):
        """Move colleagues who also work elsewhere out of these associations.

        :return: the accounts that go with the associations
        :raise UserError: names colleagues who would have no association left
        """
        # These associations are not the administrator's own.
        accounts = self.env["res.users"].sudo().with_context(active_test=False)
        named = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", MODULE), ("model", "=", "res.users")])
        )
        here = accounts.search([("company_ids", "in", self.ids)])
        own = here.filtered(
            lambda user: (
                user.id in named.mapped("res_id")
                or (user.share and user.company_ids <= self)
            )
        )
        stranded = (here - own).filtered(lambda user: user.company_ids <= self)
        if stranded:
            raise UserError(
                self.env._(
                    "These colleagues work in no other association: %(names)s. Give "
                    "them one under Settings / Users, or archive and delete them; "
                    "nothing was deleted.",
                    names=", ".join(stranded.mapped("name")),
                )
            )
        for user in here - own:
            kept = user.company_ids - self
            if user.company_id in self:
                user.company_id = kept[:1]
            user.company_ids = kept
        return own

    def _delete_demo_rows(self, users):
        self.env.flush_all()
        contacts = self._get_demo_contacts(users)
        events = self._get_demo_events()
        aliases = self.beneficiary_alias_id.ids
        # Through the ORM: PostgreSQL keeps a sequence of its own for each.
        sequences = self.env["ir.sequence"].sudo()
        sequences.search([("company_id", "in", self.ids)]).unlink()
        self.env.flush_all()
        tables = [model._table for model in self._get_association_models()]
        tables += [self.env[name]._table for name in OWNED]
        gone = [(table, "company_id", self.ids) for table in tables]
        gone += [
            ("calendar_event", "id", events),
            ("res_users", "id", users.ids),
            ("res_company", "id", self.ids),
        ]
        # One statement: the tables name each other, and are checked when all are empty.
        parts = [
            SQL(
                "%s AS (DELETE FROM %s WHERE %s = ANY(%s))",
                SQL.identifier(f"gone_{place}"),
                SQL.identifier(table),
                SQL.identifier(column),
                [*ids],
            )
            for place, (table, column, ids) in enumerate(gone)
        ]
        self.env.cr.execute(SQL("WITH %s SELECT", SQL(", ").join(parts)))
        self._delete_rows("mail.alias", aliases)
        self._delete_rows("res.partner", contacts)
        self._delete_what_hangs()

    def _get_demo_contacts(self, users):
        """Return the ids of the contacts of these associations and accounts."""
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        own = partners.search([("company_id", "in", self.ids)])
        return (own | users.partner_id | self.partner_id).ids

    def _get_demo_events(self):
        """Return the ids of the meetings of these associations in the calendar."""
        events = set()
        for model in self._get_association_models():
            for name, field in model._fields.items():
                if field.store and field.comodel_name == "calendar.event":
                    records = self.env[model._name].sudo()
                    records = records.with_context(active_test=False)
                    events |= {
                        *records.search([("company_id", "in", self.ids)])[name].ids
                    }
        return [*events]

    def _delete_rows(self, name, ids):
        table = SQL.identifier(self.env[name]._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, [*ids]))

    def _delete_what_hangs(self):
        """Delete messages, files and names of records that are gone."""
        kinds = [
            *(model._name for model in self._get_association_models()),
            "res.company",
            "res.partner",
            "res.users",
        ]
        for name, column in HANGING:
            table = SQL.identifier(self.env[name]._table)
            for kind in kinds:
                self.env.cr.execute(
                    SQL(
                        """
                        DELETE FROM %s AS hanging
                         WHERE hanging.%s = %s
                           AND hanging.res_id > 0
                           AND NOT EXISTS (SELECT 1 FROM %s AS record
                                            WHERE record.id = hanging.res_id)
                        """,
                        table,
                        SQL.identifier(column),
                        kind,
                        SQL.identifier(self.env[kind]._table),
                    )
                )

    @api.model
    def _get_kind_of_table(self, table):
        kinds = [
            name
            for name, model in self.env.registry.items()
            if getattr(model, "_table", None) == table and not model._abstract
        ]
        label = self.env["ir.model"].sudo()._get(kinds[0]).name if kinds else ""
        return label or table
