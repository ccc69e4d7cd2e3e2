"""The command line as scripts use it: what it prints, where it complains, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from docx import Document
from flask.testing import FlaskCliRunner
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import func, select

from notify.models import Message
from people.models import Person, Unit
from planning import solve as planning_solve
from roster.models import Duty, Seat, Shift
from tests.support.paper import pages_of, text_of

DATA = Path(__file__).parents[2] / "data"
DATES = ("--from", "2020-01-17", "--to", "2020-02-08")
FAULTS = {
    "people.csv": "X1,Sai Loại Trực,{top},,,,leadershp,,,,,,\n"
    "X2,Sai Đơn Vị,KHONG-CO,,,,,,,,,,\n"
    "{first},Trùng Mã,{top},,,,,,,,,,\n",
    "absences.csv": "{first},2020-02-30,2020-03-01,sick,\n{first},2020-01-01,2021-02-03,sick,\n",
}
"""A wrong duty, an unknown unit, a repeated code; a date that does not exist, an absence of 400 days."""

Command = Callable[..., Result]


@pytest.fixture
def flask(runner: FlaskCliRunner) -> Command:
    """``flask("users", "create", …, fails=True)`` runs a command and looks at how it ended."""

    def invoke(*args: object, fails: bool = False, **options: Any) -> Result:
        result = runner.invoke(args=[str(arg) for arg in args], **options)
        assert result.exit_code == (1 if fails else 0), (result.stdout, result.stderr, result.exception)
        assert isinstance(result.exception, SystemExit | None), result.exception
        return result

    return invoke


def count(model: Any) -> int:
    from core.db import db

    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def with_faults(folder: Path, into: Path, *, top: str, first: str) -> Path:
    copy = Path(shutil.copytree(folder, into))
    for name, lines in FAULTS.items():
        path = copy / name
        path.write_text(path.read_text(encoding="utf-8") + lines.format(top=top, first=first), encoding="utf-8")
    return copy


def solved(flask: Command, folder: str, unit: str, *, seconds: int) -> str:
    """Import, create and solve by the first engine alone, which fills what can be filled; the campaign's id."""
    flask("import", DATA / folder)
    made = flask("campaigns", "create", "--tet", 2020, "--unit", unit, *DATES, "--name", "Tết Canh Tý")
    campaign = made.stdout.strip()
    assert campaign.isdecimal() and made.stdout == f"{campaign}\n", "the id, alone on its line"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning_solve, "LEAST_SECONDS", float("inf"))
        ended = flask("campaigns", "solve", campaign, "--seconds", seconds, "--seed", 1)
    assert ended.stdout.split()[0] in ("optimal", "feasible") and ended.stderr == ""
    return campaign


def test_gia_lai_from_a_folder_to_files_and_to_who_was_on_at_ten_past_two(
    flask: Command, db: Any, tmp_path: Path
) -> None:
    campaign = solved(flask, "gia-lai-2020", "BDGL", seconds=8)
    published = flask("campaigns", "publish", campaign, "--note", "Bản đầu")
    assert published.stdout == "revision 1\n"
    seats = count(Seat)
    assert seats == db.session.scalar(select(func.sum(Shift.headcount))) == count(Duty), "no empty seat"
    assert count(Message) == 0, "duty of years ago is nobody's news"
    refused = flask("campaigns", "publish", campaign, fails=True)
    assert len(refused.stderr.splitlines()) == 1 and refused.stdout == ""

    for form in ("ics", "csv", "xlsx", "docx", "pdf"):
        flask("campaigns", "export", campaign, "--format", form, "--out", tmp_path / f"lich.{form}")
    events = Calendar.from_ical((tmp_path / "lich.ics").read_bytes()).walk("VEVENT")
    rows = list(csv.reader(io.StringIO((tmp_path / "lich.csv").read_text(encoding="utf-8-sig"))))
    sheet = load_workbook(tmp_path / "lich.xlsx").active
    assert sheet is not None
    assert (len(events), len(rows) - 1, sheet.max_row - 2) == (seats, seats, seats)
    names = {row[rows[0].index("Họ và tên")] for row in rows[1:]}
    pages = pages_of((tmp_path / "lich.pdf").read_bytes())
    printed = " ".join(text_of(page) for page in pages)
    written = {cell.text for table in Document(str(tmp_path / "lich.docx")).tables for cell in table._cells}
    assert not [name for name in names if name not in printed or not any(name in text for text in written)]

    # Ten past two in the night of Mùng 1, at a post office that has no duty of its own.
    at = "2020-01-25T02:10:00+07:00"
    answer = json.loads(flask("on-duty", "--at", at, "--unit", "BDGL-H01-01", "--json").stdout)
    assert (answer["at"], answer["unit"]) == (at, "BDGL-H01-01")
    duties = {each["duty"]: each for each in answer["duties"]}
    assert {"leadership", "operations", "emergency", "support"} <= set(duties)
    assert {(each["rule"], each["unit"]) for each in duties.values()} == {("assigned", "BDGL")}
    on_the_night = [row for row in rows if any(person["code"] in row for person in duties["operations"]["people"])]
    assert any("Mùng 1" in row[1] or "Giao thừa" in row[1] for row in on_the_night)
    told = flask("on-duty", "--at", at).stdout
    assert all(person["name"] in told for each in duties.values() for person in each["people"])


