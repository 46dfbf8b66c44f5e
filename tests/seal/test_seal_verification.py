from contextlib import closing

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...rules import seal
from .common import DECISION, SealCase


@tagged("post_install", "-at_install", "without_demo")
class TestSealVerification(SealCase):
    """The verification finds and names changes made past the ORM."""

    def setUp(self):
        super().setUp()
        self.links = self._seal()
        self.assertEqual(len(self.links), 3)

    def test_record(self):
        """For a changed value, the verification names the record and its fields."""
        position = self.decision.seal_id.position
        for table, names, where in (
            ("decision", {"outcome": "rejected"}, self.decision),
            ("decision", {"amount_granted": 9, "reason": "x"}, self.decision),
            ("vote", {"choice": "reject"}, self.decision.vote_ids[1]),
            ("vote", {"reason": "x"}, self.decision.vote_ids[2]),
        ):
            with self.subTest(table=table, names=names), closing(self.cr.savepoint()):
                for name, value in names.items():
                    self._tamper(
                        f"UPDATE beneficiary_{table} SET {name} = %s WHERE id = %s",
                        value,
                        where.id,
                    )
                expected = ("vote_ids",) if table == "vote" else tuple(names)
                self._assert_tampered("record", position, expected)

    def test_votes(self):
        """A vote that was deleted, or moved to another decision, is found."""
        position = self.decision.seal_id.position
        vote = self.decision.vote_ids[0]
        for statement in (
            "DELETE FROM beneficiary_vote WHERE id = %s",
            "UPDATE beneficiary_vote SET decision_id = (SELECT id FROM"
            " beneficiary_decision WHERE seal_id IS NULL LIMIT 1),"
            " member_id = (SELECT max(id) FROM beneficiary_committee_member)"
            " WHERE id = %s",
        ):
            self.env["beneficiary.committee.member"].create(
                {"committee_id": self.committee.copy().id, "user_id": self.member.id}
            )
            with closing(self.cr.savepoint()):
                self._tamper(statement, vote.id)
                self._assert_tampered("record", position, ("vote_ids",))

    def test_record_gone(self):
        """A sealed record that was deleted, or lost its link, is found missing."""
        position = self.decision.seal_id.position
        for statement in (
            "DELETE FROM beneficiary_decision WHERE id = %s",
            "UPDATE beneficiary_decision SET seal_id = NULL WHERE id = %s",
            "UPDATE beneficiary_decision SET seal_id ="
            f" {self.declaration.seal_id.id} WHERE id = %s",
        ):
            with self.subTest(statement=statement), closing(self.cr.savepoint()):
                self._tamper(statement, self.decision.id)
                self._assert_tampered("record_missing", position)

    def test_sealed_again(self):
        """A record that was cut loose and sealed again is missing at its first link."""
        position = self.decision.seal_id.position
        self._tamper(
            "UPDATE beneficiary_decision SET seal_id = NULL, outcome = 'rejected'"
            " WHERE id = %s",
            self.decision.id,
        )
        self.assertEqual(len(self._seal()), 4)
        self._assert_tampered("record_missing", position)

    def test_payload(self):
        """A payload that was changed, or removed without an erasure, is found."""
        payload = self.links[1].payload_ids
        for problem, statement in (
            (
                "payload",
                "UPDATE beneficiary_seal_payload SET text = '{}' WHERE id = %s",
            ),
            ("payload", "UPDATE beneficiary_seal_payload SET salt = 'x' WHERE id = %s"),
            (
                "payload_missing",
                "UPDATE beneficiary_seal_payload SET text = NULL WHERE id = %s",
            ),
            ("payload_missing", "DELETE FROM beneficiary_seal_payload WHERE id = %s"),
        ):
            with self.subTest(statement=statement), closing(self.cr.savepoint()):
                self._tamper(statement, payload.id)
                self._assert_tampered(problem, 2)

    def test_guard_without_payload(self):
        """Removing the payload does not make the sealed record writable."""
        self._tamper(
            "DELETE FROM beneficiary_seal_payload WHERE seal_id = %s",
            self.decision.seal_id.id,
        )
        with self.assertRaises(UserError):
            self.decision.outcome = "rejected"

    def test_link(self):
        """A change in any part of a link is found."""
        for column, value in (
            ("digest", "0" * 64),
            ("hash", "0" * 64),
            ("res_id", 0),
            ("res_model", "res.users"),
            ("res_model", "no.such.model"),
            ("sealed_on", "2020-01-01"),
        ):
            with self.subTest(column=column), closing(self.cr.savepoint()):
                self._tamper(
                    f"UPDATE beneficiary_seal SET {column} = %s WHERE id = %s",
                    value,
                    self.links[1].id,
                )
                self._assert_tampered("hash", 2)
        self._tamper(
            "UPDATE beneficiary_seal SET previous_hash = %s WHERE id = %s",
            seal.GENESIS,
            self.links[1].id,
        )
        self._assert_tampered("previous", 2)

    def test_order(self):
        """Two links that were swapped are found."""
        self._tamper(
            "UPDATE beneficiary_seal SET position = -position WHERE id IN %s",
            (*self.links[1:].ids,),
        )
        for link, position in ((self.links[1], 3), (self.links[2], 2)):
            self._tamper(
                "UPDATE beneficiary_seal SET position = %s WHERE id = %s",
                position,
                link.id,
            )
        self._assert_tampered("previous", 2)

    def _delete_link(self, link):
        table = self.env[link.res_model]._table
        for statement in (
            f"UPDATE {table} SET seal_id = NULL WHERE seal_id = %s",
            "DELETE FROM beneficiary_seal_payload WHERE seal_id = %s",
            "DELETE FROM beneficiary_seal WHERE id = %s",
        ):
            self._tamper(statement, link.id)

    def test_link_gone(self):
        """A deleted link is found: the next link does not follow."""
        self._delete_link(self.links[1])
        verdict = self._verify()
        self.assertEqual((verdict.problem, verdict.link.position), ("position", 3))

    def test_cut_off(self):
        """If the end was cut off, only a hash written down earlier shows it."""
        known_hash = self.links[-1].hash
        self.assertEqual(self._verify(known_hash).code, seal.INTACT)
        self._delete_link(self.links[-1])
        self.assertEqual(self._verify().code, seal.INTACT, "as the docstring says")
        self.assertEqual(self._verify(known_hash).problem, "known_hash")

    # -- erasure -----------------------------------------------------------------------

    def test_erase(self):
        """A legal erasure breaks nothing: who, when and why stay on record."""
        payload = self.declaration.seal_id.payload_ids
        with self.assertRaisesRegex(UserError, "Write why"):
            payload._erase(" ")
        payload.with_user(self.manager)._erase("The person asked for it")
        self.assertFalse(payload.text or payload.salt)
        self.assertEqual(payload.erased_by_id, self.manager)
        self.declaration.write({"signed_by": "Anonymous", "signature": False})
        verdict = self._verify()
        self.assertEqual((verdict.code, verdict.erased_count), (seal.ERASED, 1))
        self.assertEqual(verdict.count, 3)
        with self.assertRaises(UserError):
            self.decision.outcome = "rejected"
        self._tamper("UPDATE beneficiary_decision SET outcome = 'rejected'")
        self.assertEqual(self._verify().problem, "record")

    def test_erased_once(self):
        """A second erasure does not overwrite who erased first, and why."""
        payload = self.declaration.seal_id.payload_ids
        payload._erase("The person asked for it")
        payload.with_user(self.manager)._erase("Another reason")
        self.assertEqual(payload.erase_reason, "The person asked for it")
        with self.assertRaises(UserError):
            payload.erase_reason = "Another reason"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            payload._write({"text": "{}"})

    # -- what people see ---------------------------------------------------------------

    def _ask(self, user, **vals):
        """Verify through the form, as ``user`` does."""
        self.env.flush_all()
        wizards = self.env["beneficiary.seal.verify"].with_user(user)
        form = Form(wizards.with_context(allowed_company_ids=self.company.ids))
        for name, value in vals.items():
            form[name] = value
        wizard = form.save()
        action = wizard.action_verify()
        self.assertEqual(action["res_id"], wizard.id)
        return wizard

    def test_sentence(self):
        """Seals: managers and auditors get the result as one sentence."""
        for user in (self.manager, self.auditor):
            wizard = self._ask(user)
            self.assertEqual(wizard.code, "intact")
            self.assertRegex(wizard.sentence, "^Intact: 3 records, sealed from .+ to")
            self.assertEqual(wizard.last_hash, self.links[-1].hash)
            self.assertFalse(wizard.seal_id)
        for user in (self.officer, self.chair, self.researcher, self.applicant):
            with self.assertRaises(AccessError):
                self._ask(user)

    def test_sentence_tampered(self):
        """The first broken record and its fields are named, but no values."""
        self._tamper(
            "UPDATE beneficiary_decision SET outcome = 'rejected', reason = 'secret'"
            " WHERE id = %s",
            self.decision.id,
        )
        wizard = self._ask(self.auditor)
        self.assertEqual(wizard.code, "tampered")
        self.assertIn(
            f"Committee Decision “{self.request.name}” was changed", wizard.sentence
        )
        self.assertIn("Outcome", wizard.sentence)
        self.assertNotIn("secret", wizard.sentence)
        self.assertNotIn("ejected", wizard.sentence)
        self.assertEqual(wizard.seal_id, self.decision.seal_id)
        opened = wizard.action_open_record()
        self.assertEqual(opened["res_id"], self.decision.id)

    def test_all_faults(self):
        """Every record that does not fit is named, not the first one alone."""
        self._tamper(
            "UPDATE beneficiary_decision SET outcome = 'rejected' WHERE id = %s",
            self.decision.id,
        )
        self.assertFalse(self._ask(self.auditor).faults, "the sentence says it all")
        self._tamper(
            "UPDATE beneficiary_declaration SET signed_by = 'Another' WHERE id = %s",
            self.declaration.id,
        )
        wizard = self._ask(self.auditor)
        heading, *lines = wizard.faults.splitlines()
        self.assertEqual((heading, len(lines)), ("2 records do not fit:", 2))
        for record, label in (
            (self.decision, "Committee Decision"),
            (self.declaration, "Declaration"),
        ):
            [line] = [
                line for line in lines if f"Seal {record.seal_id.position} " in line
            ]
            self.assertIn(label, line)
            self.assertIn("the record was changed", line)
        self.assertNotIn("ejected", wizard.faults, "no values")

    def test_faults_in_words(self):
        """Every problem of a link has its words in the list."""
        link = seal.Link(2, DECISION, 0, "2026-03-15 07:00:00", "x", "x")
        wizard = self.env["beneficiary.seal.verify"]
        faults = [
            seal.Fault(problem, link)
            for problem in (
                "position",
                "previous",
                "hash",
                "payload_missing",
                "payload",
                "record_missing",
                "record",
            )
        ]
        lines = wizard._list_faults(faults, {}).splitlines()
        self.assertEqual(len(set(lines)), 8)

    def test_sentences(self):
        """Every problem has its own sentence, with numbers and names filled in."""
        wizard = self.env["beneficiary.seal.verify"].create(
            {"company_id": self.company.id}
        )
        link = seal.Link(2, DECISION, 0, "2026-03-15 07:00:00", "x", "x")
        for problem in (
            "position",
            "previous",
            "hash",
            "payload_missing",
            "payload",
            "record_missing",
            "record",
            "known_hash",
        ):
            with self.subTest(problem=problem):
                verdict = seal.Verdict(
                    "tampered", 1, 0, link, link, problem, link, ("outcome",)
                )
                sentence = wizard._get_sentence(verdict, self.decision.seal_id)
                self.assertTrue(sentence.startswith("Tampered"))
                self.assertNotIn("%", sentence)

    def test_sentence_erased(self):
        """Erased records are counted, and the sentence says that erasure was a duty."""
        self.declaration.seal_id.payload_ids._erase("The person asked for it")
        wizard = self._ask(self.manager)
        self.assertEqual(wizard.code, "erased")
        self.assertIn("1 was erased by duty", wizard.sentence)

    def test_known_hash(self):
        """R44: a hash is accepted as typed from paper; anything else is refused."""
        digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        typed = self.links[0].hash.upper().translate(digits)
        wizard = self._ask(self.manager, known_hash=f" {typed[:32]} {typed[32:]} ")
        self.assertEqual(wizard.code, "intact")
        wizard = self._ask(self.manager, known_hash="f" * 64)
        self.assertIn("none of the 3 seals", wizard.sentence)
        with self.assertRaisesRegex(UserError, "64 characters"):
            self._ask(self.manager, known_hash="12")

    def test_other_association(self):
        """R43: nobody verifies the seals of another association."""
        wizard = self.env["beneficiary.seal.verify"].with_user(self.outsider)
        wizard = wizard.with_context(allowed_company_ids=self.other.ids).create(
            {"company_id": self.other.id}
        )
        wizard.action_verify()
        self.assertEqual(wizard.sentence, "Nothing has been sealed yet.")
        with self.assertRaises(AccessError):
            wizard.company_id = self.company
        self.outsider.company_ids |= self.company
        wizard = wizard.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):  # her company, but not active
            wizard.action_verify()

    def test_list(self):
        """The list names sealed records to users who may read them, and opens them."""
        link = self.decision.seal_id
        for user in (self.manager, self.auditor):
            seen = link.with_user(user)
            self.assertEqual(seen.record_name, self.request.name)
            self.assertEqual(seen.action_open()["res_id"], self.decision.id)
        for user in (self.officer, self.chair, self.applicant, self.outsider):
            with self.assertRaises(AccessError):
                link.with_user(user).action_open()
