"""What may follow what."""

from __future__ import annotations

from typing import get_args

import pytest

from incidents.record import states


def test_the_ordinary_life_of_an_incident() -> None:
    status = "open"
    for verb, expected in (("acknowledge", "acknowledged"), ("resolve", "resolved"), ("close", "closed")):
        status = states.after(status, verb) or ""
        assert status == expected
    assert states.after("closed", "reopen") == "open"


@pytest.mark.parametrize("status", get_args(states.Status))
def test_from_every_status_there_is_a_way_on(status: str) -> None:
    assert any(states.after(status, verb) for verb in get_args(states.Verb))


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        ("open", "close"),
        ("acknowledged", "close"),
        ("resolved", "acknowledge"),
        ("closed", "resolve"),
        ("open", "time_out"),
        ("open", "reopen"),
        ("closed", "end"),
        ("closed", "escalate"),
    ],
)
def test_what_is_refused(status: str, verb: states.Verb) -> None:
    assert states.after(status, verb) is None


LEADS_TO = """
              acknowledge   time_out  resolve   close   reopen  escalate  end     join      split
open          acknowledged  -         resolved  -       -       open      closed  resolved  -
acknowledged  acknowledged  open      resolved  -       -       open      closed  resolved  -
resolved      -             -         -         closed  open    -         closed  -         open
closed        -             -         -         -       open    -         -       -         open
"""
"""Status by status what each verb leads to; a dash: it is refused."""


def test_the_whole_table() -> None:
    verbs, *rows = (line.split() for line in LEADS_TO.strip().splitlines())
    assert sorted(verbs) == sorted(get_args(states.Verb))
    assert [row[0] for row in rows] == list(get_args(states.Status))
    told = {(row[0], verb): states.after(row[0], verb) or "-" for row in rows for verb in verbs}  # type: ignore[arg-type]
    assert told == {(row[0], verb): cell for row in rows for verb, cell in zip(verbs, row[1:], strict=True)}
