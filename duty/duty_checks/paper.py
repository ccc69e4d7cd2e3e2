"""What an unannounced check found, as a notice or as a record. Vietnamese in every language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from core.actor import Actor
from core.errors import Conflict, DomainError
from core.i18n import d, dt, duration, t
from documents.kinds import Content, DocumentKind, DocumentOptions, SubjectSort
from documents.paper import Block, Heading, PaperTable, Party, Signatures, paragraph
from duty.duty_checks import queries, services
from duty.duty_checks.models import DutyCheck, DutyCheckAsk
from duty.duty_checks.queries import UnitSheet
from people import queries as people
from people.models import DutyKind, Unit
from roster.papers import fitting, things
from roster.papers.fitting import ColumnHead

WORD = "duty-check"
_VIAS = {"page": "trang của mình", "link": "đường dẫn riêng", "phone": "điện thoại", "api": "API", "slip": "phiếu"}


def owner(about: str, actor: Actor, now: datetime) -> tuple[str, int]:
    check = _seen(about, actor, now)
    return f"Kiểm tra trực {dt(check.asked_at)}", _over(check).id


def visible(abouts: Iterable[str], actor: Actor, now: datetime) -> set[str]:
    found = set()
    for about in abouts:
        try:
            _seen(about, actor, now)
        except DomainError:
            continue
        found.add(about)
    return found


def address(about: str) -> str:
    return url_for("roster.duty_check", check_id=things.number_in(about))


def played(about: str) -> bool:
    """Return whether the check was an exercise."""
    return queries.by_id(things.number_in(about)).exercise


def _seen(about: str, actor: Actor, now: datetime) -> DutyCheck:
    """Raises NotFound, Forbidden as its page does."""
    check = queries.by_id(things.number_in(about))
    services.ensure_visible(check, actor, now)
    return check


def _over(check: DutyCheck) -> Unit:
    """Return the unit whose paper it is: the one above the first that was checked, or that one itself at the top."""
    first = check.units[0].unit
    return first.parent or first


def notice(asked: DocumentOptions) -> Content:
    check = _over_by(asked)
    closing = paragraph("Yêu cầu các đơn vị có người không trả lời kiểm tra, chấn chỉnh việc trực và báo cáo./.")
    return Content(
        kind="Thông báo",
        abstract=_title(check, f"Kết quả kiểm tra trực đột xuất ngày {d(check.asked_at)}"),
        unit_id=_over(check).id,
        symbol="TB",
        blocks=(*_blocks(check), closing),
    )


def record(asked: DocumentOptions) -> Content:
    check = _over_by(asked)
    signing = Signatures((Party("NGƯỜI KIỂM TRA", check.asked_by, "(Ký, ghi rõ họ tên)"),))
    return Content(
        kind="Biên bản",
        abstract=_title(check, "Kiểm tra trực đột xuất"),
        unit_id=_over(check).id,
        symbol="BB",
        signed=False,
        blocks=(*_blocks(check), paragraph("Biên bản lập xong, người kiểm tra ký tên./."), signing),
    )


def _over_by(asked: DocumentOptions) -> DutyCheck:
    check = _seen(asked.about, asked.actor, asked.now)
    if check.is_open(asked.now):
        raise Conflict("documents.nothing", why=f"cuộc kiểm tra còn chờ trả lời đến {t(check.closes_at)}.")
    return check


def _title(check: DutyCheck, said: str) -> str:
    return f"{said} (diễn tập)" if check.exercise else said


def _blocks(check: DutyCheck) -> Iterable[Block]:
    found = queries.counted(check)
    note = f" Ghi chú: {check.note}." if check.note else ""
    yield paragraph(f"Thời điểm kiểm tra: {dt(check.asked_at)}. Người kiểm tra: {check.asked_by}.{note}")
    yield paragraph(
        f"Đã hỏi {found.asked} người đang trực tại {len(check.units)} đơn vị; {found.answered} người trả lời trong "
        f"thời hạn đến {dt(check.closes_at)}; {found.asked - found.answered} người không trả lời."
        + (f" Chưa hỏi được {len(found.unasked)} người." if found.unasked else "")
    )
    away = queries.away(check)
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    for number, each in enumerate(queries.sheet(check), 1):
        silent = " – không ai trả lời" if each.is_silent(found.unasked) else ""
        yield Heading(f"{number}. {each.unit.name}{silent}")
        yield _table(check, each, kinds, away, unasked=found.unasked)


def _table(
    check: DutyCheck, of: UnitSheet, kinds: Mapping[str, DutyKind], away: set[int], *, unasked: Collection[int]
) -> PaperTable:
    heads = [
        ColumnHead("STT", "center"),
        ColumnHead("Họ và tên"),
        ColumnHead("Loại trực"),
        ColumnHead("Trả lời lúc", "center"),
        ColumnHead("Sau", "center"),
        ColumnHead("Cách trả lời, ghi chú"),
    ]
    rows = [
        [
            str(number),
            ask.person.full_name,
            ", ".join(_duty(duty, kinds) for duty in ask.duties if duty["unit"] == of.unit.id),
            t(ask.answered_at) if ask.answered_at else ("chưa" if ask.person_id in unasked else "không"),
            duration((ask.answered_at - check.asked_at).total_seconds()) if ask.answered_at else "",
            _how(ask, away, unasked),
        ]
        for number, ask in enumerate(of.asks, 1)
    ]
    return fitting.fitted(f"Kết quả tại {of.unit.name}", heads, rows, landscape=False, sizes=(12.0, 11.0, 10.0, 9.0))


def _duty(duty: Mapping[str, Any], kinds: Mapping[str, DutyKind]) -> str:
    return kinds[duty["duty"]].name_vi if duty["duty"] in kinds else str(duty["duty"])


def _how(ask: DutyCheckAsk, away: set[int], unasked: Collection[int]) -> str:
    if ask.answered_at:
        said = _VIAS.get(ask.how, "")
        if ask.slip_given:
            return f"địa chỉ do {ask.slip_by} thêm"
        if ask.slip_by:
            return f"{said} in bởi {ask.slip_by}"
        return f"{said}: {ask.note} ({ask.answered_by})" if ask.via == "phone" else said
    if ask.person_id in away:
        return "vắng theo ghi nhận"
    return "chưa hỏi được" if ask.person_id in unasked else ""


def fit(about: str, now: datetime) -> bool:
    return not queries.by_id(things.number_in(about)).is_open(now)


DUTY_CHECK = SubjectSort(
    word=WORD,
    owner=owner,
    visible=visible,
    address=address,
    kinds=(
        DocumentKind(
            code="roster.duty_check",
            name=_l("Thông báo kết quả kiểm tra trực"),
            tells=_l("Ai trả lời, sau bao lâu, đơn vị nào không ai trả lời."),
            compose=notice,
            draft="roster.read",
            fit=fit,
        ),
        DocumentKind(
            code="roster.duty_check_record",
            name=_l("Biên bản kiểm tra trực đột xuất"),
            tells=_l("Kết quả kiểm tra, người kiểm tra ký."),
            compose=record,
            draft="roster.read",
            numbered=False,
            fit=fit,
        ),
    ),
    exercise=played,
)
