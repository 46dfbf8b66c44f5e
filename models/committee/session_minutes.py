from lxml import html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html_escape

from ...rules import quorum, session_flow
from ..mixins.refusal import Problem

# The vote of overruled members, for each outcome.
OVERRULED = {"accepted": "reject", "rejected": "accept"}
HEADINGS = frozenset(["h1", "h2", "h3", "h4"])
ACTIVITY = "beneficiary_relations.mail_activity_type_minutes"


class SessionMinutes(models.Model):
    """The minutes: drafted when the session ends, edited, signed by present members.

    They are in the language of the user who ends the session, which is the
    committee's. They have the counts and the reasons of each decision, but never the
    votes of named members.
    """

    _inherit = "beneficiary.committee.session"
    _upload_fields = {"signed_paper": "signed_paper_name"}

    minutes = fields.Html(
        string="Minutes of the Session",
        copy=False,
        help="Changing them voids all signatures and removes the signed paper.",
    )
    minutes_lang = fields.Char(
        string="Language of the Minutes",
        readonly=True,
        copy=False,
        help="The language in which the minutes were drafted and are printed.",
    )
    signed_paper = fields.Binary(
        attachment=True,
        copy=False,
        help="The printed minutes with the signatures, scanned.",
    )
    signed_paper_name = fields.Char(string="Name of the Paper", copy=False)
    can_sign = fields.Boolean(compute="_compute_can_sign")

    @api.depends("state", "attendance_ids.status", "attendance_ids.signed_on")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        for session in self:
            session.can_sign = session.state == "minutes" and bool(
                session._get_unsigned().filtered(
                    lambda line: line.user_id == self.env.user
                )
            )

    def write(self, vals):
        if not {"minutes", "signed_paper"} & vals.keys():
            return super().write(vals)
        before = {session: session.minutes for session in self}
        result = super().write(vals)
        if edited := self.filtered(lambda line: line.minutes != before[line]):
            edited._void_signatures()
        self._ask_signatures()
        return result

    # -- actions -----------------------------------------------------------------------

    def action_draft_minutes(self):
        """Draft the minutes again from the records, and discard all edits."""
        self.check_access("read")
        for session in self:
            session._check_role(session_flow.KEEPERS)
            if session.state != "minutes":
                raise UserError(self.env._("Minutes are drafted when a session ends."))
            # As superuser: the chair or secretary may not read all votes.
            session.sudo()._draft_minutes()
        return True

    def action_sign(self, signature=None):
        """Sign the minutes as the acting member, who was present.

        :param signature: image of the signature, base64
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "minutes":
            raise UserError(self.env._("Minutes are signed between draft and closing."))
        line = self.attendance_ids.filtered(
            lambda line: line.user_id == self.env.user and line.status == "present"
        )
        if not line:
            raise AccessError(
                self.env._("Only members who were present sign the minutes.")
            )
        line.sudo()._sign(signature)  # users may not write lines directly
        return True

    def _get_unsigned(self):
        return self.attendance_ids.filtered(
            lambda line: line.status == "present" and not line.signed_on
        )

    def _ask_signatures(self):
        """Keep one activity for each member whose signature is still missing."""
        for session in self.sudo():  # any user may cause or sign a missing signature
            missing = session._get_missing_signatures().user_id
            activities = session.activity_search([ACTIVITY])
            asked = activities.user_id
            activities.filtered_domain([("user_id", "not in", missing.ids)]).unlink()
            new = (missing - asked).filtered(session._is_read_by)
            session._schedule_activities(
                ACTIVITY,
                [
                    (session, user, lambda env: env._("Sign the minutes"))
                    for user in new
                ],
            )
            session._tell_to_sign(new)

    def _get_missing_signatures(self):
        """Return the attendance lines whose signature is needed before closing.

        None is needed if the signed paper is attached.
        """
        unsigned = self._get_unsigned()
        waits = self.state == "minutes" and not self.signed_paper_name
        return unsigned if waits else unsigned.browse()

    def _guard_signatures(self, given):
        unsigned = self._get_missing_signatures()
        if not unsigned:
            return []
        return [
            Problem(
                self.env._(
                    "These have not signed yet: %(names)s. Ask them to sign, or attach "
                    "the signed paper.",
                    names=self._list_words(unsigned.user_id.sudo().mapped("name")),
                ),
                self,
                "signed_paper",
            )
        ]

    def _void_signatures(self):
        """Clear all signatures, because the signed contents have changed.

        The signed paper is removed too: it was printed before the change.
        """
        # As superuser: users who edit the minutes may not write the attendance list.
        sessions = self.sudo()
        lines = sessions.attendance_ids.filtered("signed_on")
        lines.write({"signature": False, "signed_on": False})
        papers = sessions.filtered("signed_paper_name")
        papers._write_flow({"signed_paper": False, "signed_paper_name": False})
        for session in lines.session_id | papers:
            session._message_log(
                body=self.env._("The minutes changed: they are to be signed again.")
            )

    # -- the paper ---------------------------------------------------------------------

    def _get_page_footer(self, begin):
        """Return what each page of the minutes says, with places for its number (R19).

        :param begin: the field with the begin of the session
        """
        self.ensure_one()
        return self.env._(
            "Minutes of session %(number)s, %(date)s – page {page} of {pages}",
            number=self.name,
            date=self._format_paper_day(self[begin]),
        )

    def _split_minutes(self):
        """Return the minutes without their end, and the end, with its headings (R19).

        The end is printed together with the signatures.
        """
        self.ensure_one()
        if not self.minutes:
            return Markup(), Markup()
        root = html.fragment_fromstring(str(self.minutes), create_parent="div")
        while len(root) == 1 and root[0].tag == "div":
            root = root[0]
        last = len(root) - 1
        while last > 0 and root[last - 1].tag in HEADINGS:
            last -= 1
        parts = [Markup(html.tostring(node, encoding="unicode")) for node in root]
        text = html_escape(root.text or "")  # before the first element
        empty = Markup("")
        return text + empty.join(parts[:last]), empty.join(parts[last:])

    # -- the draft ---------------------------------------------------------------------

    def _draft_minutes(self):
        """Write the minutes from the agenda and the decisions.

        The attendance is not part of this text. It is printed from the attendance list,
        which may still change after the text was drafted.
        """
        self.ensure_one()
        body = self.env["ir.qweb"]._render(
            "beneficiary_relations.session_minutes_draft",
            {"items": self._prepare_minutes_items()},
        )
        self._write_flow({"minutes": body, "minutes_lang": self.env.lang})

    def _prepare_minutes_items(self):
        """Return the values of each request for the minutes, in the agenda's order."""
        return [
            {
                "number": item.request_id.name,
                "service": item.service_id.name,
                "outcome": item._fields["outcome"].convert_to_export(
                    item.outcome, item
                ),
                "why": item._get_outcome_reason(),
                **(
                    self._prepare_minutes_decision(item)
                    if item.outcome not in (False, "settled_before")
                    else {}
                ),
            }
            for item in self.item_ids
        ]

    @api.model
    def _prepare_minutes_decision(self, item):
        decision = item.decision_id
        votes = decision.vote_ids
        overruled = OVERRULED.get(decision.outcome)
        is_decided = item.outcome == "decided"
        return {
            "recused": self._list_words(
                votes.filtered(lambda vote: vote.choice == "recused").user_id.mapped(
                    "name"
                )
            ),
            "decision": decision if is_decided else None,
            # The quorum is printed once, with the attendance.
            "counts": [
                decision._explain_outcome(),
                *decision._explain_ahead(item._count_ahead()),
            ]
            if is_decided
            else [],
            "granted": decision.amount_granted
            and decision.currency_id.format(decision.amount_granted),
            # Without names: see the docstring of :class:`CommitteeSession`.
            "dissent": votes.filtered(
                lambda vote: (
                    vote.choice == overruled
                    and vote.reason
                    and vote.place != quorum.AWAY
                )
            ).mapped("reason"),
        }
