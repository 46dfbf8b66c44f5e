"""The committee's vote: from the ballots to an outcome and its reason (R19).

All arithmetic is on integers: a share of the base is never rounded in anyone's favour.
"""

from collections import Counter
from dataclasses import dataclass

from . import RuleError

CHOICES = ("accept", "reject", "abstain", "recused")
QUORUM_TYPES = ("number", "share")
MAJORITIES = ("simple", "two_thirds", "all")

# One person is not a committee, whatever the record says.
LEAST_NUMBER = 2


@dataclass(frozen=True)
class Ballot:
    """The place of one member in office.

    :ivar choice: one of :data:`CHOICES`; None if the member is absent or did not vote.
    :ivar is_chair: whether this member breaks a tie.
    :raise RuleError: ``unknown_choice``.
    """

    choice: str | None
    is_chair: bool = False

    def __post_init__(self):
        if self.choice is not None and self.choice not in CHOICES:
            raise RuleError("unknown_choice", choice=self.choice)


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
class Result:
    """The result of a vote, with the figures that explain it.

    :ivar outcome: "accepted", "rejected", or None for no decision.
    :ivar code: "majority", "casting_vote", "threshold_reached" or "threshold_missed"
        with an outcome; "no_quorum", "nothing_cast" or "tie_without_casting_vote"
        without.
    :ivar base: members in office who are not recused.
    :ivar present: members who accepted, rejected or abstained.
    :ivar needed: the smallest number of present members that makes a quorum.
    """

    outcome: str | None
    code: str
    base: int
    present: int
    needed: int
    accept: int
    reject: int
    abstain: int


def decide(ballots, rule: Rule) -> Result:
    """Return the outcome of a vote (R19).

    :param ballots: one :class:`Ballot` for each member in office, in any order.
    :raise RuleError: ``several_chairs``.
    """
    if sum(ballot.is_chair for ballot in ballots) > 1:
        raise RuleError("several_chairs")
    votes = Counter(ballot.choice for ballot in ballots)
    accept, reject, abstain = votes["accept"], votes["reject"], votes["abstain"]
    base = len(ballots) - votes["recused"]
    present = accept + reject + abstain
    needed = _needed(base, rule)
    if present < needed:
        outcome, code = None, "no_quorum"
    elif not accept + reject:
        outcome, code = None, "nothing_cast"
    elif rule.majority == "simple":
        outcome, code = _simple_majority(accept, reject, ballots)
    else:
        outcome, code = _threshold(accept, accept + reject, rule.majority)
    return Result(outcome, code, base, present, needed, accept, reject, abstain)


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
