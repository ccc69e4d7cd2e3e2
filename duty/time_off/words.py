"""What was asked and how it stands, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from core.i18n import d, weekday
from duty.time_off.models import DayRequest
from people.columns.absences import ABSENCE_NAMES
from roster.sources.columns import ANY


def what(row: DayRequest) -> str:
    """ "Nghỉ phép 28/01/2020 – 30/01/2020"."""
    if row.about == "absence":
        text = f"{ABSENCE_NAMES[row.what]} {days(row)}"
    else:
        wish = _("Xin trực") if row.what == "on" else _("Xin nghỉ")
        shift = "" if row.template == ANY else f", {row.template}"
        text = f"{wish} {days(row)}{shift}"
    return _("Rút: %(what)s", what=text) if row.is_withdrawal else text


def days(row: DayRequest) -> str:
    first = f"{weekday(row.from_on)} {d(row.from_on)}"
    return first if row.from_on == row.to_on else f"{d(row.from_on)} – {d(row.to_on)}"


def state(row: DayRequest) -> str:
    """Return how the request stands, in words."""
    match row.state, row.is_withdrawal, row.about:
        case "asked", True, _about:
            return _("đề nghị rút, chưa trả lời")
        case "asked", _withdrawal, _about:
            return _("chưa trả lời")
        case "returned", _withdrawal, _about:
            return _("được hỏi lại")
        case "refused", True, _about:
            return _("không rút được")
        case "refused", _withdrawal, "wish":
            return _("không xếp theo được")
        case "refused", _withdrawal, _about:
            return _("không chấp nhận")
        case "accepted", _withdrawal, "wish":
            return _("sẽ xếp theo")
        case "accepted", _withdrawal, _about:
            return _("đã chấp nhận")
        case _:
            return _("đã rút")


def told(rows: Iterable[DayRequest]) -> list[str]:
    """A line for each answer; of what was taken away again, by whom."""
    lines = []
    for row in rows:
        is_taken = row.state == "withdrawn" and not row.is_withdrawal
        why = row.reason or (row.answered_by if is_taken else "")
        why = f" ({why})" if why else ""
        lines.append(f"{what(row)}: {state(row)}{why}")
    return lines
