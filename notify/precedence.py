"""PURE what leaves first when not everything can leave at once. Within a rank whatever has been due the longest."""

from __future__ import annotations

OPENING = 0
"""A call about something that nobody has been called for yet."""
FIRST = 1
"""The first call to this person about it."""
AGAIN = 2
"""This person was called about it before and has not answered."""
NOTICE = 3
"""Whatever is not urgent."""
ENDING = 4
"""How something ended that people were called for: behind all that still asks somebody, and gathered: one message to a
person (``notify.bundles.gathering``)."""
