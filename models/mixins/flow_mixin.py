from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html_escape

from ...rules import arabic, flow
from ...rules.evidence import says_nothing
from .refusal import Problem, refusal

DAY_MINUTES = 24 * 60
# Words in which somebody proves or explains a move: they have to say something.
EVIDENCE = frozenset(["answer", "evidence", "reason", "text", "waiver"])
# Values that ``action_*`` has already parsed into records and dates. All other values
# are text.
READ = frozenset(
    [
        "channel",
        "death_date",
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
    """A record with states: one table of moves, one checker, one writer.

    A model names its table of ``rules/*flow.py`` in :attr:`_transitions`. Its
    :meth:`_get_roles` returns the roles of the acting user on a record. Buttons and RPC
    call ``action_*`` methods, and each of these calls :meth:`_move`. The methods of a
    move are found by their names:

    - ``_guard_<guard>(given)``, for one record, returns the problems that prevent it;
    - ``_do_<move>(target, given)``, if there is one, writes what the move brings,
      before the state is written;
    - ``_log_move(move, target, given)`` leaves a note of it;
    - ``_after_<move>(target)``, if there is one, does the work that follows.

    The last three run as superuser, on all records that leave one state together.
    """

    _name = "beneficiary.flow.mixin"
    _description = "Record with a Life"

    _transitions = None

    # -- fields that only moves write --------------------------------------------------

    @api.model
    def _refuse_vals(self, names):
        """Raise unless ``names`` is empty.

        :param names: fields that are to be written, but that only moves may write
        """
        if names:
            labels = self.env["ir.model.fields"].sudo()  # labels only
            raise UserError(
                self.env._(
                    "These are written by the steps of the record alone: %(fields)s. "
                    "Use its buttons.",
                    fields=self._list_words(
                        labels._get(self._name, name).field_description
                        for name in sorted(names)
                    ),
                )
            )

    def _write_flow(self, vals):
        """Write flow fields, past the refusal of the record's ``write``.

        No other method writes them. The class that refuses these fields implements this
        method. So its own refusal is skipped, and classes that follow in the order of
        inheritance still see the write.
        """
        raise NotImplementedError

    # -- moves -------------------------------------------------------------------------

    def _move(self, name, **given):
        """Check the move called ``name`` on all records of ``self``, then do it on all.

        :param given: the values that the acting user gives, by name; a text that says
            nothing counts as none
        :raise AccessError: when the acting user has no such role on a record
        :raise UserError: with all that is missing, when a guard refuses
        """
        self.check_access("read")
        given = {
            key: "" if isinstance(value, str) and self._is_unsaid(key, value) else value
            for key, value in given.items()
        }
        for records in self._get_turns():
            targets = {record: record._check_move(name, given) for record in records}
            for target, moved in records.grouped(targets.get).items():
                # Rights are checked above, by role: the user may have no write access.
                moved.sudo()._do_move(target, given)
        return True

    @api.model
    def _is_unsaid(self, name, text):
        return says_nothing(text) if name in EVIDENCE else arabic.is_blank(text)

    def _get_turns(self):
        """Return the records in batches; each is checked after the one before it moved.

        All are one batch, unless a guard depends on what other records have consumed.
        """
        return [self]

    def _check_move(self, name, given):
        """Return the state that the move leads to, or raise if it is not allowed."""
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
        # As superuser: the user is told everything that is missing.
        self._refuse(self.sudo()._get_problems(move, given))
        return target

    def _find_moves(self, name):
        """Return the move called ``name`` with the state it leads to, if there is one.

        :return: a list of at most one pair (state, :class:`rules.flow.Move`)
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
            raise refusal("\n- ".join([heading, *problems]), problems)

    def _get_flow_name(self):
        # Applicants may not read every record that the display name is built from.
        return self.sudo().display_name

    def _get_problems(self, move, given):
        """Return everything that prevents ``move``, as translated sentences."""
        self.ensure_one()
        if problems := self._get_input_problems(given):
            return problems
        problems = []
        for guard in move.guards:
            problems += getattr(self, f"_guard_{guard}")(given)
        asked = {
            "evidence": self.env._("Write what was done in this step."),
            "reason": self.env._("Write the reason."),
        }
        problems += [
            Problem(asked[name], None, name)
            for name in move.asks
            if not (given.get(name) or "").strip()
        ]
        return problems

    @api.model
    def _get_input_problems(self, given):
        """Return problems of unusable values in ``given``: RPC may send anything."""
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
        """Return the record of ``model`` with the id ``value``, or an empty record."""
        return self.env[model].browse(value if type(value) is int else None).exists()

    def _do_move(self, target, given):
        """Write the move to the state ``target`` and its effects, without any check.

        The addon calls this itself for moves that nobody makes by hand. What a move of
        an applicant writes is read by the staff, in the language of the association.
        """
        if self and self.env.user.share:
            lang = self.sudo().company_id[:1]._get_beneficiary_lang()
            self = self.with_context(lang=lang)
        for state, records in self.grouped("state").items():
            move = self._transitions[state][target]
            if do := getattr(records, f"_do_{move.name}", None):
                do(target, given)
            records._write_flow({"state": target})
            records._log_move(move, target, given)
            if after := getattr(records, f"_after_{move.name}", None):
                after(target)

    def _log_move(self, move, target, given):
        """Leave a note of the move that was just made; by default there is none."""

    def _describe_move(self, target, reason):
        """Return the text of a note: the label of the state, and the reason if any."""
        body = html_escape(self._get_label("state", target))
        return body + Markup("<br/>") + html_escape(reason) if reason else body
