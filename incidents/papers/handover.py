"""Minutes of a change of shift, as they were signed; with room for both hands where nobody has.

They have a number of their own and take none of the agency's. Signed in Vietnamese, so in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core import i18n
from documents.kinds import Content, DocumentOptions
from documents.paper import (
    Block,
    Heading,
    Items,
    Paragraph,
    Party,
    Signatures,
    TableColumn,
    TextRun,
    paragraph,
    row,
    table,
)
from incidents.handovers import content, queries, services as handovers
from incidents.handovers.content import OpenIncident
from incidents.handovers.models import Handover
from incidents.papers import about, wording
from incidents.papers.wording import moment
from people import queries as people

STATES = {"fine": "Đủ", "attention": "Lưu ý", "none": "Không có"}


def compose(asked: DocumentOptions) -> Content:
    row_ = about.handover_of(asked.about, asked.actor, asked.now)
    kind = next((each.name_vi for each in people.duty_kinds() if each.code == row_.duty), row_.duty)
    duty = row_.content.get("duty_name", kind)
    return Content(
        kind="Biên bản",
        abstract=f"Bàn giao ca trực: {duty.lower()}\nSố {row_.label}, {moment(row_.changes_at)}",
        unit_id=row_.unit_id,
        blocks=(*_blocks(row_), *_end(row_)),
        signed=False,
    )


def _blocks(handover: Handover) -> Iterator[Block]:
    incoming = handover.content.get("incoming") or [each.full_name for each in queries.incoming(handover)]
    yield paragraph(f"Nơi trực: {handover.content.get('unit', handover.unit.name)}.")
    yield paragraph(f"Người giao ca: {handover.outgoing_name}, trực từ {moment(handover.starts_at)}.")
    yield paragraph(f"Người nhận ca: {wording.room(handover.accepted_name or ' hoặc '.join(incoming), 60)}.")
    yield Heading("1. Sự cố đang mở")
    yield from _incidents(handover, handovers.incidents_of(handover))
    yield Heading("2. Tại nơi trực")
    yield _looked_at(content.items_of(handover.content))
    yield from _lines("3. Việc còn dở", handover.content.get("undone", ""))
    yield from _lines("4. Ghi chú", handover.content.get("notes", ""))
    later = [each for each in handover.notes if each.kind != "late"]
    if later:
        yield Heading("5. Ghi sau khi ký")
        yield Items(
            tuple(
                f"{moment(each.at)}, {each.who}{' chưa nhận được' if each.kind == 'declined' else ''}: "
                f"{wording.without_phones(each.text)}"
                for each in later
            )
        )


def _incidents(handover: Handover, open_ones: Sequence[OpenIncident]) -> Iterator[Block]:
    if not open_ones:
        yield paragraph("Không có.")
        return
    columns = [
        TableColumn("Sự cố", 0.22),
        TableColumn("Tình hình, việc chưa xong", 0.58),
        TableColumn("Chuyển giao", 0.2),
    ]
    rows = [row(_head(each), _situation(each), _moved(handover, each)) for each in open_ones]
    yield table("Sự cố đang mở lúc giao ca", columns, rows)


def _head(incident: OpenIncident) -> str:
    special = ", KT1 hoặc Đảng, Nhà nước" if incident.special else ""
    return f"{incident.code}\nmức {incident.severity}{special}"


def _situation(incident: OpenIncident) -> str:
    said = [f"{wording.without_phones(incident.title)}, từ {_at(incident.since)}."]
    if incident.note:
        said.append(f"“{wording.without_phones(incident.note)}” ({incident.note_by}, {_at(incident.note_at)})")
    if incident.todo:
        said.append(f"Chưa xong: {'; '.join(incident.todo)}.")
    return "\n".join(said)


def _at(written: str) -> str:
    return i18n.dt(datetime.fromisoformat(written))


def _moved(handover: Handover, incident: OpenIncident) -> str:
    if incident.code in handover.moved:
        return "đã chuyển"
    return "không chuyển" if handover.accepted_at else "chờ nhận"


def _looked_at(items: Sequence[content.ChecklistItem]) -> Block:
    if not items:
        return paragraph("Chưa ghi mục nào.")
    columns = [TableColumn("Mục", 0.4), TableColumn("Tình trạng", 0.2), TableColumn("Ghi chú", 0.4)]
    rows = [row(each.what, STATES.get(each.state, ""), wording.without_phones(each.note)) for each in items]
    return table("Những gì đã kiểm tra tại nơi trực", columns, rows)


def _lines(title: str, said: str) -> Iterator[Block]:
    """A single line stands beside its title: minutes fit on one sheet."""
    lines = [wording.without_phones(line.strip()) for line in said.splitlines() if line.strip()] or ["Không có."]
    if len(lines) == 1:
        yield Paragraph((TextRun(f"{title}: ", bold=True), TextRun(lines[0])))
        return
    yield Heading(title)
    yield from map(paragraph, lines)


def _end(handover: Handover) -> Iterator[Block]:
    yield Signatures(
        (
            Party(
                "NGƯỜI GIAO CA",
                handover.outgoing_name,
                _signed("Đã ký điện tử", handover.signed_at, handover.signed_by, handover.signed_how),
            ),
            Party(
                "NGƯỜI NHẬN CA",
                handover.accepted_name,
                _signed("Đã nhận", handover.accepted_at, handover.accepted_by, handover.accepted_how),
            ),
        )
    )
    if handover.content_hash:
        digest = wording.in_groups(handover.content_hash)
        yield paragraph(f"Mã kiểm tra nội dung đã ký (SHA-256): {digest}", align="left", indent=False, italic=True)
    if content.is_altered(handover.content, handover.content_hash):
        yield paragraph("Nội dung trên không còn khớp mã kiểm tra này.", align="left", indent=False)


def _signed(said: str, at: datetime | None, by: str, how: str) -> str:
    if at is None:
        return wording.TO_SIGN
    heard = f"\n{by} ghi: “{wording.without_phones(how)}”" if how else ""
    return f"{said}, {i18n.dt(at)}{heard}"
