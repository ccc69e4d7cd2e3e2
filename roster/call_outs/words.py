"""Words about call-outs: when somebody who serves at home worked, and how much rest is left. A warning, no verdict."""

from __future__ import annotations

from flask_babel import gettext as _

from core.i18n import dm, dt, duration, span, t
from roster.call_outs.called import CallOutSpan
from roster.call_outs.queries import SHOWN_FOR, CalledRest

DAYS = SHOWN_FOR.days


def sentence(called: CalledRest) -> str:
    """Tell those who plan of somebody's call-out."""
    out, name = called.out, called.person.full_name
    if out.running:
        said = _("%(person)s bị gọi từ %(since)s khi trực ở nhà, chưa xong", person=name, since=dt(out.starts_at))
    else:
        said = _("%(person)s bị gọi %(span)s khi trực ở nhà", person=name, span=span(out.starts_at, out.ends_at))
    return _followed(said, out)


def own(called: CalledRest) -> str:
    """Tell somebody of their own call-out."""
    out = called.out
    if out.running:
        said = _("Đồng chí bị gọi từ %(since)s khi trực ở nhà, chưa xong", since=dt(out.starts_at))
    else:
        said = _("Đồng chí bị gọi %(span)s khi trực ở nhà", span=span(out.starts_at, out.ends_at))
    return _followed(said, out)


def _followed(said: str, out: CallOutSpan) -> str:
    if out.following is None or out.rest is None:
        return said
    starts_at = out.following.starts_at
    at = t(starts_at) if dm(starts_at) == dm(out.ends_at) else dt(starts_at)
    rest = duration(60 * out.rest)
    if out.running:
        rest = _("nhiều nhất %(time)s", time=rest)
    if out.following.shift_id is None:
        return _("%(said)s; giờ làm việc tiếp theo %(at)s: nghỉ %(rest)s", said=said, at=at, rest=rest)
    return _("%(said)s; ca tại chỗ tiếp theo %(at)s: nghỉ %(rest)s", said=said, at=at, rest=rest)


def asked(called: CalledRest) -> str:
    """How much rest the rules ask, where less is left; else nothing."""
    if not called.is_short or called.required is None:
        return ""
    return _("quy tắc đang áp dụng cần %(time)s", time=duration(60 * called.required))
