"""An issued document with its signed paper, for the pictures of both; the agency where nobody has entered one."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image

from core import clock
from core.actor import Actor
from core.files import content as reading
from documents.agencies import faces, services as agencies
from documents.agencies.services import AgencyIn
from documents.drafting.services import DraftRequest
from documents.issued import services as issued
from documents.signed import services as signed
from people import queries as people
from people.models import Unit


def prepare(unit_code: str, incident_code: str, *, actor: Actor) -> dict[str, str]:
    """A record of the incident, issued by the unit or whoever is above it."""
    now = clock.now()
    unit = people.unit_by_code(unit_code)
    if not faces.face(unit.id, clock.local_date(now)).settled:
        _settle(unit, actor)
    wanted = DraftRequest(f"incident:{incident_code}", "incidents.record", {})
    row = issued.issue(wanted, once="a record for its picture", actor=actor, now=now)
    file = reading.read_file(_photo(), "ban-ky.jpg")
    scan = signed.attach(row.id, file, actor=actor, now=now)
    return {"document": str(row.id), "scan": str(scan.id)}


def _settle(unit: Unit, actor: Actor) -> None:
    since = date(2020, 1, 1)
    face = AgencyIn(unit.name, "", "BĐT", "Pleiku", faces.USUAL_PATTERN, "kind", ("Lưu: VT",))
    agencies.save_agency(unit.code, since, face, actor=actor, now=clock.now())
    agencies.add_signatory(
        unit.code, "Nguyễn Thị Thu Hương", ("GIÁM ĐỐC",), since, valid_to=None, actor=actor, now=clock.now()
    )


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (210, 297), "white").save(out, "JPEG")
    return out.getvalue()
