"""Codes of refusals where people of a shift are named instead of seats: the old ones, beside those that remain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Conflict
from roster.draft import services as drafts
from roster.draft.editor import seated_codes

OLD_CODES = {"seats.break_rules": "shift.breaks_rules", "seats.past": "shift.past"}


@contextmanager
def old_codes(shift_id: int) -> Iterator[None]:
    """Raise conflicts of seats by the code that clients of this call know, with ``people`` on the shift as it is; the
    code that remains once the old one goes is ``new_code``."""
    try:
        yield
    except Conflict as error:
        old = OLD_CODES.get(error.code)
        if old is None:
            raise
        on = seated_codes(drafts.get_shift(shift_id))
        state = {**error.state, "people": list(on), "new_code": error.code}
        raise Conflict(old, state=state, **error.params) from error
