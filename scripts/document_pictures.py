"""The pictures of docs/documents.md: ``python -m scripts.document_pictures``.

Fills a fresh database with the demo, lets the product's own services draw a paper of each kind that is registered, and
writes its first page to ``docs/images/documents/<kind>.png``, and the next one (``<kind>-2.png``) where it has
appendices. ``--data FOLDER`` keeps the database there and draws from it again; ``--whole FOLDER`` writes every page,
large, for whoever looks closely.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from sqlalchemy import select

from app import create_app
from compliance.dossier import kind as dossier
from compliance.register.models import Directive
from compliance.reports import papers as reported, services as reports
from compliance.reports.models import Report
from compliance.reports.services import ReportRange
from compliance.service_hours import points
from core import clock
from core.db import db
from core.errors import Conflict, NotFound
from desk.demo import clearing, seed
from documents import kinds
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from documents.kinds import DocumentKind
from documents.paper import Paper
from documents.rendering import pdf, pictures
from duty.duty_checks.models import DutyCheck
from incidents.escalation import engine
from incidents.handovers.models import Handover
from incidents.papers import about
from incidents.record.models import Incident
from roster.campaigns.models import Campaign
from roster.draft import services as draft
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from scripts.samples import whole as samples
from scripts.samples.whole import ACTOR

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "images" / "documents"
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
"""When they are drawn: what runs by then has an end."""
SMALL, LARGE = 84, 110
"""Pixels per inch: of the pictures in docs (60 KB at most), and to look closely."""
COLOURS = 12
NUMBER = 8


@contextmanager
def demo(folder: str) -> Iterator[Flask]:
    """The application on the demo in ``folder``, which is made if it is not there yet; the clock stands at ``NOW``."""
    for name in ("DATABASE_URL", "MAIL_URL", "PUBLIC_URL", "APP_ENV", "SECRET_KEY"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = folder
    app = create_app()
    with app.app_context(), clock.travel(NOW):
        upgrade(str(ROOT / "migrations"))
        if not seed.is_present():
            seed.seed(now=NOW, actor=ACTOR, say=print)
            samples.prepare(app)
            db.session.rollback()  # what was read before that is older
            engine.escalate_due(NOW)
            _swap()
            _reports()
        yield app


def _swap() -> None:
    """In the campaign that runs two people change places, and that is published: there is something to amend."""
    running = db.session.scalars(select(Campaign.id).order_by(Campaign.id.desc())).first()
    ahead = select(Shift).where(Shift.campaign_id == running, Shift.duty == "operations", Shift.starts_at > NOW)
    shifts = db.session.scalars(ahead.order_by(Shift.starts_at)).all()
    first = shifts[3]
    other = next(each for each in shifts[6:] if each.local_on > first.local_on and _on(each) != _on(first))
    pair = ((first.id, _on(other)), (other.id, _on(first)))
    for shift_id, codes in pair:
        draft.set_people(shift_id, codes, override_reason="Hai người xin đổi ca", actor=ACTOR, now=NOW)
    publishing.publish(running or 0, PublishTerms("Đổi ca theo đề nghị"), actor=ACTOR, now=NOW)


def _reports() -> None:
    """Make reports of today, of all days so far, and of one incident: approved, so that they can leave."""
    today = clock.local_date(NOW)
    code = db.session.scalars(select(Incident.code).order_by(Incident.id)).first() or ""
    for kind, since, incident in (
        ("daily", today, ""),
        ("summary", today - timedelta(days=6), ""),
        ("adhoc", today, code),
    ):
        row = reports.draft(ReportRange(kind, clearing.UNIT, since, today, incident=incident), actor=ACTOR, now=NOW)
        row = reports.redraw(row.id, actor=ACTOR, now=NOW)
        reports.approve(row.id, row.version, actor=ACTOR, now=NOW)


def _on(shift: Shift) -> list[str]:
    return [seat.draft.person.code for seat in shift.seats if seat.draft]


def things() -> Iterator[str]:
    """Yield what papers may be about, the most telling first."""
    taken = select(Incident.code).order_by(Incident.category != "prohibited_item", Incident.id)
    yield from (f"incident:{code}" for code in db.session.scalars(taken.where(Incident.joined_to_id.is_(None))))
    yield from (f"handover:{row_id}" for row_id in db.session.scalars(select(Handover.id).order_by(Handover.id)))
    yield about.diary_reference(clearing.UNIT, clock.local_date(NOW))
    yield from (f"campaign:{row_id}" for row_id in db.session.scalars(select(Campaign.id).order_by(Campaign.id)))
    yield from (f"{reported.WORD}:{row_id}" for row_id in db.session.scalars(select(Report.id).order_by(Report.id)))
    for letter in db.session.scalars(select(Directive.id).where(Directive.seed == "77-2020")):
        yield f"{dossier.WORD}:{letter}-{clearing.UNIT}"
    for unit in points.among(None, clock.local_date(NOW))[:1]:
        yield f"point:{unit.code}"
    yield f"points:{clearing.UNIT}"
    yield from (f"duty-check:{row_id}" for row_id in db.session.scalars(select(DutyCheck.id).order_by(DutyCheck.id)))


def paper_of(kind: DocumentKind) -> Paper | None:
    """Return the paper about the first thing of which there is anything to tell."""
    for thing in things():
        try:
            if kind not in kinds.sort_of(thing).kinds or not kind.fit(thing, LATER):
                continue
            made = drafting.make(DraftRequest(thing, kind.code, {}), actor=ACTOR, now=LATER)
        except (Conflict, NotFound):
            continue
        return drafting.paper(made, NUMBER if kind.numbered else None, issued=True)
    return None


def small(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as drawn:
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn.convert("L").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def draw(kind: DocumentKind, whole: Path | None) -> str:
    """Writes its pictures; what is wrong, empty when nothing is."""
    paper = paper_of(kind)
    if paper is None:
        return f"{kind.code}: the demo has nothing that it could tell of"
    made = pdf.pdf(paper)
    for number in (1, 2) if paper.appendices else (1,):
        page = pictures.page(made, number, SMALL)
        if page is not None:
            small(page, OUT / f"{kind.code}{'' if number == 1 else f'-{number}'}.png")
    for number in range(1, pictures.count(made) + 1) if whole else ():
        page = pictures.page(made, number, LARGE)
        if whole is not None and page is not None:
            whole.mkdir(parents=True, exist_ok=True)
            (whole / f"{kind.code}-{number}.png").write_bytes(page)
    return ""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data")
    asked.add_argument("--whole", type=Path)
    asked.add_argument("--only", default="", help="kinds whose code begins so")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary, demo(given.data or temporary):
        found = [kind for kind in kinds.by_code().values() if kind.code.startswith(given.only)]
        faults = [said for kind in found if (said := draw(kind, given.whole))]
    print("\n".join(faults or [f"{len(found)} kinds drawn"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
