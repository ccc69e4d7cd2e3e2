"""Follow-up fields: what people type becomes values, or a fault at its field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.clock import VN
from incidents.catalogue.custom_fields import KINDS, CustomField, changes, read_values

NOW = datetime(2020, 1, 25, 2, 10, tzinfo=VN)
FIELDS = [
    CustomField(kind, kind, kind, kind, (("light", "Nhẹ", "Light"), ("dead", "Tử vong", "Fatal"))) for kind in KINDS
]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("number", "12", 12),
        ("number", "1.250", 1250),
        ("number", "7,5", 7.5),
        ("number", "1.250,5", 1250.5),
        ("number", "2.5", 2.5),
        ("number", 34, 34),
        ("yesno", "yes", True),
        ("yesno", False, False),
        ("choice", "dead", "dead"),
        ("text", "  km  12 ", "km 12"),
        ("vehicle", "81C-123.45", "81C-123.45"),
        ("time", "2020-01-25T01:30", "2020-01-25T01:30+07:00"),
        ("text", "", None),
        ("number", " ", None),
        ("time", "2020-01-24T18:30:00+00:00", "2020-01-24T18:30+00:00"),
        ("yesno", None, None),
    ],
)
def test_what_can_be_used(kind: str, typed: Any, kept: Any) -> None:
    assert read_values(FIELDS, {kind: typed}, NOW) == ({kind: kept}, [])


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "mười", "fact.number"),
        ("number", "-1", "fact.number"),
        ("number", True, "fact.number"),
        ("number", float("nan"), "fact.number"),
        ("number", 10**12, "fact.number"),
        ("yesno", "maybe", "fact.yesno"),
        ("choice", "Nhẹ", "fact.choice"),
        ("text", 5, "fact.text"),
        ("text", "x" * 501, "fact.long"),
        ("time", "hôm qua", "fact.time"),
        ("time", "2031-01-25T01:30", "fact.time"),
        ("plate", "81C", "fact.unknown"),
    ],
)
def test_what_cannot(kind: str, typed: Any, code: str) -> None:
    values, faults = read_values(FIELDS, {kind: typed}, NOW)
    assert (values, [(each.key, each.code) for each in faults]) == ({}, [(kind, code)])


def test_changes_are_what_differs() -> None:
    assert changes({"km": 12, "bags": 3}, {"km": 12, "bags": None, "driver": "Tài"}) == {
        "bags": (3, None),
        "driver": (None, "Tài"),
    }


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=600)


@given(st.dictionaries(st.sampled_from(KINDS) | st.text(max_size=5), ANYTHING))
def test_it_never_fails_and_every_key_is_answered_for(typed: dict[str, Any]) -> None:
    values, faults = read_values(FIELDS, typed, NOW)
    assert set(values) | {each.key for each in faults} == set(typed)
    assert not set(values) & {each.key for each in faults}
    later, again = read_values(FIELDS, dict(values), NOW + timedelta(minutes=1))
    assert (later, again) == (values, []), "what is kept reads back as itself"


def test_times_are_told_apart_from_afar() -> None:
    assert read_values(FIELDS, {"time": "2020-01-25T01:30"}, NOW.astimezone(UTC).astimezone(VN))[1] == []
