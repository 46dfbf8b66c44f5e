from unittest.mock import patch

from odoo import http
from odoo.service import model as service
from odoo.tests import tagged
from odoo.tools import config

from ...models.association.ir_http_replica import WRITTEN
from ..request.common import PUBLIC_PAGES, PortalCase

# A transaction that every replica has.
OLD = "3"


@tagged("post_install", "-at_install", "without_demo")
class TestReplica(PortalCase):
    """Pages are read from the replica, but never behind one's own write (Scale).

    A test has one transaction, which has not ended: to the user who writes in it, the
    replica never has it.
    """

    def setUp(self):
        super().setUp()
        replica = {"db_replica_host": "replica.example.com"}
        self.enterContext(patch.dict(config._runtime_options, replica))
        self.modes = []
        retrying = service.retrying

        def note(function, env):
            self.modes.append(env.cr.readonly)
            return retrying(function, env)

        self.patch(service, "retrying", note)

    def _note(self, call):
        """Return whether ``call`` was answered, page by page, from the replica."""
        self.modes.clear()
        call()
        return list(self.modes)

    def _open(self, path):
        return self._note(lambda: self._get(path))

    def _call(self, model, method, *args, **kwargs):
        return self._note(lambda: self._rpc(model, method, *args, **kwargs))

    def _get_session(self):
        return http.root.session_store.get(self.session.sid)

    def test_pages(self):
        """The pages of applicants and of visitors are read from the replica."""
        request = self._make_request("in_review")
        self._make_request("draft")
        for path in [*self._get_pages(), *PUBLIC_PAGES, request.access_url]:
            with self.subTest(path=path):
                modes = self._note(lambda path=path: self.url_open(path))
                self.assertTrue(modes and all(modes))
        self.assertNotIn(WRITTEN, self._get_session())

    def test_screens(self):
        """The lists, the forms and the first screen are read from the replica."""
        request = self._make_request("in_review")
        self._sign_in(self.manager)
        model = request._name
        one = {"specification": {"display_name": {}}}
        for name, method, args, kwargs in (
            (model, "web_search_read", ([],), one),
            (model, "web_read", (request.ids,), one),
            (model, "formatted_read_group", ([], ["state"], ["__count"]), {}),
            ("beneficiary.home", "get_home", (), {}),
            ("beneficiary.home", "get_figures", (), {}),
            ("beneficiary.request.report", "web_search_read", ([],), one),
            ("beneficiary.beneficiary", "get_import_templates", (), {}),
        ):
            with self.subTest(model=name, method=method):
                self.assertEqual(self._call(name, method, *args, **kwargs), [True])
        vals = {"description": "A food basket for five."}
        draft = self._make_request("draft")
        self.assertEqual(self._call(model, "write", draft.ids, vals), [False])
        self.assertEqual(self._call(model, "web_read", draft.ids, **one), [False])

    def test_own_write(self):
        """Who writes sees it at once, on each page; others keep to the replica."""
        self.assertEqual(self._open("/my/requests"), [True])
        modes = self._note(lambda: self._post_form({}))
        self.assertGreater(len(modes), 1)  # the form leads to a page
        self.assertFalse(any(modes))
        for path in ("/my/requests", "/my", "/my/contacts"):
            self.assertEqual(self._open(path), [False])
        self._sign_in(self.neighbour)
        self.assertEqual(self._open("/my/requests"), [True])

    def test_received(self):
        """As soon as the replica has the write, it is read again."""
        session = self._get_session()
        session[WRITTEN] = OLD
        http.root.session_store.save(session)
        self.assertEqual(self._open("/my/requests"), [True])
        self.assertEqual(self._open("/my"), [True])

    def test_without_replica(self):
        """Without a replica nothing is kept in the session."""
        with patch.dict(config._runtime_options, {"db_replica_host": None}):
            self._post_form({})
        self.assertNotIn(WRITTEN, self._get_session())
