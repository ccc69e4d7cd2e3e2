"""Reports as official documents: what approved ones say on paper. Numbers, files and signatures are documents' own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from compliance.reports import queries, services
from compliance.reports.models import Report
from compliance.reports.told.general import day_named
from core.actor import Actor
from core.db import db
from core.errors import Conflict, NotFound
from core.i18n import d
from documents.kinds import Content, DocumentKind, DocumentOptions, SubjectSort
from documents.paper import Block, Heading, TableColumn, paragraph, table
from people.access import guard

WORD = "report"
LARGEST = 2_147_483_647
COLUMNS = (TableColumn("Nội dung", 4), TableColumn("Kỳ này", 1, "center"), TableColumn("Tết trước", 1, "center"))


def compose(asked: DocumentOptions) -> Content:
    """Raises ``Conflict`` before approval, and when a document of it holds already."""
    row = services.readable(_id(asked.about), asked.actor, asked.now)
    if row.state != "approved":
        raise Conflict("reports.not_approved")
    if queries.documents([row.id]):
        raise Conflict("reports.issued")
    asked_by = dict.fromkeys(each.asked_by for each in queries.covering(row.unit_id, row.kind, row.ends_on))
    return Content(
        kind="Báo cáo",
        symbol="BC",
        abstract=abstract(row),
        unit_id=row.unit_id,
        blocks=tuple(_blocks(row)),
        addressed_to=tuple(asked_by),
        needs=("reporting.read",),
    )


def abstract(row: Report) -> str:
    """Return what stands under its title."""
    work = "Công tác bảo đảm an toàn, an ninh trong cung ứng dịch vụ bưu chính"
    if row.kind == "adhoc":
        return f"Đột xuất về sự cố {row.incident}"
    if row.kind == "daily":
        return f"{work}\nNgày {day_named(row.starts_on)}"
    return f"Tổng hợp kết quả c{work[1:]}\ntừ {row.starts_on:%d/%m/%Y} đến {row.ends_on:%d/%m/%Y}"


def _blocks(row: Report) -> Iterator[Block]:
    for section in row.sections:
        yield Heading(section["title"])
        for line in said(section):
            yield paragraph(line)
        shown = [each for each in section["figures"] if each["value"] or each["before"]]
        if shown:
            rows = [[each["label"], str(each["value"]), _former(each)] for each in shown]
            yield table(f"Số liệu mục {section['title']}", COLUMNS, rows)


def said(section: dict[str, Any]) -> list[str]:
    """Return what a person wrote, else what the data say."""
    written: str | None = section["text"]
    return [line for line in written.split("\n") if line.strip()] if written is not None else list(section["lines"])


def as_letter(row: Report, code: str) -> tuple[str, str]:
    """(subject, body) of the mail that carries it."""
    subject = f"Báo cáo {code}: {abstract(row).splitlines()[0]}".strip()
    lines = [row.unit.name, f"BÁO CÁO số {code}", abstract(row), ""]
    for section in row.sections:
        lines += [section["title"], *said(section)]
        lines += [f"- {each['label']}: {each['value']}" for each in section["figures"] if each["value"]]
        lines.append("")
    return subject, "\n".join(lines).strip() + "\n"


def _former(figure: dict[str, Any]) -> str:
    return "–" if figure["before"] is None else str(figure["before"])


def _owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    row = services.readable(_id(about), actor, now)
    return _("Báo cáo ngày %(day)s, %(unit)s", day=d(row.ends_on), unit=row.unit.name), row.unit_id


def _visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    ids = {_id(each, 0): each for each in abouts}
    rows = db.session.execute(select(Report.id, Report.unit_id).where(Report.id.in_(ids))).tuples()
    within = guard.reach(actor, "reporting.read", now=now)
    return {ids[report_id] for report_id, unit_id in rows if within is None or unit_id in within}


def _address(about: str) -> str:
    return url_for("compliance.report", report_id=_id(about))


def _id(about: str, otherwise: int | None = None) -> int:
    key = about.partition(":")[2]
    if key.isascii() and key.isdecimal() and len(key) <= 10 and int(key) <= LARGEST:
        return int(key)
    if otherwise is None:
        raise NotFound("reports.unknown")
    return otherwise


def _kind(kind: str, name: Any, tells: Any) -> DocumentKind:
    return DocumentKind(
        f"compliance.{kind}", name, tells, compose, "reporting.approve", fit=lambda about, now: _fits(about, kind)
    )


def _fits(about: str, kind: str) -> bool:
    row = queries.report_by_id(_id(about))
    return row.kind == kind and row.state == "approved" and not queries.documents([row.id])


SORT = SubjectSort(
    WORD,
    _owner,
    _visible,
    _address,
    (
        _kind("daily", _l("Báo cáo nhanh hằng ngày"), _l("Tình hình một ngày, tám mục, số liệu kèm danh sách.")),
        _kind("adhoc", _l("Báo cáo đột xuất"), _l("Một sự cố nghiêm trọng: những gì đã ghi đến lúc báo cáo.")),
        _kind("summary", _l("Báo cáo tổng hợp"), _l("Cả đợt, theo giai đoạn, so với dịp Tết trước.")),
    ),
)
