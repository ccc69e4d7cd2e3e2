"""What may happen to a campaign, and what blocks its publishing."""

from datetime import UTC, datetime

import pytest

from planning.coverage import Gap
from planning.outcome import Violation
from roster.campaigns import stages
from roster.campaigns.lifecycle import after, gate

AT = datetime(2020, 1, 25, tzinfo=UTC)
OPEN = Gap("open", "BDGL", "operations", AT, AT.replace(hour=6), blocks=True)
LISTED = Gap("open", "BDGL", "support", AT, AT.replace(hour=6), blocks=False)
AWAY = Violation("absence.away", True, 7, (3,), {}, 0)


def judge(gaps=(), violations=(), excused=frozenset(), accept_gaps=None):
    return gate(gaps, violations, excused=excused, accept_gaps=accept_gaps)


@pytest.mark.parametrize(
    ("state", "action", "leads_to"),
    [
        ("draft", "publish", "published"),
        ("published", "publish", "published"),
        ("draft", "delete", "draft"),
        ("published", "delete", None),
        ("closed", "publish", None),
        ("published", "withdraw", "published"),
        ("draft", "withdraw", None),
        ("closed", "withdraw", None),
        ("closed", "edit", None),
        ("nonsense", "edit", None),
    ],
)
def test_transitions(state, action, leads_to):
    assert after(state, action) == leads_to


def test_nothing_open_may_publish():
    assert judge().may_publish


def test_a_blocking_gap_needs_a_reason_and_blanks_are_none():
    assert judge([OPEN]).gaps == (OPEN,)
    assert judge([OPEN], accept_gaps="   ").gaps == (OPEN,)
    assert judge([OPEN], accept_gaps="Đêm do tỉnh trực").may_publish


def test_a_listed_gap_never_blocks():
    assert judge([LISTED]).may_publish


def test_a_hard_violation_blocks_whatever_the_reason_for_gaps():
    assert judge(violations=[AWAY], accept_gaps="lý do").violations == (AWAY,)


def test_an_excused_cell_lets_its_own_violation_pass_and_no_other():
    assert judge(violations=[AWAY], excused=frozenset({(3, 7)})).may_publish
    assert not judge(violations=[AWAY], excused=frozenset({(3, 8), (4, 7)})).may_publish


def test_soft_violations_and_headcount_are_not_for_the_gate():
    wish = Violation("wishes.off", False, 7, (3,), {}, 300)
    short = Violation("coverage.headcount", True, None, (3,), {}, 0)
    assert judge(violations=[wish, short]).may_publish


def test_what_concerns_nobody_in_person_is_excused_by_nobody():
    shift_alone = Violation("pairs.together", True, None, (3,), {}, 0)
    assert judge(violations=[shift_alone], excused=frozenset({(3, 7)})).violations == (shift_alone,)


@pytest.mark.parametrize(
    ("state", "revision", "waits", "stage"),
    [
        ("draft", 0, False, "draft"),
        ("draft", 0, True, "submitted"),
        ("published", 1, False, "published"),
        ("published", 1, True, "submitted"),
        ("published", 2, False, "amended"),
        ("draft", 2, False, "draft"),  # the first revision was withdrawn
        ("closed", 3, True, "closed"),
    ],
)
def test_where_a_campaign_stands(state, revision, waits, stage):
    assert stages.stage_for(state, revision, waits=waits) == stage


def test_only_what_needs_an_approval_is_submitted():
    assert "submitted" in stages.shown(needs_approval=True)
    assert stages.shown(needs_approval=False) == ("draft", "published", "amended", "closed")
