"""Addresses of an import that several people would have: an office's, or a mistake; said before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import batched, db
from people.accounts import ownership
from people.contact import givers, news
from people.imports.job import ImportJob, RowChange
from people.imports.records import Record
from people.models import ContactMethod, Person, Unit
from people.sign_in import proof

COLUMNS = ("phone", "email")
_IN_THE_DATABASE = {"synchronize_session": False}
"""Contacts of new people are no rows of the session."""


@dataclass(frozen=True)
class AddressHolder:
    """Somebody who has an address already."""

    code: str
    unit: str
    own: bool
    proved: bool


@dataclass
class Shared:
    """What the import makes of addresses of several people: ``keepers`` go on having theirs for themselves."""

    addresses: set[str] = field(default_factory=set)
    keepers: dict[str, str] = field(default_factory=dict)


def check(
    job: ImportJob, records: list[Record], known: Mapping[str, Mapping[str, Any]], units: Collection[str]
) -> Shared:
    """Warn of every address that the file gives to a second person; refuse one that is a stranger's own.

    ``units``: phones of units. A person who has proved an address keeps it; else it is nobody's own any more.
    """
    shared, holders = Shared(), _holders()
    for record in records:
        _move(record, known, holders)
    for column in COLUMNS:
        for record in records:
            address, code = record.values.get(column), record.values.get("code")
            if address and code and column not in record.bad:
                _look(job, record, column, holders[address], shared=shared)
                if column == "phone" and address in units and known.get(code, {}).get("phone") != address:
                    job.warn(record, column, "import.office_phone")
                    shared.addresses.add(address)
    return shared


def _holders() -> defaultdict[str, list[AddressHolder]]:
    rows = db.session.execute(
        select(
            ContactMethod.address,
            Person.code,
            Unit.code,
            ContactMethod.unit_id.is_(None),
            ContactMethod.verified_at.is_not(None),
        )
        .join(Person, Person.id == ContactMethod.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.active)
        .order_by(ContactMethod.id)
    )
    found: defaultdict[str, list[AddressHolder]] = defaultdict(list)
    for address, code, unit, own, proved in rows:
        found[address].append(AddressHolder(code, unit, bool(own), bool(proved)))
    return found


def _move(
    record: Record, known: Mapping[str, Mapping[str, Any]], holders: defaultdict[str, list[AddressHolder]]
) -> None:
    """Who has what when this row is written: the first address of a kind is replaced."""
    code = record.values.get("code")
    if not code:
        return
    for column in COLUMNS:
        address, before = record.values.get(column), known.get(code, {}).get(column)
        leaves = record.values.get("active") is False
        if before and (leaves or (address and address != before)):
            holders[before] = [each for each in holders[before] if each.code != code]
        if address and not leaves and all(each.code != code for each in holders[address]):
            holders[address].append(AddressHolder(code, record.values.get("unit_code", ""), own=False, proved=False))


def _look(job: ImportJob, record: Record, column: str, holders: list[AddressHolder], *, shared: Shared) -> None:
    address, code = record.values[column], record.values["code"]
    others = [each for each in holders if each.code != code]
    if not others or all(each.code != code for each in holders):
        return
    owner = next((each for each in others if each.own), None)
    if owner is not None and job.scope is not None and owner.unit not in job.scope:
        job.error(record, column, "import.contact_taken")
        return
    shared.addresses.add(address)
    keeper = next((each.code for each in holders if each.own and each.proved), None)
    if keeper is not None:
        shared.keepers[address] = keeper
    first = next((each for each in others if job.scope is None or each.unit in job.scope), None)
    if keeper == code or holders[0].code == code:
        return  # said once, at the second of them
    if first is None:
        job.warn(record, column, "import.shared_elsewhere")
    else:
        job.warn(
            record, column, "import.kept_contact" if keeper else "import.shared_contact", code=keeper or first.code
        )


def write(
    people: Mapping[str, Person], changes: list[RowChange], shared: Shared, *, now: datetime, actor: Actor
) -> None:
    """Give everybody their addresses, then say whose each is. Within the importer's transaction.

    Raises ``ProofNeeded`` when a person who is known already gets another one and nobody typed the password.
    """
    given: dict[str, tuple[Person, ContactMethod]] = {}
    later: list[tuple[Person, ContactMethod]] = []
    for change in changes:
        person = people[change.key[0]]
        for column in COLUMNS:
            address = change.values.get(column)
            if address and person.address(column) != address:
                if not change.is_new:
                    proof.ensure(actor, now=now)
                known = {each.address for each in person.contacts}
                replaced, contact = _put_first(person, column, address)
                if not change.is_new:
                    news.tell_change(person, column, replaced, address, now=now, actor=actor)
                    later += [(person, contact)] if address not in known else []
                given[address] = person, contact
    with ownership.one_owner("phone"):
        db.session.flush()
        _share(shared, now=now, actor=actor)
        for address, (person, contact) in given.items():
            if address not in shared.addresses:
                contact.unit_id = ownership.settle(person, address, shared=False)
        givers.note(later, actor=actor, now=now)
        db.session.flush()


def own(given: Sequence[tuple[int, str]], shared: Shared) -> None:
    """Addresses of new people, as (person id, address), become their own where nobody else has them: a few statements,
    however many people come. After ``write``, in the same transaction."""
    wanted = {address: person_id for person_id, address in given if address not in shared.addresses}
    taken: set[str] = set()
    left: list[dict[str, int]] = []
    for some in batched(sorted(wanted)):
        taken |= set(db.session.scalars(select(Unit.phone).where(Unit.phone.in_(some))))
        holders = select(
            ContactMethod.id, ContactMethod.address, ContactMethod.person_id, Person.active, Person.unit_id
        ).join(Person, Person.id == ContactMethod.person_id)
        for contact, address, person_id, active, unit_id in db.session.execute(
            holders.where(ContactMethod.address.in_(some))
        ):
            if person_id != wanted[address] and active:
                taken.add(address)
            elif person_id != wanted[address]:  # somebody who has left: free again
                left.append({"id": contact, "unit_id": unit_id})
    if left:
        db.session.execute(update(ContactMethod), left)
    with ownership.one_owner("phone"):
        for some in batched(sorted(set(wanted) - taken)):
            mine = ContactMethod.address.in_(some), ContactMethod.person_id.in_([wanted[each] for each in some])
            db.session.execute(
                update(ContactMethod).where(*mine).values(unit_id=None), execution_options=_IN_THE_DATABASE
            )


def _put_first(person: Person, channel: str, address: str) -> tuple[str, ContactMethod]:
    """The file's address becomes the first of its channel (the office's, for the moment); further ones stay."""
    same = [each for each in person.contacts if each.channel == channel]
    mine = next((each for each in same if each.address == address), None)
    replaced = ""
    if mine is None:
        mine = same[0] if same else ContactMethod(channel=channel)
        replaced = mine.address if same else ""
        mine.address, mine.verified_at, mine.unit_id = address, None, person.unit.id
        if not same:
            person.contacts.append(mine)
    for position, each in enumerate([mine, *[each for each in person.contacts if each is not mine]]):
        each.position = position
    return replaced, mine


def _share(shared: Shared, *, now: datetime, actor: Actor) -> None:
    held = select(ContactMethod).options(joinedload(ContactMethod.person)).where(ContactMethod.unit_id.is_(None))
    for some in batched(sorted(shared.addresses)):
        for contact in db.session.scalars(held.where(ContactMethod.address.in_(some))):
            if shared.keepers.get(contact.address) != contact.person.code:
                contact.unit_id = contact.person.unit_id
                news.tell_shared([contact], now=now, actor=actor)
    db.session.flush()
