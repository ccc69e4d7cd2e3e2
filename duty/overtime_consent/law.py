"""PURE What asks for the word of whoever works overtime, by the date on which they do."""

from __future__ import annotations

from datetime import date, datetime

from planning.time.points import LOCAL

_CODE_2019, _DECREE_145 = date(2021, 1, 1), date(2021, 2, 1)


def basis(at: datetime) -> str:
    """The act and article as people cite them; ``at`` aware. Vietnamese in every language: it is what is printed."""
    on = at.astimezone(LOCAL).date()
    if on < _CODE_2019:
        return "Điều 106 Bộ luật Lao động 2012"
    if on < _DECREE_145:
        return "Điều 107 Bộ luật Lao động 2019"
    return "Điều 107 Bộ luật Lao động 2019, Điều 59 Nghị định 145/2020/NĐ-CP (mẫu 01/PLIV)"
