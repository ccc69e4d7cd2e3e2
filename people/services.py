"""Units, people, contacts, duty kinds: one use-case each, by page and by API.

``values`` carry the names of the import folder. On an existing row what is not given stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from core import audit, text
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries, validation
from people.access import guard
from people.accounts import ownership, queries as account_queries, services as accounts
from people.columns.people import PEOPLE
from people.contact import givers, news
from people.models import ContactMethod, DutyKind, Person, PersonDuty, Unit, UnitHead
from people.sign_in import proof

Values = Mapping[str, Any]

_BY_ITSELF = ("full_name", "position", "active")
"""Columns of people that ``_name_person`` and ``_set_active`` write."""
# --- units ---------------------------------------------------------------------------------------------------------


def save_unit(
    code: str, values: Values, *, now: datetime, actor: Actor, must_be_new: bool = False
) -> tuple[Unit, bool]:
    """Create or change the unit ``code``; answers it and whether it is new.

    ``values``: parent_code, name, kind, phone, address, serves_party_state, head_code. Raises ``Invalid``,
    ``NotFound`` (parent, head), ``Conflict("unit.code_taken")`` when it had to be new.
    """
    with transaction() as session:
        unit = queries.find_unit(validation.code(code))
        if unit is not None and must_be_new:
            raise Conflict("unit.code_taken", field="code", unit=code)
        is_new = unit is None
        unit = unit or Unit(code=validation.code(code), phone="", address="")
        if not is_new:
            guard.ensure(actor, "unit.write", unit.id, now=now)
        _place_unit(unit, values, is_new, now, actor=actor)
        if is_new or "name" in values:
            unit.name = validation.one_line(values.get("name") or "", "name")
        if is_new or "kind" in values:
            unit.kind = _known(
                values.get("kind"), [kind.code for kind in queries.unit_kinds()], "unit.kind_unknown", "kind"
            )
        if "phone" in values:
            unit.phone = validation.phone(values["phone"] or "")
        if "address" in values:
            unit.address = validation.one_line(values["address"] or "", "address", required=False)
        if values.get("serves_party_state") is not None:
            unit.serves_party_state = values["serves_party_state"]
        unit.search_key = text.fold(f"{unit.name} {unit.code}")
        session.add(unit)
        session.flush()
        if "head_code" in values:
            _put_head(unit, (values["head_code"] or "").strip())
        audit.record(actor, "unit.save", "unit", unit.id, now=now, code=unit.code, new=is_new)
        return unit, is_new


def _put_head(unit: Unit, code: str) -> None:
    """Whom escalation calls as head of the unit; may belong to another one. Empty: nobody."""
    session, kept = db.session, db.session.get(UnitHead, unit.id)
    person = queries.find_person(code)
    if code and person is None:
        raise NotFound("person.unknown", field="head_code", person=code)
    if person is not None:
        session.merge(UnitHead(unit_id=unit.id, person_id=person.id))
    elif kept is not None:
        session.delete(kept)


def _place_unit(unit: Unit, values: Values, is_new: bool, now: datetime, *, actor: Actor) -> None:
    """Hang it below its parent; both the old and the new place need the right."""
    if not is_new and "parent_code" not in values:
        return
    parent_code = values.get("parent_code")
    parent = queries.unit_by_code(parent_code) if parent_code else None
    parent_id = parent.id if parent else None
    if not is_new and parent_id == unit.parent_id:
        return
    guard.ensure(actor, "unit.write", parent_id, now=now)
    if not is_new:
        guard.ensure(actor, "unit.write", unit.parent_id, now=now)
        if parent_id is not None and queries.is_within(parent_id, unit.id):
            raise Conflict("unit.cycle", field="parent_code")
    unit.parent_id = parent_id


def _known(value: Any, choices: Collection[str], code: str, field: str) -> str:
    if value not in choices:
        raise NotFound(code, field=field, value=value)
    return str(value)


# --- people --------------------------------------------------------------------------------------------------------


def save_person(
    code: str, values: Values, *, now: datetime, actor: Actor, must_be_new: bool = False
) -> tuple[Person, bool]:
    """Create or change the person ``code``; answers the person and whether new.

    ``values``: by column, as the API takes them; limits as text, too. A person who leaves loses the account at once.
    """
    with transaction() as session, ownership.one_owner("phone"):
        person = queries.find_person(validation.code(code))
        if person is not None and must_be_new:
            raise Conflict("person.code_taken", field="code", person=code)
        is_new = person is None
        person = person or Person(code=validation.code(code), active=True, contacts=[], duties=[])
        if not is_new:
            guard.ensure(actor, "person.write", person.unit_id, now=now)
        if is_new or "unit_code" in values:
            unit = queries.unit_by_code(values.get("unit_code") or "")
            guard.ensure(actor, "person.write", unit.id, now=now)
            person.unit, person.unit_id = unit, unit.id
        _name_person(person, values, is_new)
        _work_of_person(person, values)
        _put_addresses(person, values, now, actor)
        if values.get("duties") is not None:
            _set_duties(person, values["duties"])
        phones = [each.address for each in person.contacts if each.channel == "phone"]
        person.search_key = queries.search_key(person.full_name, person.code, phones)
        session.add(person)
        session.flush()
        if values.get("active") is not None:
            _set_active(person, values["active"], now, actor)
        audit.record(
            actor, "person.save", "person", person.id, now=now, code=person.code, new=is_new, fields=sorted(values)
        )
        return person, is_new


def _name_person(person: Person, values: Values, is_new: bool) -> None:
    if is_new or "full_name" in values:
        person.full_name = validation.one_line(values.get("full_name") or "", "full_name")
        person.sort_key = text.name_sort_key(person.full_name)
        account = account_queries.user_of_person(person.id) if person.id else None
        if account is not None:
            account.name = person.full_name
    if "position" in values:
        person.position = validation.one_line(values["position"] or "", "position", required=False)


def _work_of_person(person: Person, values: Values) -> None:
    """What the row keeps of their work, once it fits together."""
    given = PEOPLE.stated({name: value for name, value in values.items() if name not in _BY_ITSELF})
    least, most = (given.get(name, getattr(person, name)) for name in ("min_shifts", "max_shifts"))
    if least is not None and most is not None and least > most:
        raise Conflict("person.min_above_max", field="min_shifts", least=least, most=most)
    if "skills" in given:
        given["skills"] = validation.skills(given["skills"], "skills")
    if "limits" in given:
        given["limits"] = validation.limits(given["limits"], "limits")
    if values.get("work_pattern"):
        patterns = [pattern.code for pattern in queries.work_patterns()]
        _known(given["work_pattern"], patterns, "work_pattern.unknown", "work_pattern")
    else:
        given.pop("work_pattern", None)
    PEOPLE.put(person, PEOPLE.taken(given))


def _put_addresses(person: Person, values: Values, now: datetime, actor: Actor) -> None:
    """The first phone and mail. Of somebody who is known already: with proof of who changes it, told to the old one."""
    known = person.id is not None
    for channel, check in (("phone", validation.phone), ("email", validation.email)):
        address = check(values[channel] or "") if channel in values else person.address(channel)
        if address == person.address(channel):
            continue
        if known:
            proof.ensure(actor, now=now)
        before = {each.address for each in person.contacts}
        replaced = ownership.put_first(person, channel, address)
        if known:
            news.tell_change(person, channel, replaced, address, now=now, actor=actor)
            db.session.flush()
            given = [(person, each) for each in person.contacts if each.address == address not in before]
            givers.note(given, actor=actor, now=now)


def _set_duties(person: Person, duties: Collection[str]) -> None:
    known = {kind.code for kind in queries.duty_kinds()}
    for duty in duties:
        if duty not in known:
            raise NotFound("duty_kind.unknown", field="duties", duty=duty)
    kept = [each for each in person.duties if each.duty in duties]
    have = {each.duty for each in kept}
    person.duties = kept + [PersonDuty(duty=duty) for duty in dict.fromkeys(duties) if duty not in have]


def _set_active(person: Person, active: bool, now: datetime, actor: Actor) -> None:
    if person.active == active:
        return
    person.active = active
    if not active:
        accounts.close_for(person, now=now, actor=actor)


def confirm_contact(contact_id: int, *, now: datetime, actor: Actor) -> Person:
    """Somebody reached the person by it: noted with the time. One's own address is no proof of itself."""
    with transaction() as session:
        contact = session.get(ContactMethod, contact_id)
        if contact is None:
            raise NotFound("contact.unknown")
        guard.ensure(actor, "person.write", contact.person.unit_id, now=now)
        contact.verified_at = now
        audit.record(actor, "contact.confirm", "person", contact.person_id, now=now, channel=contact.channel)
        return contact.person


