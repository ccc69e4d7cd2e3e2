"""Import of what the engine's rules need: skills, shares, overtime bars, wanted numbers, pairs."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from people import queries
from roster.importing import services as importer
from roster.sources.models import Demand, PersonPair
from tests.services.roster.importing.test_import import PEOPLE, UNITS, counted, run, said

pytestmark = pytest.mark.both_dbs

MORE = (
    "code,full_name,unit_code,email,phone,duties,max_shifts,skills,share,no_overtime,min_shifts\n"
    "N1,Ksor H’Nhung,T,n1@buudien.example,0900000001,leadership,8,Experienced; lái  xe;experienced,60,có,2\n"
    "N2,Hoà Bình,H,n2@buudien.example,0900000002,operations;emergency,,,,,\n"
)
DEMAND = (
    "duty,unit_code,phase,shift,start,hours,headcount,form,replaces_work,skills,wanted\n"
    "leadership,T,during,Ngày,07:30,12,2,onsite,yes,experienced:1;LÁI XE,3\n"
)
PAIRS = "person_code,other_code,kind\nN2,N1,apart\n"


def test_the_new_columns_are_read_and_the_same_twice_changes_nothing(db):
    report = run(units=UNITS, people=MORE, demand=DEMAND, pairs=PAIRS)
    assert report.errors == [] and said(report.warnings) == []
    one, two = queries.person_by_code("N1"), queries.person_by_code("N2")
    assert (one.skills, one.share, one.no_overtime, one.min_shifts) == (["experienced", "lái xe"], 60, True, 2)
    assert (two.skills, two.share, two.no_overtime, two.min_shifts) == ([], 100, False, None)
    row = db.session.scalars(select(Demand)).one()
    assert (row.skills, row.wanted) == ({"experienced": 1, "lái xe": 1}, 3)
    pair = db.session.scalars(select(PersonPair)).one()
    assert ({pair.first_id, pair.second_id}, pair.kind) == ({one.id, two.id}, "apart")
    again = run(units=UNITS, people=MORE, demand=DEMAND, pairs="person_code,other_code,kind\nN1,N2,apart\n")
    assert set(counted(again).values()) == {(0, 0, 2), (0, 0, 1)}


def test_a_folder_without_the_new_columns_leaves_them(db):
    run(units=UNITS, people=MORE, demand=DEMAND, pairs=PAIRS)
    old = "\n".join(line.rsplit(",", 2)[0] for line in DEMAND.splitlines())
    report = run(units=UNITS, people=PEOPLE, demand=old)
    assert report.errors == [] and counted(report)["people"] == (0, 0, 2) and counted(report)["demand"] == (0, 0, 1)
    assert queries.person_by_code("N1").share == 60


def test_a_pair_is_one_whoever_is_named_first_and_its_kind_can_change(db):
    run(units=UNITS, people=PEOPLE, pairs=PAIRS)
    report = run(pairs="person_code,other_code,kind\nN1,N2,together\n")
    assert counted(report)["pairs"] == (0, 1, 0)
    assert [row.kind for row in db.session.scalars(select(PersonPair))] == ["together"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("skills", "a" * 41, "import.skills"),
        ("skills", "lái:xe", "import.skills"),
        ("share", "0", "import.out_of_range"),
        ("share", "101", "import.out_of_range"),
        ("no_overtime", "maybe", "import.yes_no"),
        ("min_shifts", "nine", "import.number"),
        ("min_shifts", "9", "import.min_above_max"),
    ],
)
def test_faults_of_people_name_their_cell(db, column, value, code):
    head, first, _second = MORE.splitlines()
    cells = dict(zip(head.split(","), first.split(","), strict=True)) | {column: value}
    report = run(units=UNITS, people=f"{head}\n{','.join(cells.values())}\n")
    assert said(report.errors) == [("people.csv", 2, column, code)]
    assert all(fault.line() for fault in report.errors) and not report.applied


@pytest.mark.parametrize(
    ("skills", "wanted", "errors", "warnings"),
    [
        ("experienced:3", "", [("skills", "import.skill_too_many")], []),
        ("experienced:0", "", [("skills", "import.skill_numbers")], []),
        ("experienced:nhiều", "", [("skills", "import.skill_numbers")], []),
        ("", "0", [("wanted", "import.out_of_range")], []),
        ("", "2", [], [("wanted", "import.wanted_no_effect")]),
        ("bay:1", "", [], [("skills", "import.skill_nobody")]),
    ],
)
def test_faults_and_doubts_of_demand(db, skills, wanted, errors, warnings):
    line = f"leadership,T,during,Ngày,07:30,12,2,onsite,yes,{skills},{wanted}\n"
    report = run(units=UNITS, people=MORE, demand=DEMAND.splitlines()[0] + "\n" + line)
    assert [(fault.column, fault.code) for fault in report.errors] == errors
    assert [(fault.column, fault.code) for fault in report.warnings] == warnings
    assert all(fault.line() for fault in (*report.errors, *report.warnings))


def test_faults_of_pairs(db):
    rows = "N1,N1,apart\nN1,N9,apart\nN1,N2,friends\nN1,N2,apart\nN2,N1,together\n"
    report = run(units=UNITS, people=PEOPLE, pairs=f"person_code,other_code,kind\n{rows}")
    assert said(report.errors) == [
        ("pairs.csv", 2, "other_code", "import.pair_same"),
        ("pairs.csv", 3, "other_code", "import.unknown_person"),
        ("pairs.csv", 4, "kind", "import.choice"),
        ("pairs.csv", 5, "person_code", "import.repeated"),
        ("pairs.csv", 6, "person_code", "import.repeated"),
    ]


def test_the_template_has_the_new_sheet_and_columns(db):
    book = load_workbook(io.BytesIO(importer.export_template()))
    heads = {
        sheet.title: [cell.value.rpartition("(")[2].rstrip(")") for cell in next(sheet.iter_rows(max_row=1))]
        for sheet in book
    }
    assert heads["pairs"] == ["person_code", "other_code", "kind"]
    assert {"skills", "share", "no_overtime", "min_shifts"} <= set(heads["people"])
    assert heads["demand"][-3:] == ["skills", "wanted", "legal_ground"]


def test_own_limits_are_read_kept_and_told_when_wrong(db):
    people = (
        PEOPLE.splitlines()[0]
        + ",limits\n"
        + "".join(
            f"{line},{cell}\n"
            for line, cell in zip(
                PEOPLE.splitlines()[1:], ("hours.week:most=2400;limits.template:Đêm=2", ""), strict=False
            )
        )
    )
    assert run(units=UNITS, people=people).errors == []
    assert queries.person_by_code("N1").limits == {"hours.week:most": 2400, "limits.template:Đêm": 2}
    assert counted(run(units=UNITS, people=people))["people"] == (0, 0, 2)
    report = run(units=UNITS, people=people.replace("hours.week:most=2400", "hours.week:mots=2400"))
    assert [(fault.column, fault.code) for fault in report.errors] == [("limits", "import.limits_unknown")]
    assert queries.person_by_code("N1").limits["hours.week:most"] == 2400
