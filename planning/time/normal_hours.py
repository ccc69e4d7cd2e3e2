"""Normal hours of a day and of a week by work pattern and date: what the law says where an enterprise chose nothing.

Eight hours a day and 48 a week; ten a day where hours are set by the week, as they are for people who work by the
roster alone (Labour Code 2012 art. 104 and, from 2021, Labour Code 2019 art. 105).
"""

from __future__ import annotations

from datetime import date

from planning.problem import NormalHours, Problem

BY_ROSTER = "shift"
"""The work pattern of people who work by the roster alone."""
DAY_OF_EIGHT, DAY_OF_TEN, WEEK = 480, 600, 2880
_CODE_2012, _CODE_2019 = date(2013, 5, 1), date(2021, 1, 1)


def by_law(pattern: str) -> tuple[NormalHours, ...]:
    """Return what the law sets for a work pattern, the oldest first."""
    day = DAY_OF_TEN if pattern == BY_ROSTER else DAY_OF_EIGHT
    return tuple(NormalHours(pattern, since, day, WEEK) for since in (_CODE_2012, _CODE_2019))


def normal_hours(problem: Problem, pattern: str, day: int) -> NormalHours:
    """Return what holds for people of this pattern on the date of this ordinal."""
    known: dict[tuple[str, int], NormalHours] = problem.facts.setdefault("normal.hours", {})
    found = known.get((pattern, day))
    if found is None:
        found = known[pattern, day] = in_force(problem.normal_hours, pattern, date.fromordinal(day))
    return found


def beyond_law(each: NormalHours) -> NormalHours | None:
    """The law's numbers where what an enterprise chose is above one of them on the day from which it holds."""
    law = in_force((), each.pattern, each.since)
    return law if each.day > law.day or each.week > law.week else None


def in_force(chosen: tuple[NormalHours, ...], pattern: str, on: date) -> NormalHours:
    """The latest choice of the enterprise that began by this date, else the law's."""
    own = [each for each in chosen if each.pattern == pattern and each.since <= on]
    if own:
        return max(own, key=lambda each: each.since)
    law = by_law(pattern)
    return next((each for each in reversed(law) if each.since <= on), law[0])
