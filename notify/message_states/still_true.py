"""Whether what a held message says is still so. Nothing held is let go before it was asked here.

Notify reads no topic: whoever writes under one says what has become of it. What nobody speaks for is taken for true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from core.clock import local_date
from notify.models import Message

Reason = Literal["over", "past", "outdated"]
"""Why it is not: the thing is done; its time has passed; something newer was written."""
Judge = Callable[[Sequence[Message], datetime], Mapping[int, Reason]]
"""Of messages under one word: message id → why it is true no more."""
_judges: dict[str, Judge] = {}
_OF_A_DAY = re.compile(r"/(\d{4}-\d{2}-\d{2})$")
"""Topics of what is said once a day, and worth nothing on the next."""


def speak_for(word: str, judge: Judge) -> None:
    """Ask ``judge`` about topics that begin with ``word``, before the first slash; registering again replaces it."""
    _judges[word] = judge


def untrue(messages: Sequence[Message], *, now: datetime) -> dict[int, Reason]:
    """Return message id → why it must not be sent any more; without those that may be."""
    found: dict[int, Reason] = {}
    by_word = defaultdict[str, list[Message]](list)
    for message in messages:
        if _is_past(message, now):
            found[message.id] = "past"
        else:
            by_word[message.topic.partition("/")[0]].append(message)
    for word, some in by_word.items():
        if word in _judges:
            found |= _judges[word](some, now)
    return found


def _is_past(message: Message, now: datetime) -> bool:
    day = _OF_A_DAY.search(message.topic)
    if day is not None and date.fromisoformat(day[1]) < local_date(now):
        return True
    return message.good_until is not None and message.good_until <= now
