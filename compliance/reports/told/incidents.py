"""What incidents tell: the network, KT1 and communications of Party and State, all of them, prohibited goods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from compliance.reports.models import Report
from compliance.reports.told.parts import Figure, ReportPart, ReportScope, listed
from core import clock
from core.actor import SYSTEM
from core.db import db
from incidents.figures import queries as figures
from incidents.figures.queries import Period
from incidents.legal.models import LegalStep
from incidents.record import states
from incidents.record.models import Incident

PHASES = {"before": "trước Tết", "during": "trong Tết", "after": "sau Tết"}
KT1 = "kt1"


def network(ground: ReportScope) -> ReportPart:
    """Tell of the mail network; what volumes and backlogs say is another room's."""
    found = _those(ground, lambda each: ground.categories[each.category].family == "network")
    figure = _figure("network.incidents", "Sự cố mạng lưới, khai thác", found)
    return ReportPart((_sentence("sự cố mạng lưới, khai thác", found, ground),), (figure,))


def kt1(ground: ReportScope) -> ReportPart:
    items = _those(ground, lambda each: each.category == KT1)
    return ReportPart((_sentence("sự cố bưu gửi KT1", items, ground),), _with_open("kt1", "Sự cố bưu gửi KT1", items))


def party_and_state(ground: ReportScope) -> ReportPart:
    """Their own line: the letter wants these communications safe without exception."""
    what = "thông tin liên lạc phục vụ cơ quan Đảng, Nhà nước, chính quyền địa phương các cấp"
    found = _those(ground, lambda each: each.party_state)
    line = f"Bảo đảm {what}: {_counted(found)}." if found else f"Bảo đảm {what}: không có sự cố."
    return ReportPart((line,), _with_open("state", "Sự cố liên quan cơ quan Đảng, Nhà nước", found))


def all_of_them(ground: ReportScope) -> ReportPart:
    """Tell of all, by level and by where they stand; a nil report says so."""
    found = ground.incidents
    levels = [[each for each in found if each.severity == level] for level in (1, 2, 3, 4)]
    told = (
        _figure("incidents.all", "Tổng số sự cố", found),
        *(_figure(f"incidents.level{at}", f"Mức {at}", some) for at, some in enumerate(levels, 1)),
        _figure("incidents.done", "Đã xử lý xong", [each for each in found if not _runs(each)]),
        _figure("incidents.open", "Đang xử lý", [each for each in found if _runs(each)]),
    )
    if not found:
        return ReportPart((f"{ground.span} không có sự cố.",), told)
    said = "; ".join(f"mức {at}: {len(some)}" for at, some in enumerate(levels, 1) if some)
    return ReportPart((f"Tổng số {len(found)} sự cố ({said}); {_stand(found)}.",), told)


def by_phase(ground: ReportScope) -> ReportPart:
    """Before, during and after the break; of one day there is but one."""
    if ground.one_day:
        return ReportPart(())
    some = {code: [each for each in ground.incidents if each.phase == code] for code in PHASES}
    told = tuple(_figure(f"incidents.{code}", f"Sự cố {PHASES[code]}", found) for code, found in some.items())
    said = "; ".join(f"{PHASES[code]}: {len(found)}" for code, found in some.items())
    return ReportPart((f"Theo giai đoạn: {said}.",), told)


def after_the_last(ground: ReportScope) -> ReportPart:
    """Return what was logged on the day before, after its report had been drawn: else no report would ever tell of
    it."""
    if not ground.one_day:
        return ReportPart(())
    day = ground.since - timedelta(days=1)
    former = db.session.scalar(
        select(Report.drawn_at)
        .filter_by(unit_id=ground.unit.id, kind="daily", starts_on=day, ends_on=day, state="approved")
        .order_by(Report.edition.desc())
        .limit(1)
    )
    if former is None:
        return ReportPart(())
    logged = figures.incidents(ground.unit, Period(day, day), actor=SYSTEM, now=ground.now)
    late = [each for each in logged if each.created_at > former]
    if not late:
        return ReportPart(())
    drawn = f"sau giờ chốt báo cáo ngày ấy ({clock.local(former):%H:%M})"
    line = f"Ngoài ra, {len(late)} sự cố ghi nhận ngày {day:%d/%m/%Y} {drawn}."
    return ReportPart((line,), (_figure("incidents.after_the_last", "Ghi nhận sau giờ chốt ngày trước", late),))


def prohibited(ground: ReportScope) -> ReportPart:
    """Incidents that follow Article 14, and those of which an authority was told."""
    found = _those(ground, lambda each: ground.categories[each.category].legal)
    ids = [each.id for each in found]
    told = set(
        db.session.scalars(
            select(LegalStep.incident_id).filter(LegalStep.step == "authority", LegalStep.incident_id.in_(ids))
        )
    )
    informed = [each for each in found if each.id in told]
    line = _sentence("vụ nghi vi phạm quy định về vật phẩm, hàng hóa không được gửi", found, ground)
    if found:
        line = f"{line[:-1]}; đã thông báo cơ quan có thẩm quyền {len(informed)} vụ."
    return ReportPart(
        (line,),
        (
            _figure("prohibited.incidents", "Vụ nghi hàng cấm gửi", found),
            _figure("prohibited.told", "Đã thông báo cơ quan có thẩm quyền", informed),
        ),
    )


def _those(ground: ReportScope, fits: Callable[[Incident], bool]) -> list[Incident]:
    return [each for each in ground.incidents if fits(each)]


def _runs(each: Incident) -> bool:
    return each.status in states.UNFINISHED


def _figure(code: str, label: str, found: Sequence[Incident]) -> Figure:
    return listed(code, label, "incident", [each.code for each in found])


def _with_open(code: str, label: str, found: Sequence[Incident]) -> tuple[Figure, ...]:
    running = [each for each in found if _runs(each)]
    return _figure(f"{code}.incidents", label, found), _figure(f"{code}.open", f"{label}: đang xử lý", running)


def _sentence(what: str, found: Sequence[Incident], ground: ReportScope) -> str:
    return f"{ground.span} có {len(found)} {what}; {_stand(found)}." if found else f"{ground.span} không có {what}."


def _counted(found: Sequence[Incident]) -> str:
    return f"{len(found)} sự cố; {_stand(found)}"


def _stand(found: Sequence[Incident]) -> str:
    running = sum(map(_runs, found))
    return f"đã xử lý xong {len(found) - running}, đang xử lý {running}"
