"""The import folder as a whole: check everything, and write all of it or nothing.

::

    tables = importer.read_path(Path("gia-lai-2020"))                  # or read_uploads([(name, bytes), …])
    report = importer.import_folder(tables, dry_run=True, now=now, actor=actor)
    report.errors == [] or print(report.errors[0].line())
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from core import audit, prepared
from core.actor import Actor
from people import queries
from people.access import guard
from people.accounts import missing_accounts
from people.columns.absences import ABSENCES
from people.columns.column import SheetFormat
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.imports import check as people_importer, read, write as people_writer
from people.imports.faults import ImportFault
from people.imports.job import ImportJob, RowCounts
from people.imports.read import Tables
from roster.coverage import unsure
from roster.coverage.unsure import UnsureSeat
from roster.importing import checks, forecast, writer
from roster.refit import following, services as refits
from roster.refit.following import RefitOffer
from roster.sources import columns


def _sheets() -> tuple[SheetFormat, ...]:
    return UNITS, PEOPLE, ABSENCES, columns.WISHES, columns.HISTORY, columns.DEMAND, columns.PAIRS


NAMES = tuple(sheet.name for sheet in _sheets())
FIRST = 3
"""Seats that a forecast names."""


@dataclass(frozen=True)
class ImportReport:
    """Sorted by file, row and column. ``counts`` by sheet name; ``applied`` = it has been written. ``unsure``: how many
    seats published before became unsure by it, or would, because it says that somebody is absent or leaves; of what
    is not written, ``first`` has the first of them.
    """

    errors: list[ImportFault]
    warnings: list[ImportFault]
    counts: dict[str, RowCounts]
    applied: bool
    unsure: int = 0
    first: tuple[UnsureSeat, ...] = ()
    campaigns: tuple[RefitOffer, ...] = ()
    """Open campaigns that would ask for something else by its demand, and stay as they are; of what is written, those
    that follow it."""
    unforeseen: tuple[str, ...] = ()
    """Codes of units that it brings, whose demand no open campaign could follow; of what is not written."""


def read_path(path: Path) -> Tables:
    """A folder, XLSX or ZIP on this machine. Raises ``Conflict`` when it is no import folder."""
    return read.read_path(path, NAMES)


def read_uploads(files: Sequence[tuple[str, bytes]]) -> Tables:
    """Uploaded files as (name, content). Raises ``Conflict`` when there is nothing to import in them."""
    return read.read_files(files, NAMES)


def import_folder(
    given: Tables | Callable[[], Tables],
    *,
    dry_run: bool,
    now: datetime,
    actor: Actor,
    is_demo: bool = False,
    follows: Mapping[int, str] | None = None,
) -> ImportReport:
    """Check every sheet; without errors, and unless ``dry_run``, write all of it in one transaction.

    Rows are upserted by code; what is not in the files stays; existing shifts never change, but of campaigns that are
    named in ``follows`` (id → stamp of the ``RefitOffer`` that was looked at). People without an account get one that
    waits for its invitation. Raises ``Forbidden``, ``Conflict`` (refit.moved); faults are answered, not raised.
    ``given`` may be what reads the files: like all checking that is done before the transaction begins.
    """

    def prepare() -> _Checked:
        guard.refuse_unless(actor, "import.run", actor.unit_id, now=now)
        checked = _check(given if isinstance(given, Tables) else given(), now, actor, is_demo)
        return replace(checked, offers=_offers(checked, actor, now)) if follows and not checked.job.errors else checked

    def act(checked: _Checked) -> ImportReport:
        guard.ensure(actor, "import.run", actor.unit_id, now=now)
        if checked.job.errors:
            return checked.report(applied=False)
        done = following.follow(checked.offers, follows or {}, actor=actor, now=now)
        made = _write(checked, done, now=now, actor=actor)
        return replace(checked.report(applied=True, unsure=made), campaigns=tuple(done))

    if dry_run:
        return prepared.think("import", lambda: _forecast(prepare(), actor, now))
    return prepared.write("import", prepare, act)


def _forecast(checked: _Checked, actor: Actor, now: datetime) -> ImportReport:
    if checked.job.errors:
        return checked.report(applied=False)
    seats = forecast.forecast_unsure(checked.people, now=now)
    report = checked.report(applied=False, unsure=len(seats))
    new = forecast.unforeseen(checked.roster, checked.people.directory, now=now)
    return replace(report, first=tuple(seats[:FIRST]), campaigns=_offers(checked, actor, now), unforeseen=new)


def _offers(checked: _Checked, actor: Actor, now: datetime) -> tuple[RefitOffer, ...]:
    return following.offers(forecast.forecast_demand(checked.roster, now=now), actor=actor, now=now)


@dataclass(frozen=True)
class _Checked:
    """An import that was read: its faults, and what it would write."""

    job: ImportJob
    people: people_importer.ImportPlan
    roster: checks.InputPlan
    offers: tuple[RefitOffer, ...] = ()

    def report(self, *, applied: bool, unsure: int = 0) -> ImportReport:
        job = self.job
        return ImportReport(_sorted(job.errors), _sorted(job.warnings), _in_order(job.counts), applied, unsure)


def _check(given: Tables, now: datetime, actor: Actor, is_demo: bool) -> _Checked:
    job = ImportJob(given, people_importer.lists(), now, is_demo, _scope(actor), [*given.errors], [*given.warnings])
    people_plan = people_importer.check(job)
    return _Checked(job, people_plan, checks.check(job, people_plan.directory))


def _write(checked: _Checked, followed: Sequence[RefitOffer], *, now: datetime, actor: Actor) -> int:
    """Answers how many published seats it made unsure."""
    before = {each.seat_id for each in unsure.coming(None, now=now)}
    changed = people_writer.write(checked.people, now=now, actor=actor)
    writer.write(checked.roster)
    missing_accounts.ensure_accounts(changed, now=now, actor=actor)
    counted = {name: [c.created, c.updated, c.unchanged] for name, c in checked.job.counts.items()}
    made = {each.seat_id for each in unsure.coming(None, now=now)} - before
    facts: dict[str, object] = {"counts": counted, "unsure": len(made)}
    if followed:
        facts["campaigns"] = [refits.counted(each.campaign_id, each.refit) for each in followed]
    audit.record(actor, "import.run", "import", now.isoformat(timespec="seconds"), now=now, **facts)
    return len(made)


def _scope(actor: Actor) -> set[str] | None:
    """Codes of the units that the actor may change; ``None`` = all."""
    if actor.role == "admin" or actor.unit_id is None:
        return None
    return {unit.code for unit in queries.units(queries.subtree_ids(actor.unit_id))}


def _sorted(faults: Sequence[ImportFault]) -> list[ImportFault]:
    def place(fault: ImportFault) -> tuple[int, str, int]:
        stem = fault.file.lower().removesuffix(".csv")
        return (NAMES.index(stem) if stem in NAMES else len(NAMES), fault.file, fault.row)

    return sorted(faults, key=place)


def _in_order(counts: dict[str, RowCounts]) -> dict[str, RowCounts]:
    return {name: counts[name] for name in NAMES if name in counts}


def sheets() -> list[SheetFormat]:
    """Every sheet with its columns, as the enterprise's own tables of kinds stand now."""
    lists = people_importer.lists()
    return [sheet.with_lists(lists) for sheet in _sheets()]


def export_template() -> bytes:
    """An empty XLSX with every sheet, column, list of choices, and a sheet that explains them."""
    from people.imports import workbooks  # only here: openpyxl costs every process a tenth of its start

    guide = [[_("Trang tính"), _("Cột"), _("Bắt buộc"), _("Ý nghĩa"), _("Ví dụ")]]
    shapes = []
    for sheet in sheets():
        choices = {column.heading: column.choices for column in sheet.columns if column.choices}
        shapes.append((sheet.name, [column.heading for column in sheet.columns], choices))
        for column in sheet.columns:
            words = f"{column.help} ({', '.join(column.choices)})" if column.choices else str(column.help)
            needed = _("có") if column.required else ""
            guide.append([sheet.name, column.heading, needed, words, column.example])
    return workbooks.template(shapes, guide)
