from odoo import api, models

from ...rules import flow


class RequestDefaults(models.Model):
    """What a form proposes: the last contact's values, and the step to take along."""

    _name = "beneficiary.request"
    _inherit = ["beneficiary.request", "beneficiary.known.mixin"]
    _known_fields = ("beneficiary_id",)

    @api.onchange("beneficiary_id")
    def _onchange_beneficiary_channel(self):
        """A request comes, as a rule, on the channel of the person's last contact."""
        if self.beneficiary_id and not self.channel_id:
            self.channel_id = self._get_usual_channel()

    def _get_typed_numbers(self):
        """The numbers of the chosen person: another file may be the right one."""
        file = self.beneficiary_id
        return [file.phone, file.phone2, file.identity_number]

    def _get_usual_place(self):
        """Return where the person was handed something last, or else the branch."""
        self.ensure_one()
        last = self.env["beneficiary.delivery"].search(
            [
                ("beneficiary_id", "=", self.beneficiary_id.id),
                ("place", "!=", False),
            ],
            order="id desc",
            limit=1,
        )
        return last.place or self.branch_id.name

    def _get_usual_channel(self):
        """Return the allowed channel of the person's last contact, or the request's.

        Channels that ask for more than a choice, such as a letter, are left out.
        """
        self.ensure_one()
        channels = (
            self._get_policy()
            ._get_desk_channels()
            .filtered(
                lambda channel: not (channel.requires_branch or channel.is_letter)
            )
        )
        last = self.env["beneficiary.interaction"].search(
            [
                ("beneficiary_id", "=", self.beneficiary_id._origin.id),
                ("channel_id", "in", channels.ids),
            ],
            limit=1,
        )
        return last.channel_id or (self.channel_id & channels)

    def _may_follow(self, name, following):
        """Whether the move ``following`` can be taken together with ``name``.

        Both must be open to the acting user, and nothing may be missing for either but
        what the user gives on the form.

        :param name: a move that can be made now, or ``notify``, which is none
        :param following: the move after it
        """
        self.ensure_one()
        is_notice = name == "notify"
        state, guards = self.state, set()
        for move_name in [following] if is_notice else [name, following]:
            found = flow.find_moves(self._transitions, state, move_name)
            if len(found) != 1:
                return False
            [(state, move)] = found
            if not move.roles & self._get_roles():
                return False
            guards |= {*move.guards}
        request = self.sudo()  # the answer reveals nothing about a vote
        return not any(
            getattr(request, f"_guard_{guard}")({})
            for guard in guards - ({"notice"} if is_notice else set())
        )
