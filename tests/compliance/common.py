"""Shared base of the compliance tests."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from ..common import BeneficiaryCommon

# A moment of 2026-03-15 in Riyadh, and the first moments of other steps.
SUBMITTED = datetime(2026, 3, 15, 7, 0)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class ComplianceCase(BeneficiaryCommon):
    """An association whose requests are made step by step, an hour apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.company._get_beneficiary_policy()
        cls.policy._write_state({"in_force_on": "2020-01-01"})

    def _live(self, state, start=SUBMITTED, step=HOUR, **vals):
        """Return a request that was taken to ``state``, ``step`` between its moves."""
        with freeze_time(start):
            request = self._make_request(**vals)
        path = [*self.PATH]
        if state == "rejected":
            path = [*path[: path.index("decided") + 1], "rejected"]
        moment = start
        for target in path[1 : path.index(state) + 1]:
            if target in ("accepted", "rejected"):
                moment = max(moment, request.review_floor_on + DAY)
            with freeze_time(moment):
                getattr(self, f"_reach_{target}")(request, state)
            moment += step
        return request

    def _open_page(self, user=None, **vals):
        """Return the page of March 2026, as ``user`` sees it."""
        self.env.flush_all()
        pages = self.env["beneficiary.compliance"].with_user(user or self.manager)
        pages = pages.with_context(allowed_company_ids=self.company.ids)
        with freeze_time("2026-05-20 09:00:00"):
            return pages.create(
                {
                    "period": "own",
                    "date_from": "2026-03-01",
                    "date_to": "2026-05-31",
                    **vals,
                }
            )

    def _get_figures(self, page, code=None):
        """Return ``{code: (kept, total)}`` of a page, or the pair of one code."""
        figures = {
            line.code: (line.kept, line.total)
            for line in page.line_ids
            if not line.is_title and not line.channel_id
        }
        return figures[code] if code else figures
