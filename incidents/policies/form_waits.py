"""Waits as people write them: a number and a unit of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _, lazy_gettext as _l

from incidents.policies.drafts import LONGEST_WAIT

UNITS = {"s": _l("giây"), "m": _l("phút"), "h": _l("giờ")}
_SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST_NUMBER = 9


@dataclass
class Wait:
    """What stands in the two inputs ``name`` and ``name-unit``."""

    number: str = ""
    unit: str = "m"

    @classmethod
    def from_sent(cls, sent: Mapping[str, str], name: str) -> Wait:
        unit = sent.get(f"{name}-unit", "m")
        return cls(sent.get(name, "").strip(), unit if unit in UNITS else "m")

    @classmethod
    def from_seconds(cls, seconds: int | None) -> Wait:
        """Return it in the largest unit that needs no fraction."""
        if seconds is None:
            return cls()
        unit = next((each for each in ("h", "m") if seconds and seconds % _SECONDS[each] == 0), "s" if seconds else "m")
        return cls(str(seconds // _SECONDS[unit]), unit)

    def seconds(self, least: int) -> int:
        """Raises ``ValueError`` with a sentence that says what to write."""
        try:
            found = Fraction(self.number.replace(",", ".")[:LONGEST_NUMBER]) * _SECONDS[self.unit]
        except (ValueError, ZeroDivisionError):
            raise ValueError(_("“%(typed)s” không phải là số. Ghi bằng chữ số, ví dụ 5.", typed=self.number)) from None
        if not least <= found <= LONGEST_WAIT or len(self.number) > LONGEST_NUMBER:
            if least:
                raise ValueError(_("thời gian chờ từ 1 giây đến 7 ngày."))
            raise ValueError(_("thời gian chờ từ 0 giây đến 7 ngày."))
        if found.denominator != 1:
            raise ValueError(_("ghi tròn đến giây."))
        return int(found)
