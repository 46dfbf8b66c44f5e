import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import AssociationMixin

FILE = "beneficiary.beneficiary"
REQUEST = "beneficiary.request"
LOG = "beneficiary.export.log"


@tagged("post_install", "-at_install")
class TestExportLog(AssociationMixin, HttpCase):
    """Every export leaves a line that nobody can take back (R43)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()
        cls.may_export = cls.env.ref("base.group_allow_export")
        (cls.officer | cls.manager).group_ids = [Command.link(cls.may_export.id)]

    def _logs(self):
        return self.env[LOG].sudo().search([("user_id", "in", self._users().ids)])

    def _users(self):
        return self.officer | self.manager | self.delegate | self.auditor

    def _export(self, user, records, *paths):
        return self._call_as(user, records._name, "export_data", records.ids, [*paths])[
            "datas"
        ]

    def _download(self, kind, model, names, **params):
        self.authenticate(self.officer.login, self.officer.login.ljust(8, "x"))
        data = {
            "model": model,
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
            "ids": False,
            "domain": [],
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
            **params,
        }
        return self.url_open(
            f"/web/export/{kind}",
            data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
        )

    def test_rpc(self):
        """R43: who, when, which records and which columns, in the reader's words."""
        self._export(self.officer, self.file, "name", "phone", "branch_id/name")
        [log] = self._logs()
        self.assertEqual(log.user_id, self.officer)
        self.assertEqual(log.company_id, self.company)
        self.assertEqual(log.res_model, FILE)
        self.assertEqual(log.record_count, 1)
        self.assertEqual(log.record_ids, str(self.file.id))
        self.assertEqual(log.field_names, "name\nphone\nbranch_id/name")
        self.assertIn("Phone", log.columns)
        self.assertIn("Branch / ", log.columns)
        self.assertEqual(log.kind, "Beneficiary file")

    def test_lists(self):
        """R43: the download of a list, as text and as a sheet, grouped or chosen."""
        for number, (kind, params) in enumerate(
            (
                ("csv", {}),
                ("xlsx", {"ids": self.file.ids}),
                ("xlsx", {"groupby": ["kind"]}),
            ),
            1,
        ):
            with self.subTest(kind=kind, params=params):
                answer = self._download(kind, FILE, ["name", "phone"], **params)
                self.assertEqual(answer.status_code, 200)
                self.env.invalidate_all()
                logs = self._logs()
                self.assertEqual(len(logs), number)
                self.assertIn("phone", logs[0].field_names)

    def test_what_tells_of_people(self):
        """R43: ratings, contacts and what leads to a file are logged; others not."""
        request = self._make_request("delivered")
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(REQUEST),
                "res_id": request.id,
                "rating": 5,
                "consumed": True,
            }
        )
        contact = self.file.sudo()._get_or_create_contacts()
        message = request.message_ids[0]
        root = self.env.ref("base.user_root").partner_id
        logs = self.env[LOG]
        for records, is_told in (
            (request.rating_ids, True),
            (contact, True),
            (message, True),
            (self.env["res.country"].search([], limit=1), False),
            (root, False),
        ):
            with self.subTest(model=records._name):
                before = logs.search_count([])
                records.sudo().export_data(["id"])
                self.assertEqual(logs.search_count([]) - before, int(is_told))
        before = logs.search_count([])
        self.company.sudo().export_data(["name", "partner_id/name"])
        self.assertEqual(logs.search_count([]), before)

    def test_each_association(self):
        """R43: an export from two associations leaves a line for each."""
        other = self.env[FILE].create(
            {"name": "Example", "company_id": self.other.id, "phone": "0500000071"}
        )
        (self.file | other).sudo().export_data(["name"])
        self.assertEqual(
            self.env[LOG].search([("user_id", "=", self.env.uid)]).company_id,
            self.company | self.other,
        )
        for user, seen in ((self.manager, self.company), (self.outsider, self.other)):
            found = self.env[LOG].with_user(user)
            found = found.with_context(allowed_company_ids=user.company_ids.ids)
            self.assertEqual(found.search([]).company_id.sudo(), seen)

    def test_pivot(self):
        """R43: the sheet of a pivot table is logged with what it measures."""
        self.authenticate(self.officer.login, self.officer.login.ljust(8, "x"))
        cell = {"title": "Amount", "width": 1, "height": 1, "is_bold": False}
        table = {
            "model": REQUEST,
            "title": "Requests",
            "col_group_headers": [[{**cell, "title": "Total"}]],
            "measure_headers": [cell],
            "rows": [{"title": "Total", "indent": 0, "values": [{"value": 5}]}],
            "measure_count": 1,
        }
        for row in table["rows"]:
            row["values"][0]["is_bold"] = False
        answer = self.url_open(
            "/web/pivot/export_xlsx",
            data={"data": json.dumps(table), "csrf_token": Request.csrf_token(self)},
        )
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        log = self._logs()[0]
        self.assertTrue(log.is_table)
        self.assertEqual((log.res_model, log.field_names), (REQUEST, "Amount"))
        self.assertEqual(log.record_count, 1)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models")
    def test_hidden_stays_hidden(self):
        """R43: an export shows no field and no record that its user may not read."""
        self.delegate.group_ids = [Command.link(self.may_export.id)]
        self.auditor.group_ids = [Command.link(self.may_export.id)]
        branch = self._make_branch(self.delegate)
        self.file.branch_id = branch
        self.file.write({"iban": "SA0380000000608010167519", "disability": "visual"})
        request = self._make_request()
        self.assertTrue(self._export(self.delegate, self.file, "name"))
        before = len(self._logs())
        for records, path in (
            (self.file, "iban"),
            (self.file, "disability"),
            (request, "beneficiary_id/iban"),
            (request, "decision_ids/id"),
        ):
            with self.subTest(path=path), self.assertRaises(AccessError):
                self._export(self.delegate, records, path)
        with self.assertRaises(AccessError):
            self._export(self.delegate, self.file.copy({"branch_id": False}), "name")
        with self.assertRaises(UserError):  # this right is an administrator's to give
            self._export(self.researcher, self.file, "name")
        self.assertEqual(len(self._logs()), before)
        self.assertTrue(self._export(self.auditor, self.file, "iban")[0][0])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models")
    def test_nobody_erases(self):
        """R43: auditor and manager read the log; nobody writes or deletes a line."""
        self._export(self.officer, self.file, "name")
        log = self._logs()
        for user in (self.auditor, self.manager):
            [row] = self._call_as(user, LOG, "read", log.ids, ["user_id", "columns"])
            self.assertEqual(row["user_id"][0], self.officer.id)
        for user in (self.officer, self.delegate, self.applicant, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._call_as(user, LOG, "read", log.ids, ["user_id"])
        for user in (self.manager, self.auditor, self.officer):
            for method, args in (
                ("write", [{"record_count": 0}]),
                ("unlink", []),
            ):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    self._call_as(user, LOG, method, log.ids, *args)
            with self.assertRaises(AccessError):
                self._call_as(user, LOG, "create", {"res_model": FILE})
        for call in (log.unlink, lambda: log.write({"record_count": 0})):
            with self.assertRaises(UserError):
                call()

    def test_queries(self):
        """Scale: the line of 2N records takes as many queries as that of N."""
        files = self.file.union(*(self.file.copy() for _number in range(5)))

        def count(some):
            seen = some.with_user(self.officer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            seen.export_data(["name"])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(files[:3])
        self.assertEqual(count(files[:3]), count(files))
