"""What a dossier tells, as blocks of a paper. No number of anybody stands in it, and nothing internal but its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from compliance.register import words
from compliance.register.models import Directive, Evidence, Requirement, RequirementPoint
from core.i18n import d, dt
from documents.paper import Block, Heading, LabelledFacts, Paragraph, TableColumn, TextRun, table
from incidents.sharing.rules import without_numbers
from people.models import Unit

SHORT_HASH = 16


def blocks(
    letter: Directive,
    unit: Unit,
    rows: Sequence[Requirement],
    said: Mapping[int, RequirementPoint],
    *,
    evidence: Iterable[Evidence],
    now: datetime,
) -> tuple[Block, ...]:
    proofs = list(evidence)
    told: list[Block] = [_head(letter, unit, now), _summary(rows, said)]
    for number, row in enumerate(rows, 1):
        told.append(Heading(f"{number}. {row.text}"))
        if row.excerpt:
            told.append(Paragraph((TextRun(f"“{row.excerpt}”", italic=True),)))
        told.append(_standing(row, said.get(row.id)))
        mine = [each for each in proofs if each.requirement_id == row.id]
        if mine:
            told.append(_evidence(row, mine))
    return tuple(told)


def _head(letter: Directive, unit: Unit, now: datetime) -> LabelledFacts:
    received = f"{d(letter.received_on)}, {letter.received_by}" if letter.received_on else _("chưa ghi")
    known = f"{dt(letter.acknowledged_at)}, {letter.acknowledged_by}" if letter.acknowledged_at else _("chưa")
    return LabelledFacts(
        (
            (_("Văn bản"), f"{letter.number}, {d(letter.dated_on)}, {letter.issuer}"),
            (_("Trích yếu"), letter.abstract),
            (_("Nhận"), received),
            (_("Báo nhận"), known),
            (_("Đơn vị"), f"{unit.name} ({unit.code})"),
            (_("Lập lúc"), dt(now)),
        )
    )


def _summary(rows: Sequence[Requirement], said: Mapping[int, RequirementPoint]) -> Block:
    counts = dict.fromkeys(words.states(), 0)
    for row in rows:
        counts[said[row.id].state if row.id in said else "todo"] += 1
    names = words.states()
    listed = ", ".join(f"{names[state]} {count}" for state, count in counts.items())
    return Paragraph((TextRun(_("Tổng số %(n)s yêu cầu: %(listed)s.", n=len(rows), listed=listed)),))


def _standing(row: Requirement, point: RequirementPoint | None) -> LabelledFacts:
    state = point.state if point else "todo"
    told = [(_("Tình trạng"), words.states()[state])]
    if row.due_on:
        told.append((_("Hạn"), d(row.due_on)))
    if point is None:
        return LabelledFacts(tuple(told))
    if point.changed_at:
        who = _("tự tính") if point.changed_by == "worker" else point.changed_by
        told.append((_("Báo"), f"{dt(point.changed_at)}, {who}"))
    if point.reason:
        told.append((_("Lý do"), without_numbers(point.reason)))
    if point.judged_at and point.numbers:
        found = words.finding(row.computed, point.numbers)
        told.append((words.source_name(row.computed), f"{found} ({dt(point.judged_at)})"))
    if why := words.why_reopened(point, row.computed):
        told.append((_("Mở lại"), without_numbers(why)))
    if point.remark:
        told.append((_("Ý kiến"), f"{without_numbers(point.remark)} ({point.remarked_by})"))
    if point.accepted_at:
        told.append((_("Chấp nhận"), f"{dt(point.accepted_at)}, {point.accepted_by}"))
    return LabelledFacts(tuple(told))


def _evidence(row: Requirement, evidence: Iterable[Evidence]) -> Block:
    columns = (
        TableColumn(_("Bằng chứng"), 3),
        TableColumn(_("Lúc, ai"), 2),
        TableColumn("SHA-256", 1.6),
        TableColumn(_("Ghi chú"), 2),
    )
    listed = [
        (_name(each), f"{dt(each.added_at)}, {each.added_by}", each.sha256[:SHORT_HASH], _note(each))
        for each in evidence
    ]
    return table(_("Bằng chứng: %(what)s", what=row.text), columns, listed, 10.0)


def _name(each: Evidence) -> str:
    if each.kind == "computed":
        return words.finding(each.name, each.numbers)
    shown = each.outside_name if each.internal else each.url or each.name
    return f"{words.kinds()[each.kind]}: {shown}"


def _note(each: Evidence) -> str:
    told = [] if each.internal else [without_numbers(each.note)]
    if each.accepted_at:
        told.append(_("chấp nhận %(time)s", time=dt(each.accepted_at)))
    if each.withdrawn_at:
        told.append(_("rút %(time)s: %(why)s", time=dt(each.withdrawn_at), why=without_numbers(each.withdrawn_why)))
    if each.internal:
        told.append(_("nội bộ"))
    return "; ".join(part for part in told if part)
