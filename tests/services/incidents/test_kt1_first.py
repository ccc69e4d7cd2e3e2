"""Of one level KT1, Party and State stand first on the lists of incidents that wait: board, hand-over, diary, night."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.db import transaction
from incidents.diary import services as diary
from incidents.figures import night as nights
from incidents.handovers import queries as handovers
from incidents.record import queries
from incidents.response import lifecycle
from people import queries as people
from tests.support.cast import ADMIN, NIGHT
from tests.support.tet_night import Night


@pytest.fixture
def codes(night: Night) -> dict[str, str]:
    """Logged in this order, all of level 2."""
    found = {
        "power": night.log("Mất điện toàn huyện", severity=2),
        "kt1": night.log("Túi KT1 đến chậm", "kt1", severity=2, now=NIGHT + timedelta(minutes=1)),
        "state": night.log("Đường truyền Huyện ủy", severity=2, party_state=True, now=NIGHT + timedelta(minutes=2)),
    }
    assert {each.severity for each in found.values()} == {2}
    return {name: each.code for name, each in found.items()}


def test_lists_begin_with_them(night: Night, codes: dict[str, str]) -> None:
    wanted, later = [codes["kt1"], codes["state"], codes["power"]], NIGHT + timedelta(minutes=5)
    unit = people.unit_by_id(night.ids["BDA"])
    assert [each.code for each in queries.unfinished(unit.id)] == wanted
    assert [each.code for each in nights.night_of(unit, now=later).logged] == wanted
    span = diary.span_of(unit, date(2020, 1, 25), "")
    left = diary.read_diary(unit, span, actor=ADMIN, now=later).pages.unfinished
    assert [each.code for each in left] == wanted
    for code in wanted:
        lifecycle.acknowledge(queries.by_code(code).id, person_id=night.ids["BI1"], actor=ADMIN, now=later)
    with transaction():
        [held] = handovers._held_each([(night.ids["BI1"], "operations", night.ids["BDA"])]).values()
    assert [each.code for each in held] == wanted
