"""What a committee may propose to grant, compared with what was asked for (R19)."""

# A proposal of more than this many times what was asked looks like a slip of the pen.
FAR = 2


def doubt(asked: float, proposed: float) -> str | None:
    """Return what is odd about a proposed amount; None if nothing is.

    :param asked: the amount requested; 0 if the request is not for money.
    :param proposed: the amount to vote on, not negative.
    :return: "nothing" if money was asked for and none is proposed: whoever is against
        it votes so; "far" if it is far beyond what was asked.
    """
    if asked and not proposed:
        return "nothing"
    if proposed > FAR * asked:
        return "far"
    return None
