import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.tests import get_db_name, tagged
from odoo.tools import SQL, config

from ..workers import WorkersCase

REPLIES = 1000
# The options that tell the server of these tests where its database and files are.
OPTIONS = {
    "db_host": "db_host",
    "db_port": "db_port",
    "db_user": "db_user",
    "db_password": "db_password",
    "data-dir": "data_dir",
}
# A separate process that runs the scheduled action as the server does, but only for
# the associations of this test. The batches are small, so that a kill cuts one off.
SERVER = """
import sys
from unittest.mock import patch
from odoo import SUPERUSER_ID, api
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tools import config

companies = [int(number) for number in sys.argv.pop(1).split(",")]
config.parse_config(sys.argv[1:], setup_logging=True)
registry = Registry(config["db_name"][0])
from odoo.addons.beneficiary_relations.models.mixins import sweep_mixin

sweep = sweep_mixin.SweepMixin._sweep
ours = Domain("company_id", "in", companies)
with (
    patch.object(sweep_mixin, "BATCH", 50),
    patch.object(
        sweep_mixin.SweepMixin,
        "_sweep",
        lambda model, domain, treat, order: sweep(model, domain & ours, treat, order),
    ),
    registry.cursor() as cr,
):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.ref("beneficiary_relations.ir_cron_review").method_direct_trigger()
"""


@tagged("post_install", "-at_install", "without_demo")
class TestReleaseKilled(WorkersCase):
    """A server that is killed while replies leave, and started again."""

    def _prepare(self):
        with freeze_time(datetime.now() - timedelta(days=60)):
            request = self._make_request("in_review")
            self._decide(request)
        self.env.flush_all()
        decision = request.decision_ids
        self._clone("beneficiary_request", request.id, "name = name || '-' || number")
        self._clone(
            "beneficiary_decision",
            decision.id,
            """
            request_id = (
                SELECT request.id FROM beneficiary_request AS request
                 WHERE request.name = (
                     SELECT name FROM beneficiary_request WHERE id = origin.request_id
                 ) || '-' || number
            )
            """,
        )
        self.file_id = self.file.id

    def _clone(self, table, record_id, changes):
        """Copy a record until there are REPLIES of it, each with its ``changes``."""
        name, value = map(str.strip, changes.split("=", 1))
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        columns = [column for (column,) in self.env.cr.fetchall() if column != "id"]
        values = [value if column == name else column for column in columns]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s)"
                " SELECT %s FROM %s AS origin, generate_series(2, %s) AS number"
                " WHERE origin.id = %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(
                    SQL(value) if column == name else SQL.identifier("origin", column)
                    for column, value in zip(columns, values, strict=True)
                ),
                SQL.identifier(table),
                REPLIES,
                record_id,
            )
        )

    def _start(self):
        options = [f"--database={get_db_name()}", "--no-http", "--logfile="]
        for name in ("db_host", "db_port", "db_user", "db_password", "data_dir"):
            if config[name]:
                options.append(
                    f"--{name.replace('data_dir', 'data-dir')}={config[name]}"
                )
        options.append(f"--addons-path={','.join(config['addons_path'])}")
        companies = ",".join(map(str, self.company_ids))
        return subprocess.Popen([sys.executable, "-c", SERVER, companies, *options])

    def _count(self):
        """Return how many replies have left, read in another transaction."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM beneficiary_request"
                " WHERE company_id = ANY(%s) AND released_on IS NOT NULL",
                [self.company_ids],
            )
            return cr.fetchone()[0]

    def test_killed(self):
        """R22: after a kill and a new start, every reply has left exactly once."""
        server = self._start()
        self.addCleanup(self._kill, server)
        until = time.monotonic() + 120
        while (released := self._count()) < REPLIES // 5:
            self.assertLess(time.monotonic(), until, f"{released} replies left")
            self.assertIsNone(server.poll())
            time.sleep(0.05)
        self._kill(server)
        self.assertLess(self._count(), REPLIES, "it was killed too late")
        for _run in range(2):  # the second run finds nothing due
            self.assertEqual(self._start().wait(timeout=300), 0)
        self._assert_once()

    def _kill(self, server):
        with suppress(ProcessLookupError):
            server.send_signal(signal.SIGKILL)
        server.wait()

    def _assert_once(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            requests = env["beneficiary.request"].search(
                [("company_id", "in", self.company_ids)]
            )
            self.assertEqual(len(requests), REPLIES)
            self.assertEqual(set(requests.mapped("state")), {"accepted"})
            self.assertFalse(any(requests.mapped("clock_error")))
            notices = requests.notice_ids
            told = Counter(
                (notice.request_id, notice.event, notice.channel) for notice in notices
            )
            self.assertEqual(
                told,
                Counter(
                    (request, "reply", channel)
                    for request in requests
                    for channel in ("email", "sms")
                ),
            )
            # Odoo's queues hold exactly the messages that the notices record.
            file = env["beneficiary.beneficiary"].browse(self.file_id)
            for channel, waiting in (
                (
                    "email",
                    env["mail.mail"].search(
                        [("recipient_ids", "in", file.partner_id.ids)]
                    ),
                ),
                (
                    "sms",
                    env["sms.sms"].search(
                        [
                            ("mail_message_id.model", "=", requests._name),
                            ("mail_message_id.res_id", "in", requests.ids),
                        ]
                    ),
                ),
            ):
                queued = notices.filtered(lambda notice, c=channel: notice.channel == c)
                self.assertEqual(
                    Counter(waiting.mapped("mail_message_id.id")),  # one each
                    Counter(queued.mapped("mail_message_id.id")),
                )
                self.assertEqual(len(waiting), REPLIES)
                self.assertEqual(len(queued.mail_message_id), REPLIES)
            numbers = requests.decision_ids.mapped("letter_number")
            self.assertEqual(
                sorted(int(number[-5:]) for number in numbers),
                list(range(1, REPLIES + 1)),
                "a number for each letter, and none for what was cut off",
            )
