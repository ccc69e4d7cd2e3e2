"""The coming Tết as it stands when the demo is made: a letter of this year, half of what it asks done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from compliance.followup import rechecking
from compliance.inspector import services as inspector
from compliance.plans import services as plans, volumes
from compliance.plans.services import PlanText as PlanSaid
from compliance.register import letters
from compliance.register.letters import LetterIn
from compliance.register.models import Directive
from core import clock
from core.calendar import lunar
from core.db import transaction
from desk.demo.letter import counters, entered, outside
from desk.demo.letter.scene import Scene, at, photo

BODY = """(Văn bản minh họa.)

Đề nghị các doanh nghiệp bưu chính trên địa bàn tỉnh nghiêm túc triển khai một số nội dung sau:

+ Tổ chức, triển khai thực hiện đồng bộ các phương án nâng cao năng lực mạng lưới, lao động.

+ Hỗ trợ khách hàng 24/24 giờ.

+ Kiểm tra nội dung gói, kiện hàng hóa trước khi chấp nhận gửi.

+ Niêm yết công khai danh mục hàng cấm gửi và điều kiện cung ứng dịch vụ.

+ Trực lãnh đạo đơn vị, trực điều hành, trực ứng cứu thông tin."""
PLAN = PlanSaid(2, 1, 3, (), "Máy nổ 5 kVA", "Sim 4G dự phòng")


def tell(scene: Scene, before: Directive, tet_year: int, now: datetime) -> Directive:
    """``before``: letter 77, whose requirements the new one begins with."""
    today = clock.local_date(now)
    letter = _enter(scene, before, tet_year, today, now=now)
    _post(scene, today)
    for back in range(6, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() != counters.WEEK[-1].on:
            counters.tell(scene.counters, at(day, 16, 30), silent=[scene.counters[-1].code] if back < 3 else ())
    _plan(scene, tet_year, now)
    outside.ring_again(scene, now - timedelta(hours=20))
    rechecking.recheck_letter(letter, now)
    link = inspector.make(letter.id, scene.top.code, "Đoàn kiểm tra của Sở (minh họa)", 7, actor=scene.manager, now=now)
    token = inspector.url(link).rpartition("/")[2]
    visitor = inspector.visit(link, inspector.enter(token, "Nguyễn Thanh Tra (minh họa)", now=now))
    if visitor is not None:
        inspector.look(visitor, "unit", scene.counters[0].code, now=now)
    return letter


def _enter(scene: Scene, before: Directive, tet_year: int, today: date, *, now: datetime) -> Directive:
    tet = lunar.tet(tet_year)
    wanted = LetterIn(
        "05/MH-BCVT",
        today - timedelta(days=4),
        "Sở Khoa học và Công nghệ (minh họa)",
        f"V/v bảo đảm an toàn, an ninh bưu chính dịp Tết {lunar.can_chi(tet_year)} {tet_year} (văn bản minh họa)",
        body=BODY,
        addressed_to="Các doanh nghiệp bưu chính trên địa bàn tỉnh",
        season_from=tet - timedelta(days=8),
        season_to=tet + timedelta(days=14),
    )
    with transaction():
        row = letters.copy(before.id, wanted, actor=scene.admin, now=now - timedelta(days=3))
        entered.add(row.id)
    letters.receive(row.id, today - timedelta(days=3), "Văn thư (minh họa)", actor=scene.admin, now=now)
    letters.acknowledge(row.id, actor=scene.admin, now=now - timedelta(days=2))
    letters.relate(row.id, "follows", before.id, actor=scene.admin, now=now)
    return letters.spread(row.id, actor=scene.admin, now=now - timedelta(days=2))


def _post(scene: Scene, today: date) -> None:
    """The list of goods has a new version: what hung since Canh Tý is out of date until it is hung anew."""
    yesterday = today - timedelta(days=1)
    examples = "Pháo các loại\nVũ khí, vật liệu nổ\nHàng dễ cháy\nPin lithium rời"
    counters.name_examples(scene, examples, upon=1, now=at(yesterday, 8))
    counters.hang(scene, scene.counters[:5], "prohibited", at(yesterday, 10), picture=photo(1))
    counters.hang(scene, scene.counters[5:6], "prohibited", at(yesterday, 11), picture=None)


def _plan(scene: Scene, tet_year: int, now: datetime) -> None:
    """Plan for the second to sixth counter: accepted, handed in, given back, begun; others have nothing yet."""
    stages: Mapping[int, str] = {1: "accepted", 2: "accepted", 3: "submitted", 4: "returned", 5: "draft"}
    for place, stage in stages.items():
        unit = scene.counters[place]
        plans.save(unit.id, tet_year, PLAN, actor=scene.manager, now=now)
        if stage != "draft":
            plans.submit(unit.id, tet_year, actor=scene.manager, now=now)
        if stage == "accepted":
            plans.accept(unit.id, tet_year, actor=scene.admin, now=now)
        elif stage == "returned":
            plans.give_back(unit.id, tet_year, "Ghi rõ ngày cao điểm", actor=scene.admin, now=now)
    today = clock.local_date(now)
    for back, items in enumerate((140, 160, 120)):
        volumes.tell(scene.counters[0].id, today - timedelta(days=back), items, actor=scene.manager, now=now)
