"""Of most files of stories ``make test`` tells the first; what else its people live through is left to the rest.

A file of journeys, of attacks or of browser tests begins with the way that most people, or attackers, take. All of
these stories together last three times as long as everything else. How a browser goes through the pages on which a
manager prepares a roster, through the letter, board and hand-over, a desk on a phone or with two people at it, and what
it shows where nothing is connected or channels die, is left to the rest whole (``WHOLE``): tests/web fetches and sends
them. So is its longest walk (``paths``): tests/journeys goes the same way without one.
Of what is asked of both databases for a reason, PostgreSQL is asked the first of each file, and the rest with the rest.
Whoever names a file or a test is told all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

WHOLE = frozenset(
    f"test_{name}.py"
    for name in (
        *("absent_people", "board", "by_unit", "called_out", "change_of_shift", "choosing_a_unit", "covered_pages"),
        *(
            "channels_dead",
            "crews",
            "desk_on_a_phone",
            "duty_days",
            "giao_thua_again",
            "nothing_connected",
            "one_by_one",
        ),
        *("others", "print", "range", "two_at_once", "two_managers"),
        *("letter_register", "list_papers", "part", "paths", "patterns", "policy_editor", "reports_to_authorities"),
        *("rules", "set_up", "setting_up", "sheets", "solve_page", "the_letter"),
    )
)
FOLDERS = tuple(Path(__file__).parents[1] / name for name in ("attacks", "journeys", "browser"))


def is_whole(config: pytest.Config) -> bool:
    """Whether nobody named files or tests."""
    return config.args_source is not pytest.Config.ArgsSource.ARGS


def leave_to_the_rest(items: Iterable[pytest.Item]) -> None:
    """Mark what follows the first test of each file that is not marked already, and all of a file of ``WHOLE``; of
    other files what follows the first on PostgreSQL."""
    told = set[Path]()
    for item in items:
        told_whole = item.path.parent not in FOLDERS and not item.get_closest_marker("postgres")
        if told_whole or item.get_closest_marker("rest"):
            continue
        if item.path in told or item.path.name in WHOLE and item.path.parent.name == "browser":
            item.add_marker(pytest.mark.rest)
        told.add(item.path)
