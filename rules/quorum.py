"""The committee's vote: from the ballots to an outcome and its reason (R19).

All arithmetic is on integers: a share of the base is never rounded in anyone's favour.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from . import RuleError

CAST = ("accept", "reject", "abstain")
CHOICES = (*CAST, "recused")
# Where members are when the votes are counted: in the session, absent from it but with
# a vote that was given ahead and counts, or away.
PRESENT, AHEAD, AWAY = "present", "ahead", "away"
QUORUM_TYPES = ("number", "share")
MAJORITIES = ("simple", "two_thirds", "all")

# One person is not a committee, whatever the record says.
LEAST_NUMBER = 2


@dataclass(frozen=True)
class Ballot:
    """The place of one member in office.

    :ivar choice: one of :data:`CHOICES`; None if the member did not vote.
    :ivar is_chair: whether this member breaks a tie.
    :ivar is_present: whether the member sits in the session that decides; None if the
        committee decides without one.
    :ivar is_substitute: whether the member was called in place of others.
    :raise RuleError: ``unknown_choice``.
    """

    choice: str | None
    is_chair: bool = False
    is_present: bool | None = None
    is_substitute: bool = False

    def __post_init__(self):
        if self.choice is not None and self.choice not in CHOICES:
            raise RuleError("unknown_choice", choice=self.choice)

    def get_place(self, counts_ahead: bool = False) -> str:
        """Return :data:`PRESENT`, :data:`AHEAD` or :data:`AWAY`.

        :param counts_ahead: whether a vote of a member who is absent counts
        """
        if self.is_present is not False:
            return PRESENT
        return AHEAD if counts_ahead and self.choice in CAST else AWAY


@dataclass(frozen=True)
class Rule:
    """The rule for the presence and the votes that a decision needs.

    :ivar quorum_type: one of :data:`QUORUM_TYPES`.
    :ivar quorum: present members, or percent (1 to 100) of the base.
    :ivar majority: one of :data:`MAJORITIES`.
    :raise RuleError: ``quorum_type``, ``quorum_share`` or ``majority``, naming the
        value that makes no sense.
    """

    quorum_type: str
    quorum: int
    majority: str

    def __post_init__(self):
        if self.quorum_type not in QUORUM_TYPES:
            raise RuleError("quorum_type", quorum_type=self.quorum_type)
        if self.quorum_type == "share" and not 1 <= self.quorum <= 100:
            raise RuleError("quorum_share", quorum=self.quorum)
        if self.majority not in MAJORITIES:
            raise RuleError("majority", majority=self.majority)


@dataclass(frozen=True)
class Roll:
    """The presence in a session.

    :ivar base: members in office, recused or not, without substitutes.
    :ivar present: those who are present, or whose vote given ahead counts.
    :ivar needed: the smallest number of them that makes a quorum.
    """

    base: int
    present: int
    needed: int

    @property
    def has_quorum(self) -> bool:
        return self.present >= self.needed


@dataclass(frozen=True)
class Result:
    """The result of a vote, with the figures that explain it.

    :ivar outcome: "accepted", "rejected", or None for no decision.
    :ivar code: "majority", "casting_vote", "threshold_reached" or "threshold_missed"
        with an outcome; "no_session_quorum", "no_quorum", "nothing_cast" or
        "tie_without_casting_vote" without. With "no_session_quorum" the figures are
        those of the :class:`Roll`.
    :ivar base: members in office who are not recused.
    :ivar present: members whose vote counts: they accepted, rejected or abstained.
    :ivar needed: the smallest number of them that makes a quorum.
    :ivar ahead: how many of them are not in the session and voted ahead of it.
    """

    outcome: str | None
    code: str
    base: int
    present: int
    needed: int
    accept: int
    reject: int
    abstain: int
    ahead: int = 0


def call_roll(
    ballots: Iterable[Ballot], rule: Rule, counts_ahead: bool = False
) -> Roll:
    """Return the presence in a session: of all in it, or for one of its studies (R19).

    Members who are recused from a study are part of the session all the same. A
    substitute fills the place of another member.

    :param ballots: one for each member who was called.
    :param counts_ahead: as :meth:`Ballot.get_place` takes it.
    """
    ballots = list(ballots)
    base = sum(not ballot.is_substitute for ballot in ballots)
    present = sum(ballot.get_place(counts_ahead) != AWAY for ballot in ballots)
    return Roll(base, min(base, present), _needed(base, rule))


def decide(ballots: Iterable[Ballot], rule: Rule, counts_ahead: bool = False) -> Result:
    """Return the outcome of a vote (R19).

    In a session those decide who are present in it. First the session itself needs a
    quorum, then the votes that count, of members who are not recused.

    :param ballots: one :class:`Ballot` for each member in office, in any order.
    :param counts_ahead: whether votes count that were given ahead of the session.
    :raise RuleError: ``several_chairs``.
    """
    ballots = list(ballots)
    if sum(ballot.is_chair for ballot in ballots) > 1:
        raise RuleError("several_chairs")
    counted = [ballot for ballot in ballots if ballot.get_place(counts_ahead) != AWAY]
    votes = Counter(ballot.choice for ballot in counted)
    accept, reject, abstain = votes["accept"], votes["reject"], votes["abstain"]
    roll = call_roll(ballots, rule, counts_ahead)
    base = sum(ballot.choice != "recused" for ballot in ballots)
    present = accept + reject + abstain
    needed = _needed(base, rule)
    if _is_in_session(ballots) and not roll.has_quorum:
        outcome, code = None, "no_session_quorum"
        base, present, needed = roll.base, roll.present, roll.needed
    elif present < needed:
        outcome, code = None, "no_quorum"
    elif not accept + reject:
        outcome, code = None, "nothing_cast"
    elif rule.majority == "simple":
        outcome, code = _simple_majority(accept, reject, counted)
    else:
        outcome, code = _threshold(accept, accept + reject, rule.majority)
    ahead = sum(ballot.get_place(counts_ahead) == AHEAD for ballot in counted)
    return Result(outcome, code, base, present, needed, accept, reject, abstain, ahead)


def substitutes(members: int, recused: int, rule: Rule) -> int:
    """Return how many substitutes a study calls (R19).

    Substitutes fill the gap between the remaining members and the quorum of the whole
    committee, so that recusals do not leave a study to one or two members.

    :param members: members in office, recused or not, without substitutes.
    :param recused: the number of these members who have an interest.
    """
    return max(0, _needed(members, rule) - (members - recused))


def missing(base: int, rule: Rule) -> int:
    """Return how many members a study lacks to make a quorum possible (R19).

    :param base: members and called substitutes who are not recused.
    """
    return max(0, _needed(base, rule) - base)


def _is_in_session(ballots):
    return any(ballot.is_present is not None for ballot in ballots)


def _needed(base, rule):
    """Return how many members must be present: at least two, whatever the rule."""
    if rule.quorum_type == "number":
        return max(LEAST_NUMBER, rule.quorum)
    share_rounded_up = -(-base * rule.quorum // 100)
    return max(LEAST_NUMBER, share_rounded_up)


def _simple_majority(accept, reject, ballots):
    """Return outcome and code; in a tie the chair's own vote decides, if cast."""
    if accept != reject:
        return ("accepted" if accept > reject else "rejected"), "majority"
    chair = next((ballot.choice for ballot in ballots if ballot.is_chair), None)
    if chair == "accept":
        return "accepted", "casting_vote"
    if chair == "reject":
        return "rejected", "casting_vote"
    return None, "tie_without_casting_vote"


def _threshold(accept, cast, majority):
    """Return outcome and code; a threshold that is not reached rejects."""
    reached = accept == cast if majority == "all" else 3 * accept >= 2 * cast
    if reached:
        return "accepted", "threshold_reached"
    return "rejected", "threshold_missed"