# --- duty kinds ----------------------------------------------------------------------------------------------------


def save_duty_kind(code: str, values: Values, *, now: datetime, actor: Actor) -> tuple[DutyKind, bool]:
    """``values``: name_vi, name_en, letter, obligatory, asks_check_in, asks_ready. The letter's three kinds stay
    obligatory; who serves is asked where they are from the next shift on that begins."""
    with transaction() as session:
        guard.ensure(actor, "dutykind.write", None, now=now)
        kind = db.session.get(DutyKind, validation.code(code))
        is_new = kind is None
        kind = kind or DutyKind(code=validation.code(code), colour="other", obligatory=False, position=100)
        for name in ("name_vi", "name_en", "letter"):
            if is_new or values.get(name) is not None:
                setattr(kind, name, validation.one_line(values.get(name) or values.get("name_vi") or "", name))
        if len(kind.letter) > 3:
            raise Invalid("duty_kind.letter", field="letter")
        if values.get("obligatory") is not None:
            kind.obligatory = values["obligatory"] or code in ("leadership", "operations", "emergency")
        kind.ask(values.get("asks_check_in"), values.get("asks_ready"), now)
        session.add(kind)
        session.flush()
        asked = {"check_in": kind.asks_check_in, "ready": kind.asks_ready}
        audit.record(actor, "duty_kind.save", "duty_kind", kind.code, now=now, new=is_new, **asked)
        return kind, is_new
