import json
from contextlib import suppress

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..request.common import SETTLED, PortalCase

# A script that a text carries; it would leave its mark on a page that runs it.
PROBE = "<img src=x onerror='window.brProbe=1'>"
# Texts of Odoo about our records: their table, column and how they are found.
FOREIGN = (
    ("mail_activity", "summary", "res_model"),
    ("mail_message", "subject", "model"),
    ("ir_attachment", "name", "res_model"),
    ("rating_rating", "feedback", "res_model"),
)
# Texts that programs read: nobody types them.
KEPT = {
    "code",
    "email",
    "hash",
    "lang",
    "majority",
    "phone",
    "previous_hash",
    "res_ids",
    "res_model",
    "result_code",
    "timezone",
}
VIEWS = """
(async () => {
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    for (const [model, id, view] of %s) {
        await action.doAction({
            type: "ir.actions.act_window", res_model: model, res_id: id,
            views: [[false, view]], name: model,
        });
        await pause(200);
        for (const tab of document.querySelectorAll(".o_notebook .nav-link")) {
            tab.click();
            await pause(60);
        }
        if (window.brProbe || document.querySelector("img[src='x']")) {
            console.error(`a script ran: ${view} of ${model}`);
        }
    }
    console.log("test successful");
})();
"""
PAGE = """
%s.then(() => {
    if (window.brProbe || document.querySelector("img[src='x']")) {
        console.error("a script ran: %s");
    } else {
        console.log("test successful");
    }
});
"""


@tagged("post_install", "-at_install", "without_demo")
class TestStoredScript(PortalCase):
    """R43: what one person types never runs in the browser of another one."""

    def setUp(self):
        super().setUp()
        for state in ("draft", "submitted", "verified", "rejected", "delivered"):
            self._make_request(state)
        self.env.flush_all()
        self._poison_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _get_models(self):
        for name in sorted(self.env.registry.models):
            model = self.env[name]
            if (
                name.startswith("beneficiary.")
                and model._auto
                and not model._abstract
                and not model._transient
            ):
                yield model

    def _poison_all(self):
        """Put a script into each text that people type, past all checks."""
        self.poisoned = 0
        for model in self._get_models():
            for field in model._fields.values():
                if (
                    field.type in ("char", "text")
                    and field.store
                    and not field.compute
                    and field.name not in KEPT
                ):
                    value = PROBE
                    if field.translate:
                        value = json.dumps({"en_US": PROBE, "ar_001": PROBE})
                    self._poison(model._table, field.name, value, SQL("TRUE"))
        for table, column, key in FOREIGN:
            ours = SQL("%s LIKE 'beneficiary.%%'", SQL.identifier(key))
            self._poison(table, column, PROBE, ours)
        self.assertGreater(self.poisoned, 50)

    def _poison(self, table, column, value, where):
        names = (SQL.identifier(table), SQL.identifier(column))
        with (
            suppress(psycopg2.IntegrityError),  # numbers have a form of their own
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                SQL("UPDATE %s SET %s = %s WHERE %s", *names, value, where)
            )
            self.poisoned += bool(self.env.cr.rowcount)

    def test_backend(self):
        """Forms and lists of all models, with all their pages."""
        self.manager.group_ids |= self.env.ref("beneficiary_relations.group_committee")
        places = []
        for model in self._get_models():
            own = model.with_user(self.manager)
            if not own.has_access("read") or not (record := own.search([], limit=1)):
                continue
            forms = self.env["ir.ui.view"].search_count(
                [("model", "=", model._name), ("type", "=", "form")]
            )
            places += [[model._name, record.id, "form"]] if forms else []
            places.append([model._name, False, "list"])
        self.browser_js(
            "/odoo",
            VIEWS % json.dumps(places),
            "odoo.isReady === true",
            login=self.manager.login,
            timeout=300,
        )

    def test_portal(self):
        """The applicant's pages."""
        for page in self._get_pages():
            with self.subTest(page=page):
                self.browser_js(
                    page, PAGE % (SETTLED.strip(), page), login=self.applicant.login
                )
