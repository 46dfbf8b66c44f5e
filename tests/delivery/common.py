"""Shared parts of the delivery tests."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError

from ..common import BeneficiaryCommon

# 10:00 in Riyadh, on the day the request is registered.
REGISTERED = "2026-03-15 07:00:00"
DAY = date(2026, 3, 15)
MODEL = "beneficiary.delivery"


class DeliveryCase(BeneficiaryCommon):
    """A registered request with a grant of 500, for tests of its deliveries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._make_branch(cls.delegate)
        cls.file.branch_id = cls.branch
        with freeze_time(REGISTERED):
            cls.request = cls._make_request(cls(), "registered")
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        freezer = freeze_time(REGISTERED)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _plan(self, amount=100, **vals):
        return self._plan_delivery(self.request, amount=amount, **vals)

    def _received(self, amount=100):
        """Return a delivery that was handed over, and whose receipt is signed."""
        delivery = self._plan(amount)
        self._receive(delivery)
        return delivery

    def _use_kind(self, kind, **vals):
        """Set the kind of delivery of the service to ``kind``."""
        self.service.write({"delivery_kind": kind, **vals})

    def assertRefused(self, words, call, *args, **given):
        """Check that ``call`` is refused with ``words``, and undo what it wrote."""
        # assertRaises rolls back what the call wrote; assertRaisesRegex does not.
        with self.assertRaises(UserError) as caught:
            call(*args, **given)
        self.assertRegex(str(caught.exception), words)

    def assertMissing(self, delivery, move, *sentences, **given):
        """Check that ``move`` is refused for exactly these ``sentences``."""
        with self.assertRaises(UserError) as caught:
            getattr(delivery.with_user(self.officer), f"action_{move}")(**given)
        heading = f"{delivery.display_name} cannot go on yet:"
        self.assertEqual(str(caught.exception), "\n- ".join([heading, *sentences]))
