"""Who issues a document of a unit on a day: the entry that held then, of the unit or of the nearest above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.db import db
from documents.models import DocumentAgency, DocumentSignatory
from people import queries as people

USUAL_PATTERN = "{number}/{kind}-{symbol}"


@dataclass(frozen=True)
class AgencyFace:
    """``unit_id``: whose numbers are taken. ``settled``: somebody entered it; else it is made of the unit's name."""

    unit_id: int
    name: str
    superior: str
    symbol: str
    place: str
    pattern: str = USUAL_PATTERN
    series: str = "kind"
    recipients: tuple[str, ...] = ()
    settled: bool = True


@dataclass(frozen=True)
class Signing:
    """Somebody who may sign that day."""

    id: int
    name: str
    lines: tuple[str, ...]

    @property
    def shown(self) -> str:
        return f"{' · '.join(self.lines)} {self.name}"


def face(unit_id: int, on: date) -> AgencyFace:
    """Return how a unit without any entry writes itself: the enterprise's top unit, by its name."""
    above = people.ancestor_ids(unit_id)
    rows = db.session.scalars(
        select(DocumentAgency)
        .where(DocumentAgency.unit_id.in_(above), DocumentAgency.valid_from <= on)
        .order_by(DocumentAgency.valid_from)
    )
    latest = {row.unit_id: row for row in rows}
    row = next((latest[each] for each in above if each in latest), None)
    return _face_of(row) if row is not None else _by_name(above[-1])


def signatories(unit_id: int, on: date) -> list[Signing]:
    """Return who signs for the unit; where it names nobody, for the nearest above it that does."""
    above = people.ancestor_ids(unit_id)
    rows = list(
        db.session.scalars(
            select(DocumentSignatory)
            .where(
                DocumentSignatory.unit_id.in_(above),
                DocumentSignatory.valid_from <= on,
                DocumentSignatory.valid_to.is_(None) | (DocumentSignatory.valid_to >= on),
            )
            .order_by(DocumentSignatory.id)
        )
    )
    for each in above:
        if mine := [row for row in rows if row.unit_id == each]:
            return [Signing(row.id, row.name, tuple(row.lines)) for row in mine]
    return []


def written(face: AgencyFace, kind: str, number: int | None, year: int) -> str:
    """The number as on paper, two digits at least (Decree 30/2020, Appendix I); without one, room to write it in.

    Letters have no kind in their number, nor the hyphen after it.
    """
    pattern = face.pattern if kind else face.pattern.replace("{kind}-", "").replace("-{kind}", "")
    parts = {"{number}": "      " if number is None else f"{number:02d}", "{kind}": kind, "{symbol}": face.symbol}
    for name, value in {**parts, "{year}": str(year)}.items():
        pattern = pattern.replace(name, value)
    return pattern


def series(face: AgencyFace, kind: str) -> str:
    """Return which run of numbers a kind takes from."""
    return kind if face.series == "kind" else ""


def _face_of(row: DocumentAgency) -> AgencyFace:
    return AgencyFace(
        row.unit_id,
        row.name,
        row.superior,
        row.symbol,
        row.place,
        row.pattern,
        row.series,
        tuple(row.recipients),
    )


def _by_name(unit_id: int) -> AgencyFace:
    name = people.unit_by_id(unit_id).name
    symbol = "".join(word[0] for word in name.split() if word[0].isupper()) or name[:1].upper()
    return AgencyFace(unit_id, name, "", symbol, "", settled=False)
