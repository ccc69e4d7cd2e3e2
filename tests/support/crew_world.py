"""A post that is served in three shifts by sixteen people: what crews are rotated over."""

from __future__ import annotations

from datetime import UTC, datetime

from people.accounts import services as accounts
from people.accounts.services import NewAccount
from roster.crews import services
from roster.crews.services import Joining
from tests.support import factories

NOW = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
PASSWORD = "tet-an-lanh-2027"  # noqa: S105
FIRST, LAST = "2020-01-23", "2020-01-30"
NAMES = (
    ("Lê Thị Hoa", "Trần Văn Đức", "H’Yam Niê", "Siu Phước"),
    ("Phan Văn Lộc", "Nay Đức", "Nguyễn Thị Lan", "Rơ Châm Khoa"),
    ("Đỗ Quốc Bảo", "Ksor H’Lan", "Bùi Thị Mai", "Võ Văn Sáu"),
    ("Hồ Thị Thu", "Lý Bảo Châu", "Đặng Văn Tám", "Y Bhim Êban"),
)
CREWS = ("Kíp 1", "Kíp 2", "Kíp 3", "Kíp 4")
SHIFTS = (("Sáng", "06:00"), ("Chiều", "14:00"), ("Đêm", "22:00"))


def codes(crew: int) -> list[str]:
    """Of the people of a crew, from 1: K11 to K14, K21 …"""
    return [f"K{crew}{place}" for place in range(1, 5)]


def write(*, crews: bool = True, seats: int = 2, whole_days: bool = False) -> int:
    """Each shift has ``seats`` of operations and one of emergency, all at home.

    ``whole_days``: and one by day, at the same time as morning and afternoon."""
    unit = factories.make_unit("BDA", name="Bưu điện huyện A", kind="district")
    for crew, names in enumerate(NAMES, start=1):
        for code, name in zip(codes(crew), names, strict=True):
            factories.make_person(code, unit, duties=("operations", "emergency"), name=name)
    for name, start in SHIFTS:
        factories.make_demand(unit, "operations", name, start, 8, headcount=seats, form="standby")
        factories.make_demand(unit, "emergency", name, start, 8, form="standby")
    if whole_days:
        factories.make_demand(unit, "operations", "Ngày", "07:30", 12, form="standby")
    campaign = factories.make_campaign(unit, first=FIRST, last=LAST, now=NOW)
    if crews:
        for at, name in enumerate(CREWS, start=1):
            members = [Joining(code) for code in codes(at)]
            services.make_crew("BDA", name, members, actor=factories.ADMIN, now=NOW)
    accounts.create_user(NewAccount("huyen", "Quản lý", "admin", password=PASSWORD), now=NOW, actor=factories.ADMIN)
    return campaign.id
