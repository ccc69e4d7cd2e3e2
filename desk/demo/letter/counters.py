"""Counters of the demo: texts that hang, photos of them, a tap each evening, parcels in which something was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from compliance.parcel_checks import findings, services as parcels
from compliance.parcel_checks.findings import SaidFinding
from compliance.posting import services as posting
from compliance.posting.parts import PARTS
from compliance.posting.services import PostingReport
from compliance.service_hours import services as hours
from compliance.service_hours.services import TypedHours as SaidHours
from compliance.today import services as today
from compliance.today.services import CounterReport
from core import clock
from core.files.content import File
from desk.demo.letter.scene import Scene
from incidents.public_reports import services as reports
from incidents.record.models import Incident
from people.models import Unit

WEEK = tuple(SaidHours(number, "07:30", "17:00", "16:00") for number in range(6)) + (SaidHours(6, closed=True),)
CONDITIONS = {
    "services": "Thư, gói, kiện trong nước và quốc tế; bưu gửi KT1.",
    "quality": "Thời gian toàn trình trong tỉnh: 1–2 ngày; liên tỉnh: 2–5 ngày.",
    "prices": "Theo bảng giá cước treo bên cạnh.",
    "compensation": "Bưu gửi chậm, mất, hỏng: bồi thường theo hợp đồng, khiếu nại trong 6 tháng.",
    "amounts": "Mất hoặc hỏng toàn bộ gói, kiện: không thấp hơn 4 lần cước đã trả.",
    "provider": "Nhận, chuyển, phát đúng địa chỉ; giữ bí mật thông tin bưu gửi.",
    "user": "Ghi đúng, đủ họ tên, địa chỉ; khai đúng nội dung gói, kiện.",
}
REFUSED = "Giữ nguyên gói tại quầy nếu an toàn, không bóc thêm; gọi Công an phường và báo trực điều hành."


def settle(scene: Scene, mornings: Sequence[date], now: datetime) -> None:
    """Opening hours (``mornings``: open until half past eleven), the two obligatory texts, what to do with a refused
    parcel."""
    short = [SaidHours(day, "07:30", "11:30", "11:00") for day in mornings]
    hours.save(scene.top.id, [*WEEK, *short], actor=scene.manager, now=now)
    assert set(CONDITIONS) <= set(PARTS["conditions"])  # noqa: S101 - headings are named in one place
    said = {part: {"vi": text, "en": ""} for part, text in CONDITIONS.items()}
    posting.save(scene.top.id, "conditions", said, upon=0, actor=scene.manager, now=now)
    name_examples(scene, "Pháo các loại\nVũ khí, vật liệu nổ\nHàng dễ cháy", upon=0, now=now)
    parcels.save_rule(scene.top.id, 1, REFUSED, "", actor=scene.manager, now=now)


def name_examples(scene: Scene, examples: str, *, upon: int, now: datetime) -> None:
    """The next version of what stands under the four lines of the law; ``upon``: the version before."""
    said = {"examples": {"vi": examples, "en": ""}}
    posting.save(scene.top.id, "prohibited", said, upon=upon, actor=scene.manager, now=now)


def hang(scene: Scene, counters: Sequence[Unit], what: str, when: datetime, *, picture: File | None) -> None:
    """Each says that it hangs, with the photo or without one; whoever answers for them accepts the photos."""
    sent = []
    for unit in counters:
        said = PostingReport(f"{what}-{when:%y%m%d}", what, when.date(), picture, sheet="counter" if picture else "")
        row, _new = posting.post(unit.id, said, actor=reports.reporter(unit.id, "Giao dịch viên"), now=when)
        sent.append(row.id)
    posting.accept(sent, actor=scene.manager, now=when)


def tell(counters: Sequence[Unit], since: datetime, *, silent: Sequence[str] = (), late: str = "") -> None:
    """One tap of each, a minute apart; ``silent``: codes of those who forgot; ``late``: who opened late."""
    day = clock.local_date(since)
    for place, unit in enumerate(counters):
        if unit.code in silent:
            continue
        note = "Mở cửa muộn 30 phút vì mất điện" if unit.code == late else ""
        checked = 18 + (place * 13 + day.day * 7) % 45
        told = CounterReport(f"mau-{day:%y%m%d}", day, checked, "quay-1", hours_note=note, normal=not note)
        now = since + timedelta(minutes=place)
        today.tell(unit.id, told, actor=reports.reporter(unit.id), now=now)


def find_before(unit: Unit, when: datetime) -> None:
    """Firecrackers in a parcel that is refused; the authority is told."""
    found = SaidFinding("mau-truoc", when.date(), "before", "pháo dây", 1, informed="Công an phường", counter="quay-1")
    findings.find(unit.id, found, actor=reports.reporter(unit.id), now=when)


def find_after(unit: Unit, when: datetime) -> Incident:
    """The same in a parcel that was accepted already: an incident of Điều 14."""
    found = SaidFinding(
        "mau-sau", when.date(), "after", "pháo hoa nổ", 1, stopped="Giao dịch viên trực", item="EA123456789VN"
    )
    row, _made = findings.find(unit.id, found, actor=reports.reporter(unit.id), now=when)
    assert row.incident is not None  # noqa: S101 - after acceptance it is one
    return row.incident


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
