"""Passwords are judged once a process: each sign-in has its password judged anew, a quarter of what it costs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from people.accounts import password_strength

_judged = password_strength._judged


@lru_cache(maxsize=1000)
def _once(password: str, hints: tuple[str, ...]) -> dict[str, Any]:
    return _judged(password, list(hints))


def judge_once() -> None:
    """From now on, in this process; whoever is answered only reads."""
    password_strength._judged = lambda password, hints: _once(password, tuple(hints))
