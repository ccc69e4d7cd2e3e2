"""Reading who is there: whoever asks whether somebody on duty has come, left or stands ready asks here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from core.db import batched, db
from people import reference
from people.reference import KindFact
from roster.confirmations import queries as confirmations
from roster.confirmations.models import Confirmation
from roster.models import Duty
from roster.presence import moments
from roster.presence.models import NoShow, Presence

Asked = Literal["check_in", "ready"]
State = Literal["here", "left", "missing", "expected", "silent", "ready", "confirmed", "not_ready", "ahead"]


@dataclass(frozen=True)
class Word:
    """What is known of one duty; ``missed``: whom nobody has seen there, and what was done about it."""

    check_in: Presence | None = None
    check_out: Presence | None = None
    ready: Presence | None = None
    missed: NoShow | None = None


@dataclass(frozen=True)
class PresenceLine:
    """One published duty, what its kind asks of its holder (``asked``, None: nothing), and where that stands."""

    duty: Duty
    asked: Asked | None
    word: Word
    state: State
    confirmed: Confirmation | None = field(default=None)


def asking() -> dict[str, KindFact]:
    """The kinds of duty that ask anything of the sort; of an installation that never switched it on nothing is read."""
    return {kind.code: kind for kind in reference.duty_kinds() if kind.check_in_since or kind.ready_since}


def asked_of(duty: Duty, kinds: Mapping[str, KindFact]) -> Asked | None:
    kind = kinds.get(duty.duty)
    if kind is None:
        return None
    if duty.form == "onsite":
        return "check_in" if moments.is_asked(kind.check_in_since, duty.starts_at) else None
    return "ready" if moments.is_asked(kind.ready_since, duty.starts_at) else None


def words_of(duties: Iterable[Duty]) -> dict[int, Word]:
    """Duty id → what holds of it; nothing where nothing is known."""
    known = {duty.id: duty for duty in duties}
    parts: dict[int, dict[str, Presence | NoShow]] = {}
    for some in batched(sorted(known)):
        for row in db.session.scalars(select(Presence).where(Presence.duty_id.in_(some))):
            if row.kind != "ready" or row.sequence == known[row.duty_id].sequence:
                parts.setdefault(row.duty_id, {})[row.kind] = row
        for missed in db.session.scalars(select(NoShow).where(NoShow.duty_id.in_(some))):
            parts.setdefault(missed.duty_id, {})["missed"] = missed
    return {duty_id: Word(**found) for duty_id, found in parts.items()}


def lines_of(duties: Collection[Duty], *, now: datetime) -> list[PresenceLine]:
    """Return them in the order given."""
    kinds = asking()
    if not kinds:
        return [PresenceLine(duty, None, Word(), "ahead") for duty in duties]
    words, said = words_of(duties), confirmations.answers_for(duties)
    return [_line(duty, kinds, words.get(duty.id, Word()), said.get(duty.id), now=now) for duty in duties]


def list_for_seats(seat_ids: Collection[int], *, now: datetime) -> list[PresenceLine]:
    """The current duties of these seats of which anything is asked."""
    if not asking() or not seat_ids:
        return []
    wanted = select(Duty).where(Duty.seat_id.in_(sorted(seat_ids)), Duty.cancelled_at.is_(None))
    return [line for line in lines_of(db.session.scalars(wanted).all(), now=now) if line.asked is not None]


def own(person_id: int, *, now: datetime) -> list[PresenceLine]:
    """Their shifts at which they can say something at this moment, by start."""
    if not asking():
        return []
    wanted = (
        select(Duty)
        .options(joinedload(Duty.unit), joinedload(Duty.shift))
        .where(
            Duty.person_id == person_id,
            Duty.cancelled_at.is_(None),
            Duty.starts_at <= now + max(moments.EARLIEST, moments.READY_FROM),
            Duty.ends_at > now - moments.LEAVES_WITHIN,
        )
    )
    duties = db.session.scalars(wanted.order_by(Duty.starts_at, Duty.seat_id)).all()
    return [line for line in lines_of(duties, now=now) if line.asked is not None]


def standing_in(person_id: int, *, now: datetime) -> list[Duty]:
    """Running duties whose holder has not come and for which this person was asked to stand in."""
    if not asking():
        return []
    open_rows = db.session.scalars(select(NoShow).where(NoShow.ended_at.is_(None), NoShow.deputy_at.is_not(None)))
    ids = [row.duty_id for row in open_rows if person_id in row.deputies]
    wanted = select(Duty).options(joinedload(Duty.person), joinedload(Duty.unit))
    return list(db.session.scalars(wanted.where(Duty.id.in_(ids), Duty.ends_at > now).order_by(Duty.id))) if ids else []


def real_spans(duties: Collection[Duty]) -> dict[int, tuple[datetime, datetime]]:
    """Duty id → from when to when (aware UTC) its holder really served: as published, but for what was said of coming
    and leaving, and for those who never came."""
    words = words_of(duties)
    return {duty.id: _span(duty, words.get(duty.id, Word())) for duty in duties}


def known_spans(duty_ids: Collection[int]) -> dict[int, tuple[datetime, datetime]]:
    """``real_spans`` of those of these duties of which somebody said when their holder came or left, or that they never
    came."""
    said = exists().where(Presence.duty_id == Duty.id, Presence.kind.in_(("check_in", "check_out")))
    never = exists().where(NoShow.duty_id == Duty.id, NoShow.ended_as == "over")
    duties = [
        duty
        for some in batched(sorted(duty_ids))
        for duty in db.session.scalars(select(Duty).where(Duty.id.in_(some), or_(said, never)))
    ]
    return real_spans(duties)


def is_here() -> ColumnElement[bool]:
    """Whether the holder of a ``Duty`` has come. Whether they have left again is another question."""
    return exists().where(Presence.duty_id == Duty.id, Presence.kind == "check_in")


def _span(duty: Duty, word: Word) -> tuple[datetime, datetime]:
    came = word.check_in.at if word.check_in else None
    left = word.check_out.at if word.check_out else None
    never = word.missed is not None and word.missed.ended_as == "over"
    return moments.real_span(duty.starts_at, duty.ends_at, came, left, never_came=never)


def _line(
    duty: Duty, kinds: Mapping[str, KindFact], word: Word, confirmed: Confirmation | None, *, now: datetime
) -> PresenceLine:
    asked = asked_of(duty, kinds)
    if asked == "check_in":
        return PresenceLine(duty, asked, word, _on_site(duty, word, now), confirmed)
    return PresenceLine(duty, asked, word, _elsewhere(duty, asked, word, confirmed, now=now), confirmed)


def _on_site(duty: Duty, word: Word, now: datetime) -> State:
    if word.check_out is not None:
        return "left"
    if word.check_in is not None:
        return "here"
    if now >= duty.ends_at:
        return "silent"
    if now >= moments.late_from(duty.starts_at, duty.changed_at):
        return "missing"
    return "expected" if moments.can_check_in(duty.starts_at, duty.ends_at, now) else "ahead"


def _elsewhere(duty: Duty, asked: Asked | None, word: Word, confirmed: Confirmation | None, *, now: datetime) -> State:
    if word.ready is not None:
        return "ready"
    if asked is None:  # whoever has confirmed counts as ready
        return "confirmed" if confirmed is not None and confirmed.state == "confirmed" else "ahead"
    if now >= duty.ends_at:
        return "silent"
    return "not_ready" if moments.can_be_ready(duty.starts_at, duty.ends_at, now) else "ahead"
