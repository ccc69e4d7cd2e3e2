"""Points in what everybody knows: nights on duty, and seats that nobody takes."""

from __future__ import annotations

from flask_babel import gettext as _, ngettext

from core.i18n import points, written
from planning.rules import RULE_OF

NIGHT = 1000
"""Hundredths of a point that an ordinary night shift is worth, about. With the rule of fairness as it comes, a night
given to somebody who carries one night more than another costs the roster as much."""
SEAT = RULE_OF["coverage.headcount"].weight
"""Hundredths of a point that an empty seat costs: more than all wishes together."""


def nights(hundredths: int | float) -> str:
    """Return what so many hundredths of a point weigh: "hơn một ca đêm"; from the price of a seat on, seats."""
    value = abs(hundredths)
    if value >= SEAT / 2:
        seats = max(1, round(value / SEAT))
        return ngettext("một lượt trực để trống", "%(num)s lượt trực để trống", seats)
    if value < 0.9 * NIGHT:
        return _("chưa tới một ca đêm")
    if value <= 1.2 * NIGHT:
        return _("chừng một ca đêm")
    if value < 1.8 * NIGHT:
        return _("hơn một ca đêm")
    return _("chừng %(nights)s ca đêm", nights=written(f"{value / NIGHT:,.0f}"))


def told(hundredths: int | float) -> str:
    """Points and what they weigh: "12,5 điểm (hơn một ca đêm)"; nothing weighs nothing."""
    if not hundredths:
        return _("0 điểm")
    return _("%(points)s điểm (%(nights)s)", points=points(hundredths), nights=nights(hundredths))


def left(hundredths: int | None) -> str:
    """How much a roster may still gain at most; ``None``: nothing is proven."""
    if hundredths is None:
        return _("chưa biết")
    return nights(hundredths) if hundredths > 0 else _("không còn gì")
