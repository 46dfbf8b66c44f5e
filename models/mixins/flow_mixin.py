from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...rules import flow

DAY_MINUTES = 24 * 60
# What ``action_*`` has read already, into records and dates; all else is text.
READ = frozenset(
    [
        "channel",
        "due_date",
        "handed_by",
        "handed_on",
        "minutes",
        "representative",
        "researcher",
        "start",
        "stop",
    ]
)


class FlowMixin(models.AbstractModel):
    """A record with a life: one table, one checker, one writer.

    A model names its table of ``rules/*flow.py`` in :attr:`_transitions`, and says in
    :meth:`_get_roles` what the acting user is to a record. ``action_*`` is what buttons
    and RPC call; each goes through :meth:`_move`. What stands against a move, what it
    writes and what follows from it are methods with the names that the table gives:
    ``_guard_<guard>``, ``_prepare_<move>_vals`` and, where something follows,
    ``_after_<move>``.
    """

    _name = "beneficiary.flow.mixin"
    _description = "Record with a Life"

    _transitions = None

    # -- what the moves alone write ----------------------------------------------------

    @api.model
    def _refuse_vals(self, names):
        """Raise if ``names`` of fields that the moves alone write are to be written."""
        if names:
            labels = self.env["ir.model.fields"].sudo()  # labels only
            raise UserError(
                self.env._(
                    "These are written by the steps of the record alone: %(fields)s. "
                    "Use its buttons.",
                    fields=", ".join(
                        labels._get(self._name, name).field_description
                        for name in sorted(names)
                    ),
                )
            )

    def _write_flow(self, vals):
        """The one writer of flow fields: past the refusal of the record's ``write``.

        The class that refuses them writes them: what comes after it in the order of
        inheritance sees the write, its own refusal does not.
        """
        raise NotImplementedError

    # -- moves -------------------------------------------------------------------------

    def _move(self, name, **given):
        """Check and do the move called ``name`` on every record of ``self``.

        One after the other: what the first one uses up, the next one has not.

        :param given: what the mover gives, by name
        :raise AccessError: when the acting user has no such role on a record
        :raise UserError: with all that is missing, when a guard refuses
        """
        self.check_access("read")
        for record in self:
            target = record._check_move(name, given)
            # Rights are checked above, by role: who moves it may not write it.
            record.sudo()._do_move(name, target, given)
        return True

    def _check_move(self, name, given):
        """Return the state that the move leads to, or raise why it may not be made."""
        self.ensure_one()
        found = self._find_moves(name)
        if not found:
            raise UserError(
                self.env._(
                    "%(record)s: this step is not possible in the state “%(state)s”.",
                    record=self._get_flow_name(),
                    state=self._get_label("state"),
                )
            )
        [(target, move)] = found
        self._check_role(move.roles)
        # What is missing is said to all who may make the move.
        self._refuse(self.sudo()._get_problems(move, given))
        return target

    def _find_moves(self, name):
        """Return the move called ``name`` with the state it leads to, if there is one.

        :return: a list of one or no pair (state, :class:`rules.flow.Move`)
        """
        return flow.find_moves(self._transitions, self.state, name)

    def _get_roles(self):
        """Return the roles of the acting user on this record.

        Superuser rights (``sudo``) give no role: the user behind them counts.
        """
        raise NotImplementedError

    def _check_role(self, roles):
        """Raise unless the acting user has one of ``roles`` on this record."""
        if not roles & self._get_roles():
            raise AccessError(self._get_role_refusal(roles))

    def _get_role_refusal(self, roles):
        return self.env._("Your role does not allow this step.")

    def _refuse(self, problems):
        """Raise all ``problems`` at once, if there are any."""
        if problems:
            heading = self.env._(
                "%(record)s cannot go on yet:", record=self._get_flow_name()
            )
            raise UserError("\n- ".join([heading, *problems]))

    def _get_flow_name(self):
        # An applicant reads their request, and not all that it is named after.
        return self.sudo().display_name

    def _get_problems(self, move, given):
        """Return everything that stands against ``move``, as translated sentences."""
        self.ensure_one()
        if problems := self._get_input_problems(given):
            return problems
        problems = []
        for guard in move.guards:
            problems += getattr(self, f"_guard_{guard}")(given)
        asked = {
            "evidence": self.env._("Write the evidence of this step."),
            "reason": self.env._("Write the reason."),
        }
        problems += [
            asked[name] for name in move.asks if not (given.get(name) or "").strip()
        ]
        return problems

    @api.model
    def _get_input_problems(self, given):
        """Return what of ``given`` is of no use at all: RPC may send anything."""
        problems = [
            self.env._("“%(name)s” must be given as text.", name=name)
            for name, value in given.items()
            if name not in READ and value and not isinstance(value, (str, bytes))
        ]
        minutes = given.get("minutes") or 0
        if not isinstance(minutes, int) or not 0 <= minutes <= DAY_MINUTES:
            problems.append(
                self.env._("Minutes given are a whole number, from 0 to 1440.")
            )
        return problems

    @api.model
    def _read_id(self, model, value):
        """Return the record of ``model`` whose id is ``value``, if that is one."""
        return self.env[model].browse(value if type(value) is int else None).exists()

    def _do_move(self, name, target, given):
        """Write the move of one record, and all that follows from it."""
        vals = getattr(self, f"_prepare_{name}_vals")(given)
        self._write_flow({**vals, "state": target})
        if after := getattr(self, f"_after_{name}", None):
            after()
