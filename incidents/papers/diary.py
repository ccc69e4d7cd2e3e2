"""The diary of a shift or a day, for the binder: as it was signed, and what was written since.

Whoever reads papers of the diary need not see every incident. What only few may see is left out of the paper, unless
whoever makes it may close incidents there: then it stands in it by its code, and those alone read it who may as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core import i18n
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from core.i18n import dm, dt, t
from documents.kinds import Content, DocumentOption, DocumentOptions, OptionChoice
from documents.paper import Block, Heading, Items, Party, Signatures, TableCell, TableColumn, paragraph, row, table
from incidents.diary import rows, services
from incidents.diary.models import DiarySheet
from incidents.diary.rows import DiaryRow, DiaryStep, Serving
from incidents.diary.services import Diary
from incidents.papers import about, wording
from incidents.record.models import Incident
from people.access import guard


def options(about: str, actor: Actor, now: datetime) -> tuple[DocumentOption, ...]:
    choices = OptionChoice("named", _("Văn bản có quốc hiệu")), OptionChoice("plain", _("Trang sổ nội bộ"))
    return (DocumentOption("form", _("Mẫu trình bày"), choices),)


@dataclass(frozen=True)
class _Told:
    """``restricted``: something in it is for those alone who may close incidents."""

    diary: Diary
    restricted: bool


def compose(asked: DocumentOptions) -> Content:
    unit, span = about.diary_of(asked.about, asked.actor, asked.now)
    if span.starts_at > asked.now:
        raise Conflict("papers.not_begun", state={"starts_at": span.starts_at.isoformat()})
    told = _discreet(services.read_diary(unit, span, actor=asked.actor, now=asked.now), asked)
    is_shift = bool(about.page_of(asked.about).shift)
    named = f"Ca trực{f': {span.template}' if span.template else ''}" if is_shift else "Cả ngày"
    days = " → ".join(i18n.lunar_long(each) for each in span.days)
    return Content(
        kind="Nhật ký trực",
        abstract=f"{unit.name}\n{named}, từ {dt(span.starts_at)} đến {dt(span.ends_at)}\n({days})",
        unit_id=unit.id,
        form="plain" if asked.options.get("form") == "plain" else "named",
        blocks=tuple(_blocks(told.diary)),
        needs=("incident.close",) if told.restricted else (),
        signed=False,
    )


def _discreet(found: Diary, asked: DocumentOptions) -> _Told:
    lines = [*found.pages.rows, *found.after]
    codes = {*(each.code for each in lines), *(each.code for each in found.pages.unfinished)} - {""}
    few = set(db.session.scalars(select(Incident.code).where(Incident.code.in_(codes), Incident.restricted)))
    if not few or guard.allowed(asked.actor, "incident.close", found.unit.id, now=asked.now):
        return _Told(found, bool(few))
    pages = rows.without(found.pages, few, {})
    return _Told(replace(found, pages=pages, after=[each for each in found.after if each.code not in few]), False)


def _blocks(diary: Diary) -> Iterator[Block]:
    sheet, pages = diary.sheet, diary.pages
    if diary.is_altered:
        yield paragraph("Nội dung dưới đây không còn khớp mã kiểm tra lúc ký.")
    yield Heading("1. Người trực")
    yield from _lines((_serving(each) for each in pages.serving), "Chưa ban hành lịch trực cho thời gian này.")
    yield Heading("2. Diễn biến")
    yield _table("Diễn biến trong ca", pages.rows, sheet) if pages.rows else paragraph("Trong ca không có sự cố.")
    yield Heading("3. Việc còn dở, bàn giao ca sau")
    left = (
        f"{each.code} · mức {each.severity} · {wording.without_phones(each.title)}"
        f"{f' · {each.unit}' if each.unit != diary.unit.name else ''}."
        for each in pages.unfinished
    )
    yield from _lines(left, "Không có.")
    if diary.after:
        yield Heading("4. Ghi sau khi ký")
        yield _table("Ghi sau khi ký", diary.after, sheet)
    yield _signatures(sheet)
    if sheet is not None:
        digest = wording.in_groups(sheet.content_hash)
        yield paragraph(f"Mã kiểm tra nội dung đã ký (SHA-256): {digest}", align="left", indent=False, italic=True)


def _lines(said: Iterable[str], nothing: str) -> Iterator[Block]:
    lines = tuple(said)
    yield Items(lines) if lines else paragraph(nothing)


def _serving(each: Serving) -> str:
    served = (
        f"{one.name}{f' ({one.position})' if one.position else ''}, {t(_at(one.starts_at))}–{t(_at(one.ends_at))}"
        for one in each.people
    )
    return f"{each.kind}: {'; '.join(served)}."


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _table(name: str, lines: Sequence[DiaryRow], sheet: DiarySheet | None) -> Block:
    columns = [TableColumn("Lúc", 0.11, "center"), TableColumn("Nội dung", 0.65), TableColumn("Người ghi", 0.24)]
    told = [
        row(f"{t(_at(each.at))}\n{dm(_at(each.at))}", TableCell(_words(each, sheet)), each.who or "Hệ thống")
        for each in lines
    ]
    return table(name, columns, told)


def _words(line: DiaryRow, sheet: DiarySheet | None) -> str:
    if not line.by_hand:
        return wording.without_phones(_course(line))
    corrects = f"Đính chính ghi chú số {line.corrects}: " if line.corrects else ""
    source = f" ({line.code})" if line.code else f" (ghi chú số {line.number})" if line.number else ""
    late = ""
    if sheet is not None and line.written_at and _at(line.written_at) > sheet.signed_at:
        late = f"; ghi {dt(_at(line.written_at))}, sau khi ký"
    return f"{corrects}{wording.without_phones(line.text)}{source}{late}"


def _course(line: DiaryRow) -> str:
    """Return what happened to one incident; a time is said once."""
    said, before = [], t(_at(line.at))
    for each in line.steps:
        at = t(_at(each.at))
        said.append(f"{f'{at} ' if at != before else ''}{_step(each, at)}")
        before = at
    course = f": {'; '.join(said)}." if said else ""
    return f"{line.code} · mức {line.severity} · {line.title}{course}"


def _step(step: DiaryStep, at: str) -> str:
    if not step.calls:
        return step.text
    until = t(_at(step.until or step.at))
    return f"gọi {step.calls} lần{f' đến {until}' if until != at else ''}"


def _signatures(sheet: DiarySheet | None) -> Signatures:
    left = f"Đã ký điện tử, {dt(sheet.signed_at)}" if sheet else wording.TO_SIGN
    came = f"Đã ký điện tử, {dt(sheet.received_at)}" if sheet and sheet.received_at else wording.TO_SIGN
    return Signatures(
        (
            Party("NGƯỜI GIAO CA", sheet.signed_by if sheet else "", left),
            Party("NGƯỜI NHẬN CA", sheet.received_by if sheet else "", came),
        )
    )
