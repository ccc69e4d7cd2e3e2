"""argon2id. An account that does not exist costs as much time as a wrong password."""

from __future__ import annotations

import argon2

from core import text

# OWASP's second choice: 19 MiB, so that 32 guesses at once do not fill the memory of a small server.
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of a forgotten random password, with the cost of the line above; written down so that no process starts by hashing.
_nobody = "$argon2id$v=19$m=19456,t=2,p=1$/FrZQFlhJSVWVPJUQVukJw$/s7kOS2Ze2T4RNTyrEVY1pTwGji/r6OzXcJ6f7tUCNM"


def hashed(password: str) -> str:
    return _hasher.hash(text.nfc(password))


def matches(stored: str | None, password: str) -> bool:
    """``stored=None`` (no such account, or no password yet) takes as long and answers False."""
    try:
        good = _hasher.verify(stored or _nobody, text.nfc(password))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return good and stored is not None
