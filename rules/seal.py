"""Digests of what was said, so that nobody can say later that it was something else.

A digest is taken over a canonical text and a random salt: equal data have different
digests, and a digest alone tells nothing about the person.
"""

import hashlib
import json
import secrets


def canonical(data) -> str:
    """Return ``data`` (of JSON's types and dates) as the one text that is digested."""
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
    """Return whether ``text`` is what was sealed."""
    return secrets.compare_digest(digest(text, salt), sealed)
