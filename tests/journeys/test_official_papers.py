"""A clerk's papers of one Tết: the roster for the Sở and for the wall, what was changed, a night's incident, minutes.

All of one unit, TINH, by the services that pages and calls use. Two clerks press at once, and one of them in a
building whose power goes.
"""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from documents.drafting.services import DraftRequest
from documents.issued import queries as documents, services as issued
from documents.issued.queries import Filter
from documents.models import Document
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.handovers import services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.legal import services as legal
from incidents.record.models import Incident
from people import queries as people
from roster.models import Rehearsal
from tests.support import factories, papers, read_back
from tests.support.in_parallel import in_parallel
from tests.support.published import Published
from tests.support.writer import died_at

DAY = factories.NOW + timedelta(days=1)
CLERKS = tuple(Actor(f"Văn thư {n}", "manager", "session", user_id=None, key_id=n) for n in (1, 2))
FINE = TypedMinutes((ChecklistItem("Tiền mặt", "fine"),), undone="Chờ điện lực 09:00")
EVE = datetime.fromisoformat("2020-01-23T19:20+07:00")
"""Ten minutes before the first day's operations change."""


@pytest.fixture
def office(roster: Published) -> Published:
    papers.settle(DAY, "TINH")
    return roster


def issue(
    about: str, kind: str, *, clerk: int = 0, at: datetime = DAY, replaces: int | None = None, **options: str
) -> Document:
    """By the form of one draft: sent again, the same document."""
    wanted = DraftRequest(about, kind, options, replaces=replaces)
    return issued.issue(wanted, once=f"form {about} {options} {replaces}"[:80], actor=CLERKS[clerk], now=at)


def files(row: Document) -> tuple[list[str], str]:
    """(what each page of the PDF says, what Word says), of the bytes that were kept."""
    kept = documents.readable(row.id, CLERKS[0], DAY, files=True)
    return read_back.pdf_pages(kept.pdf), read_back.docx_text(kept.docx)


def log(office: Published, title: str, category: str, at: datetime) -> Incident:
    report = IncidentReport(title=title, category=category, unit_id=office.unit_id, actor=factories.ADMIN)
    return creation.log(report, now=at)[0]


