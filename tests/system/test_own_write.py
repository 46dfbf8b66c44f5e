from unittest.mock import patch

from odoo.http import request
from odoo.tests import tagged

from odoo.addons.base.models.ir_http import IrHttp

from ...models.messages import ir_http_own_write as own_write
from ..request.common import PortalCase


@tagged("post_install", "-at_install", "without_demo")
class TestOwnWrite(PortalCase):
    """A page after one's own write is read from the primary, others from the replica.

    Tests always have a replica: cursors of read-only routes are read-only.
    """

    def setUp(self):
        super().setUp()
        self.read = []  # whether each answer was read from the replica
        dispatch = IrHttp._post_dispatch.__func__

        def post_dispatch(cls, response):
            self.read.append(request.env.cr.readonly)
            return dispatch(cls, response)

        self.startPatcher(
            patch.object(IrHttp, "_post_dispatch", classmethod(post_dispatch))
        )
        self.moment = own_write.time()
        self.startPatcher(patch.object(own_write, "time", lambda: self.moment))

    def _reads_replica(self):
        self._get("/my/requests")
        return self.read[-1]

    def _list_requests(self):
        domain = [("beneficiary_id", "=", self.file.id)]
        self._rpc("beneficiary.request", "web_search_read", domain, {"name": {}})
        return self.read[-1]

    def test_portal(self):
        """R26: the list shows what was just saved; reading makes the time no longer."""
        self.assertTrue(self._reads_replica())
        self._post_form({"description": "A food basket for four.", "action": "save"})
        for _page in range(3):
            self.assertFalse(self._reads_replica())
            self.moment += own_write.SECONDS / 3
        self.assertTrue(self._reads_replica())

    def test_others(self):
        """R26: what one person writes sends nobody else to the primary."""
        self._post_form({"description": "A food basket for four.", "action": "save"})
        self._sign_in(self.neighbour)
        self.assertTrue(self._reads_replica())

    def test_backend(self):
        """R5: a list shows what the officer just saved; each write counts anew."""
        self._sign_in(self.officer)
        self.assertTrue(self._list_requests())
        vals = {
            "beneficiary_id": self.file.id,
            "service_id": self.service.id,
            "channel_id": self._channel("phone").id,
            "description": "A food basket for four.",
        }
        for _time in range(2):
            self._rpc("beneficiary.request", "create", [vals])
            self.moment += own_write.SECONDS * 0.6
            self.assertFalse(self._list_requests())
        self.moment += own_write.SECONDS * 0.6
        self.assertTrue(self._list_requests())
