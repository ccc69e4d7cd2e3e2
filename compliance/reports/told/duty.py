"""Công tác trực: shifts of each kind as published, and whether they had their people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compliance.reports.told.parts import Figure, ReportPart, ReportScope, listed
from core.db import batched, db
from people import queries as people
from people.models import DutyKind
from roster.by_unit import queries as by_unit
from roster.by_unit.queries import Needed
from roster.models import Duty
from roster.presence import queries as presence

NOT_THERE = ("missing", "silent")


def duty(ground: ReportScope) -> ReportPart:
    """Tell of duty by the roster as it stands now; the four kinds of the letter first, as they are ordered."""
    shifts = by_unit.on_days(ground.units, ground.since, ground.until)
    if not shifts:
        return ReportPart(("Không có lịch trực đã ban hành cho thời gian này.",))
    kinds = [kind for kind in people.duty_kinds() if kind.obligatory or any(each.duty == kind.code for each in shifts)]
    parts = [_kind_figures(kind, [each for each in shifts if each.duty == kind.code]) for kind in kinds]
    short = sorted({each.unit_id for each in shifts if each.held < each.needed})
    units = listed("duty.units_short", "Đơn vị có ca thiếu người", "unit", short)
    came = _came(shifts, ground)
    return ReportPart(
        (*(line for line, _figures in parts), *came.lines),
        (*(figure for _line, figures in parts for figure in figures), units, *came.figures),
    )


def _kind_figures(kind: DutyKind, shifts: Sequence[Needed]) -> tuple[str, tuple[Figure, ...]]:
    if not shifts:
        return f"{kind.name_vi}: không có ca trong lịch đã ban hành.", ()
    short = [each.id for each in shifts if each.held < each.needed]
    figures = (
        listed(f"duty.{kind.code}.shifts", f"{kind.name_vi}: số ca", "shift", [each.id for each in shifts]),
        listed(f"duty.{kind.code}.short", f"{kind.name_vi}: ca thiếu người", "shift", short),
    )
    said = f"{len(short)} ca thiếu người" if short else "đủ người"
    return f"{kind.name_vi}: {len(shifts)} ca, {said}.", figures


def _came(shifts: Sequence[Needed], ground: ReportScope) -> ReportPart:
    """Where people say that they have come: shifts that have begun and at which nobody was seen."""
    if not presence.asking():
        return ReportPart(())
    begun = [each.id for each in shifts if each.starts_at <= ground.now]
    held = [
        duty
        for some in batched(begun)
        for duty in db.session.scalars(select(Duty).where(Duty.shift_id.in_(some), Duty.cancelled_at.is_(None)))
    ]
    asked = [line for line in presence.lines_of(held, now=ground.now) if line.asked is not None]
    if not asked:
        return ReportPart(())
    away = sorted({line.duty.shift_id for line in asked if line.state in NOT_THERE})
    figure = listed("duty.not_seen", "Ca chưa ghi nhận người có mặt", "shift", away)
    said = f"{len(away)} ca chưa ghi nhận người có mặt" if away else "các ca đều ghi nhận người có mặt hoặc sẵn sàng"
    return ReportPart((f"Điểm danh: {said}.",), (figure,))
