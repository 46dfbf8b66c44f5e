import io
import shutil
from contextlib import closing, contextmanager, redirect_stderr
from unittest.mock import patch

from lxml import html

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.modules.registry import Registry
from odoo.service.db import _create_empty_database, _drop_conn
from odoo.sql_db import close_db, db_connect
from odoo.tests import BaseCase, TransactionCase, get_db_name, tagged
from odoo.tools import SQL, config, file_path, mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..common import AssociationMixin

MODULE = "beneficiary_relations"
# The structure of a database, which must be the same after install and uninstall.
STRUCTURE = {
    "tables": """
        SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
    """,
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "functions": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    # Only the addon's own names: Odoo leaves those of its modules after any uninstall.
    "data": f"SELECT name FROM ir_model_data WHERE module = '{MODULE}'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name FROM ir_model_fields",
    "selections": "SELECT field_id, value FROM ir_model_fields_selection",
    "relations": "SELECT name FROM ir_model_relation",
    "rules": "SELECT name::text FROM ir_rule",
    "rights": "SELECT name FROM ir_model_access",
    "groups": "SELECT name::text FROM res_groups",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "categories": "SELECT name::text FROM ir_module_category",
    "actions": "SELECT type, name::text FROM ir_actions",
    "crons": "SELECT cron_name FROM ir_cron",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "views": "SELECT name FROM ir_ui_view",
    "templates": "SELECT name::text FROM mail_template",
    "activity types": "SELECT name::text FROM mail_activity_type",
    "number sequences": "SELECT name FROM ir_sequence",
    "parameters": "SELECT key FROM ir_config_parameter WHERE key LIKE 'beneficiary%'",
    # What members were told names no record, and stays theirs.
    "messages": "SELECT DISTINCT model FROM mail_message WHERE model IS NOT NULL",
    "activities": "SELECT DISTINCT res_model FROM mail_activity",
    "followers": "SELECT DISTINCT res_model FROM mail_followers",
    "attachments": "SELECT DISTINCT res_model FROM ir_attachment",
}


@tagged("post_install", "-at_install")
class TestUninstallable(TransactionCase):
    """Conditions for Odoo to be able to uninstall the addon completely."""

    def test_tables(self):
        """Every table of the addon belongs to one of its models or relations."""
        models = {
            model._table
            for model in self.registry.values()
            if model._original_module == MODULE
            and not model._abstract
            and model._auto  # not the history of a file, which is a query
        }
        relations = self.env["ir.model.relation"].search([("module.name", "=", MODULE)])
        rows = self.env.execute_query(
            SQL(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = 'public' AND table_name LIKE %s",
                "beneficiary%",
            )
        )
        tables = {name for (name,) in rows}
        self.assertEqual(tables, models | set(relations.mapped("name")))

    def test_columns_elsewhere(self):
        """Fields that the addon adds to Odoo's models have its prefix."""
        for model, prefix in (
            ("res.partner", "is_beneficiary"),
            ("res.company", "beneficiary_"),
        ):
            fields = (
                self.env["ir.model.fields"]
                .search([("model", "=", model)])
                .filtered(lambda field: field.modules == MODULE)
            )
            self.assertTrue(fields)
            for field in fields:
                with self.subTest(field=field.name):
                    self.assertTrue(field.name.startswith(prefix))
            columns = {
                name
                for (name,) in self.env.execute_query(
                    SQL(
                        "SELECT column_name FROM information_schema.columns"
                        " WHERE table_name = %s AND column_name LIKE %s",
                        self.env[model]._table,
                        "%beneficiary%",
                    )
                )
            }
            self.assertLessEqual(columns, set(fields.mapped("name")))

    def test_nothing_required_of_others(self):
        """No field that the addon adds to Odoo's models is required."""
        for model in self.registry.values():
            for field in model._fields.values():
                if field._module == MODULE and model._original_module != MODULE:
                    with self.subTest(field=str(field)):
                        self.assertFalse(field.required)


@tagged("post_install", "-at_install")
class TestAppPage(TransactionCase):
    def test_page(self):
        """The page in Apps has both languages, and loads nothing from outside."""
        app = self.env["ir.module.module"].search([("name", "=", MODULE)])
        complaints = io.StringIO()
        with redirect_stderr(complaints):
            page = html.fromstring(app.description_html)
        self.assertEqual(complaints.getvalue(), "")
        self.assertEqual(page.xpath("//@lang"), ["ar", "en"])
        addresses = [link for _element, _name, link, _place in page.iterlinks()]
        self.assertEqual(len(addresses), 4)
        for address in addresses:
            self.assertTrue(address.startswith(f"/{MODULE}/static/description/"))
            file_path(address.lstrip("/"))


