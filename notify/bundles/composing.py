"""What a message says, as facts, for carriers with room for little: SMS, push, a voice, and letters that list
several.

The code that enqueues fills them; the words of several together come from ``compose``, set by the package that knows
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Words = tuple[str, str, str]
"""Subject, body, and the recipient's secret link to all of them."""
Composer = Callable[[str, Sequence[Mapping[str, Any]]], Words]
_composer: Composer | None = None


def set_composer(composer: Composer) -> None:
    """``composer(channel, facts of each)`` words one letter for several calls to one person. ``spoken`` beside the
    channels: a call at which no key can be pressed."""
    global _composer
    _composer = composer


def compose(channel: str, calls: Sequence[Mapping[str, Any]]) -> Words:
    """The words of one letter for several. Raises RuntimeError when nobody said how."""
    if _composer is None:
        raise RuntimeError("nobody words letters for several calls")
    return _composer(channel, calls)
