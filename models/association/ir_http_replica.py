from copy import copy
from functools import partial

from odoo import models
from odoo.http import request
from odoo.tools import SQL, config

# The name under which a session keeps the last transaction in which its user wrote.
WRITTEN = "beneficiary_written"


class IrHttpReplica(models.AbstractModel):
    """Pages are read from a replica of the database, but never behind one's own write.

    A streaming replica is a moment behind the primary server. So a session keeps the
    number of the last transaction in which its user wrote. Until the replica has this
    transaction, whatever its user opens is read from the primary server. PostgreSQL
    itself says whether the replica has it: there is no number of seconds to guess.

    Without a replica (``--db_replica_host``) nothing is kept and nothing is asked.
    """

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Read from the primary server what the replica may not have yet."""
        rule, args = super()._match(path_info)
        if hasattr(request, "is_replica_behind"):  # a link on the page is matched too
            return rule, args
        request.is_replica_behind = cls._is_replica_behind()
        if request.is_replica_behind and rule.endpoint.routing["readonly"]:
            # The rule of the map, and its endpoint, are those of all visitors.
            rule = copy(rule)
            rule.endpoint = cls._make_read_write(rule.endpoint)
        return rule, args

    @classmethod
    def _make_read_write(cls, endpoint):
        """Return another endpoint that does the same, with a read/write cursor."""
        other = partial(endpoint.func, *endpoint.args, **endpoint.keywords)
        vars(other).update(vars(endpoint))
        other.routing = {**endpoint.routing, "readonly": False}
        return other

    @classmethod
    def _is_replica_behind(cls):
        """Whether the replica that would be read lacks the last write of the user."""
        written = request.session.get(WRITTEN)
        cr = request.env.cr
        if not written or not cr.readonly:
            return False
        ((is_behind,),) = request.env.execute_query(
            SQL(
                """
                SELECT CASE
                    WHEN %(written)s::xid8 < pg_snapshot_xmax(pg_current_snapshot())
                    THEN pg_xact_status(%(written)s::xid8) = 'in progress'
                    ELSE TRUE  -- the replica has not heard of it
                END
                """,
                written=written,
            )
        )
        # The replica may have received it a moment ago: see what it has now.
        cr.rollback()
        return bool(is_behind)

    @classmethod
    def _post_dispatch(cls, response):
        """Keep in the session that its user wrote, before the session is saved."""
        cr = request.env.cr
        if config["db_replica_host"] and not cr.readonly:
            request.env.flush_all()
            query = SQL("SELECT pg_current_xact_id_if_assigned()::text")
            ((written,),) = request.env.execute_query(query)
            if written:
                request.session[WRITTEN] = written
        return super()._post_dispatch(response)