def test_small_leaves_nights_open_and_is_published_only_with_a_reason(flask: Command, db: Any) -> None:
    campaign = solved(flask, "small-2020", "BDAN", seconds=4)
    refused = flask("campaigns", "publish", campaign, fails=True)
    assert refused.stdout == ""
    gaps = refused.stderr.splitlines()[1:]
    assert len(gaps) >= 22, "every night of operations between two days of the campaign"
    assert all(gap.startswith("BDAN: Trực điều hành, ") for gap in gaps), gaps
    assert count(Duty) == 0
    flask("campaigns", "publish", campaign, "--accept-gaps", "Đêm do bưu điện tỉnh trực")
    assert count(Duty) == count(Seat)
    assert count(Message) == 0


def test_five_faults_are_told_at_once_one_a_line_and_nothing_is_written(
    flask: Command, db: Any, tmp_path: Path
) -> None:
    bad = with_faults(DATA / "gia-lai-2020", tmp_path / "hong", top="BDGL", first="BDGL0001")
    refused = flask("import", bad, fails=True)
    lines = refused.stderr.splitlines()
    assert len(lines) == 5
    assert [line.split(":")[0] for line in lines] == ["people.csv"] * 3 + ["absences.csv"] * 2
    assert [line.split(":")[2] for line in lines] == ["duties", "unit_code", "code", "from", "to"]
    assert (count(Unit), count(Person)) == (0, 0)
    tried = flask("import", DATA / "gia-lai-2020", "--dry-run")
    assert "people: +60" in tried.stdout and (count(Unit), count(Person)) == (0, 0)
    flask("import", DATA / "gia-lai-2020")
    assert (count(Unit), count(Person)) == (31, 60)
    assert "people: +0 ~0 =60" in flask("import", DATA / "gia-lai-2020").stdout


def test_an_account_and_a_key_made_here_open_the_doors(flask: Command, new_client: Any) -> None:
    flask(
        "users",
        "create",
        "--login",
        "quantri",
        "--name",
        "Lê Quản Trị",
        "--role",
        "admin",
        "--password-stdin",
        input="hoa-dao-bac-2020\n",
    )
    signed_in = new_client().post("/login", data={"identifier": "quantri", "password": "hoa-dao-bac-2020"})
    assert signed_in.status_code == 303
    twice = flask(
        "users",
        "create",
        "--login",
        "quantri",
        "--name",
        "Khác",
        "--role",
        "staff",
        "--password-stdin",
        input="hoa-dao-bac-2020\n",
        fails=True,
    )
    assert len(twice.stderr.splitlines()) == 1 and twice.stdout == ""
    printed = flask("api-keys", "create", "--name", "Giám sát", "--role", "viewer").stdout
    assert printed.endswith("\n") and len(printed.split()) == 1, "the key, alone on its line"
    bearer = {"Authorization": f"Bearer {printed.strip()}"}
    assert new_client().get("/api/v1/units", headers=bearer).status_code == 200
    assert new_client().post("/api/v1/units", json={}, headers=bearer).status_code in (403, 422)


@pytest.mark.parametrize(
    "args",
    [
        ("campaigns", "create", "--tet", 2020, "--unit", "KHONG", *DATES, "--name", "x"),
        ("campaigns", "solve", 77),
        ("campaigns", "publish", 77),
        ("campaigns", "export", 77, "--format", "csv", "--out", "{tmp}/x.csv"),
        ("campaigns", "export", 77, "--format", "pdf", "--out", "{tmp}/x.pdf"),
        ("on-duty",),
        ("on-duty", "--unit", "KHONG"),
        ("on-duty", "--at", "hôm nay"),
        ("api-keys", "create", "--name", "x", "--role", "staff", "--person", "KHONG"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_on_standard_error(
    flask: Command, tmp_path: Path, args: tuple[object, ...]
) -> None:
    refused = flask(*(str(arg).format(tmp=tmp_path) for arg in args), fails=True)
    assert len(refused.stderr.splitlines()) == 1 and refused.stdout == ""
    assert not list(tmp_path.iterdir())


def test_wrong_use_and_a_folder_that_is_not_there_end_like_every_other_problem(flask: Command, tmp_path: Path) -> None:
    """One line on standard error and exit 1; no traceback."""
    wrong = [
        ("campaigns", "create", "--tet", 2020, "--unit", "X", "--from", "2020-13-45", "--to", "x", "--name", "N"),
        ("api-keys", "create", "--name", "N", "--role", "king"),
        ("import", tmp_path / "nowhere"),
        ("campaigns", "solve"),
    ]
    for command in wrong:
        said = flask(*command, fails=True).stderr
        assert len(said.strip().splitlines()) == 1 and said.strip() != "", (command, said)
