"""A province at Tết: 1,040 people in 886 units, 6,463 published shifts, two thousand incidents, all by the services.

Only what would be the same a thousand times over is copied in bulk (``history``). The same code makes the same world,
but for what is drawn by lot (secrets) and salted (passwords).
"""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from benchmarks.latency import province
from benchmarks.web.world import history
from core import clock
from core.actor import Actor
from core.calendar import lunar
from core.db import db, transaction
from core.security import tokens
from incidents.attachments.models import Attachment
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.record.models import Incident, Page
from people.accounts import keys, missing_accounts, services as accounts
from people.accounts.passwords import hashed
from people.accounts.services import NewAccount
from people.desks import services as shared_desks
from people.models import Person, User
from roster.campaigns import services as campaigns
from roster.campaigns.models import Campaign
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.feeds.models import FeedSubscription
from roster.importing import services as importer
from roster.models import Duty, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.solving import jobs
from roster.solving.services import SolveRequest
from scripts.samples import crews, lists, sheets, whole as samples

NOW = clock.at_local(lunar.tet(province.TET_YEAR) + timedelta(days=7), 20)
"""The evening of Mùng 8: half of the campaign has passed, half is to come."""
PLANNED = clock.at_local(province.FIRST - timedelta(days=7), 9)
INCIDENTS, ABSENT = 2000, 100
PASSWORD = "mot-cum-tu-dai-de-do"  # noqa: S105
ACTOR = Actor(name="Bàn trực", role="admin", via="cli")
Facts = dict[str, str]


def make() -> Facts:
    """Fill the empty database; what paths name."""
    with clock.travel(PLANNED):
        _enterprise()
        logins = _accounts()
        roster = _roster()
    history.write(INCIDENTS, since=clock.at_local(province.FIRST, 8), until=NOW - timedelta(hours=8), actor=ACTOR)
    with clock.travel(NOW):
        facts = logins | roster | _running(int(roster["tet_2020"]))
        campaign = db.session.get_one(Campaign, int(roster["coming"]))
        facts |= sheets.prepare(campaign, "manager") | lists.prepare(campaign, actor=ACTOR)
        facts |= crews.prepare(campaign, actor=ACTOR, now=clock.now())
        return facts | _called(facts)


def _enterprise() -> None:
    files = province.files() | {"absences.csv": _absences()}
    report = importer.import_folder(importer.read_uploads(list(files.items())), dry_run=False, now=PLANNED, actor=ACTOR)
    if report.errors:
        raise RuntimeError(f"the folder was refused: {report.errors[:3]}")


def _absences() -> bytes:
    """Two days away for each of a hundred people."""
    rng, text = random.Random(3), io.StringIO()  # noqa: S311
    rows = csv.writer(text)
    rows.writerow(("person_code", "from", "to", "kind", "note"))
    for number in sorted(rng.sample(range(province.PEOPLE), ABSENT)):
        day = province.FIRST + timedelta(days=rng.randrange(province.DAYS - 1))
        rows.writerow((f"X{number:04d}", day, day + timedelta(days=1), "annual_leave", ""))
    return text.getvalue().encode()


def _accounts() -> Facts:
    """One for everybody, an administrator, a manager of the whole province and a shared desk; a key for calls."""
    made = {"admin": ("admin", None), "manager": ("manager", province.ROOT), "desk": ("staff", province.ROOT)}
    for login, (role, unit) in made.items():
        accounts.create_user(
            NewAccount(login, login, role, unit_code=unit, password=PASSWORD), now=PLANNED, actor=ACTOR
        )
    desk = db.session.scalars(select(User).filter_by(login="desk")).one()
    shared_desks.mark(desk.id, shared_desks.LOCK_MINUTES, actor=ACTOR, now=PLANNED)
    missing_accounts.ensure_accounts(
        db.session.scalars(select(Person).order_by(Person.id)).all(), now=PLANNED, actor=ACTOR
    )
    _row, key = keys.create_api_key(keys.NewApiKey("Đo", "admin"), now=PLANNED, actor=ACTOR)
    return {"admin": "admin", "manager": "manager", "desk": "desk", "key": key}


def _roster() -> Facts:
    """Planned by the first engine alone and published; one shift of the draft has been changed since."""
    campaign_id = campaigns.create_campaign(
        name="Tết Đinh Mùi",
        tet_year=province.TET_YEAR,
        unit=province.ROOT,
        starts_on=province.FIRST,
        ends_on=province.LAST,
        actor=ACTOR,
        now=PLANNED,
    ).id
    run = jobs.solve_now(campaign_id, SolveRequest(seconds=0, seed=1), actor=ACTOR, now=PLANNED)
    publishing.publish(campaign_id, PublishTerms(accept_gaps="Đã biết"), actor=ACTOR, now=PLANNED)
    shift, code = _coming_shift(NOW + timedelta(days=1))
    return {
        "tet_2020": str(campaign_id),
        "coming": str(campaign_id),
        "run": str(run.id),
        "shift": str(shift),
        "seated": code,
    }


def _coming_shift(after: datetime) -> tuple[int, str]:
    """The first that somebody holds after that moment."""
    wanted = (
        select(Shift.id, Person.code)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Duty, Duty.seat_id == Seat.id)
        .join(Person, Person.id == Duty.person_id)
        .where(Shift.starts_at > after, Shift.duty == "operations")
        .order_by(Shift.starts_at, Shift.id)
    )
    return db.session.execute(wanted.limit(1)).tuples().one()


def _running(campaign_id: int) -> Facts:
    """One of everything that the screens of the sample show, in the province itself, and calendars."""
    facts = samples.things(province.ROOT, campaign_id, play_at=NOW + timedelta(days=2))
    with transaction() as session:
        session.execute(update(User).where(User.login == facts["duty"]).values(password_hash=hashed(PASSWORD)))
    whole = subscriptions.subscribe(Subject("campaign", campaign_id=campaign_id), now=NOW, actor=ACTOR)
    own = db.session.get_one(FeedSubscription, int(facts["feed"]))
    joined = db.session.scalars(select(Incident).filter_by(code=facts["item"])).one()
    photo = db.session.scalars(select(Attachment.key).filter_by(incident_id=joined.id)).first()
    return facts | {
        "calendar": subscriptions.token_of(own),
        "campaign_calendar": subscriptions.token_of(whole),
        "photo": photo or "",
    }


def _called(facts: Facts) -> Facts:
    """The message and the link of the open incident; without a worker nothing else leaves."""
    while engine.escalate_due(NOW):
        pass
    found = samples.called(current_app, facts)
    if found is None:
        raise RuntimeError("nobody was called")
    return found | _rung(facts["open"])


def _rung(code: str) -> Facts:
    """The secrets of a telephone call and of one about several: no gateway rings here, so that a mail about another
    incident is made one."""
    others = (
        select(Page).join(Incident).where(Incident.code != code, Page.message_id.is_not(None), Page.purpose == "call")
    )
    page, token = db.session.scalars(others.order_by(Page.id.desc()).limit(1)).one(), tokens.new_token()
    with transaction():
        page.channel, page.link_digest = "voice", tokens.digest(token)
    return {"call": token, "several_call": bundle.call_token_for(page.person, NOW)}
