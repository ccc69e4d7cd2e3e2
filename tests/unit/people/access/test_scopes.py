"""What a key is for."""

from __future__ import annotations

import pytest

from people.access import permissions, scopes


@pytest.mark.parametrize(
    ("given", "needed", "reads", "opens"),
    [
        (None, ["roster"], False, True),
        (None, [None], False, True),
        ({"read"}, ["roster"], True, True),
        ({"read"}, [None], True, True),
        ({"read"}, ["roster"], False, False),
        ({"incidents"}, ["incidents"], True, True),
        ({"incidents"}, ["incidents"], False, True),
        ({"incidents"}, ["roster"], True, False),
        ({"people"}, ["people", "roster"], False, False),
        ({"people", "roster"}, ["people", "roster"], False, True),
        (set(scopes.SCOPES), [None], False, False),
        (set(), ["people"], True, False),
    ],
)
def test_a_key_opens_its_part_and_a_reading_key_whatever_only_asks(
    given: set[str] | None, needed: list[str | None], reads: bool, opens: bool
) -> None:
    assert scopes.opens(given, needed, reads=reads) is opens


def test_the_installation_itself_is_no_part_of_any_key() -> None:
    outside = {action for action in permissions.TABLE if scopes.part_of(action) is None}
    assert {action.partition(".")[0] for action in outside} == {"key", "settings", "system", "sending", "demo", "audit"}
    assert {scopes.part_of(action) for action in permissions.TABLE} - {None} == {"incidents", "roster", "people"}
    assert scopes.part_of(None) is None
    assert scopes.part_of("incident.read.all") == "incidents", "the first word alone counts"


def test_what_is_written_is_read_again_and_none_stays_none() -> None:
    assert scopes.written(["people", "read", "people"]) == "read people"
    assert scopes.parsed("read people") == {"read", "people"}
    assert scopes.parsed(None) is None
