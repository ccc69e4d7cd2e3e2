"""What may be said of an incident in a group chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from core.calendar.dates import VN
from incidents.sharing import rules

NOW = datetime(2020, 1, 25, 2, 10, tzinfo=VN)


@dataclass
class Facts:
    category: str = "power"
    restricted: bool = False
    party_state: bool = False
    status: str = "open"
    closed_at: datetime | None = None
    joined_to_id: int | None = None


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(), None),
        (Facts(category="kt1"), "share.kt1"),
        (Facts(category="kt1", restricted=True), "share.restricted"),
        (Facts(party_state=True), "share.party_state"),
        (Facts(joined_to_id=7), "share.joined"),
        (Facts(status="closed", closed_at=NOW - timedelta(hours=24)), "share.closed"),
        (Facts(status="closed", closed_at=NOW - timedelta(hours=23, minutes=59)), None),
        (Facts(status="open", closed_at=NOW - timedelta(days=3)), None),  # opened again
    ],
)
def test_why_not(facts: Facts, why: str | None) -> None:
    assert rules.why_not(facts, NOW) == why


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Gọi 0905 123 456 gấp", "Gọi … gấp"),
        ("Gọi +84 905.123.456", "Gọi …"),
        ("Số bàn (0269) 3824 999", "Số bàn (…"),
        ("Số bàn 0269 3824 999", "Số bàn …"),
        ("Thẻ 9704360012345678 để quên", "Thẻ … để quên"),
        ("Thẻ 9704 3600 1234 5678 để quên", "Thẻ … để quên"),
        ("Túi 12 mất lúc 07:30 25/01/2020", "Túi 12 mất lúc 07:30 25/01/2020"),
        ("Bưu gửi EB123456789VN hỏng", "Bưu gửi EB123456789VN hỏng"),
        ("Như SC-2020-00017", "Như SC-2020-00017"),
    ],
)
def test_numbers_of_people_stay_out(title: str, said: str) -> None:
    assert rules.without_numbers(title) == said


@given(
    st.text(alphabet="abc ,.", max_size=20), st.integers(100000000, 999999999), st.text(alphabet="xyz ,.", max_size=20)
)
def test_no_mobile_number_gets_through(before: str, digits: int, after: str) -> None:
    found = rules.without_numbers(f"{before} 0{digits} {after}")
    assert str(digits) not in found