def given() -> list[str]:
    """Every number in the register, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(Document.code).where(Document.code != "").order_by(Document.id)))


@pytest.mark.both_dbs("two clerks take numbers at once, one is killed half-way: locks, and what a dead one held")
def test_a_tet_of_papers_in_one_register(app: Flask, office: Published) -> None:
    roster = f"campaign:{office.campaign_id}"

    # Two clerks press at the same moment: one has the copy for the Sở, the other the one for the wall.
    def press(n: int) -> tuple[str, int]:
        row = issue(roster, "roster.notice", clerk=n, copy=("authority", "wall")[n], layout="days")
        return row.code, row.id

    both = in_parallel(app, 2, press)
    assert sorted(code for code, _id in both) == ["01/TB-BĐA", "02/TB-BĐA"]
    db.session.rollback()
    for copy, phone in (("authority", True), ("wall", False)):
        row = next(
            each for each in map(documents.get, (number for _code, number in both)) if each.options["copy"] == copy
        )
        pages, word = files(row)
        assert all(("0900 000 1" in said) is phone for said in (" ".join(pages), word)), copy
        assert row.code in pages[0] and row.code in word
    sent_to_authority = next(number for _code, number in both if documents.get(number).options["copy"] == "authority")

    # A shift changes hands; the clerk who writes it up is cut off twice, before and after the number is written.
    office.reassign("operations", 2, "O4")
    for place in ("plan.made", "plan.written"):
        assert died_at(place, lambda: issue(roster, "roster.amendment"))
        assert given() == ["01/TB-BĐA", "02/TB-BĐA"]
    changes = issue(roster, "roster.amendment")
    assert changes.code == "03/TB-BĐA", "nobody's number was lost with the power"
    pages, _word = files(changes)
    assert people.person_by_code("O4").full_name in " ".join(pages)

    # The Sở gets a notice in place of the first; both clerks press, one was quicker.
    def replace_it(n: int) -> str:
        try:
            return issue(
                roster, "roster.notice", clerk=n, replaces=sent_to_authority, copy="authority", layout="days"
            ).code
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 2, replace_it)) == ["04/TB-BĐA", "documents.ended"]
    db.session.rollback()
    old = documents.get(sent_to_authority)
    new = documents.replaced_by(old)
    assert old.state == "replaced" and new is not None and "Văn bản này thay thế Thông báo số" in files(new)[1]
    issued.withdraw(changes.id, "Gửi nhầm nơi nhận", actor=CLERKS[1], now=DAY)
    assert (changes.state, changes.end_reason, changes.ended_by) == ("withdrawn", "Gửi nhầm nơi nhận", "Văn thư 2")

    # The night: a parcel that the law forbids, minutes of the change of shift, and an exercise beside it.
    parcel = log(office, "Bưu gửi nghi vi phạm", "prohibited_item", EVE)
    legal.record(parcel.id, "suspend", {"at": EVE, "by": "Đỗ Thị Bích"}, actor=factories.ADMIN, now=EVE)
    record = issue(f"incident:{parcel.code}", "incidents.record", at=EVE)
    by_law = issue(f"incident:{parcel.code}", "incidents.article14", at=EVE)
    assert (record.code, by_law.code) == ("01/BB-BĐA", "02/BB-BĐA")
    assert "Điều 14" in files(by_law)[0][0]
    minutes = handovers.write_and_sign(office.seat("operations", 0), FINE, actor=_serving(office, "O1"), now=EVE)
    kept = issue(f"handover:{minutes.id}", "incidents.handover", at=EVE)
    assert (kept.code, kept.number) == ("", None) and "Chờ điện lực 09:00" in files(kept)[1]
    played = issue(f"incident:{_played(office).code}", "incidents.record", at=EVE)
    assert (played.code, played.number) == ("", None)
    pages, _word = files(played)
    assert all("DIỄN TẬP" in page for page in pages) and "DIỄN TẬP" in _word_mark(played)
    assert not any("DIỄN TẬP" in page for page in files(record)[0])
    assert (
        issue(f"incident:{log(office, 'Mất điện', 'power', EVE).code}", "incidents.record", at=EVE).code == "03/BB-BĐA"
    )

    # Sent again, each form is answered with what it made; the register has no gap and nothing twice.
    assert issue(f"incident:{parcel.code}", "incidents.article14", at=EVE).id == by_law.id
    assert given() == [*(f"0{n}/TB-BĐA" for n in (1, 2, 3, 4)), *(f"0{n}/BB-BĐA" for n in (1, 2, 3))]
    assert documents.next_number(office.unit_id, 2020, "BB") == 4
    assert db.session.scalar(select(func.count(Document.id))) == 9
    states = {row.code: row.state for row in documents.listed(Filter(about=roster), CLERKS[0], EVE)}
    assert states == {old.code: "replaced", changes.code: "withdrawn", new.code: "issued"} | {
        code: "issued" for code in ("01/TB-BĐA", "02/TB-BĐA") if code != old.code
    }


def _serving(office: Published, code: str) -> Actor:
    return Actor(code, "staff", "session", user_id=900, person_id=office.person[code], unit_id=office.unit_id)


def _played(office: Published) -> Incident:
    """What breaks in an exercise that plays this roster."""
    incident = log(office, "Cháy kho", "fire", EVE)
    with transaction() as session:
        exercise = Rehearsal(
            campaign_id=office.campaign_id,
            source="published",
            step_seconds=20,
            started_at=EVE,
            offset_seconds=0,
            started_by="kiểm thử",
            ends_at=EVE + timedelta(hours=1),
        )
        session.add(exercise)
        session.flush()
        session.get_one(Incident, incident.id).rehearsal_id = exercise.id
    return incident


def _word_mark(row: Document) -> str:
    """The headers of the Word file, where what stands across a page is."""
    kept = documents.readable(row.id, CLERKS[0], DAY, files=True)
    with zipfile.ZipFile(BytesIO(kept.docx)) as parts:
        return "".join(parts.read(each).decode() for each in parts.namelist() if "header" in each)
