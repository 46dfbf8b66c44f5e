"""Digests of final records, and the chain that shows that nothing was changed since.

A digest is computed from a canonical text and a random salt. So equal data have
different digests, and a digest alone reveals nothing about the person.

The digests of an association are links of a chain. Each link has a hash over the hash
before it, its position, the sealed record's identity and the digest. To change, remove,
add or exchange a link breaks the hash of every link that follows. The payload (text and
salt) is kept beside the chain, and may be erased by duty without breaking the chain.

A chain alone cannot show two things: that links were cut off at its *end*, and that
somebody with full access to the database wrote the whole chain anew. A record outside
the database helps against both: the number of links and the last hash, written on paper
or in the minutes of an audit. If a chain still has that hash, all links up to there are
the same as on that day.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

# The first link has this in place of a previous hash.
GENESIS = "0" * 64

INTACT, ERASED, TAMPERED = "intact", "erased", "tampered"


def canonical(data) -> str:
    """Return ``data`` (JSON types and dates) as the one text that is digested."""
    return json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def new_salt() -> str:
    """Return a random salt of 128 bits, as hexadecimal digits."""
    return secrets.token_hex(16)


def digest(text: str, salt: str) -> str:
    """Return the SHA-256 of a salt and a text, as hexadecimal digits."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def is_intact(text: str, salt: str, sealed: str) -> bool:
    """Return whether ``text`` is the text that was sealed."""
    return secrets.compare_digest(digest(text, salt), sealed)


@dataclass(frozen=True)
class Link:
    """One link of a chain, as it is stored.

    :ivar position: 1 for the first link of the chain; positions have no gaps
    :ivar res_model: name of the model of the sealed record
    :ivar res_id: identifier of the sealed record
    :ivar sealed_on: time of sealing, in UTC, as text
    :ivar digest: digest of the payload
    :ivar previous_hash: hash of the link before, :data:`GENESIS` for the first
    :ivar hash: hash over all of these
    """

    position: int
    res_model: str
    res_id: int
    sealed_on: str
    digest: str
    previous_hash: str
    hash: str = ""

    @classmethod
    def make(cls, **parts) -> "Link":
        """Return a link made of ``parts``, with its hash."""
        link = cls(**parts)
        return replace(link, hash=link.get_hash())

    def get_hash(self) -> str:
        """Return the hash that this link must have."""
        parts = (
            self.previous_hash,
            self.position,
            self.res_model,
            self.res_id,
            self.sealed_on,
            self.digest,
        )
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Evidence:
    """The data to compare a link with.

    :ivar text: the canonical text of the payload; None if it is gone
    :ivar salt: the salt of the payload; None if it is gone
    :ivar erased: whether the payload was erased by duty
    :ivar present: the present values of the record; None if the record is gone, or
        names another link or none as its seal
    """

    text: str | None = None
    salt: str | None = None
    erased: bool = False
    present: dict | None = None


@dataclass(frozen=True)
class Fault:
    """A link that does not fit.

    :ivar problem: the problem, a code of :func:`verify`
    :ivar link: the link
    :ivar names: names of the values that differ from the sealed ones
    """

    problem: str
    link: Link
    names: tuple = ()


@dataclass(frozen=True)
class Verdict:
    """The result of verifying a chain.

    :ivar code: :data:`INTACT`, :data:`ERASED` (intact, and payloads of some links
        were erased by duty) or :data:`TAMPERED`
    :ivar count: links that fit, from the first on
    :ivar erased_count: how many of these were erased by duty
    :ivar first: the first link of the chain
    :ivar last: the last link that fits
    :ivar problem: the problem, a code of :func:`verify`
    :ivar link: the first link that does not fit
    :ivar names: names of the values that differ from the sealed ones
    :ivar faults: all links that do not fit, in the order of the chain
    """

    code: str
    count: int = 0
    erased_count: int = 0
    first: Link | None = None
    last: Link | None = None
    problem: str | None = None
    link: Link | None = None
    names: tuple = ()
    faults: tuple = ()


def verify(
    chain: Iterable[tuple[Link, Evidence]], known_hash: str | None = None
) -> Verdict:
    """Walk along ``chain`` to its end, and collect every link that does not fit.

    Each link is compared with the one before it as that one is, so a broken link says
    nothing about those that follow. This needs only the memory for one link and for
    the faults, whatever the length of the chain.

    :param chain: links in the order of their positions, each with its evidence
    :param known_hash: a hash of this chain that was written down earlier
    :return: tampered with one of these problems: ``position`` (links are missing or
        exchanged), ``previous`` (does not follow the link before), ``hash`` (the link
        was changed), ``payload_missing``, ``payload`` (the payload was changed),
        ``record_missing``, ``record`` (the record was changed), ``known_hash`` (no link
        has the known hash: the end was cut off, or the chain was written anew)
    """
    count = erased_count = 0
    first = last = before = None
    faults = []
    is_known = not known_hash
    for link, evidence in chain:
        problem = _get_link_problem(link, before)
        names = ()
        if not problem and not evidence.erased:
            problem, names = _get_evidence_problem(link, evidence)
        before = link
        is_known = is_known or link.hash == known_hash
        if problem:
            faults.append(Fault(problem, link, names))
        if not faults:
            first, last = first or link, link
            count += 1
            erased_count += evidence.erased
    if faults:
        problem, link, names = faults[0].problem, faults[0].link, faults[0].names
    elif not is_known:
        problem, link, names = "known_hash", None, ()
    else:
        problem = None
    if problem:
        return Verdict(
            TAMPERED,
            count,
            erased_count,
            first,
            last,
            problem,
            link,
            names,
            tuple(faults),
        )
    code = ERASED if erased_count else INTACT
    return Verdict(code, count, erased_count, first, last)


def _get_link_problem(link, last):
    """Return the problem in the arithmetic of ``link``, which follows ``last``."""
    if link.position != (last.position if last else 0) + 1:
        return "position"
    # If only the hash of the link before was changed, this one is as it was.
    if link.previous_hash not in ((last.hash, last.get_hash()) if last else (GENESIS,)):
        return "previous"
    if link.hash != link.get_hash():
        return "hash"
    return None


def _get_evidence_problem(link, evidence):
    """Return the problem of the payload or record of ``link``, and value names."""
    if evidence.text is None or evidence.salt is None:
        return "payload_missing", ()
    if not is_intact(evidence.text, evidence.salt, link.digest):
        return "payload", ()
    if evidence.present is None:
        return "record_missing", ()
    names = get_differences(evidence.text, evidence.present)
    return ("record", names) if names else (None, ())


def get_differences(text: str, present: dict) -> tuple:
    """Return the names of the values that differ from the sealed ones.

    A present value that was not sealed is not compared. So names may be added to a
    model without voiding its earlier seals.

    :param text: the canonical text of the payload
    :param present: the present values of the record
    """
    present = json.loads(canonical(present))
    return tuple(
        name
        for name, value in json.loads(text).items()
        if name not in present or not _holds(present[name], value)
    )


def _holds(present, sealed) -> bool:
    """Return whether ``present`` still contains every value of ``sealed``."""
    if isinstance(sealed, dict) and isinstance(present, dict):
        return all(
            name in present and _holds(present[name], value)
            for name, value in sealed.items()
        )
    if isinstance(sealed, list) and isinstance(present, list):
        return len(present) == len(sealed) and all(map(_holds, present, sealed))
    return present == sealed
