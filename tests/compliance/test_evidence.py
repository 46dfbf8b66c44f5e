import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..common import AssociationMixin
from .common import SUBMITTED, ComplianceCase

PERSONAL = {
    "beneficiary.beneficiary": ("name", "identity_number", "phone", "email", "iban"),
    "beneficiary.household.member": ("name", "identity_number"),
    "beneficiary.representative": ("name", "phone", "email"),
}


class PackMixin:
    """Writes evidence packs into folders, and runs the program in them."""

    def _unpack(self, page):
        """Return the folder of the pack of ``page``."""
        file = io.BytesIO()
        page._write_pack(file)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with zipfile.ZipFile(file) as pack:
            self.assertIsNone(pack.testzip())
            pack.extractall(folder.name)
        return Path(folder.name)

    def _check(self, folder):
        """Run the program of the pack without Odoo; return its code and its words."""
        done = subprocess.run(
            [sys.executable, "-I", str(folder / "check_evidence.py")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertFalse(done.stderr)
        return done.returncode, done.stdout

    def _change(self, folder, name, column, value, line=0):
        """Change one cell of a register."""
        path = folder / name
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        rows[line][column] = value
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def _forget_digests(self, folder):
        """Make the manifest fit: somebody tampers with care."""
        (folder / "manifest.json").write_text("{}")

    def _assert_impersonal(self, folder, env):
        """No file of the pack names a person, or has a number of one."""
        env = env(su=True)
        known = set()
        for model, names in PERSONAL.items():
            records = env[model].with_context(active_test=False).search([])
            for name in names:
                known |= {str(value) for value in records.mapped(name) if value}
        texts = {path.name: path.read_bytes() for path in folder.iterdir()}
        self.assertGreater(len(texts), 10)
        for value in known:
            for name, text in texts.items():
                self.assertNotIn(value.encode(), text, f"{value} in {name}")


@tagged("post_install", "-at_install", "without_demo")
class TestEvidence(PackMixin, ComplianceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for state in ("delivered", "rejected", "submitted"):
            cls()._live(state)
        declarations = cls.env["beneficiary.declaration"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.env["beneficiary.seal"]._append(declarations)
        cls.page = cls()._open_page()

    @freeze_time("2026-05-20 09:00:00")
    def test_pack(self):
        """R50: the program finds every figure and the whole chain as the pack says."""
        folder = self._unpack(self.page)
        code, words = self._check(folder)
        self.assertEqual(code, 0, words)
        self.assertIn("OK", words)
        told = json.loads((folder / "figures.json").read_text())
        self.assertEqual(told["chain"]["count"], 2)
        self.assertEqual(told["chain"]["result"], "intact")
        figures = {one["code"]: one for one in told["figures"] if not one["channel"]}
        self.assertEqual(figures["step_receive"]["total"], 3)
        self._assert_impersonal(folder, self.env)
        staff = self.officer.name.encode()
        for path in folder.iterdir():
            self.assertNotIn(staff, path.read_bytes(), path.name)

    @freeze_time("2026-05-20 09:00:00")
    def test_tampered_register(self):
        """R50: a changed register is found, also if its digest was changed with it."""
        folder = self._unpack(self.page)
        self._change(folder, "requests.csv", "verify_on", "")
        code, words = self._check(folder)
        self.assertEqual(code, 1)
        self.assertIn("requests.csv: was changed", words)
        self._forget_digests(folder)
        code, words = self._check(folder)
        self.assertEqual(code, 1)
        self.assertIn("step_verify", words)
        self.assertNotIn("step_declare", words)

    @freeze_time("2026-05-20 09:00:00")
    def test_missing_row(self):
        """R50: a row that is left out of a register is found."""
        folder = self._unpack(self.page)
        path = folder / "replies.csv"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
        self._forget_digests(folder)
        code, words = self._check(folder)
        self.assertEqual(code, 1)
        self.assertIn("in_window", words)

    @freeze_time("2026-05-20 09:00:00")
    def test_tampered_chain(self):
        """R50: a changed, missing or exchanged link of the chain is found."""
        for column, value in (
            ("digest", "0" * 64),
            ("res_id", "9"),
            ("hash", "1" * 64),
            ("previous_hash", "2" * 64),
            ("position", "7"),
        ):
            with self.subTest(column=column):
                folder = self._unpack(self.page)
                self._change(folder, "chain.csv", column, value, line=1)
                self._forget_digests(folder)
                code, words = self._check(folder)
                self.assertEqual(code, 1)
                self.assertIn("chain:", words)
        folder = self._unpack(self.page)
        path = folder / "chain.csv"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
        self._forget_digests(folder)
        self.assertEqual(self._check(folder)[0], 1)

    @freeze_time("2026-05-20 09:00:00")
    def test_tampered_inside(self):
        """R50: what the verification in the system found is not hidden by the pack."""
        link = self.env["beneficiary.seal"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env.cr.execute(
            "UPDATE beneficiary_seal SET digest = %s WHERE id = %s", ["0" * 64, link.id]
        )
        self.env.invalidate_all()
        code, words = self._check(self._unpack(self.page))
        self.assertEqual(code, 1)
        self.assertIn("inside the system", words)

    @freeze_time("2026-05-20 09:00:00")
    def test_held_outcomes_stay_held(self):
        """R21: no register tells the outcome of a reply that has not left."""
        with freeze_time(SUBMITTED):
            held = self._make_request("decided")
        folder = self._unpack(self.page)
        for name, column in (("requests.csv", "state"), ("replies.csv", "outcome")):
            with (folder / name).open(newline="") as file:
                rows = [
                    row for row in csv.DictReader(file) if row["number"] == held.name
                ]
            for row in rows:
                self.assertEqual(row["outcome"], "", column)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may(self):
        """R43: nobody else gets a pack, and each pack is in the log of exports."""
        logs = self.env["beneficiary.export.log"]
        for user in (self.officer, self.chair, self.applicant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.page.with_user(user)._write_pack(io.BytesIO())
        before = logs.search([("user_id", "=", self.manager.id)])
        with freeze_time("2026-05-20 09:00:00"):
            self._unpack(self.page)
        new = logs.search([("user_id", "=", self.manager.id)]) - before
        requests = new.filtered(lambda one: one.res_model == "beneficiary.request")
        self.assertEqual(requests.record_count, 3)
        self.assertEqual(new.company_id, self.company)

    @freeze_time("2026-05-20 09:00:00")
    def test_other_association(self):
        """R43: a pack holds nothing of another association."""
        folder = self._unpack(self.page)
        ours = set(
            self.env["beneficiary.request"]
            .search([("company_id", "=", self.company.id)])
            .mapped("name")
        )
        with (folder / "requests.csv").open(newline="") as file:
            numbers = {row["number"] for row in csv.DictReader(file)}
        self.assertLessEqual(numbers, ours)


@tagged("post_install", "-at_install", "with_demo")
class TestEvidenceDemo(PackMixin, TransactionCase):
    def test_five_policies(self):
        """R50: the program agrees with the figures of each of the five policies."""
        companies = self.env["res.company"]._get_beneficiary_associations()
        companies = companies.filtered(lambda one: one._get_beneficiary_policy())
        for company in companies:
            with self.subTest(company=company.name):
                pages = self.env["beneficiary.compliance"].with_context(
                    allowed_company_ids=company.ids
                )
                page = pages.create({"company_id": company.id})
                folder = self._unpack(page)
                code, words = self._check(folder)
                self.assertEqual(code, 0, words)
                self._assert_impersonal(folder, self.env)


@tagged("post_install", "-at_install", "without_demo")
class TestEvidenceDownload(AssociationMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_associations()

    def test_download(self):
        """R43, R50: the pack is downloaded by managers of the association only."""
        pages = self.env["beneficiary.compliance"].with_user(self.manager)
        page = pages.create({"company_id": self.company.id})
        url = page.action_pack()["url"]
        self.assertNotIn(b"PK", self.url_open(url).content[:2])
        for user, status in (
            (self.manager, 200),
            (self.officer, 404),
            (self.applicant, 404),
            (self.outsider, 404),
        ):
            with self.subTest(user=user.login):
                self.authenticate(user.login, user.login.ljust(8, "x"))
                answer = self.url_open(url)
                self.assertEqual(answer.status_code, status)
                if status == 200:
                    pack = zipfile.ZipFile(io.BytesIO(answer.content))
                    names = pack.namelist()
                    self.assertIn("check_evidence.py", names)
                    papers = {name.partition(".")[0] for name in names}
                    self.assertLessEqual({"policy", "compliance"}, papers)
