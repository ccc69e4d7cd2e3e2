"""The demo: an invented province, so that desk, feed and escalation live the minute after the first start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Executable, Select, delete, or_, select, update

from core import audit, clock, lunar
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.models import Setting
from incidents import policies
from incidents.models import Escalation, Incident, Page, TimelineEntry
from incidents.models_asks import Ask, CoverageGap
from incidents.models_policy import PolicyStep, PolicyTarget, PolicyVersion
from notify.models import Delivery, Message
from people import accounts, guard, new_accounts, pins, shared_desks
from people.models import (
    Absence,
    ApiKey,
    ContactMethod,
    Invitation,
    LoginSession,
    Person,
    PersonDuty,
    Unit,
    User,
)
from people.models_desk import DeskPin
from people.models_reach import ContactCode, Endpoint, ReachRung
from people.passwords import hashed
from roster import campaigns, importer, jobs, publishing, subscriptions
from roster.models import (
    Campaign,
    Consent,
    ConsentLink,
    Demand,
    DeskPhone,
    DraftAssignment,
    Duty,
    FeedDocument,
    FeedSubscription,
    LedgerEntry,
    PersonPair,
    Rehearsal,
    Revision,
    Seat,
    Shift,
    SolveRun,
    StandingChain,
    Wish,
)

FOLDER = Path(__file__).parent.parent / "samples" / "cao-nguyen"
UNIT = "BDCN"
PASSWORD = "tet-an-lanh"  # noqa: S105  (printed on purpose; production refuses to start with the demo on)
ADMIN, MANAGER, SHARED_DESK = "quan-tri", "bdcn001", "ban-truc"
PIN = "2580"
"""Everybody's at the shared desk of the demo."""
SOLVE_SECONDS = 6
STEP_SECONDS = 20
DESK_PHONES = {"operations": "0900000991", "emergency": "0900000992", "support": "0900000993"}
Say = Callable[[str], object]
Ids: TypeAlias = Select[tuple[int]]
REACH = (ContactCode, ReachRung, Endpoint)
"""What hangs on a person's addresses, in the order in which it may go."""


def seed(*, now: datetime, actor: Actor, say: Say) -> list[str]:
    """Make the demo; answers lines that tell how to sign in. Says what it is doing, because solving takes seconds.

    Raises Conflict when the demo is there already.
    """
    if db.session.scalar(select(Unit.id).filter_by(code=UNIT)) is not None:
        raise Conflict("demo.present")
    say("Dữ liệu mẫu / demo: Bưu điện tỉnh Cao Nguyên …")
    importer.import_folder(importer.read_path(FOLDER), dry_run=False, now=now, actor=actor, is_demo=True)
    _open_accounts(now, actor)
    _equip(now, actor)
    for name, year, first, last, publish in _plans(now):
        campaign = campaigns.create_campaign(
            name=name, tet_year=year, unit=UNIT, starts_on=clock.local_date(first), ends_on=clock.local_date(last),
            is_demo=True, actor=actor, now=now,
        )  # fmt: skip
        run = jobs.solve_now(campaign.id, seconds=SOLVE_SECONDS, seed=1, actor=actor, now=clock.now())
        say(f"  {name}: {run.status}")
        if publish:
            publishing.publish(campaign.id, note="Dữ liệu mẫu", actor=actor, now=clock.now())
    with transaction() as session:
        session.merge(Setting(key="demo", value="complete"))
    return sign_in_lines()


def seed_if_empty(*, now: datetime, actor: Actor, say: Say) -> list[str]:
    """For the first start: into a database without units, and again when an earlier attempt was cut short."""
    if is_present() and db.session.get(Setting, "demo") is None:
        clear(now=now, actor=actor)
    if db.session.scalar(select(Unit.id).limit(1)) is not None:
        return sign_in_lines()
    return seed(now=now, actor=actor, say=say)


