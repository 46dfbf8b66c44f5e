from odoo import api, fields, models
from odoo.fields import Domain

from ...rules import file_flow, flow
from ...rules.flow import NEXT_STEP, NOTICE, PORTAL_NEWS

# The states of a file in which its person is alive.
ALIVE = file_flow.TRANSITIONS.keys() - {file_flow.DECEASED}


class RequestStop(models.Model):
    """What the state of the file means for its requests: they stop, and say why.

    A file that is suspended or closed stops what is raised, registered and handed
    over. Once the person has died, every step stops but the cancellation.
    """

    _inherit = "beneficiary.request"

    file_problem = fields.Char(
        string="Why It Does Not Go On",
        compute="_compute_file_problem",
        compute_sudo=True,
    )

    @api.depends("beneficiary_id.state", "state")
    def _compute_file_problem(self):
        for request in self:
            is_open = request.state not in flow.CLOSED
            problems = is_open and request.beneficiary_id._get_stop_problems()
            request.file_problem = " ".join(problems or [])

    @api.model
    def _get_living_domain(self):
        """Return the domain of requests whose person is alive, as far as we know."""
        return Domain(
            "beneficiary_id", "not any!", [("state", "=", file_flow.DECEASED)]
        )

    def _guard_file(self, given):
        return self.beneficiary_id._get_stop_problems()

    def _guard_alive(self, given):
        return self.beneficiary_id._get_stop_problems(ALIVE)

    def _guard_owed(self, given):
        """What was received before the death is still recorded as delivered."""
        return self._guard_alive(given) if self._get_undelivered_amount() else []

    @api.model
    def _stop_for_death(self, files):
        """Stop what was under way for these people, and tell who has to decide."""
        # Closed and cancelled ones too: their last notices may not have left yet.
        requests = self.sudo().search([("beneficiary_id", "in", files.ids)])
        requests.notice_ids._stop_for_death()
        requests.activity_unlink([NOTICE, PORTAL_NEWS, NEXT_STEP])
        held = requests.filtered(lambda request: request.state == "decided")
        held._tell_late(
            [
                (request, user)
                for request in held
                for user in request._get_manager_users()
            ],
            lambda env: env._(
                "The person died: the reply is held until the office decides"
            ),
        )

    @api.model
    def _go_on_after_death(self, files):
        """Go on with the requests of people who were recorded as dead by mistake."""
        requests = self.sudo().search([("beneficiary_id", "in", files.ids)])
        requests.notice_ids._go_on()
        requests.filtered(lambda request: request.state == "decided")._end_lateness()

    def _resume_after_move(self):
        """Go on with requests that continue in the file of a living person."""
        self._end_lateness()
        self._tell_office(
            NEXT_STEP,
            lambda env: env._("The request continues under another head: complete it"),
        )
