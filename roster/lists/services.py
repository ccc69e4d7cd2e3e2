"""Lists of units: a collection is opened, a unit sends its list by the link, it goes back or into the draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.files.content import File
from core.security import throttle
from core.security.throttle import AttemptLimit
from people.access import guard
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.draft import edit_plan, services as drafts
from roster.draft.edits import SeatEdit, SeatsEdited
from roster.lists import filling, links, moments, notices, papers, queries
from roster.lists.filling import FilledList
from roster.lists.models import ListCollection, ListPick, UnitList
from roster.sheets.reading import SheetContext
from roster.words.names import names_of

LONGEST_TEXT, LONGEST_NAME = 500, 80
SENDS = AttemptLimit(30, timedelta(hours=1))
"""Of one link: each is read by somebody."""
READS = AttemptLimit(30, timedelta(hours=1))
_SOMEBODY = Actor(name="?", role="viewer", via="link")


class SentLinks(NamedTuple):
    """How many people got a link, and how many of those who owe heard of another deadline."""

    asked: int
    moved: int


def collect(
    campaign_id: int, *, units: Collection[int], due_at: datetime | None, message: str, actor: Actor, now: datetime
) -> tuple[ListCollection, SentLinks]:
    """Open it, or open it again with more units, another deadline, other words; who was not asked before gets a link,
    and who owes hears of another deadline. Raises Forbidden, Conflict (closed campaign), Invalid ``lists.due``,
    ``lists.no_units``, ``lists.long``."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    words = _text(message, "message")
    if due_at is None or due_at <= now:
        raise Invalid("lists.due", field="due")
    with transaction() as session:
        campaign = locked_campaign(campaign_id)
        require(campaign, "edit")
        able = {unit.id for unit in queries.wanting(campaign)}
        found = queries.collection_for(campaign_id)
        known = {row.unit_id for row in found.lists} if found else set[int]()
        fresh = sorted((set(units) & able) - known)
        if not fresh and not known:
            raise Invalid("lists.no_units", field="units")
        if found is None:
            found = ListCollection(campaign_id=campaign_id, opened_at=now, opened_by=actor.name, due_at=due_at)
            session.add(found)
        is_moved = bool(known) and (found.due_at != due_at or found.closed_at is not None)
        if found.due_at != due_at or found.closed_at is not None:
            found.reminded_at = None
        found.message, found.due_at, found.closed_at = words, due_at, None
        rows = [_new(found, unit_id) for unit_id in fresh]
        session.flush()
        audit.record(actor, "lists.collect", "campaign", campaign_id, now=now, units=len(fresh), due=due_at.isoformat())
        moved = notices.moved(found, known, now=now) if is_moved else 0
        return found, SentLinks(notices.ask(found, rows, now=now), moved)


def close(campaign_id: int, *, actor: Actor, now: datetime) -> None:
    """Nobody sends any more, nobody is reminded. Raises Forbidden, Conflict ``lists.none``."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    with transaction():
        found = queries.opened_for(campaign_id)
        found.closed_at = now
        audit.record(actor, "lists.close", "campaign", campaign_id, now=now)


def count_sending(row: UnitList, *, now: datetime) -> None:
    """Raises Throttled."""
    throttle.take({throttle.key_of("unit-list", str(row.id)): SENDS}, now=now)


def count_reading(row: UnitList, *, now: datetime) -> None:
    """A file costs seconds to read, and a link is in many hands. Raises Throttled."""
    throttle.take({throttle.key_of("unit-list-read", str(row.id)): READS}, now=now)


class SenderWords(NamedTuple):
    """Who sends a list and what they say. ``seen``: when the list was sent that the form was opened with (ISO, empty:
    none was)."""

    name: str
    note: str
    seen: str | None = None


def send(
    row: UnitList,
    against: SheetContext,
    filled: FilledList,
    said: SenderWords,
    *,
    files: Sequence[File] = (),
    now: datetime,
) -> list[str]:
    """What the unit says, by its link: in place of what it sent before; its paper is kept beside, and is enough
    where nobody is chosen.
    Answers the names of files that were there already. Raises Conflict ``lists.already_merged``, ``lists.closed``,
    ``lists.sent_meanwhile``, ``lists.many_files``; Invalid with each field; Throttled."""
    picks = filled.picks
    who, words = _text(said.name, "name", LONGEST_NAME), _text(said.note, "note")
    if not who:
        raise Invalid("lists.no_name", field="name")
    names = names_of(against.taken.problem)
    filling.refuse(against, filled, {shift.id: names.shift(shift.id) for shift in against.draft.shifts})
    if not picks and not files and not row.files:
        raise Invalid("lists.empty", field="name")
    count_sending(row, now=now)
    with transaction() as session:
        session.refresh(row, with_for_update=True)
        queries.refuse_closed(row.collection)
        state = moments.after(row.state, "send")
        if state is None:
            raise Conflict("lists.already_merged")
        if said.seen is not None and said.seen != (row.sent_at.isoformat() if row.sent_at else ""):
            raise Conflict("lists.sent_meanwhile", who=row.typed_by or row.sent_by)
        again = papers.keep(row, files, now=now)
        row.state, row.sent_at, row.sent_by, row.note, row.typed_by = state, now, who, words, ""
        row.picks = []
        session.flush()
        row.picks = [ListPick(seat_id=seat, person_id=person) for seat, person in sorted(picks.items())]
        audit.record(_SOMEBODY, "lists.send", "unit", row.unit_id, now=now, list=row.id, by=who, seats=len(picks))
        return again


def send_back(campaign_id: int, list_id: int, remark: str, *, actor: Actor, now: datetime) -> UnitList:
    """Send it back with what is to be mended; the unit is written to. Raises Forbidden, Invalid ``lists.no_remark``,
    Conflict ``lists.not_sent``."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    words = _text(remark, "remark")
    if not words:
        raise Invalid("lists.no_remark", field="remark")
    with transaction():
        row = queries.get(campaign_id, list_id)
        queries.refuse_closed(row.collection)
        _answer(row, "return", actor=actor, now=now)
        row.remark = words
        audit.record(actor, "lists.return", "unit", row.unit_id, now=now, list=row.id, remark=words)
        notices.returned(row, now=now)
        return row