def sign_in_lines() -> list[str]:
    """How to sign in to the demo; empty when it is not there."""
    if not is_present():
        return []
    return [
        f"Đăng nhập / sign in: {MANAGER} (quản lý / manager), {ADMIN} (quản trị / admin)",
        "  bdcn002 … bdcn040 (nhân viên / staff)",
        f"  {SHARED_DESK} (máy bàn trực dùng chung / shared desk, PIN {PIN})",
        f"Mật khẩu / password: {PASSWORD}",
    ]  # fmt: skip


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
    """One password for everybody in the demo: signing in as whoever is on duty is the point of it."""
    accounts.create_user(ADMIN, "Quản trị (mẫu)", "admin", None, None, PASSWORD, now=now, actor=actor, is_demo=True)
    with transaction() as session:
        people = session.scalars(select(Person).where(Person.is_demo)).all()
        new_accounts.ensure_accounts(people, now=now, actor=actor)
        ids = [person.id for person in people]
        secret = hashed(PASSWORD)
        session.execute(update(User).where(User.person_id.in_(ids)).values(password_hash=secret, is_demo=True))
        pin = pins.hashed(PIN)
        ids_of_accounts = session.scalars(select(User.id).where(User.person_id.in_(ids)))
        session.add_all(DeskPin(user_id=user_id, pin_hash=pin, set_at=now) for user_id in ids_of_accounts)
        top = select(Unit.id).where(Unit.code == UNIT).scalar_subquery()
        session.execute(update(User).where(User.login == MANAGER).values(role="manager", unit_id=top))
    desk = accounts.create_user(
        SHARED_DESK, "Máy bàn trực (mẫu)", "staff", UNIT, None, PASSWORD, now=now, actor=actor, is_demo=True
    )
    shared_desks.mark(desk.id, shared_desks.LOCK_MINUTES, actor=actor, now=now)


def _equip(now: datetime, actor: Actor) -> None:
    """Desk phones, and an escalation quick enough to watch."""
    with transaction() as session:
        unit = session.scalars(select(Unit).filter_by(code=UNIT)).one()
        for duty, phone in DESK_PHONES.items():
            session.add(DeskPhone(unit_id=unit.id, duty=duty, phone=phone))
        waits = {"operations": 0, "emergency": STEP_SECONDS, "leadership": STEP_SECONDS}
        steps = [policies.StepSpec(duty=duty, after_seconds=wait) for duty, wait in waits.items()]
        policies.set_policy(
            unit.id, steps, repeat_after_seconds=2 * STEP_SECONDS, ack_timeout_seconds=300, now=now, actor=actor
        )


def clear(*, now: datetime, actor: Actor) -> None:
    """Remove everything that the demo made, and what hangs on its units. The audit stays.

    Raises Forbidden, and Conflict when something real hangs on the demo (part them first).
    """
    with transaction() as session:
        guard.ensure(actor, "demo.clear", None, now=now)
        units, people = select(Unit.id).where(Unit.is_demo), select(Person.id).where(Person.is_demo)
        real = _real_things(units, people)
        if real:
            raise Conflict("demo.in_use", things=", ".join(real[:5]))
        for statement in (*_without_feeds(units, people, now), *_deletions(units, people)):
            session.execute(statement)
        audit.record(actor, "demo.clear", "demo", UNIT, now=now)


def _without_feeds(units: Ids, people: Ids, now: datetime) -> list[Executable]:
    """Their rows stay, without a word about anybody: an address that was handed out never becomes somebody else's."""
    accounts_of = db.session.scalars(select(User.id).where(User.is_demo))
    keys_of = db.session.scalars(select(ApiKey.id).where(or_(ApiKey.person_id.in_(people), ApiKey.unit_id.in_(units))))
    owners = [f"user:{each}" for each in accounts_of] + [f"key:{each}" for each in keys_of]
    feed = FeedSubscription
    of_demo = or_(
        feed.unit_id.in_(units), feed.person_id.in_(people), feed.owner.in_(owners),
        feed.campaign_id.in_(select(Campaign.id).where(Campaign.unit_id.in_(units))),
    )  # fmt: skip
    found = list(db.session.scalars(select(feed.id).where(of_demo)))
    nothing = {"unit_id": None, "campaign_id": None}
    return [
        *subscriptions.tombstones(found, now=now),
        update(feed).where(feed.id.in_(found)).values(**nothing),
        delete(FeedDocument),
    ]


