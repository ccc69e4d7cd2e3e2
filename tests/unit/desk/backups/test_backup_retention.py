"""Which copies are kept: nothing of the last day goes, each day of a month keeps one, and none keeps more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from desk.backups.retention import ALL_FOR, DAILY_FOR, FEWEST, LOCAL, RetainedCopy, too_old

NOW = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)
ages = st.integers(min_value=-3600, max_value=50 * 86400)


@st.composite
def shelves(draw: st.DrawFn) -> list[RetainedCopy]:
    seconds = draw(st.lists(st.tuples(ages, st.booleans()), max_size=60))
    return [RetainedCopy(str(n), NOW - timedelta(seconds=age), special) for n, (age, special) in enumerate(seconds)]


@given(shelves())
def test_what_is_kept(shelf: list[RetainedCopy]) -> None:
    gone = set(too_old(shelf, NOW))
    kept = [copy for copy in shelf if copy.name not in gone]
    newest = sorted(shelf, key=lambda copy: (copy.at, copy.name))[-FEWEST:]
    assert all(copy in kept for copy in newest)
    assert all(copy in kept for copy in shelf if NOW - copy.at <= ALL_FOR)
    assert all(copy in kept for copy in shelf if copy.before_migration and NOW - copy.at <= DAILY_FOR)

    def days(copies: list[RetainedCopy]) -> set[object]:
        return {c.at.astimezone(LOCAL).date() for c in copies if not c.before_migration and NOW - c.at <= DAILY_FOR}

    assert days(kept) == days(shelf)
    older = [c for c in kept if NOW - c.at > ALL_FOR and not c.before_migration and c not in newest]
    assert len(older) == len({c.at.astimezone(LOCAL).date() for c in older})
    assert all(NOW - copy.at <= DAILY_FOR for copy in kept if copy not in newest)


@given(shelves())
def test_thinning_twice_changes_nothing(shelf: list[RetainedCopy]) -> None:
    gone = set(too_old(shelf, NOW))
    assert too_old([copy for copy in shelf if copy.name not in gone], NOW) == []


def test_a_month_of_quarters_of_an_hour_leaves_a_day_and_thirty_one() -> None:
    """Thinned as it goes, as the schedule does it."""
    kept: list[RetainedCopy] = []
    for n in range(40 * 96):
        at = NOW + timedelta(minutes=15 * n)
        kept.append(RetainedCopy(f"{n:06d}", at))
        gone = set(too_old(kept, at))
        kept = [copy for copy in kept if copy.name not in gone]
    assert 96 + 30 <= len(kept) <= 97 + 32
