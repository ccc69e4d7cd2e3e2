"""Tables of an incident's record: calls, timeline, attachments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from core import clock, i18n
from core.actor import SYSTEM
from core.i18n import t
from documents.paper import Block, TableCell, TableColumn, row, table
from incidents import timeline_words
from incidents.attachments.models import Attachment
from incidents.escalation.page_words import PURPOSES
from incidents.paging import delivery_status
from incidents.paging.delivery_status import Course
from incidents.paging.words import state_words
from incidents.papers import wording
from incidents.record.models import Page, TimelineEntry
from incidents.words import Kinds, step_name
from people.notification_rules.words import CHANNEL_NAMES

SIZE = 11.0


def calls(pages: Sequence[Page], kinds: Kinds, now: datetime) -> tuple[Block, ...]:
    """A line for each person at each step: when first, by which ways, what they answered."""
    if not pages:
        return ()
    courses, steps = delivery_status.courses_for(pages, now), dict[tuple[int, int, str], list[Page]]()
    for each in pages:
        steps.setdefault((each.fired, each.person_id, each.purpose), []).append(each)
    titles = (_("Lúc"), _("Bước gọi"), _("Người được gọi"), _("Bằng cách"), _("Kết quả"))
    shares = (0.17, 0.2, 0.23, 0.17, 0.23)
    columns = [TableColumn(title, share) for title, share in zip(titles, shares, strict=True)]
    rows = [_call(several, courses, kinds) for several in steps.values()]
    return (table(_("Người được gọi, lúc nào, trả lời ra sao"), columns, rows, SIZE),)


def _call(several: Sequence[Page], courses: Mapping[int, Course], kinds: Kinds) -> tuple[TableCell, ...]:
    first = several[0]
    at = min(each.created_at for each in several)
    what = step_name(first.duty, kinds, first.rule) if first.purpose == "call" else str(PURPOSES[first.purpose])
    ways = dict.fromkeys(str(CHANNEL_NAMES.get(each.channel, _("Gọi tay"))) for each in several)
    return row(i18n.dt(at), what, first.person.full_name, ", ".join(ways), _came_of(several, courses))


def _came_of(several: Sequence[Page], courses: Mapping[int, Course]) -> str:
    answered = next((each for each in several if each.answer), None)
    if answered is not None and answered.answer:
        said = state_words(answered.answer)
        return f"{said}, {t(answered.answered_at)}" if answered.answered_at else said
    states = dict.fromkeys(state_words(courses[each.id].state) for each in several if each.id in courses)
    return ", ".join(states) or _("Chưa trả lời")


def timeline(entries: Sequence[TimelineEntry], kinds: Kinds) -> tuple[Block, ...]:
    """Return them by the minute, a line for each day above its own."""
    if not entries:
        return ()
    rows: list[tuple[TableCell, ...]] = []
    day: date | None = None
    for each in entries:
        if clock.local_date(each.at) != day:
            day = clock.local_date(each.at)
            rows.append((TableCell(f"{i18n.long_date(day)} ({i18n.lunar_long(day)})", columns=3, shaded=True),))
        said = _short(each, timeline_words.text(each, kinds))
        whole = f"{said}: {each.note}" if each.note else said
        who = _("Hệ thống") if each.who == SYSTEM.name else each.who
        rows.append(row(t(each.at), wording.without_phones(whole), wording.without_phones(who)))
    columns = [
        TableColumn(_("Lúc"), 0.11, "center"),
        TableColumn(_("Diễn biến"), 0.65),
        TableColumn(_("Người ghi"), 0.24),
    ]
    return (table(_("Diễn biến theo phút"), columns, rows, SIZE),)


def _short(entry: TimelineEntry, said: str) -> str:
    """Return the line of the timeline; of a legal step that it was recorded: what it says has a table of its own."""
    return said.split(". ")[0] if entry.kind == "legal_step" else said


def legal(steps: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """Return what each step says now; its former values are in the timeline."""
    if not steps:
        return ()
    columns = [TableColumn(_("Bước"), 0.34), TableColumn(_("Đã ghi"), 0.66)]
    return (table(_("Các bước theo Điều 14 Luật Bưu chính"), columns, steps, SIZE),)


def attachments(files: Sequence[Attachment]) -> tuple[Block, ...]:
    """Return them with their hashes: whoever has the file can see that it is this one."""
    if not files:
        return ()
    rows = [
        row(str(number), f"{each.name} ({_size(each.size)})", f"{each.added_by}, {i18n.dt(each.added_at)}", each.sha256)
        for number, each in enumerate(files, start=1)
    ]
    columns = [
        TableColumn(_("STT"), 0.08, "center"),
        TableColumn(_("Tệp"), 0.3),
        TableColumn(_("Người đính kèm, lúc"), 0.27),
        TableColumn(_("Mã kiểm tra (SHA-256)"), 0.35),
    ]
    shown = [(*each[:3], TableCell(wording.in_groups(each[3].text))) for each in rows]
    return (table(_("Ảnh, tệp đính kèm và mã kiểm tra"), columns, shown, SIZE),)


def _size(count: int) -> str:
    return f"{max(1, round(count / 1024))} KB"
