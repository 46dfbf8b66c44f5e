from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import BeneficiaryCommon

FILE = "beneficiary.beneficiary"
# Models with a field "active" that are lines of another record, or shared answers: the
# record that they belong to tells of it, and nothing open needs them.
LINES = {
    "beneficiary.household.member",
    "beneficiary.service.question",
    "beneficiary.service.question.option",
    "beneficiary.question.answer",
}


@tagged("post_install", "-at_install")
class TestArchive(BeneficiaryCommon):
    """Archiving follows the rules of closing, through every door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.category = cls.env["beneficiary.category"].create(
            {"name": "Ours", "code": "ours", "company_id": cls.company.id}
        )
        cls.file.write({"branch_id": cls.branch.id, "category_ids": cls.category.ids})
        cls.request = cls._make_request(cls(), "submitted")

    def _archive(self, records, reason="No longer used", user=None):
        vals = {"active": False, "archive_reason": reason}
        return self._call_as(
            user or self.manager, records._name, "write", records.ids, vals
        )

    def _close_request(self):
        self.request.with_user(self.officer).action_cancel(reason="No longer needed")

    def _load(self, file):
        columns = ["name", "identity_number", "active", "archive_reason"]
        row = [file.name, file.identity_number, "False", "Moved away"]
        files = self.env[FILE].with_user(self.manager)
        with mute_logger("odoo.sql_db"):
            return files.with_context(import_file=True).load(columns, [row])

    def test_open_requests(self):
        """R24: a file with an open request is not archived: by no form, call, list or
        sheet; the sentence names the request."""
        other = self.file.copy({"name": "منى المثال"})
        for call in (
            lambda: self._archive(self.file),
            lambda: self._archive(self.file | other),
            lambda: self._call_as(self.manager, FILE, "action_archive", self.file.ids),
            lambda: self._call_as(
                self.manager, FILE, "action_archive_because", self.file.ids, "Moved"
            ),
        ):
            with self.assertRaises(UserError) as caught:
                call()
            self.assertIn(self.request.name, str(caught.exception))
        result = self._load(self.file)
        self.assertFalse(result["ids"])
        self.assertIn(self.request.name, result["messages"][0]["message"])
        self.assertTrue((self.file | other).filtered("active") == self.file | other)

    def test_reason_and_trace(self):
        """R24: archiving a file asks why, and says on record who did it; it takes no
        request then, and a manager restores it."""
        self._close_request()
        for reason in ("", " ", False):
            with self.assertRaisesRegex(UserError, "Why It Was Archived"):
                self._archive(self.file, reason)
        self._archive(self.file, "Moved away")
        self.assertFalse(self.file.active)
        self.assertEqual(self.file.archived_by_id, self.manager)
        self.assertTrue(self.file.archived_on)
        note = self.file.message_ids[:1]
        self.assertIn("Moved away", note.body)
        self.assertEqual(note.author_id, self.manager.partner_id)
        with self.assertRaisesRegex(UserError, "archived"):
            self._make_request("submitted")
        with self.assertRaises(UserError):
            self._call_as(
                self.manager, FILE, "write", self.file.ids, {"archive_reason": "Other"}
            )
        with self.assertRaises(AccessError):
            self._call_as(self.officer, FILE, "action_unarchive", self.file.ids)
        self._call_as(self.manager, FILE, "action_unarchive", self.file.ids)
        self.assertTrue(self.file.active)
        self.assertFalse(self.file.archive_reason or self.file.archived_by_id)
        self.assertIn("Restored", self.file.message_ids[:1].body)

    def test_by_sheet(self):
        """R24, R44: a sheet archives a file with a reason."""
        self._close_request()
        self.assertEqual(self._load(self.file)["ids"], self.file.ids)
        self.assertEqual(self.file.archive_reason, "Moved away")

    def test_role(self):
        """R24: as with closing, only managers archive a file; the sentence says so."""
        self._close_request()
        for user in (self.officer, self.delegate):
            with self.assertRaisesRegex(AccessError, "Only managers"):
                self._archive(self.file, "Moved away", user)
            with self.assertRaisesRegex(AccessError, "Only managers"):
                self._call_as(user, FILE, "action_archive", self.file.ids)

    def test_menu(self):
        """R24: the menu of a form and of a list asks for the reason first."""
        self._close_request()
        files = self.file | self.file.copy({"name": "منى المثال"})
        action = self._call_as(self.manager, FILE, "action_archive", files.ids)
        self.assertEqual(files.filtered("active"), files)
        asked = self.env[action["res_model"]].with_user(self.manager)
        form = Form(asked.with_context(**action["context"]))
        self.assertIn("منى المثال", form.records)
        form.reason = "Moved away"
        form.save().action_confirm()
        self.assertEqual(files.mapped("archive_reason"), ["Moved away"] * 2)
        self.assertFalse(files.filtered("active"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_form_opens_no_door(self):
        """R43: the form archives nothing that its user could not archive."""
        for name, ids in (
            ("res.users", self.officer.ids),
            ("beneficiary.archive.mixin", [1]),
            (FILE, []),
            (FILE, [0]),
        ):
            form = self.env["beneficiary.archive.reason"].with_user(self.manager)
            form = form.create(
                {
                    "res_model": name,
                    "res_ids": ",".join(map(str, ids)),
                    "reason": "x",
                }
            )
            with self.assertRaises(UserError):
                form.action_confirm()
        self.assertTrue(self.officer.active)

    def test_siblings(self):
        """R24: what an open request needs is not archived; afterwards it is, with a
        reason and the name of who did it."""
        kind = self.env["beneficiary.document.type"].create(
            {"name": "Ours", "company_id": self.company.id}
        )
        channel = self.env["beneficiary.channel"].create(
            {"name": "Ours", "code": "ours", "company_id": self.company.id}
        )
        self.service.document_line_ids = [Command.create({"type_id": kind.id})]
        self.request._write_flow({"channel_id": channel.id})
        committee = self.committee
        records = (
            self.service,
            self.branch,
            self.category,
            kind,
            channel,
            committee,
        )
        for record in records:
            with self.subTest(model=record._name):
                with self.assertRaises(UserError) as caught:
                    self._archive(record)
                self.assertIn(self.request.name, str(caught.exception))
                self.assertTrue(record.active)
        self._close_request()
        for record in records:
            with self.subTest(model=record._name):
                with self.assertRaisesRegex(UserError, "Why It Was Archived"):
                    self._archive(record, "")
                self._archive(record)
                self.assertFalse(record.active)
                self.assertEqual(record.archived_by_id, self.manager)

    def test_still_named(self):
        """R3, R45: what a service or the policy in force names is not archived."""
        self._close_request()
        self.service.category_ids = self.category
        with self.assertRaisesRegex(UserError, self.service.name):
            self._archive(self.category)
        with self.assertRaisesRegex(UserError, self.service.name):
            self._archive(self.committee)
        policy = self.company._get_beneficiary_policy().copy()
        tool, other = self.env["beneficiary.tool"].create(
            [
                {"name": code, "code": code, "company_id": self.company.id}
                for code in ("one", "two")
            ]
        )
        policy.tool_line_ids = [Command.create({"tool_id": tool.id})]
        policy.with_user(self.manager).action_put_in_force()
        with self.assertRaisesRegex(UserError, policy.name):
            self._archive(tool)
        self._archive(other)
        former = policy.supersedes_id
        self.assertEqual(self.request.policy_id, former)
        self._archive(former)
        self.assertFalse(former.active)

    def test_every_model(self):
        """R24: each model that can be archived asks for the reason."""
        mixin = self.registry["beneficiary.archive.mixin"]
        models = {
            name
            for name, model in self.registry.items()
            if name.startswith("beneficiary.")
            and not model._abstract
            and "active" in model._fields
            and not issubclass(model, mixin)
        }
        self.assertEqual(models, LINES)
