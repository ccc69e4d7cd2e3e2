"""What somebody made that ends with their account, and who could take it over: a package above knows, and says so to
whoever closes the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from people.accounts import queries as accounts
from people.models import User

Speaker = Callable[[User, datetime], str]
"""One sentence, or "" when nothing of theirs is open."""
_speakers: list[Speaker] = []


def ask(speaker: Speaker) -> None:
    """``speaker(user, now)`` says what of theirs opens no more, and where it is taken over; registering twice does no
    harm."""
    if speaker not in _speakers:
        _speakers.append(speaker)


def describe_leftovers(user: User, *, now: datetime) -> str:
    """All of it, after the account was closed."""
    return " ".join(said for said in (speaker(user, now) for speaker in _speakers) if said)


def describe_for_person(person_id: int, *, now: datetime) -> str:
    """The same of the account of somebody who has left."""
    user = accounts.user_of_person(person_id)
    return describe_leftovers(user, now=now) if user is not None and not user.active else ""
