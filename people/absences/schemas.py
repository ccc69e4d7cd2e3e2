"""What an absence, or leaving, does to published shifts, as calls answer it."""

from __future__ import annotations

from core.api.call import ApiModel, When


class AffectedOut(ApiModel, title="AffectedOut"):
    shift: int
    seat: int
    unit: str
    duty: str
    starts_at: When
    ends_at: When
    covers: list[str]
    """Codes of who could take it alone without breaking a rule, best first; ten at most, of the sixty nearest."""
    searched: bool
    """False: none was looked for, or none of the nearest could: `GET /shifts/{shift}/covers?for=` judges everybody.
    They are looked for of the first five shifts, for those who may arrange them."""
