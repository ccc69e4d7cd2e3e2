"""Reasons from the services: who else, who covers, why a seat is empty; what others than managers hear; acting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Forbidden, NotFound
from people.models import Absence, Person
from planning.explain.facts import RosterFact
from planning.explain.repairs import Repair
from planning.problem import Assignment
from roster.draft import services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.reasons import services as explaining
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.words import reasons as words, repairs
from tests.support import worlds
from tests.support.factories import ADMIN, NOW, make_campaign, make_demand, make_person, make_unit, manager_of, sample
from tests.support.kept_solves import solves_kept

pytestmark = pytest.mark.usefixtures("engines_inside")
HOUR = 3600
"""Seconds: what ends by itself has them, however busy the machine."""


@pytest.fixture
def unit(db):
    unit = make_unit()
    make_demand(unit, template="Ngày", start="07:30", hours=10)
    make_demand(unit, template="Đêm", start="19:30", hours=10)
    for code in ("P1", "P2", "P3"):
        make_person(code, unit, name=f"Lê Văn {code}")
    make_person("P4", unit, duties=("support",))
    return unit


@pytest.fixture
def day(unit, db):
    """The day duty of 23/01."""
    make_campaign(unit)
    return db.session.scalars(select(Shift).order_by(Shift.starts_at)).first()


def put(shift, *codes):
    return drafts.set_people(shift.id, codes, actor=ADMIN, now=NOW, override_reason="thử")


def away(code, first, last, kind="annual_leave"):
    with transaction() as session:
        person = session.scalars(select(Person).filter_by(code=code)).one()
        session.add(Absence(person_id=person.id, from_on=first, to_on=last, kind=kind))
    return person.id


def person_of(unit, code, role="staff"):
    from people import queries

    return Actor(name=code, role=role, via="session", unit_id=unit.id, person_id=queries.person_by_code(code).id)


# --- one cell -------------------------------------------------------------------------------------------------------


def test_every_candidate_with_what_breaks_and_costs_in_words(day):
    put(day, "P1")
    away("P2", date(2020, 1, 23), date(2020, 1, 23), "sick")
    cell = explaining.cell(day.id, replacing="P1", actor=ADMIN, now=NOW)
    facts = [words.candidate(each, cell.names) for each in cell.candidates]
    assert [(each["person"], [b["rule"] for b in each["breaks"]]) for each in facts] == [
        ("P3", []),
        ("P2", ["absence.away"]),
    ]
    assert "Lê Văn P2 vắng mặt" in facts[1]["breaks"][0]["text"]
    assert cell.pool.strangers["eligibility.duty"]
    assert cell.why is not None and cell.why.regret == 0 and cell.why.pinned
    told = words.why(cell.why, cell.names, day.id)
    assert told[0] == "Người này đã được ghim vào ca."
    assert "Lê Văn P3 trực ca này cũng được, chi phí như nhau." in told
    for each in cell.candidates:
        compared = words.against(each, cell.why.own)
        assert sum(part["change"] for part in compared["costs"]) == pytest.approx(
            (each.cost_change - cell.why.own.cost_change) / 100
        )
    assert words.against(cell.candidates[0], cell.why.own) == {"against": "chi phí không đổi", "costs": []}


def test_an_empty_seat_has_candidates_and_no_why(day):
    cell = explaining.cell(day.id, actor=ADMIN, now=NOW)
    assert len(cell.candidates) == 3 and cell.why is None


def test_a_member_of_staff_may_ask_about_the_own_seat_and_hears_of_nobody_else(day, unit):
    put(day, "P1")
    publishing.publish(day.campaign_id, PublishTerms(accept_gaps="thử"), actor=ADMIN, now=NOW)
    mine = explaining.cell(day.id, replacing="P1", actor=person_of(unit, "P1"), now=NOW)
    assert mine.is_own and mine.candidates == () and mine.why is not None
    told = " ".join(words.own_why(mine.why))
    assert "P2" not in told and "P3" not in told and "người khác" not in told
    for other in ("P1", None):
        with pytest.raises(Forbidden):
            explaining.cell(day.id, replacing=other, actor=person_of(unit, "P2"), now=NOW)


def test_before_the_first_publication_nobody_is_told_of_a_draft(day, unit):
    put(day, "P1")
    with pytest.raises(Conflict, match=r"shift\.not_on_it"):
        explaining.cell(day.id, replacing="P1", actor=person_of(unit, "P1"), now=NOW)
    assert explaining.cell(day.id, replacing="P1", actor=ADMIN, now=NOW).why is not None


@pytest.fixture
def published(day, db):
    """P1 was signed for the day; the draft has meanwhile put P2 there, and P1 on the day after."""
    put(day, "P1")
    publishing.publish(day.campaign_id, PublishTerms(accept_gaps="thử"), actor=ADMIN, now=NOW)
    put(day, "P2")
    after = db.session.scalars(select(Shift).filter_by(template="Ngày").order_by(Shift.starts_at)).all()[1]
    put(after, "P1")
    return day, after


def test_the_own_published_shift_is_explained_when_the_draft_has_moved_the_person_off(published, unit):
    day, _after = published
    mine = explaining.cell(day.id, replacing="P1", actor=person_of(unit, "P1"), now=NOW)
    assert mine.is_own and mine.is_published and mine.why is not None and not mine.why.pinned
    told = words.own_why(mine.why, published=mine.is_published)
    assert told[-1] == "Trả lời theo lịch đã ban hành."
    assert "P2" not in " ".join(told) and "người khác" not in " ".join(told)


def test_who_is_in_both_hears_of_the_published_roster_alone(day, unit, db):
    put(day, "P1")
    publishing.publish(day.campaign_id, PublishTerms(accept_gaps="thử"), actor=ADMIN, now=NOW)
    before = explaining.cell(day.id, replacing="P1", actor=person_of(unit, "P1"), now=NOW)
    for shift in db.session.scalars(select(Shift).filter_by(template="Ngày")).all():
        put(shift, "P2" if shift.id != day.id else "P1")
    after = explaining.cell(day.id, replacing="P1", actor=person_of(unit, "P1"), now=NOW)
    assert before.why == after.why and after.is_published
    editor = explaining.cell(day.id, replacing="P1", actor=ADMIN, now=NOW)
    assert editor.why != after.why and not editor.is_published


def test_a_shift_that_only_the_draft_gives_somebody_is_refused_as_if_they_were_not_on_it(published, unit):
    day, after = published
    for shift, code in ((day, "P2"), (after, "P1"), (day, "P3")):
        with pytest.raises(Conflict) as error:
            explaining.cell(shift.id, replacing=code, actor=person_of(unit, code), now=NOW)
        assert error.value.code == "shift.not_on_it"


def test_an_editor_is_told_when_only_the_published_roster_has_the_person(published):
    day, after = published
    cell = explaining.cell(day.id, replacing="P1", actor=ADMIN, now=NOW)
    assert cell.is_published and cell.why is not None and {each.staff_id for each in cell.candidates}
    assert words.why(cell.why, cell.names, day.id, published=cell.is_published)[-1] == "Trả lời theo lịch đã ban hành."
    of_the_draft = explaining.cell(after.id, replacing="P1", actor=ADMIN, now=NOW)
    assert not of_the_draft.is_published and of_the_draft.why is not None and of_the_draft.why.pinned


def test_why_of_somebody_who_is_not_on_the_shift(day):
    with pytest.raises(Conflict) as error:
        explaining.cell(day.id, replacing="P1", actor=ADMIN, now=NOW)
    assert error.value.code == "shift.not_on_it"
    with pytest.raises(NotFound):
        explaining.cell(day.id, replacing="X", actor=ADMIN, now=NOW)


# --- covering -------------------------------------------------------------------------------------------------------


def test_a_cover_is_carried_out_in_the_draft(day):
    put(day, "P1")
    ways = explaining.ways_to_cover(day.id, leaving="P1", actor=ADMIN, now=NOW)
    facts = [words.cover(each, ways.names) for each in ways.found]
    assert facts[0]["text"].endswith("trực thay Lê Văn P1.")
    assert facts[0]["near"] == "cùng đơn vị"
    (edited,) = explaining.apply_cover(
        day.id, [(day.id, "P1", facts[0]["moves"][0]["in"])], draft_version=ways.draft_version, actor=ADMIN, now=NOW
    )
    assert edited.people == (facts[0]["moves"][0]["in"],)
    assert edited.draft_version == ways.draft_version + 1


def test_two_moves_are_carried_out_together_or_not_at_all(day, db):
    """P2 serves the night after it and P3 the night before it: one of them passes that night on to the other."""
    rows = db.session.scalars(select(Shift).order_by(Shift.starts_at)).all()
    before, shift, after = rows[1], rows[2], rows[3]
    assert (before.template, shift.template, after.template) == ("Đêm", "Ngày", "Đêm")
    put(shift, "P1")
    drafts.set_people(after.id, ["P2"], pin=False, actor=ADMIN, now=NOW)
    drafts.set_people(before.id, ["P3"], pin=False, actor=ADMIN, now=NOW)
    ways = explaining.ways_to_cover(shift.id, leaving="P1", actor=ADMIN, now=NOW)
    best = words.cover(ways.found[0], ways.names)
    moves = [(m["shift"], m["out"], m["in"]) for m in best["moves"]]
    assert moves in (
        [(shift.id, "P1", "P2"), (after.id, "P2", "P3")],
        [(shift.id, "P1", "P3"), (before.id, "P3", "P2")],
    )
    assert best["breaks"] == [] and "nhận" in best["text"]
    with pytest.raises(NotFound):
        explaining.apply_cover(shift.id, [*moves[:1], (moves[1][0], moves[1][1], "X")], actor=ADMIN, now=NOW)
    assert explaining.ways_to_cover(shift.id, leaving="P1", actor=ADMIN, now=NOW).draft_version == ways.draft_version
    done = explaining.apply_cover(shift.id, moves, actor=ADMIN, now=NOW)
    assert [(each.shift_id, each.people) for each in done] == [(m[0], (m[2],)) for m in moves]


def test_a_cover_that_breaks_a_rule_needs_a_reason(day):
    put(day, "P1")
    away("P2", date(2020, 1, 23), date(2020, 1, 23))
    moves = [(day.id, "P1", "P2")]
    with pytest.raises(Conflict) as error:
        explaining.apply_cover(day.id, moves, actor=ADMIN, now=NOW)
    assert error.value.code == "seats.break_rules"
    (edited,) = explaining.apply_cover(day.id, moves, override_reason="không còn ai", actor=ADMIN, now=NOW)
    assert edited.people == ("P2",)


def test_only_those_who_edit_the_campaign_look_for_covers_and_carry_them_out(day, unit):
    put(day, "P1")
    for actor in (person_of(unit, "P1"), manager_of(make_unit("KHAC").id)):
        with pytest.raises(Forbidden):
            explaining.ways_to_cover(day.id, leaving="P1", actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            explaining.apply_cover(day.id, [(day.id, "P1", "P2")], actor=actor, now=NOW)


@pytest.mark.parametrize("moves", [[], [(999, "P1", "P2")]])
def test_a_cover_starts_with_its_own_shift(day, moves):
    with pytest.raises(Conflict) as error:
        explaining.apply_cover(day.id, moves, actor=ADMIN, now=NOW)
    assert error.value.code == "shift.wrong_moves"


# --- empty seats ----------------------------------------------------------------------------------------------------


@pytest.fixture
def leaderless(db):
    """Gia Lai with all its leaders on leave on Mùng 1, solved as far as that goes."""
    number, leaders = worlds.begin("Gia Lai without leaders", lambda: make_leaderless(db))
    return db.session.get_one(SolveRun, number), leaders


def make_leaderless(db):
    sample("gia-lai-2020")
    rows = db.session.scalars(select(Person).filter_by(active=True))
    leaders = [p.code for p in rows if "leadership" in {d.duty for d in p.duties}]
    for code in leaders:
        away(code, date(2020, 1, 25), date(2020, 1, 25))
    unit = db.session.scalars(select(Person).filter_by(code=leaders[0])).one().unit
    campaign = make_campaign(unit, first="2020-01-23", last="2020-01-27")
    with solves_kept():
        return jobs.solve_now(campaign.id, SolveRequest(seconds=HOUR), actor=ADMIN, now=NOW).id, leaders


def test_leaders_on_leave_leave_the_two_shifts_that_touch_the_day(leaderless, db):
    run, leaders = leaderless
    whole = explaining.explanation(run.id, actor=ADMIN, now=NOW)
    found = whole.found
    assert (found.missing, found.at_least, found.is_exact) == (2, 2, True)
    touching = [
        s.id
        for s in db.session.scalars(select(Shift).filter_by(duty="leadership").order_by(Shift.starts_at))
        if s.local_on in (date(2020, 1, 24), date(2020, 1, 25))
    ]
    assert [each.shift_id for each in found.shortages] == touching
    assert found.bindings[0].rule == "absence.away"
    assert "không thể ít hơn" in repairs.headline(found)
    moved = [each for each in found.repairs if each.kind == "leave"]
    assert {each.days for each in moved} == {(date(2020, 1, 25),)}
    assert "dời ngày nghỉ 25/01/2020" in repairs.repair(moved[0], whole.names)["text"]
    for shift_id in touching:
        answer = explaining.conflict(run.id, shift_id=shift_id, actor=ADMIN, now=NOW)
        assert answer.found is not None and answer.found.is_irreducible
        people = {code: person for person, (code, _name) in answer.names.people.items()}
        assert set(answer.found.facts) == {
            RosterFact("cover", shift_id=shift_id),
            *(RosterFact("absence", staff_id=people[code], on=date(2020, 1, 25)) for code in leaders),
        }
        told = [repairs.fact(each, answer.found, answer.names, answer.headcounts) for each in answer.found.facts]
        assert any("vắng mặt ngày 25/01/2020" in text for text in told)


def test_the_numbers_of_a_conflict_are_those_that_were_proven(db):
    """A shift of three with one on it and the other two away: one more cannot come, so that is all that is said."""
    unit = make_unit()
    make_demand(unit, start="07:30", hours=10, headcount=3)
    for code in ("P1", "P2", "P3"):
        make_person(code, unit)
    for code in ("P2", "P3"):
        away(code, date(2020, 1, 23), date(2020, 1, 23))
    campaign = make_campaign(unit, last="2020-01-23")
    run = jobs.solve_now(campaign.id, SolveRequest(seconds=HOUR), actor=ADMIN, now=NOW)
    answer = explaining.conflict(run.id, actor=ADMIN, now=NOW)
    assert answer.found is not None and answer.found.is_irreducible
    assert answer.found.asked == {answer.shift_id: 2}
    told = repairs.told(answer.found, answer.names, answer.headcounts)
    assert [text for text in told if text.endswith("cần thêm 1 người, tức 2 trong 3 người")]
    assert not [text for text in told if "cần 3 người" in text]


def test_a_repair_says_what_its_price_buys_and_what_moving_others_would_add(leaderless):
    run, _leaders = leaderless
    names = explaining.explanation(run.id, actor=ADMIN, now=NOW).names
    now = Repair("rule", "rest.between_shifts", (Assignment(1, 1), Assignment(2, 1)), 112_00)
    assert repairs.repair(now, names)["text"].endswith("phủ được 2 lượt, giá 112,0 điểm (chừng 11 ca đêm).")
    told = repairs.repair(replace(now, fills=3), names)["text"]
    assert told.endswith("2 lượt ngay, giá 112,0 điểm (chừng 11 ca đêm); tới 3 lượt khi đổi chỗ người khác.")


def test_sick_leave_is_never_asked_to_move(leaderless, db):
    run, _leaders = leaderless
    with transaction() as session:
        for row in session.scalars(select(Absence)):
            row.kind = "sick"
    found = explaining.explanation(run.id, actor=ADMIN, now=NOW).found
    assert not [each for each in found.repairs if each.kind == "leave"]


def test_leave_is_not_asked_to_move_on_a_day_that_something_else_covers_too(leaderless, db):
    run, leaders = leaderless
    ill = away(leaders[0], date(2020, 1, 25), date(2020, 1, 26), "sick")
    found = explaining.explanation(run.id, actor=ADMIN, now=NOW).found
    moved = [each for each in found.repairs if each.kind == "leave"]
    assert moved and ill not in {each.staff_id for each in moved}


def test_reasons_of_empty_seats_are_for_those_who_edit(leaderless):
    run, leaders = leaderless
    actor = person_of(run.campaign.unit, leaders[0])
    with pytest.raises(Forbidden):
        explaining.explanation(run.id, actor=actor, now=NOW)
    with pytest.raises(Forbidden):
        explaining.conflict(run.id, actor=actor, now=NOW)


def test_nothing_to_explain_where_nobody_is_missing(leaderless, db):
    run, _leaders = leaderless
    full = db.session.scalars(select(Shift).filter_by(duty="support")).first()
    with pytest.raises(Conflict) as error:
        explaining.conflict(run.id, shift_id=full.id, actor=ADMIN, now=NOW)
    assert error.value.code == "shift.full"


def test_what_a_run_proved_is_not_believed_once_leave_has_changed(leaderless, db):
    run, _leaders = leaderless
    assert run.certificate["missing_bound"] == 2
    with transaction() as session:
        for row in session.scalars(select(Absence).filter_by(from_on=date(2020, 1, 25), to_on=date(2020, 1, 25))):
            session.delete(row)
    found = explaining.explanation(run.id, actor=ADMIN, now=NOW).found
    assert (found.missing, found.at_least, found.is_exact) == (2, 0, False)
    assert set(found.free) == {each.shift_id for each in found.shortages}
    assert "2 ca trong số đó đã có người trực được" in repairs.headline(found)
