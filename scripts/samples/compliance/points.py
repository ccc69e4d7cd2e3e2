"""Points of service: texts, hours, a week of days at one, a parcel that was refused, a plan and a backlog."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from compliance.parcel_checks import correcting, findings, services as parcels
from compliance.parcel_checks.findings import SaidFinding
from compliance.plans import services as plans, volumes
from compliance.plans.queries import tet_year
from compliance.posting import services as posting
from compliance.posting.parts import PARTS
from compliance.posting.services import PostingReport
from compliance.service_hours import points, services as hours
from compliance.service_hours.services import TypedHours as SaidHours
from compliance.today import services as today
from compliance.today.services import CounterReport
from core import clock
from core.actor import Actor
from core.files import content as files
from incidents.public_reports import counter_codes, services as reports


def prepare(unit_id: int, *, actor: Actor) -> dict[str, str]:
    """Prepare the top unit and one point; return the facts that paths name."""
    now = clock.now()
    day = clock.local_date(now)
    week = [SaidHours(number, "07:30", "17:00", "16:00") for number in range(6)]
    hours.save(unit_id, [*week, SaidHours(6, closed=True)], actor=actor, now=now)
    said = {part: {"vi": "Theo quy định của doanh nghiệp.", "en": ""} for part in PARTS["conditions"]}
    posting.save(unit_id, "conditions", said, upon=_version(unit_id, "conditions"), actor=actor, now=now)
    examples = {"examples": {"vi": "Pháo các loại\nVũ khí\nHàng dễ cháy, nổ", "en": "Firecrackers\nArms"}}
    posting.save(unit_id, "prohibited", examples, upon=_version(unit_id, "prohibited"), actor=actor, now=now)
    parcels.save_rule(
        unit_id, 1, "Pháo, vũ khí: giữ khách tại quầy nếu an toàn, gọi Công an xã.", "", actor=actor, now=now
    )
    point = points.among(None, day)[0]
    for back, checked in enumerate((None, 58, 63, None, 52, 41, 39)):
        if checked is not None:
            told = CounterReport(f"mau-{back}", day - timedelta(days=back), checked)
            today.tell(point.id, told, actor=actor, now=now)
    found = SaidFinding("mau-phao", day, "before", "pháo", 1, informed="Công an xã")
    findings.find(point.id, found, actor=actor, now=now)
    photo = files.read_file(_photo(), "niem-yet.jpg")
    row, _created = posting.post(point.id, PostingReport("mau-anh", "prohibited", day, photo), actor=actor, now=now)
    plan = plans.PlanText(2, 1, 3, (day, day + timedelta(days=1)), "Máy nổ 5 kVA", "Sim 4G")
    plans.save(point.id, tet_year(now), plan, actor=actor, now=now)
    plans.submit(point.id, tet_year(now), actor=actor, now=now)
    for back, items in enumerate((310, 280, 190)):
        volumes.tell(point.id, day - timedelta(days=back), items, actor=actor, now=now)
    many = CounterReport("mau-nhieu", day - timedelta(days=2), 480, "0a1b2c3d", device="Android")  # ten times the usual
    today.tell(point.id, many, actor=reports.reporter(point.id), now=now)
    wrong = CounterReport("mau-sai", day - timedelta(days=1), 900, "0a1b2c3d", device="iPhone")
    today.tell(point.id, wrong, actor=reports.reporter(point.id), now=now)
    right = correcting.CorrectedNumbers(9)
    correcting.correct(
        correcting.CounterDay(point.id, wrong.day, wrong.counter),
        upon=correcting.CorrectedNumbers(900),
        becomes=right,
        why="Gõ thừa hai số 0",
        actor=actor,
        now=now,
    )
    teller = reports.reporter(point.id, "Giao dịch viên")
    posting.post(
        point.id, PostingReport("mau-cho", "conditions", day, photo, sheet="counter", codes=()), actor=teller, now=now
    )
    old = CounterReport("mau-cu", day - timedelta(days=3), 44, "4d3c2b1a", waits=True)
    today.tell(point.id, old, actor=reports.reporter(point.id), now=now)
    return {
        "point": point.code,
        "point_day": many.day.isoformat(),
        "point_sheet": counter_codes.token_of(point, 1),
        "posting": str(row.id),
    }


def _version(unit_id: int, what: str) -> int:
    """The demo may have written one."""
    row = posting.own(unit_id, what)
    return row.version if row is not None else 0


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "wheat").save(out, "JPEG")
    return out.getvalue()
