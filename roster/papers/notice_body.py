"""The text of a notice or decision of a roster. An official document: Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Sequence

from core.clock import local_date
from core.i18n import d
from core.text import format_phone
from documents.agencies import faces
from documents.kinds import DocumentOptions
from documents.paper import Block, Paragraph, TextRun, paragraph
from roster.papers import wording
from roster.papers.published import Published
from roster.publishing import sheet
from roster.publishing.sheet import SheetShift
from roster.resolver import numbers
from roster.words.labels import SET_STATUSES

_FOR_ANOTHER = ("KT.", "TL.", "TUQ.", "TM.", "Q.")
"""Before the office for which somebody signs."""

_LABOUR = "Căn cứ quy định của pháp luật lao động về thời giờ làm việc, thời giờ nghỉ ngơi và nghỉ lễ, tết"
_LETTER = (
    "Căn cứ yêu cầu trực lãnh đạo, trực điều hành, trực ứng cứu thông tin và bảo đảm an toàn, an ninh trong cung ứng "
    "dịch vụ bưu chính"
)
_SERVING = "Người có tên trong lịch trực có mặt đúng ca, giữ liên lạc thông suốt, bàn giao đầy đủ khi đổi ca"
_IN_FORCE = (
    "Quyết định này có hiệu lực từ ngày ký. Các đơn vị và cá nhân có tên trong lịch trực chịu trách nhiệm thi hành "
    "Quyết định này./."
)


def blocks(told: Published, asked: DocumentOptions, *, decision: bool) -> list[Block]:
    face = faces.face(told.unit.id, local_date(asked.now))
    points = _points(told, face.name)
    if decision:
        return [*_authority(told, asked, face.name), *_articles(told, points)]
    begin = f"{face.name} thông báo {_roster(told)} như sau:"
    *first, last = _grounds(told)
    grounds = [*(paragraph(f"{each};") for each in first), paragraph(f"{last},")]
    numbered = [paragraph(f"{number}. {point}") for number, point in enumerate(points, 1)]
    return [
        *grounds,
        paragraph(begin),
        *numbered,
        paragraph("Yêu cầu các đơn vị, cá nhân có tên trong lịch trực thực hiện./."),
    ]


def _roster(told: Published) -> str:
    unit = "" if told.unit.id == told.campaign.unit_id else f" của {told.unit.name}"
    return f"lịch trực {wording.tet(told.campaign)}{unit}"


def _grounds(told: Published) -> list[str]:
    """No campaign knows by which letter it was asked for: whoever issues it in Word adds that one."""
    return [_LABOUR, f"{_LETTER} dịp {wording.tet(told.campaign)}"]


def _points(told: Published, agency: str) -> list[str]:
    people, units = len(told.codes), len(told.units)
    where = f" tại {units} đơn vị" if units > 1 else ""
    days = f"Thời gian trực: {wording.first_and_last(told.campaign)}."
    if told.tet is not None and told.tet.status != "official":
        status = str(SET_STATUSES[told.tet.status]).lower()
        days += f" Kỳ nghỉ Tết từ {d(told.tet.starts_on)} đến {d(told.tet.ends_on)} ({status})."
    which = wording.which(told.revision)
    return [
        days,
        f"Phân công: {len(told.rows)} ca trực của {people} người{where}, theo phụ lục kèm theo ({which}).",
        f"{_SERVING}; không trực được thì báo ngay để {agency} phân công người khác.",
        _to_report(told),
    ]


def _to_report(told: Published) -> str:
    number = numbers.number_for_incidents(told.unit.id).phone
    phone = f", điện thoại {format_phone(number)}" if number else ""
    return f"Sự cố, tình huống phát sinh trong ca trực: báo cáo ngay trực điều hành của {told.unit.name}{phone}."


def _authority(told: Published, asked: DocumentOptions, agency: str) -> list[Block]:
    """Whose decision it is, and what it rests on."""
    grounds = [f"{each};" for each in _grounds(told)]
    return [
        _centred(f"{_office(told, asked)} {agency}".upper()),
        *(paragraph(each, italic=True) for each in (*grounds, "Theo đề nghị của bộ phận lập lịch trực.")),
        _centred("QUYẾT ĐỊNH:"),
    ]


def _office(told: Published, asked: DocumentOptions) -> str:
    """Return the office of whoever signs there as a rule."""
    able = faces.signatories(told.unit.id, local_date(asked.now))
    line = able[0].lines[0].strip() if able and able[0].lines else ""
    for short in _FOR_ANOTHER:
        line = line.removeprefix(short).strip()
    return line or "Thủ trưởng"


def _articles(told: Published, points: Sequence[str]) -> list[Block]:
    days, assigned, duties, reports = points
    said = [
        f"Ban hành kèm theo Quyết định này {_roster(told)}. {days}",
        assigned,
        f"{duties} {reports}",
        _IN_FORCE,
    ]
    return [Paragraph((TextRun(f"Điều {number}. ", bold=True), TextRun(each))) for number, each in enumerate(said, 1)]


def _centred(words: str) -> Paragraph:
    return Paragraph((TextRun(words, bold=True),), "center", indent=False)


def below(told: Published, entries: Sequence[SheetShift], *, internal: bool) -> list[Block]:
    """Return what is stated for long shifts, and (``internal``) why it was published with seats that nobody has."""
    days = sheet.sheet_of_entries(entries, told.days)
    found: list[Block] = [
        paragraph(wording.ground(each, told.kinds.get(each.duty)), indent=False) for each in sheet.grounds_of(days)
    ]
    if internal and told.revision.accept_gaps:
        found.append(paragraph(f"Chấp nhận khoảng hở vì: {told.revision.accept_gaps}", indent=False))
    return found
