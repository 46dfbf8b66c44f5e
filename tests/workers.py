import threading
from unittest.mock import patch

from passlib.context import CryptContext

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL

from ..models.mixins.sweep_mixin import SweepMixin
from ..models.seal.sealed_mixin import SealedMixin
from .common import AssociationMixin


class WorkersCase(AssociationMixin, BaseCase):
    """Two workers run at once, each with its own connection.

    The workers can share only committed records. The associations of these tests are
    therefore committed, and deleted at the end.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # As in TransactionCase: passwords of tests need no strong hash.
        self.startPatcher(
            patch.object(
                self.registry["res.users"],
                "_crypt_context",
                lambda users: CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1),
            )
        )
        with self.registry.cursor() as cr:
            type(self).env = api.Environment(cr, SUPERUSER_ID, {})
            languages = self.env["res.lang"].with_context(active_test=False)
            self.language_ids = languages.search(
                [("code", "in", ("ar_001", "en_US")), ("active", "=", False)]
            ).ids
            self._make_associations()
            self.company_ids = (self.company | self.other).ids
            self._prepare()
        self.addCleanup(self._clean_up)

    def _prepare(self):
        """Make the records that the workers share."""
        raise NotImplementedError

    def _clean_up(self):
        """Delete all committed records, without the checks that protect them."""
        with self.registry.cursor() as cr:
            self._unseal(cr)
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            ours = [("company_id", "in", self.company_ids)]
            requests = env["beneficiary.request"].search(ours)
            files = env["beneficiary.beneficiary"].search(ours)
            users = env["res.users"].search(ours)
            companies = env["res.company"].browse(self.company_ids)
            partners = files.partner_id | users.partner_id | companies.partner_id
            policies = env["beneficiary.policy"].search(ours)
            calendars = env["resource.calendar"].search(ours)
            env["sms.sms"].search(
                [("mail_message_id", "in", requests.notice_ids.mail_message_id.ids)]
            ).unlink()
            requests._write_flow({"state": "draft"})
            policies._write_state({"state": "draft"})
            for records in (
                requests.decision_ids,
                requests.declaration_ids,
                env["beneficiary.interaction"].search(ours),
                requests,
                files,
                env["beneficiary.service"].search(ours),
                env["beneficiary.committee"].search(ours),
                policies,
                users,
                companies,
                calendars,
                partners,
            ):
                records.unlink()
            # ``write`` would refuse: other users of the database have this language.
            env["res.lang"].browse(self.language_ids)._write({"active": False})
            env.registry.clear_all_caches()

    def _unseal(self, cr):
        """Delete the seals in SQL: the addon itself never deletes them."""
        models = self.registry.descendants(["beneficiary.sealed.mixin"], "_inherit")
        tables = [
            self.registry[name]._table
            for name in models
            if not self.registry[name]._abstract
        ]
        for statement in (
            *(
                SQL("UPDATE %s SET seal_id = NULL", SQL.identifier(table))
                for table in tables
            ),
            SQL("DELETE FROM beneficiary_seal_payload"),
            SQL("DELETE FROM beneficiary_seal"),
        ):
            cr.execute(
                SQL("%s WHERE company_id IN %s", statement, (*self.company_ids,))
            )

    def _run_workers(self, *jobs):
        """Run ``jobs`` at the same time, only for the associations of these tests."""
        sweep, get_unsealed = SweepMixin._sweep, SealedMixin._get_unsealed_domain
        ours = Domain("company_id", "in", self.company_ids)
        workers = [threading.Thread(target=job) for job in jobs]
        with (
            patch.object(
                SweepMixin,
                "_sweep",
                lambda model, domain, treat, order: sweep(
                    model, domain & ours, treat, order
                ),
            ),
            patch.object(
                SealedMixin,
                "_get_unsealed_domain",
                lambda model: get_unsealed(model) & ours,
            ),
            # The thread that runs the tests holds the lock that loads registries.
            patch.object(Registry, "_lock", threading.RLock()),
        ):
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join(timeout=30)
                self.assertFalse(worker.is_alive())