@tagged("post_install", "-at_install", "without_demo")
class TestInstall(AssociationMixin, BaseCase):
    """Install, use, uninstall and reinstall in a separate database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_install"
        cls._drop()
        _create_empty_database(cls.database)
        cls.addClassCleanup(cls._drop)
        # Do not run the tests of the modules that are loaded into that database.
        cls.startClassPatcher(patch.dict(config.options, test_enable=False))
        cls._load(install_modules=Manifest.for_addon(MODULE)["depends"])

    @classmethod
    def _drop(cls):
        Registry.delete(cls.database)
        close_db(cls.database)
        with closing(db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True  # a database cannot be dropped in a transaction
            _drop_conn(cr, cls.database)
            cr.execute(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(cls.database)))
        shutil.rmtree(config.filestore(cls.database), ignore_errors=True)

    @classmethod
    def _load(cls, **modules):
        Registry.new(cls.database, update_module=True, new_db_demo=False, **modules)

    @contextmanager
    def _open(self):
        with Registry(self.database).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _snapshot(self):
        """Return ``{kind: rows}`` that describe the structure of the database."""
        with self._open() as env:
            snapshot = {}
            for kind, query in STRUCTURE.items():
                env.cr.execute(query)
                snapshot[kind] = sorted(env.cr.fetchall(), key=str)
            return snapshot

    def _get_people(self, columns=None):
        """Return the rows of contacts and users, and the columns that were read."""
        with self._open() as env:
            rows = {}
            columns = columns or {}
            for table in ("res_partner", "res_users"):
                if table not in columns:
                    env.cr.execute(f"SELECT * FROM {table} LIMIT 0")
                    columns[table] = [
                        column.name
                        for column in env.cr.description
                        # Two users get a group, which changes this date.
                        if column.name != "write_date"
                    ]
                names = SQL(", ").join(map(SQL.identifier, columns[table]))
                env.cr.execute(SQL("SELECT %s FROM %s", names, SQL.identifier(table)))
                rows[table] = {str(row) for row in env.cr.fetchall()}
            return rows, columns

    def test_cycle(self):
        """An association loses nothing if it tries the addon and uninstalls it."""
        with self._open() as env:
            for number in range(3):
                env["res.partner"].create({"name": f"Contact {number}"})
                mail_new_test_user(env, f"portal{number}", groups="base.group_portal")
        before = self._snapshot()
        people, columns = self._get_people()

        self._load(install_modules=[MODULE])
        installed, _columns = self._get_people(columns)
        for table, rows in people.items():
            self.assertEqual(rows ^ installed[table], set())
        self._work()
        working, _columns = self._get_people(columns)

        with self._open() as env:
            env["ir.module.module"].search([("name", "=", MODULE)]).button_uninstall()
        with mute_logger("odoo.sql_db"):  # Odoo tries orders of deletion
            self._load()
        after = self._snapshot()
        for kind, rows in before.items():
            with self.subTest(kind=kind):
                gone = [row for row in rows if row not in after[kind]]
                left = [row for row in after[kind] if row not in rows]
                self.assertEqual((gone, left), ([], []))
        remaining, _columns = self._get_people(columns)
        for table, rows in people.items():
            self.assertLessEqual(rows, remaining[table])
            self.assertEqual(len(remaining[table]), len(working[table]))
        with self._open() as env:
            hidden = env["res.partner"].browse(self.hidden_ids)
            self.assertEqual(hidden.mapped("active"), [False, False])
            accounts = env["res.users"].with_context(active_test=False)
            account = accounts.search([("partner_id", "in", hidden.ids)])
            self.assertEqual(account.mapped("active"), [False])

        self._load(install_modules=[MODULE])
        with self._open() as env:
            self.assertEqual(env.ref(f"{MODULE}.channel_phone").code, "phone")

    def _work(self):
        """Use the addon: make contacts, mails, activities and attachments."""
        with self._open() as env:
            type(self).env = env
            self._make_associations()
            self._make_request("closed")
            self._make_request("in_review")
            self.assertTrue(self.file.partner_id)
            env["beneficiary.seal"]._cron_seal()
            self.assertEqual(env["beneficiary.seal"].search_count([]), 3)
            other = env["beneficiary.beneficiary"].create(
                {"name": "With an account", "company_id": self.company.id}
            )
            mail_new_test_user(
                env,
                "account",
                groups="base.group_portal",
                partner_id=other._get_or_create_contacts().id,
            )
            type(self).hidden_ids = (self.file | other).partner_id.ids
