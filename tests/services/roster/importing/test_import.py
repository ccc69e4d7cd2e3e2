"""The import folder: all faults at once, all or nothing, the same twice changes nothing."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Forbidden
from core.models import AuditEntry
from people import queries
from people.accounts import missing_accounts, queries as account_queries
from people.imports.faults import ImportFault
from people.models import Absence, ContactMethod, LoginSession, Person, Unit, User
from people.sign_in import sessions
from roster.fairness.models import LedgerEntry
from roster.importing import services as importer
from roster.importing.services import ImportReport
from roster.models import Shift
from roster.sources.models import Demand, Wish
from tests.support import enterprise, factories

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2020, 1, 10, 2, 0, tzinfo=UTC)
ADMIN = Actor(name="Quản trị", role="admin", via="cli")

UNITS = "code,parent_code,name,kind\nT,,Tỉnh,province\nH,T,Huyện,district\n"
PEOPLE = (
    "code,full_name,unit_code,email,phone,duties\n"
    "N1,Ksor H’Nhung,T,n1@buudien.example,0900000001,leadership\n"
    "N2,Hoà Bình,H,n2@buudien.example,0900000002,operations;emergency\n"
)


def run(dry_run: bool = False, actor: Actor = ADMIN, **files: str) -> ImportReport:
    given = importer.read_uploads([(f"{name}.csv", text.encode()) for name, text in files.items()])
    return importer.import_folder(given, dry_run=dry_run, now=NOW, actor=actor)


def said(faults: list[ImportFault]) -> list[tuple[str, int, str, str]]:
    return [(fault.file, fault.row, fault.column, fault.code) for fault in faults]


def counted(report: ImportReport) -> dict[str, tuple[int, int, int]]:
    return {name: (each.created, each.updated, each.unchanged) for name, each in report.counts.items()}


def total(model: Any) -> int:
    from core.db import db

    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.both_dbs
@pytest.mark.parametrize(
    ("folder", "sizes"),
    [
        ("gia-lai-2020", {"units": 31, "people": 60, "absences": 7, "wishes": 47, "history": 60, "demand": 27}),
        ("small-2020", {"units": 2, "people": 12, "absences": 2, "wishes": 13, "history": 12, "demand": 9}),
    ],
)
def test_a_sample_folder_goes_in_whole_and_the_second_time_changes_nothing(
    db: Any, folder: str, sizes: dict[str, int]
) -> None:
    given = importer.read_path(DATA / folder)
    tried = importer.import_folder(given, dry_run=True, now=NOW, actor=ADMIN)
    assert (tried.errors, tried.applied, total(Unit)) == ([], False, 0)
    first = importer.import_folder(given, dry_run=False, now=NOW, actor=ADMIN)
    assert first.applied and first.errors == []
    assert counted(first) == counted(tried) == {name: (size, 0, 0) for name, size in sizes.items()}
    models = {
        "units": Unit,
        "people": Person,
        "absences": Absence,
        "wishes": Wish,
        "history": LedgerEntry,
        "demand": Demand,
    }
    assert {name: total(model) for name, model in models.items()} == sizes
    again = importer.import_folder(given, dry_run=False, now=NOW, actor=ADMIN)
    assert counted(again) == {name: (0, 0, size) for name, size in sizes.items()}
    assert {name: total(model) for name, model in models.items()} == sizes


def test_five_faults_of_five_kinds_are_reported_together_and_nothing_is_written(db: Any) -> None:
    report = run(
        units=UNITS,
        people=PEOPLE + "N3,Sai Loại Trực,T,,,leadershp\nN4,Sai Đơn Vị,HUYEN,,,\nN1,Trùng Mã,T,,,\n",
        absences="person_code,from,to,kind\nN1,2020-02-30,2020-03-01,sick\nN2,2020-01-01,2021-02-03,sick\n",
    )
    assert said(report.errors) == [
        ("people.csv", 4, "duties", "import.unknown_duty"),
        ("people.csv", 5, "unit_code", "import.unknown_unit"),
        ("people.csv", 6, "code", "import.repeated"),
        ("absences.csv", 2, "from", "import.date"),
        ("absences.csv", 3, "to", "import.absence_too_long"),
    ]
    assert "“leadership”" in report.errors[0].message()
    assert "dòng 2." in report.errors[2].message()
    assert report.errors[2].as_field_error().message() == report.errors[2].message(), "the row it repeats, not its own"
    assert report.errors[4].params["days"] == 400
    assert not report.applied
    assert [total(model) for model in (Unit, Person, Absence, User, AuditEntry)] == [0] * 5


def test_what_is_written_reads_back(db: Any) -> None:
    report = run(
        units=UNITS.replace("\n", ",phone,serves_party_state\n", 1)
        .replace("province", "province,0269 3000 000,có")
        .replace("district", "district,,"),
        people="code;full_name;unit_code;position;email;phone;duties;max_shifts;no_night;active;work_pattern;"
        "overtime_month;overtime_year\nN1;Ksor H’Nhung;H;Kiểm soát viên;N1@BuuDien.example;900000001;"
        "operations, emergency;8;có;;office5;12,5;\n",
        absences="person_code,from,to,kind,note\nN1,24/01/2020,2020-01-28,sick,Ốm\n",
        demand="duty,unit_code,phase,shift,start,hours,headcount,form,replaces_work\n"
        'operations,T,during,Đêm,22h00,"7,5",2,onsite,yes\n',
        wishes="person_code,date,shift,want,weight\nN1,25/01/2020,đêm,off,\nN1,26/01/2020,,on,3\n",
        history='person_code,tet_year,points,giao_thua,mung_1,nights\nN1,2019,"10,55",1,,3\n',
    )
    assert report.errors == []
    unit = queries.unit_by_code("T")
    assert (unit.phone, unit.serves_party_state, queries.unit_by_code("H").parent_id) == ("02693000000", True, unit.id)
    person = queries.person_by_code("N1")
    assert (person.phone, person.email) == ("0900000001", "n1@buudien.example")
    assert sorted(each.duty for each in person.duties) == ["emergency", "operations"]
    assert (person.max_shifts, person.no_night, person.active, person.work_pattern) == (8, True, True, "office5")
    assert (person.overtime_month_minutes, person.overtime_year_minutes) == (750, None)
    assert [found.code for found in queries.find_people("h'nhung")] == ["N1"]
    absence = db.session.scalars(select(Absence)).one()
    assert (absence.from_on, absence.to_on, absence.note) == (date(2020, 1, 24), date(2020, 1, 28), "Ốm")
    demand = db.session.scalars(select(Demand)).one()
    assert (demand.start_minute, demand.minutes, demand.headcount, demand.replaces_work) == (1320, 450, 2, True)
    wishes = db.session.scalars(select(Wish).order_by(Wish.on_date)).all()
    assert [(w.template, w.want, w.weight) for w in wishes] == [("Đêm", "off", 1), ("any", "on", 3)]
    entry = db.session.scalars(select(LedgerEntry)).one()
    assert (entry.points, entry.giao_thua, entry.mung_1, entry.nights) == (1055, 1, 0, 3)
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.thing == "import")).all() == ["import.run"]


def test_new_people_get_accounts_that_wait_for_an_invitation(db: Any) -> None:
    run(units=UNITS, people=PEOPLE)
    run(people=PEOPLE.replace("Hoà Bình", "Hoà Bình Minh"))
    users = db.session.scalars(select(User).order_by(User.login)).all()
    assert [(user.login, user.role, user.password_hash) for user in users] == [
        ("n1", "staff", None),
        ("n2", "staff", None),
    ]


def test_a_later_file_changes_what_it_says_and_keeps_what_it_does_not_mention(db: Any) -> None:
    run(units=UNITS, people=PEOPLE)
    with transaction() as session:
        person = queries.person_by_code("N2")
        person.max_shifts = 5
        person.contacts[0].verified_at = NOW
        session.add(ContactMethod(person_id=person.id, channel="phone", address="0900000777", position=5))
    report = run(people="code,full_name,unit_code,email,phone\nN2,Hoà Bình,T,,0900000009\n")
    assert counted(report) == {"people": (0, 1, 0)}
    db.session.expire_all()
    person = queries.person_by_code("N2")
    assert (person.unit.code, person.max_shifts, len(person.duties)) == ("T", 5, 2)
    assert person.email == "n2@buudien.example", "a blank address must not make a person unreachable"
    assert [c.address for c in person.contacts if c.channel == "phone"] == ["0900000009", "0900000777"]
    assert next(c for c in person.contacts if c.address == "0900000009").verified_at is None
    assert [found.code for found in queries.find_people("0900000009")] == ["N2"]
    assert total(Person) == 2


def test_existing_shifts_never_change(db: Any) -> None:
    unit = factories.make_unit("T")
    factories.make_person("N1", unit)
    factories.make_demand(unit)
    factories.make_campaign(unit)
    before = [(s.id, s.starts_at, s.ends_at, s.headcount) for s in db.session.scalars(select(Shift).order_by(Shift.id))]
    assert before
    report = run(
        demand="duty,unit_code,phase,shift,start,hours,headcount,form\noperations,T,during,Ngày,08:00,10,3,onsite\n"
    )
    assert counted(report) == {"demand": (0, 1, 0)}
    db.session.expire_all()
    after = [(s.id, s.starts_at, s.ends_at, s.headcount) for s in db.session.scalars(select(Shift).order_by(Shift.id))]
    assert after == before


@pytest.mark.parametrize(
    ("name", "rows", "faults"),
    [
        ("units", "code,parent_code,name,kind\nA,A,x,province\n", [(2, "parent_code", "import.parent_cycle")]),
        (
            "units",
            "code,parent_code,name,kind\nA,B,x,province\nB,A,y,hub\n",
            [(2, "parent_code", "import.parent_cycle"), (3, "parent_code", "import.parent_cycle")],
        ),
        (
            "units",
            "code,parent_code,name,kind\nK,A,k,hub\nA,B,x,province\nB,A,y,hub\nC,T,z,hub\nD,C,z,hub\nE,D,z,hub\n",
            [(3, "parent_code", "import.parent_cycle"), (4, "parent_code", "import.parent_cycle")],
        ),
        ("units", "code,parent_code,name,kind\nA,Q,x,province\n", [(2, "parent_code", "import.unknown_parent")]),
        ("units", "code,parent_code,name,kind\nA,,x,thành phố\n", [(2, "kind", "import.unknown_unit_kind")]),
        ("units", "code,parent_code,name\nA,,x\n", [(1, "kind", "import.missing_column")]),
        ("units", "code,name,kind\nA,,hub\n", [(2, "name", "import.blank")]),
        ("units", "code,name,kind\nT,x,hub\nT,y,hub\n", [(3, "code", "import.repeated")]),
        (
            "people",
            "code,full_name,unit_code,work_pattern\nA,x,T,office9\n",
            [(2, "work_pattern", "import.unknown_work_pattern")],
        ),
        ("people", "code,full_name,unit_code\nA,x\x00y,T\n", [(2, "full_name", "import.control_character")]),
        ("people", f"code,full_name,unit_code\nA,{'x' * 201},T\n", [(2, "full_name", "import.too_long")]),
        (
            "people",
            "code,full_name,unit_code,max_shifts,overtime_month\nA,x,T,-1,-2\n",
            [(2, "max_shifts", "import.out_of_range"), (2, "overtime_month", "import.out_of_range")],
        ),
        ("absences", "person_code,from,to\nN1,2020-01-05,2020-01-04\n", [(2, "to", "import.reversed")]),
        (
            "absences",
            "person_code,from,to\nN1,2020-01-01,2020-12-31\nN1,2021-01-01,2022-01-02\n",
            [(3, "to", "import.absence_too_long")],
        ),
        ("absences", "person_code,from,to\nN9,2020-01-05,2020-01-06\n", [(2, "person_code", "import.unknown_person")]),
        ("wishes", "person_code,date,shift,want\nN1,2020-01-25,any,maybe\n", [(2, "want", "import.choice")]),
        (
            "history",
            "person_code,tet_year,points\nN1,19,-3\n",
            [(2, "tet_year", "import.out_of_range"), (2, "points", "import.out_of_range")],
        ),
        (
            "demand",
            "duty,unit_code,phase,shift,start,hours,headcount,form\noperations,T,before,Đêm,22:00,-8,0,onsite\n",
            [(2, "hours", "import.out_of_range_above"), (2, "headcount", "import.out_of_range")],
        ),
        (
            "demand",
            "duty,unit_code,phase,shift,start,hours,headcount,form\nops,X,tet,Đêm,22:99,8,1,home\n",
            [
                (2, column, code)
                for column, code in (
                    ("duty", "import.unknown_duty"),
                    ("phase", "import.choice"),
                    ("start", "import.time"),
                    ("form", "import.choice"),
                    ("unit_code", "import.unknown_unit"),
                )
            ],
        ),
    ],
)
def test_each_fault_says_where(db: Any, name: str, rows: str, faults: list[tuple[int, str, str]]) -> None:
    run(units=UNITS, people=PEOPLE)
    before = [total(model) for model in (Unit, Person, Absence, Wish, LedgerEntry, Demand)]
    report = run(**{name: rows})
    assert [(fault.row, fault.column, fault.code) for fault in report.errors] == faults
    assert [total(model) for model in (Unit, Person, Absence, Wish, LedgerEntry, Demand)] == before
    assert all(fault.message() != fault.code and "%(" not in fault.message() for fault in report.errors)


def test_a_file_that_cannot_be_read_does_not_make_all_others_look_wrong(db: Any) -> None:
    report = run(
        units=UNITS,
        people="code,full_name,unit\nN1,Thiếu Cột,T\n",
        absences="person_code,from,to\nN1,2020-01-25,2020-01-25\n",
        demand="",
    )
    assert said(report.errors) == [
        ("people.csv", 1, "unit_code", "import.missing_column"),
        ("demand.csv", 0, "", "import.empty_file"),
    ]
    assert report.warnings[0].params["near"] == "unit_code"
    assert not report.applied and total(Unit) == 0


def test_doubtful_things_are_said_and_do_not_hinder(db: Any) -> None:
    run(
        units=UNITS,
        people=PEOPLE,
        demand="duty,unit_code,phase,shift,start,hours,headcount,form\n"
        "operations,T,during,Đêm,22:00,8,1,onsite\nleadership,T,during,24/24,07:30,24,1,standby\n",
    )
    report = run(
        units="code,parent_code,name,kind\nR,,Gốc khác,hub\n",
        people="code,full_name,unit_code,phone,mail,duties\nN3,Không Ai Gọi Được,T,,x,\n"
        "N4,Chung Số,T,0900000001,y,support\n",
        absences="person_code,from,to\nN1,2020-01-20,2020-01-25\nN1,2020-01-25,2020-01-28\n",
        wishes="person_code,date,shift,want\nN1,2020-01-25,Đêm,off\nN1,2020-01-26,Đem khuya,off\n"
        "N2,2020-01-25,ĐÊM,on\n",
        history="person_code,tet_year,points\nN1,2016,3\nN1,2019,3\n",
    )
    assert report.errors == [] and report.applied
    assert said(report.warnings) == [
        ("units.csv", 2, "parent_code", "import.second_root"),
        ("people.csv", 1, "mail", "import.unknown_column"),
        ("people.csv", 2, "phone", "import.no_phone"),
        ("people.csv", 2, "email", "import.no_email"),
        ("people.csv", 2, "duties", "import.no_duty"),
        ("people.csv", 3, "email", "import.no_email"),
        ("people.csv", 3, "phone", "import.shared_contact"),
        ("absences.csv", 3, "from", "import.overlapping_absence"),
        ("wishes.csv", 2, "shift", "import.wish_not_own"),
        ("wishes.csv", 3, "shift", "import.wish_unknown_shift"),
        ("history.csv", 2, "tet_year", "import.history_old"),
    ]
    assert report.warnings[1].params["near"] == "email"
    assert all("%(" not in fault.message() for fault in report.warnings)


def test_a_code_that_lost_its_zeros_still_means_the_same_person(db: Any) -> None:
    run(units=UNITS, people="code,full_name,unit_code\n0007,Bảy,T\n")
    report = run(
        people="code,full_name,unit_code\n7,Bảy Mới,T\n", absences="person_code,from,to\n7,2020-01-25,2020-01-25\n"
    )
    assert counted(report) == {"people": (0, 1, 0), "absences": (1, 0, 0)}
    assert "import.zeros_restored" in [warning.code for warning in report.warnings]
    assert total(Person) == 1


def test_capitals_of_a_code_make_no_second_person(db: Any) -> None:
    run(units=UNITS, people="code,full_name,unit_code\nNV1,Bảy,T\n")
    report = run(
        units="code,parent_code,name,kind\nh,t,Huyện Mới,district\n",
        people="code,full_name,unit_code\nnv1,Bảy Mới,h\nNv2,Tám,H\n",
        absences="person_code,from,to\nnV1,2020-01-25,2020-01-25\n",
    )
    assert counted(report) == {"units": (0, 1, 0), "people": (1, 1, 0), "absences": (1, 0, 0)}
    assert [warning.code for warning in report.warnings].count("import.case_adopted") == 2
    assert queries.person_by_code("NV1").unit.name == "Huyện Mới"
    twice = run(people="code,full_name,unit_code\nNV9,Chín,T\nnv9,Chín nữa,T\n")
    assert said(twice.errors) == [("people.csv", 3, "code", "import.repeated")]
    assert total(Person) == 2


def test_a_manager_imports_below_the_own_unit_only(db: Any) -> None:
    ids = enterprise.make()
    an = Actor(name="An", role="manager", via="session", unit_id=ids["BDA"], person_id=ids["AN1"])
    units = "code,parent_code,name,kind\nBDA-2,BDA,Điểm mới,service_point\nBDA-2-1,BDA-2,Điểm nhỏ,service_point\n"
    people = "code,full_name,unit_code\nMOI1,Người Mới,BDA-2-1\n"
    inside = run(actor=an, units=units, people=people)
    assert inside.errors == [] and inside.applied
    outside = run(
        actor=an,
        units="code,parent_code,name,kind\nBDC-9,BDC,Điểm của Chi,hub\n"
        "BDC,BDA,Kéo về,district\nBDA,,Thành gốc,district\n",
        people="code,full_name,unit_code\nMOI2,Người Mới,BDC\nCH1,Phạm Thị Chi,BDA\n",
        absences="person_code,from,to\nDU1,2020-01-25,2020-01-25\n",
        wishes="person_code,date,shift,want\nDU1,2020-01-25,any,off\n",
        history="person_code,tet_year,points\nDU1,2019,99\n",
        demand="duty,unit_code,phase,shift,start,hours,headcount,form\noperations,BDT,before,Đêm,22:00,8,1,onsite\n",
    )
    assert [(f.file, f.row) for f in outside.errors if f.code == "import.outside_scope"] == [
        ("units.csv", 2),
        ("units.csv", 3),
        ("units.csv", 4),
        ("people.csv", 2),
        ("people.csv", 3),
        ("absences.csv", 2),
        ("wishes.csv", 2),
        ("history.csv", 2),
        ("demand.csv", 2),
    ]
    assert not outside.applied


def test_staff_may_not_import(db: Any) -> None:
    ids = enterprise.make()
    for dry_run in (True, False):
        with pytest.raises(Forbidden):
            run(dry_run, Actor(name="Bình", role="staff", via="session", unit_id=ids["BDA"]), units=UNITS)


def test_a_failure_while_writing_leaves_nothing_behind(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(missing_accounts, "ensure_accounts", fail)
    with pytest.raises(RuntimeError):
        run(units=UNITS, people=PEOPLE)
    assert [total(Unit), total(Person)] == [0, 0]


def test_demo_people_become_real_when_a_real_file_names_them(db: Any) -> None:
    given = importer.read_path(DATA / "small-2020")
    importer.import_folder(given, dry_run=False, now=NOW, actor=ADMIN, is_demo=True)
    assert queries.person_by_code("BDAN0001").is_demo and queries.unit_by_code("BDAN").is_demo
    importer.import_folder(given, dry_run=False, now=NOW, actor=ADMIN)
    db.session.expire_all()
    assert not queries.person_by_code("BDAN0001").is_demo and not queries.unit_by_code("BDAN").is_demo


def test_the_template_has_every_column_and_is_itself_an_empty_import(db: Any) -> None:
    content = importer.export_template()
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == [*importer.NAMES, "Hướng dẫn"]
    for sheet in importer.sheets():
        wanted = [column.heading for column in sheet.columns]
        assert [cell.value for cell in book[sheet.name][1]] == wanted
        assert all(
            heading != f"{column.name} ({column.name})" for heading, column in zip(wanted, sheet.columns, strict=True)
        )
    report = importer.import_folder(importer.read_uploads([("mẫu.xlsx", content)]), dry_run=False, now=NOW, actor=ADMIN)
    assert (report.errors, report.warnings) == ([], [])
    assert set(counted(report).values()) == {(0, 0, 0)}


@pytest.mark.parametrize(
    "heading",
    [
        "code,full_name,unit_code,position",
        "Mã nhân viên,Họ và tên,Mã đơn vị,Chức vụ",
        "Mã nhân viên (code),HỌ VÀ TÊN (full_name),Mã đơn vị (unit_code),Chức vụ (position)",
        "mã nhân viên,full_name,Đơn vị (unit_code),chuc vu",
    ],
)
def test_headings_are_read_by_code_by_their_vietnamese_name_and_by_both(db: Any, heading: str) -> None:
    report = run(units="code,name,kind\nT,Tỉnh,province\n", people=f"{heading}\nN1,Nguyễn Hòa,T,Giao dịch viên\n")
    assert report.errors == []
    assert queries.person_by_code("N1").position == "Giao dịch viên"


def test_a_column_given_by_code_and_by_name_is_one_column_twice(db: Any) -> None:
    report = run(units="code,name,kind,Tên đơn vị\nT,Tỉnh,province,Tỉnh khác\n")
    assert [(fault.row, fault.column, fault.code) for fault in report.errors] == [(1, "name", "import.column_twice")]


def test_a_row_with_too_many_cells_is_said_once_and_nothing_that_follows_from_it(db: Any) -> None:
    report = run(
        units="code,name,kind\nT,Tỉnh,province\n",
        people="code,full_name,unit_code,position\nN1,Hòa,T,Kiểm soát viên, trưởng ca\nN2,Bình,T,x\n",
        absences="person_code,from,to,kind\nN1,2020-01-24,2020-01-25,sick\n",
        wishes="person_code,date,shift,want\nN1,2020-01-25,any,off\nN1,2020-01-26,any,off\n",
    )
    assert [(fault.file, fault.row, fault.code) for fault in report.errors] == [
        ("people.csv", 2, "import.too_many_cells")
    ]
    assert "5 cột, dòng tiêu đề có 4" in report.errors[0].message()


def test_wishes_that_contradict_each_other_warn_and_the_later_one_counts(db: Any) -> None:
    report = run(
        units="code,name,kind\nT,Tỉnh,province\n",
        people="code,full_name,unit_code,duties,phone\nN1,Hòa,T,operations,0900000001\n",
        wishes="person_code,date,shift,want,weight\nN1,2020-01-25,any,off,\nN1,2020-01-25,any,on,\n"
        "N1,2020-01-26,any,off,1\nN1,2020-01-26,any,off,5\n",
    )
    assert report.errors == [] and report.applied
    assert [(f.row, f.code, f.params["row"]) for f in report.warnings if f.file == "wishes.csv"] == [
        (3, "import.wish_contradicts", 2),
        (5, "import.wish_repeated", 4),
    ]
    kept = db.session.scalars(select(Wish).order_by(Wish.on_date)).all()
    assert [(wish.want, wish.weight) for wish in kept] == [("on", 1), ("off", 5)]


def test_the_report_names_who_is_new_changed_and_gone(db: Any) -> None:
    unit, head = "code,name,kind\nT,Tỉnh,province\n", "code,full_name,unit_code,active\n"
    run(units=unit, people=f"{head}N1,Hòa,T,\nN2,Bình,T,\nN3,Chi,T,\n")
    report = run(people=f"{head}N1,Hòa An,T,\nN2,Bình,T,no\nN3,Chi,T,\nN4,Dũng,T,\n")
    people = report.counts["people"]
    assert (people.new, people.changed, people.left) == (["Dũng (N4)"], ["Hòa An (N1)"], ["Bình (N2)"])


def test_a_filled_workbook_goes_in_with_dates_times_and_lost_zeros(db: Any) -> None:
    book = load_workbook(io.BytesIO(importer.export_template()))
    book["units"].append(["T", None, "Tỉnh", "province", 2693000000])
    book["people"].append(["N1", "Hoà", "T", None, "n1@buudien.example", 900000001, "operations", 8.0, "no", True])
    book["absences"].append(["N1", datetime(2020, 1, 24), date(2020, 1, 28), "sick"])
    from datetime import time

    book["demand"].append(["operations", "T", "during", "Đêm", time(22, 0), 7.5, 1, "onsite", "yes"])
    out = io.BytesIO()
    book.save(out)
    report = importer.import_folder(
        importer.read_uploads([("a.xlsx", out.getvalue())]), dry_run=False, now=NOW, actor=ADMIN
    )
    assert report.errors == []
    assert queries.person_by_code("N1").phone == "0900000001"
    assert queries.unit_by_code("T").phone == "02693000000"
    assert db.session.scalars(select(Demand)).one().minutes == 450


def test_whoever_leaves_by_the_file_is_signed_out_and_cannot_come_in(db: Any) -> None:
    run(units=UNITS, people=PEOPLE)
    user = account_queries.user_of_person(queries.person_by_code("N1").id)
    assert user is not None
    secret = sessions.start_session(user, user_agent="thử", now=NOW)
    leaving = "code,full_name,unit_code,active\nN1,Ksor H’Nhung,T,no\nN2,Hoà Bình,H,yes\n"
    assert run(people=leaving).applied
    assert [each.active for each in db.session.scalars(select(User).order_by(User.id))] == [False, True]
    assert db.session.scalars(select(LoginSession.ended_at)).all() == [NOW]
    assert sessions.live(secret, now=NOW) is None


def test_the_file_closes_neither_a_higher_role_nor_the_last_administrator(db: Any) -> None:
    run(units=UNITS, people=PEOPLE)
    with transaction():
        user = account_queries.user_of_person(queries.person_by_code("N1").id)
        assert user is not None
        user.role = "admin"
    leaving = "code,full_name,unit_code,active\nN1,Ksor H’Nhung,T,no\n"
    with pytest.raises(Conflict, match="last_admin"):
        run(people=leaving)
    with pytest.raises(Forbidden):
        run(people=leaving, actor=Actor(name="Quản lý", role="manager", via="cli"))
    db.session.rollback()
    assert queries.person_by_code("N1").active


def test_what_differs_by_its_row_alone_is_one_line_of_a_terminal_with_how_many_they_are(db: Any, runner: Any) -> None:
    """Our own sample brings old years along: forty rows, of which one thing is to be said."""
    said = runner.invoke(args=["import", str(Path(__file__).parents[4] / "samples" / "cao-nguyen")]).output.splitlines()
    doubts = [line for line in said if line.startswith("!")]
    assert len(doubts) == 1
    assert doubts[0].startswith("! history.csv:2:tet_year: ") and doubts[0].endswith("[2019] (và 39 dòng khác như vậy)")
