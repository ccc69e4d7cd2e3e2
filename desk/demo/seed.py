"""The demo: an invented province, so that desk, feed and escalation live the minute after the first start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select, update

from core import clock
from core.actor import Actor
from core.calendar import lunar
from core.db import db, transaction
from core.errors import Conflict
from core.models import Setting
from desk.demo import clearing
from desk.demo.clearing import UNIT
from desk.demo.letter import telling
from documents.agencies import services as agencies
from documents.agencies.services import AgencyIn
from incidents.policies import drafts, versions
from people.accounts import missing_accounts, services as accounts
from people.accounts.passwords import hashed
from people.accounts.services import NewAccount
from people.desks import services as shared_desks
from people.desks.models import DeskPin
from people.models import (
    Person,
    Unit,
    User,
)
from people.sign_in import pins
from roster.campaigns import services as campaigns
from roster.campaigns.models import Campaign
from roster.importing import services as importer
from roster.models import DraftAssignment, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver.models import DeskPhone
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest

FOLDER = Path(__file__).parents[2] / "samples" / "cao-nguyen"
PASSWORD = "tet-an-lanh"  # noqa: S105  (printed on purpose; production refuses to start with the demo on)
ADMIN, MANAGER, SHARED_DESK = "quan-tri", "bdcn001", "ban-truc"
PIN = "2580"
"""Everybody's at the shared desk of the demo."""
SOLVE_SECONDS = 6
STEP_SECONDS = 20
DESK_PHONES = {"operations": "0900000991", "emergency": "0900000992", "support": "0900000993"}
AGENCY = AgencyIn(
    name="Bưu điện tỉnh Cao Nguyên",
    superior="Tổng công ty Bưu điện Việt Nam",
    symbol="BĐCN",
    place="Cao Nguyên",
    pattern="{number}/{kind}-{symbol}",
    series="kind",
    recipients=("Sở Khoa học và Công nghệ (để b/c)", "Các đơn vị trực thuộc", "Lưu: VT, KTNV"),
)
SIGNATORIES = (
    (("GIÁM ĐỐC",), "Nguyễn Thị Thu Hương"),
    (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Trần Quốc Bảo"),
)
Say = Callable[[str], object]


def seed(*, now: datetime, actor: Actor, say: Say, letters: bool = False) -> list[str]:
    """Make the demo; answers lines that tell how to sign in. Says what it is doing, because solving takes seconds.
    ``letters``: with what was done about letter 77, and is done about the coming Tết; left out beside real units.

    Raises Conflict when the demo is there already.
    """
    if db.session.scalar(select(Unit.id).filter_by(code=UNIT)) is not None:
        raise Conflict("demo.present")
    say("Dữ liệu mẫu / demo: Bưu điện tỉnh Cao Nguyên …")
    importer.import_folder(importer.read_path(FOLDER), dry_run=False, now=now, actor=actor, is_demo=True)
    _open_accounts(now, actor)
    _equip(now, actor)
    _name_the_agency(now, actor)
    for name, year, first, last, publish in _plans(now):
        campaign = campaigns.create_campaign(
            name=name,
            tet_year=year,
            unit=UNIT,
            starts_on=clock.local_date(first),
            ends_on=clock.local_date(last),
            is_demo=True,
            actor=actor,
            now=now,
        )
        run = jobs.solve_now(campaign.id, SolveRequest(seconds=SOLVE_SECONDS, seed=1), actor=actor, now=clock.now())
        say(f"  {name}: {run.status if publish else 'dự thảo xếp dở / half-made draft'}")
        if publish:
            publishing.publish(campaign.id, PublishTerms("Dữ liệu mẫu"), actor=actor, now=clock.now())
        else:
            _leave_half(campaign.id)
    if letters and not telling.may_tell():
        say("  Công văn 77: để nguyên, đã có đơn vị thật hoặc đã dùng / the letter is left out, it is in use")
    elif letters:
        say("  Công văn 77 / the letter …")
        telling.tell(UNIT, manager=MANAGER, admin=ADMIN, tet_year=_coming_tet(now), now=now)
    with transaction() as session:
        session.merge(Setting(key="demo", value="complete"))
    return sign_in_lines()


def _leave_half(campaign_id: int) -> None:
    """What a manager has after the first hour: leaders are agreed and pinned, the days before Tết filled.

    The rest, Tết itself, is left to the person who tries the program; so is the first solve.
    """
    shifts = select(Shift.id).where(Shift.campaign_id == campaign_id)
    leaders = select(Seat.id).where(Seat.shift_id.in_(shifts.where(Shift.duty == "leadership")))
    open_yet = shifts.where(Shift.duty != "leadership", Shift.phase != "before")
    with transaction() as session:
        campaign = session.get_one(Campaign, campaign_id)
        session.execute(
            delete(DraftAssignment).where(
                DraftAssignment.seat_id.in_(select(Seat.id).where(Seat.shift_id.in_(open_yet)))
            )
        )
        session.execute(
            update(DraftAssignment)
            .where(DraftAssignment.seat_id.in_(leaders))
            .values(pinned=True, source="manual", updated_by=MANAGER)
        )
        session.execute(delete(SolveRun).where(SolveRun.campaign_id == campaign_id))
        campaign.draft_version += 1


def seed_if_empty(*, now: datetime, actor: Actor, say: Say) -> list[str]:
    """Seed at the first start: into a database without units, and again when an earlier attempt was cut short."""
    if is_present() and db.session.get(Setting, "demo") is None:
        clearing.clear(now=now, actor=actor)
    if db.session.scalar(select(Unit.id).limit(1)) is not None:
        return sign_in_lines()
    return seed(now=now, actor=actor, say=say, letters=True)


def sign_in_lines() -> list[str]:
    """How to sign in to the demo; empty when it is not there."""
    if not is_present():
        return []
    return [
        f"Đăng nhập / sign in: {MANAGER} (quản lý / manager), {ADMIN} (quản trị / admin)",
        "  bdcn002 … bdcn040 (nhân viên / staff)",
        f"  {SHARED_DESK} (máy bàn trực dùng chung / shared desk, PIN {PIN})",
        f"Mật khẩu / password: {PASSWORD}",
    ]


def is_present() -> bool:
    return db.session.scalar(select(Unit.id).where(Unit.is_demo).limit(1)) is not None


def _plans(now: datetime) -> Iterator[tuple[str, int, datetime, datetime, bool]]:
    """Name, Tết, first and last day, whether to publish: history to check against, the coming Tết, and today."""
    day = timedelta(days=1)
    yield (
        "Tết Canh Tý 2020",
        2020,
        clock.at_local(lunar.tet(2020) - 8 * day),
        clock.at_local(lunar.tet(2020) + 14 * day),
        True,
    )
    coming = _coming_tet(now)
    first = clock.at_local(lunar.tet(coming) - 8 * day)
    yield f"Tết {lunar.can_chi(coming)} {coming}", coming, first, first + 22 * day, False
    yield "Diễn tập trực (tuần này)", coming, now - day, now + 6 * day, True


def _coming_tet(now: datetime) -> int:
    today = clock.local_date(now)
    return today.year if lunar.tet(today.year) >= today else today.year + 1


def _open_accounts(now: datetime, actor: Actor) -> None:
    """One password for everybody in the demo: signing in as the person on duty is the point of it."""
    accounts.create_user(
        NewAccount(ADMIN, "Quản trị (mẫu)", "admin", password=PASSWORD, is_demo=True), now=now, actor=actor
    )
    with transaction() as session:
        people = session.scalars(select(Person).where(Person.is_demo).order_by(Person.id)).all()
        missing_accounts.ensure_accounts(people, now=now, actor=actor)
        ids = [person.id for person in people]
        secret = hashed(PASSWORD)
        session.execute(update(User).where(User.person_id.in_(ids)).values(password_hash=secret, is_demo=True))
        pin = pins.hashed(PIN)
        ids_of_accounts = session.scalars(select(User.id).where(User.person_id.in_(ids)))
        session.add_all(DeskPin(user_id=user_id, pin_hash=pin, set_at=now) for user_id in ids_of_accounts)
        top = select(Unit.id).where(Unit.code == UNIT).scalar_subquery()
        session.execute(update(User).where(User.login == MANAGER).values(role="manager", unit_id=top))
    desk = accounts.create_user(
        NewAccount(SHARED_DESK, "Máy bàn trực (mẫu)", "staff", unit_code=UNIT, password=PASSWORD, is_demo=True),
        now=now,
        actor=actor,
    )
    shared_desks.mark(desk.id, shared_desks.LOCK_MINUTES, actor=actor, now=now)


def _equip(now: datetime, actor: Actor) -> None:
    """Desk phones, and an escalation quick enough to watch."""
    with transaction() as session:
        unit = session.scalars(select(Unit).filter_by(code=UNIT)).one()
        for duty, phone in DESK_PHONES.items():
            session.add(DeskPhone(unit_id=unit.id, duty=duty, phone=phone))
        waits = {"operations": 0, "emergency": STEP_SECONDS, "leadership": STEP_SECONDS}
        steps = [drafts.StepSpec(duty=duty, after_seconds=wait) for duty, wait in waits.items()]
        spec = drafts.PolicySpec(steps, repeat_after_seconds=2 * STEP_SECONDS, ack_timeout_seconds=300)
        versions.write(unit.id, spec, now=now, actor=actor)


def _name_the_agency(now: datetime, actor: Actor) -> None:
    """How the province writes itself on paper, and its two who sign: since before the first Tết that it tells of."""
    since = lunar.tet(2020).replace(month=1, day=1)
    agencies.save_agency(UNIT, since, AGENCY, actor=actor, now=now)
    for lines, name in SIGNATORIES:
        agencies.add_signatory(UNIT, name, lines, since, valid_to=None, actor=actor, now=now)
