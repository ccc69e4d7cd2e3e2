"""What a voice reads: with keys, and for gateways that hear none, without."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

from core.i18n import dm, named, t, weekday
from duty.pending_actions.registry import PendingAction
from people import queries as people
from roster.models import Duty

READ = 3
"""Shifts that are read aloud; of more it says how many."""


def confirm(duties: Sequence[Duty]) -> tuple[str, str]:
    """(with keys, without)."""
    said = waiting(duties)
    keys = _("Bấm phím 1 để xác nhận. Bấm phím 2 nếu không trực được.")
    return f"{said} {keys}", _("%(said)s Đề nghị trả lời đơn vị.", said=said)


def waiting(duties: Sequence[Duty]) -> str:
    """The shifts of one person that wait for an answer."""
    person = duties[0].person
    count = ngettext(
        "Đồng chí %(name)s có %(num)s ca trực chờ xác nhận.",
        "Đồng chí %(name)s có %(num)s ca trực chờ xác nhận.",
        len(duties),
        name=person.full_name,
    )
    read = [count, *(_shift(duty) for duty in duties[:READ])]
    if len(duties) > READ:
        read.append(_("Và %(n)s ca nữa.", n=len(duties) - READ))
    return " ".join(read)


def ask(found: PendingAction) -> tuple[str, str]:
    """Return what is read of anything else that one key answers: (with keys, without)."""
    keys = _("Bấm phím 1 để %(does)s.", does=found.does)
    if found.refusable:
        keys += " " + _("Bấm phím 2 nếu không.")
    return f"{found.spoken} {keys}", _("%(said)s Đề nghị trả lời đơn vị.", said=found.spoken)


def _shift(duty: Duty) -> str:
    kinds = {each.code: named(each) for each in people.duty_kinds()}
    return _(
        "%(weekday)s %(day)s, từ %(start)s đến %(end)s, %(duty)s.",
        weekday=weekday(duty.starts_at),
        day=dm(duty.starts_at),
        start=t(duty.starts_at),
        end=t(duty.ends_at),
        duty=kinds.get(duty.duty, duty.duty),
    )