def _real_things(units: Ids, people: Ids) -> list[str]:
    """Names of what is not of the demo and would lose a part of itself."""
    published = select(Duty.campaign_id).where(Duty.person_id.in_(people))
    drafted = (
        select(Shift.campaign_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .where(DraftAssignment.person_id.in_(people))
    )
    calling = (
        select(PolicyVersion.unit_id).join(PolicyStep).join(PolicyTarget).where(PolicyTarget.person_id.in_(people))
    )
    found = [
        select(Person.full_name).where(Person.unit_id.in_(units), ~Person.is_demo),
        select(Unit.name).where(Unit.parent_id.in_(units), ~Unit.is_demo),
        select(Campaign.name).where(Campaign.id.in_(published.union(drafted)), Campaign.unit_id.not_in(units)),
        select(Unit.name).where(Unit.id.in_(calling), ~Unit.is_demo),
    ]
    return [name for statement in found for name in db.session.scalars(statement)]


def _deletions(units: Ids, people: Ids) -> Iterator[Executable]:
    """Children before parents."""
    campaigns_of = select(Campaign.id).where(Campaign.unit_id.in_(units))
    yield from _without_incidents(units, people)
    asked = select(Consent.id).where(
        or_(Consent.person_id.in_(people), Consent.unit_id.in_(units), Consent.asked_by_person_id.in_(people))
    )
    yield delete(ConsentLink).where(or_(ConsentLink.consent_id.in_(asked), ConsentLink.person_id.in_(people)))
    yield delete(Consent).where(Consent.id.in_(asked))
    yield from _without_campaigns(units, campaigns_of)
    yield from _without_people(units, people)


def _without_incidents(units: Ids, people: Ids) -> Iterator[Executable]:
    """Real incidents stay, with the timeline that names people; only the people of the demo leave them."""
    incidents = select(Incident.id).where(or_(Incident.unit_id.in_(units), Incident.is_demo))
    policies_of = select(PolicyVersion.id).where(PolicyVersion.unit_id.in_(units))
    to_the_demo = select(Message.id).where(Message.local_only)
    yield update(Incident).where(Incident.acknowledged_by_id.in_(people)).values(acknowledged_by_id=None)
    yield delete(Page).where(or_(Page.incident_id.in_(incidents), Page.person_id.in_(people)))
    yield delete(Ask).where(or_(Ask.incident_id.in_(incidents), Ask.person_id.in_(people)))
    yield delete(CoverageGap).where(CoverageGap.unit_id.in_(units))
    for model in (TimelineEntry, Escalation):
        yield delete(model).where(model.incident_id.in_(incidents))  # type: ignore[attr-defined]
    yield delete(Incident).where(Incident.id.in_(incidents))
    yield delete(Delivery).where(Delivery.message_id.in_(to_the_demo))
    yield delete(Message).where(Message.id.in_(to_the_demo))
    yield delete(PolicyTarget).where(PolicyTarget.policy_id.in_(policies_of))
    yield delete(PolicyStep).where(PolicyStep.policy_id.in_(policies_of))
    yield delete(PolicyVersion).where(PolicyVersion.unit_id.in_(units))


def _without_campaigns(units: Ids, campaigns_of: Ids) -> Iterator[Executable]:
    shifts = select(Shift.id).where(Shift.campaign_id.in_(campaigns_of))
    seats = select(Seat.id).where(Seat.shift_id.in_(shifts))
    yield delete(Duty).where(Duty.campaign_id.in_(campaigns_of))
    yield delete(DraftAssignment).where(DraftAssignment.seat_id.in_(seats))
    yield delete(Seat).where(Seat.shift_id.in_(shifts))
    for model in (Shift, SolveRun, Revision, Rehearsal):
        yield delete(model).where(model.campaign_id.in_(campaigns_of))  # type: ignore[attr-defined]
    yield delete(Campaign).where(Campaign.unit_id.in_(units))
    for model in (Demand, DeskPhone, StandingChain):
        yield delete(model).where(model.unit_id.in_(units))  # type: ignore[attr-defined]


def _without_people(units: Ids, people: Ids) -> Iterator[Executable]:
    accounts_of = select(User.id).where(User.is_demo)
    for model in (Invitation, LoginSession):
        yield delete(model).where(model.user_id.in_(accounts_of))  # type: ignore[attr-defined]
    yield delete(User).where(User.is_demo)
    yield delete(ApiKey).where(or_(ApiKey.person_id.in_(people), ApiKey.unit_id.in_(units)))
    yield delete(PersonPair).where(or_(PersonPair.first_id.in_(people), PersonPair.second_id.in_(people)))
    for model in (StandingChain, Wish, LedgerEntry, Absence, *REACH, ContactMethod, PersonDuty):
        yield delete(model).where(model.person_id.in_(people))  # type: ignore[attr-defined]
    yield delete(Person).where(Person.is_demo)
    # The tree is cut loose first: parents and children go in one statement.
    yield update(Unit).where(Unit.is_demo).values(parent_id=None)
    yield delete(Unit).where(Unit.is_demo)
    yield delete(Setting).where(Setting.key == "demo")
