"""What is added to the first letter that an address ever gets; the package that knows the words sets them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.db import db
from notify.models import Message

Words = Callable[[str], str]
_words: Words | None = None
CHANNEL = "email"
"""Others have no room: a registered wording, a spoken sentence."""


def set_words(words: Words) -> None:
    """``words(language)``: one paragraph, empty for none."""
    global _words
    _words = words


def added(channel: str, address: str, language: str) -> str:
    """The paragraph for a letter to ``address``; empty when one has gone there before."""
    if channel != CHANNEL or _words is None:
        return ""
    before = (Message.address == address, Message.channel == channel, Message.sent_at.is_not(None))
    if db.session.scalar(select(Message.id).where(*before).limit(1)) is not None:
        return ""
    return _words(language)