def merge(
    campaign_id: int, list_id: int, *, sent_at: str, reason: str = "", actor: Actor, now: datetime
) -> SeatsEdited | None:
    """Its shifts in the draft become what the unit says, as one edit named after the unit; ``None`` where they are so
    already. ``sent_at``: of the list that was looked at (ISO). Raises Forbidden, Conflict ``lists.not_sent``,
    ``lists.moved``, and as ``drafts.edit_seats``."""
    campaign = get_campaign(campaign_id)
    guard.ensure(actor, "campaign.write", campaign.unit_id, now=now)
    row = queries.get(campaign_id, list_id)
    if moments.after(row.state, "merge") is None or row.sent_at is None:
        raise Conflict("lists.not_sent")
    if row.sent_at.isoformat() != sent_at:
        raise Conflict("lists.moved")
    if not row.picks:  # a paper that nobody has typed over; or their shifts have gone since
        raise Conflict("lists.not_typed" if row.files else "lists.nothing_left")
    looked_at = row.sent_at
    wanted = edits(row, filling.ground(row, now=now))
    done = None
    if wanted:
        about = {"list": row.unit.name, "list_id": str(row.id), "sent_at": sent_at}
        # What the law says is answered for shift by shift, where it can be read what it is about.
        if reason.strip() and breaches(campaign, wanted, now=now)[1]:
            reason = ""
        done = drafts.edit_seats(campaign_id, wanted, reason=reason, about=about, actor=actor, now=now)
    with transaction() as session:
        # Whoever sends it again meanwhile sends another one: that is looked at anew.
        seen = update(UnitList).where(UnitList.id == row.id, UnitList.state == "sent", UnitList.sent_at == looked_at)
        session.execute(seen.values(state="merged", answered_at=now, answered_by=actor.name))
        session.expire_all()
        audit.record(actor, "lists.merge", "unit", row.unit_id, now=now, list=row.id, seats=len(wanted))
    return done


def follow(about: Mapping[str, str], *, back: bool, actor: Actor, now: datetime) -> None:
    """Follow what is undone or redone, in that transaction: a list is merged only as long as its merge holds. One that
    was sent anew since is another list."""
    row = db.session.get(UnitList, int(about["list_id"]), populate_existing=True, with_for_update=True)
    if row is None or row.sent_at is None or row.sent_at.isoformat() != about["sent_at"]:
        return
    before, after = ("merged", "sent") if back else ("sent", "merged")
    if row.state == before:
        row.state, row.answered_at, row.answered_by = after, now, actor.name
        audit.record(actor, f"lists.{'unmerge' if back else 'merge'}", "unit", row.unit_id, now=now, list=row.id)


def edits(row: UnitList, against: SheetContext) -> list[SeatEdit]:
    """Return the edits of each shift for which the unit names anybody: those and nobody else; other shifts stay as they
    are."""
    picks = {each.seat_id: each.person_id for each in row.picks}
    code = {who: person.code for who, person in against.taken.problem.person.items()}
    sitting = against.draft.sitting
    found = list[SeatEdit]()
    for shift_id, seats in against.draft.seats.items():
        wanted = [picks[seat] for seat in seats if seat in picks and picks[seat] in code]
        if not wanted or shift_id in against.draft.fixed:
            continue
        stay = {seat for seat in seats if sitting.get(seat) in wanted}
        coming = [who for who in wanted if who not in {sitting[seat] for seat in stay}]
        # Who comes takes an empty seat first; who is not named leaves.
        free = sorted((seat for seat in seats if seat not in stay), key=lambda seat: seat in sitting)
        for seat, who in zip(free, [*coming, *[None] * len(free)], strict=False):
            was = code.get(sitting[seat]) if seat in sitting else None
            if who is not None or was is not None:
                found.append(SeatEdit(seat, code[who] if who is not None else None, was))
    return found


def breaches(campaign: Campaign, wanted: list[SeatEdit], *, now: datetime) -> tuple[list[str], bool, str]:
    """(sentences of the rules that it would break, whether one is the law's, why it cannot be merged at all)."""
    trial = edit_plan.tried(campaign, wanted, None, now=now)
    return [each["text"] for each in trial.violations], trial.law, trial.fault.message() if trial.fault else ""


def _answer(row: UnitList, act: moments.Act, *, actor: Actor, now: datetime) -> None:
    db.session.refresh(row, with_for_update=True)
    state = moments.after(row.state, act)
    if state is None:
        raise Conflict("lists.not_sent")
    row.state, row.answered_at, row.answered_by = state, now, actor.name


def _new(collection: ListCollection, unit_id: int) -> UnitList:
    digest, sealed = links.secret()
    row = UnitList(collection=collection, unit_id=unit_id, state="waiting", digest=digest, sealed=sealed)
    db.session.add(row)
    return row


def _text(given: str, field: str, limit: int = LONGEST_TEXT) -> str:
    tidy = " ".join(given.split())
    if len(tidy) > limit:
        raise Invalid("lists.long", field=field, limit=limit)
    return tidy
