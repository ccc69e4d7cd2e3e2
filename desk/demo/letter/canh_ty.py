"""Tết Canh Tý of the province as it stood on the afternoon of 29 January 2020: letter 77 and all that was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from compliance.followup import proofs, rechecking
from compliance.plans import services as plans, volumes
from compliance.plans.services import PlanText as PlanSaid
from compliance.register import letters, points, queries, requirements
from compliance.register.models import Directive, Requirement
from compliance.register.requirements import RequirementIn
from core.db import transaction
from desk.demo.letter import counters, outside
from desk.demo.letter.scene import Scene, at, photo
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record.models import Incident
from incidents.response import lifecycle

SEED = "77-2020"
RECEIVED, FIRST, LAST = date(2020, 1, 17), date(2020, 1, 23), date(2020, 1, 29)
SEASON = (RECEIVED, date(2020, 2, 8))
POSTED, TESTED = date(2020, 1, 20), date(2020, 1, 21)
AT_COUNTERS = ("post-list", "post-conditions", "parcels")
NO_COUNTER = ("province", "hub", "department")
"""Kinds of units where nothing hangs and no parcel is accepted."""
HAPPENED = (
    (date(2020, 1, 23), 9, "vehicle", 3, "Xe đường thư Cao Nguyên – Đồi Thông hỏng ở đèo", False),
    (date(2020, 1, 24), 14, "power", 3, "Mất điện tại Bưu điện Sông Ba", False),
    (date(2020, 1, 25), 3, "kt1", 2, "Túi KT1 đến chậm 40 phút", True),
    (date(2020, 1, 27), 14, "connectivity", 3, "Đường truyền trung tâm khai thác chập chờn", False),
)
"""Day, hour, category, severity, title, whether it is of Party and State. The 26th and 28th are quiet."""


def tell(scene: Scene) -> None:
    """Tell it from the day on which the letter came."""
    letter = _receive(scene)
    _prepare(scene)
    _post(scene)
    _days(scene)
    outside.ask(scene, "report", FIRST, LAST, now=at(date(2020, 1, 22), 9))
    by_phone = outside.ask(scene, "phone", date(2020, 1, 27), date(2020, 1, 27), now=at(date(2020, 1, 27), 9))
    _week(scene)
    outside.call(scene, by_phone, at(date(2020, 1, 27), 15, 35))
    _answer(scene, letter)


def _receive(scene: Scene) -> Directive:
    with transaction() as session:
        row = session.scalars(select(Directive).filter_by(seed=SEED)).one()
        row.season_from, row.season_to = SEASON
    letters.receive(row.id, RECEIVED, "Văn thư (minh họa)", actor=scene.admin, now=at(RECEIVED, 9))
    letters.acknowledge(row.id, actor=scene.admin, now=at(RECEIVED, 9, 40))
    for each in queries.requirements(row.id):
        if each.key in AT_COUNTERS:
            wanted = RequirementIn(
                each.text,
                each.excerpt,
                each.who,
                tuple(each.wants),
                each.computed,
                phase=each.phase,
                off_kinds=NO_COUNTER,
            )
            requirements.change(each.id, wanted, actor=scene.admin, now=at(RECEIVED, 10))
    return letters.spread(row.id, actor=scene.admin, now=at(RECEIVED, 14))


def _prepare(scene: Scene) -> None:
    now = at(date(2020, 1, 18), 8)
    counters.settle(scene, counters.days(FIRST, LAST), now)
    outside.list_contacts(scene, at(TESTED, 9))
    said = PlanSaid(2, 1, 3, (date(2020, 1, 21), date(2020, 1, 22)), "Máy nổ 5 kVA", "Sim 4G dự phòng")
    for unit in scene.counters[:4]:
        plans.save(unit.id, 2020, said, actor=scene.manager, now=now)
        plans.submit(unit.id, 2020, actor=scene.manager, now=now)
        plans.accept(unit.id, 2020, actor=scene.admin, now=now + timedelta(hours=3))
    for place, items in enumerate((310, 280, 190, 90)):
        volumes.tell(scene.counters[0].id, POSTED + timedelta(days=place), items, actor=scene.manager, now=at(LAST, 8))


def _post(scene: Scene) -> None:
    """The last but one has no photo, the last hung nothing."""
    *proved, unproved, _nothing = scene.counters
    for what in ("prohibited", "conditions"):
        for wall in range(3):
            counters.hang(scene, proved[wall::3], what, at(POSTED, 9 + wall), picture=photo(wall))
        counters.hang(scene, [unproved], what, at(POSTED, 15), picture=None)


def _days(scene: Scene) -> None:
    """Until the week of Tết: in the evening, one forgot the last of them."""
    for day in counters.days(RECEIVED, FIRST - timedelta(days=1)):
        if day.weekday() != counters.WEEK[-1].on:
            silent = [scene.counters[-1].code] if day == FIRST - timedelta(days=1) else ()
            counters.tell(scene.counters, at(day, 16, 30), silent=silent)


def _week(scene: Scene) -> None:
    """Day by day, because a report tells what was known when it was drawn."""
    counters.find_before(scene.counters[1], at(date(2020, 1, 24), 10))
    for day in counters.days(FIRST, LAST):
        for on, hour, category, severity, title, state in HAPPENED:
            if on == day:
                told = IncidentReport(
                    title, category, scene.top.id, scene.manager, severity=severity, party_state=state
                )
                incident, _new = creation.log(told, now=at(day, hour))
                _settle(scene, incident, day, hour, note="Đã xử lý, hoạt động bình thường.")
        if day == date(2020, 1, 25):
            _found_after(scene, day)
        if day == date(2020, 1, 28):
            outside.visit(scene, scene.counters[2].code, at(day, 9))
        late = scene.counters[3].code if day == date(2020, 1, 24) else ""
        silent = [scene.counters[-2].code] if day == date(2020, 1, 28) else ()
        counters.tell(scene.counters, at(day, 11, 30), silent=silent, late=late)
        outside.report(scene, day)


def _settle(scene: Scene, incident: Incident, day: date, hour: int, *, note: str) -> None:
    taken = at(day, hour, 4)
    lifecycle.acknowledge(incident.id, person_id=scene.manager.person_id, actor=scene.manager, now=taken)
    lifecycle.resolve(incident.id, actor=scene.manager, now=at(day, hour, 50), note=note)


def _found_after(scene: Scene, day: date) -> None:
    unit = scene.counters[4]
    incident = counters.find_after(unit, at(day, 10))
    outside.police_ask(scene, unit.code, incident.code, at(day, 10, 40))
    _settle(scene, incident, day, 10, note="Đã bàn giao cho Công an phường.")


def _answer(scene: Scene, letter: Directive) -> None:
    """What is computed, as of 29 January; what people showed, and what those above said of it."""
    now = at(LAST, 16)
    rechecking.recheck_letter(letter, now)
    rows = {each.key: each for each in queries.requirements(letter.id)}
    _show(scene, rows["follow-24"], "https://noi-bo.example/ke-hoach-24", now)
    _show(scene, rows["coordination"], "https://noi-bo.example/quy-che-phoi-hop", now)
    first, second = scene.counters[0].code, scene.counters[5].code
    points.accept(rows["follow-24"].id, first, actor=scene.manager, now=now)
    remark = "Kế hoạch chưa ghi người trực dự phòng"
    points.remark(rows["follow-24"].id, second, remark, back=True, actor=scene.manager, now=now)
    for key in ("post-list", "post-conditions"):
        proofs.add_file(
            rows[key].id, first, photo(0), note="Bảng cạnh quầy 1", internal=False, actor=scene.manager, now=now
        )
        points.accept(rows[key].id, first, actor=scene.manager, now=now)
    last, why = scene.counters[-1].code, "Điểm đang sửa chữa, mở lại sau Tết"
    points.set_state(rows["coordination"].id, last, "not_applicable", why, actor=scene.manager, now=now)


def _show(scene: Scene, row: Requirement, url: str, now: datetime) -> None:
    """Each second unit has it and says so, the others have begun."""
    for place, unit in enumerate(scene.counters[:8]):
        proofs.add_link(row.id, unit.code, f"{url}/{unit.code}", internal=True, actor=scene.manager, now=now)
        if place % 2 == 0 or place == 5:
            points.set_state(row.id, unit.code, "done", actor=scene.manager, now=now)
