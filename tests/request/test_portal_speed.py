import gzip
from urllib.parse import urlsplit

from lxml import html

from odoo.tests import tagged

from .common import PortalCase

FEW, MANY = 5, 500
# Bytes of a page that comes over the network when Odoo's own bundles are cached.
HEAVIEST = 30_000


@tagged("post_install", "-at_install", "without_demo")
class TestPortalSpeed(PortalCase):
    """The applicants' pages stay light and quick, however many requests (Scale).

    A page that may be read from a replica and tries to write logs a warning, and a
    warning is a failure.
    """

    def _make_requests(self, count):
        return self.env["beneficiary.request"].create(
            [
                {
                    "beneficiary_id": self.file.id,
                    "service_id": self.service.id,
                    "channel_id": self._channel("phone").id,
                    "description": "A food basket for four.",
                }
                for _number in range(count)
            ]
        )

    def _count(self, path):
        """Return how many queries the page at ``path`` makes, with warm caches."""
        self._get(path)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self._get(path)
        return self.cr.sql_log_count - before

    def test_queries(self):
        """The list, the home and the page of a request ask the same number of times."""
        requests = self._make_requests(FEW)
        paths = ["/my", "/my/requests", f"/my/requests/{requests[0].id}"]
        few = {path: self._count(path) for path in paths}
        self._make_requests(MANY - FEW)
        many = {path: self._count(path) for path in paths}
        self.assertEqual(few, many)

    def test_weight(self):
        """A phone that knows Odoo's bundles loads little more than the words (R33)."""
        requests = [
            self._make_request(state)
            for state in ("submitted", "verified", "delivered")
        ]
        paths = [f"/my/requests/{request.id}" for request in requests]
        for path in ["/my", "/my/requests", *paths]:
            with self.subTest(path=path):
                page = self.url_open(path).content
                weight = len(gzip.compress(page)) + sum(
                    len(self.url_open(source).content)
                    for source in set(html.fromstring(page).xpath("//img/@src"))
                    if urlsplit(source).path.startswith("/beneficiary_relations/")
                )
                self.assertLess(weight, HEAVIEST)
