"""Who is who: the enterprise, its people and the night that most stories tell (tests/README.md has them as a table).

A code means the same person in every test. ``enterprise`` writes the first five with their accounts, ``tet_night`` the
whole night; ``factories.make_person`` gives a code its name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from core.actor import Actor

# 02:10 on 25 January 2020, Mùng 1 of Canh Tý, local time.
NIGHT = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
ADMIN = Actor(name="Quản trị", role="admin", via="cli")
PASSWORD = "hoa-mai-vang-2020"
"""Of everybody who has an account."""

UNITS = [
    ("BDT", None, "Bưu điện tỉnh", "province"),
    ("BDA", "BDT", "Bưu điện huyện A", "district"),
    ("BDA-1", "BDA", "Điểm phục vụ A1", "service_point"),
    ("BDC", "BDT", "Bưu điện huyện C", "district"),
]


class Someone(NamedTuple):
    code: str
    name: str
    unit: str
    phone: str
    duties: tuple[str, ...]
    role: str | None
    """Of the account, whose login is the code in small letters; None: no account."""

    @property
    def mail(self) -> str | None:
        return None if self.code == "PH1" else f"{self.code.lower()}@buudien.example"


PEOPLE = [
    Someone("QT1", "Lê Quản Trị", "BDT", "0900000100", ("leadership",), "admin"),
    Someone("AN1", "Nguyễn Văn An", "BDA", "0900000101", ("leadership",), "manager"),
    Someone("BI1", "Trần Thị Bình", "BDA", "0900000102", ("operations", "emergency"), "staff"),
    Someone("CH1", "Phạm Thị Chi", "BDC", "0900000103", ("leadership",), "manager"),
    Someone("DU1", "Hoàng Văn Dũng", "BDC", "0900000104", (), "viewer"),
]
ON_THE_NIGHT = [
    Someone("EM1", "Rơ Châm Em", "BDA", "0900000105", ("emergency",), None),
    Someone("PH1", "Kpă Phong", "BDA", "0900000106", ("emergency",), None),
]
TEAM = {
    "P0": "Rơ Châm H'Nhung",
    "P1": "Ksor Phước",
    "P2": "Y Thuyên",
    "P3": "Nay Đức",
    "P4": "Siu Hương",
    "P5": "Đỗ Thị Bích",
    "HA1": "Ksor Hải",
}
"""More people for a roster, each with the duties that the test gives; Hải is the one who could take over."""


def name_of(code: str) -> str:
    """Whoever has no name of their own is one of many: Nguyễn Văn P07."""
    names = {each.code: each.name for each in (*PEOPLE, *ON_THE_NIGHT)} | TEAM
    return names.get(code, f"Nguyễn Văn {code}")
