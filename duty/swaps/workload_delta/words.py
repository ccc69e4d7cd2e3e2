"""What somebody carries before and after, in words that one reads at the counter."""

from __future__ import annotations

from flask_babel import gettext as _

from core.i18n import dm, duration, points, span
from duty.swaps.workload_delta.window import Rest, WorkloadWindow


def facts(window: WorkloadWindow) -> list[str]:
    """A short sentence each; what stays as it is, is left out."""
    found = [
        _(
            "Tuần %(first)s–%(last)s: %(before)s → %(after)s",
            first=dm(week.first),
            last=dm(week.last),
            before=_hours(week.before),
            after=_hours(week.after),
        )
        for week in window.weeks
        if week.before != week.after
    ]
    found += [_rest(each) for each in window.rests]
    before, after = window.nights
    if before != after:
        found.append(_("Đêm liền nhau: %(before)s → %(after)s", before=before, after=after))
    was, now = window.points
    if was != now:
        found.append(_("Điểm trực cả đợt: %(before)s → %(after)s", before=points(was), after=points(now)))
    return found or [_("Giờ trực, nghỉ và điểm như cũ")]


def _rest(rest: Rest) -> str:
    when = span(rest.turn.start, rest.turn.end)
    if rest.before is None and rest.after is None:
        return _("Ca %(when)s: bảy ngày trước và sau không có ca nào", when=when)
    if rest.before is None:
        return _("Ca %(when)s: nghỉ sau ca %(after)s", when=when, after=_hours(rest.after or 0))
    if rest.after is None:
        return _("Ca %(when)s: nghỉ trước ca %(before)s", when=when, before=_hours(rest.before))
    return _(
        "Ca %(when)s: nghỉ trước ca %(before)s, sau ca %(after)s",
        when=when,
        before=_hours(rest.before),
        after=_hours(rest.after),
    )


def _hours(minutes: int) -> str:
    return duration(minutes * 60) if minutes else _("0 giờ")
