import functools
from copy import copy
from time import time

from odoo import models
from odoo.http import request

# Name in the session of the moment at which its user last wrote.
WRITTEN = "beneficiary_written_on"
# A replica that is later than this shows people their pages of before.
SECONDS = 10


class IrHttp(models.AbstractModel):
    """Who has just written reads the primary, where pages are read from a replica.

    A replica is a moment late. Without this, the page after a form would show what was
    before it, on the portal and in the backend alike. Without a replica, and while it
    is away, nothing is asked and nothing is kept.
    """

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Find the route; soon after a write, none reads the replica."""
        rule, args = super()._match(path_info)
        request.began_on_replica = request.env.cr.readonly
        request.only_reads = False
        written = request.began_on_replica and request.session.get(WRITTEN, 0)
        if written and abs(time() - written) < SECONDS:
            rule = cls._lead_to_primary(rule)
        return rule, args

    @classmethod
    def _lead_to_primary(cls, rule):
        """Return a copy of the rule, whose route is not read from the replica."""
        declared = rule.endpoint.routing["readonly"]
        endpoint = functools.partial(rule.endpoint.func)
        functools.update_wrapper(endpoint, rule.endpoint)

        def readonly(*given):
            request.only_reads = declared(*given) if callable(declared) else declared
            return False

        endpoint.routing = {**endpoint.routing, "readonly": readonly}
        rule = copy(rule)
        rule.endpoint = endpoint
        return rule

    @classmethod
    def _post_dispatch(cls, response):
        """Keep the moment of a write in the session, before that is saved."""
        if (
            getattr(request, "began_on_replica", False)
            and not request.env.cr.readonly
            and not request.only_reads
        ):
            request.session[WRITTEN] = time()
        return super()._post_dispatch(response)
