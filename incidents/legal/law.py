"""PURE where the steps come from: acts in force on a date. Sources for a warning, never a finding of lawfulness.

Texts as published in the codified postal law and in the decrees on penalties; what an enterprise must do in a case is
for it and the authority to say.
"""

from __future__ import annotations

from datetime import date, timedelta

from planning.rules.base import Norm

POSTAL_LAW = "Luật Bưu chính 49/2010/QH12"
IN_FORCE = date(2011, 1, 1)
DECREE_15 = date(2020, 4, 15)
DECREE_174 = date(2026, 7, 1)
_LAST_OF_15 = DECREE_174 - timedelta(days=1)


def _law(article: str) -> Norm:
    return Norm(f"{POSTAL_LAW}, {article}", since=IN_FORCE)


STEPS: dict[str, tuple[Norm, ...]] = {
    "suspend": (_law("Điều 14 khoản 1 điểm a"),),
    "seal": (_law("Điều 7 khoản 6"),),
    "leadership": (),
    "authority": (_law("Điều 14 khoản 1 điểm b"),),
    "record": (_law("Điều 14 khoản 4"),),
    "handover": (_law("Điều 14 khoản 3"),),
    "report": (),
}
"""Step → what asks for it; none: a custom of the trade, an order of the enterprise."""

PENALTIES: dict[str, tuple[Norm, ...]] = {
    "suspend": (
        Norm("Nghị định 15/2020/NĐ-CP", since=DECREE_15, until=_LAST_OF_15),
        Norm("Nghị định 174/2026/NĐ-CP, Điều 12", since=DECREE_174, value=20),
    ),
    "authority": (
        Norm("Nghị định 15/2020/NĐ-CP", since=DECREE_15, until=_LAST_OF_15),
        Norm("Nghị định 174/2026/NĐ-CP, Điều 12", since=DECREE_174, value=20),
    ),
    "record": (
        Norm("Nghị định 15/2020/NĐ-CP", since=DECREE_15, until=_LAST_OF_15),
        Norm("Nghị định 174/2026/NĐ-CP, Điều 12", since=DECREE_174, value=20),
    ),
    "seal": (Norm("Nghị định 174/2026/NĐ-CP, Điều 12", since=DECREE_174, value=30),),
}
"""Step → what its neglect may cost an organisation, in million đồng at most (``value``), where the text is known."""


def sources(step: str, on: date) -> list[str]:
    """The acts behind a step on a date."""
    return [norm.basis for norm in STEPS.get(step, ()) if norm.holds(on)]


def penalty(step: str, on: date) -> Norm | None:
    """The decree on penalties that a neglected step may fall under on a date."""
    return next((norm for norm in PENALTIES.get(step, ()) if norm.holds(on)), None)
