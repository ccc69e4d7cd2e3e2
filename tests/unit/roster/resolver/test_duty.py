"""Who answers, by which rule: the pure resolver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from roster.resolver.resolution import Chains, DutyPerson, DutySpan, OnDuty, resolve, shifted, upcoming

T0 = datetime(2020, 1, 24, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def person(number: int, seat: int | None = None) -> DutyPerson:
    return DutyPerson(number, f"P{number:03d}", f"Người {number}", "", "", "", seat_id=seat)


def span(unit: int, start: float, end: float, number: int, seat: int | None = None) -> DutySpan:
    starts_at, ends_at = T0 + start * HOUR, T0 + end * HOUR
    who = DutyPerson(number, f"P{number:03d}", f"Người {number}", "", "", "", starts_at, ends_at, seat)
    return DutySpan(unit, starts_at, ends_at, who)


def codes(people: tuple[DutyPerson, ...]) -> list[str]:
    return [each.code for each in people]


def asked(units: list[int], spans: list[DutySpan], chains: Chains, at: datetime) -> OnDuty:
    answer = resolve("operations", units, spans, chains, at=at)
    assert answer is not None
    return answer


def test_a_duty_begins_at_its_start_and_is_over_at_its_end() -> None:
    spans = [span(1, 0, 8, 10), span(1, 8, 16, 11)]
    assert codes(asked([1], spans, Chains(), T0).people) == ["P010"]
    assert codes(asked([1], spans, Chains(), T0 + 8 * HOUR - timedelta(microseconds=1)).people) == ["P010"]
    assert codes(asked([1], spans, Chains(), T0 + 8 * HOUR).people) == ["P011"]
    assert resolve("operations", [1], spans, Chains(), at=T0 + 16 * HOUR) is None


def test_the_nearest_unit_with_somebody_answers() -> None:
    spans = [span(2, 0, 8, 20), span(3, 0, 8, 30)]
    answer = asked([1, 2, 3], spans, Chains(), T0)
    assert (answer.unit_id, answer.rule, codes(answer.people)) == (2, "assigned", ["P020"])


def test_everybody_who_serves_together_is_named_in_order_of_seat_and_once() -> None:
    spans = [span(1, 0, 8, 12, seat=2), span(1, 0, 8, 15, seat=1), span(1, 4, 12, 12, seat=9)]
    answer = asked([1], spans, Chains(), T0 + 5 * HOUR)
    assert codes(answer.people) == ["P015", "P012"]
    assert answer.until == T0 + 8 * HOUR


def test_whoever_stays_on_the_following_shift_is_said_to_stay_until_its_end() -> None:
    for spans in ([span(1, 0, 8, 10, 1), span(1, 6, 16, 10, 2)], [span(1, 6, 16, 10, 1), span(1, 0, 8, 10, 2)]):
        assert asked([1], spans, Chains(), T0 + 7 * HOUR).until == T0 + 16 * HOUR


def test_the_standing_chain_comes_before_the_catch_all_and_keeps_its_order() -> None:
    chains = Chains([person(5), person(3)], [person(9)])
    answer = asked([1, 2], [], chains, T0)
    assert (answer.rule, answer.unit_id, codes(answer.people)) == ("standing_chain", 1, ["P005", "P003"])
    assert not answer.is_assigned
    assert asked([1], [], Chains([], [person(9)]), T0).rule == "catch_all"


def test_next_is_everybody_of_the_next_start_also_when_a_chain_answers() -> None:
    spans = [span(1, 2, 8, 10), span(1, 2, 9, 11), span(1, 8, 16, 12), span(2, 1, 3, 20)]
    answer = asked([1, 2], spans, Chains([person(5)]), T0)
    assert codes(answer.next) == ["P010", "P011"]
    assert codes(upcoming(1, spans, T0 + 2 * HOUR)) == ["P012"]
    assert upcoming(7, spans, T0) == ()


def test_each_answer_says_which_duty_of_which_unit_it_is_and_who_comes_next() -> None:
    later = [span(1, 2, 8, 10), span(2, 1, 3, 20)]
    now = asked([1, 2], [span(2, 0, 1, 21), *later], Chains([person(5)]), T0)
    assert (now.duty, now.unit_id, now.rule, codes(now.next)) == ("operations", 2, "assigned", ["P020"])
    standing = asked([1, 2], later, Chains([person(5)], [person(9)]), T0)
    assert (standing.duty, standing.unit_id, codes(standing.next)) == ("operations", 1, ["P010"])
    last = asked([1, 2], later, Chains([], [person(9)]), T0)
    assert (last.duty, last.unit_id, last.rule, codes(last.people)) == ("operations", 1, "catch_all", ["P009"])
    assert codes(last.next) == ["P010"]
    above = asked([1, 2], later[1:], Chains([person(5)]), T0)
    assert codes(above.next) == ["P020"], "of the nearest unit that has anybody"
    assert asked([1, 2], [], Chains([person(5)]), T0).next == ()


def test_people_without_a_seat_or_of_one_seat_come_by_code_and_the_later_end_holds() -> None:
    together = [span(1, 0, 8, 12), span(1, 0, 8, 11, seat=0), span(1, 0, 8, 13)]
    assert codes(asked([1], together, Chains(), T0).people) == ["P011", "P012", "P013"]
    assert codes(asked([1], [span(1, 0, 8, 11, seat=1), span(1, 0, 8, 12)], Chains(), T0).people) == ["P012", "P011"]
    unknown_end = DutySpan(1, T0, T0 + 8 * HOUR, person(14, seat=1))
    longer = span(1, 0, 9, 14, seat=2)
    assert asked([1], [unknown_end, longer], Chains(), T0).until == T0 + 9 * HOUR
    assert asked([1], [longer, span(1, 0, 8, 14, seat=3)], Chains(), T0).until == T0 + 9 * HOUR
    same = [span(1, 0, 8, 15, seat=1), span(1, -1, 8, 15, seat=2)]
    (kept,) = asked([1], same, Chains(), T0).people
    assert kept.starts_at == T0, "the same end: the first seat's"


def test_a_shifted_duty_moves_whole() -> None:
    moved = shifted(span(1, 0, 8, 10), timedelta(days=300))
    assert moved.starts_at == moved.person.starts_at == T0 + timedelta(days=300)
    assert moved.ends_at == moved.person.until == T0 + timedelta(days=300, hours=8)
    assert (moved.unit_id, moved.person.person_id) == (1, 10)


SPANS = st.lists(
    st.builds(
        lambda unit, start, length, number: span(unit, start, start + length, number),
        st.integers(1, 4),
        st.integers(-48, 48),
        st.integers(1, 24),
        st.integers(1, 6),
    ),
    max_size=12,
)
UNITS = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True)


@given(
    UNITS,
    SPANS,
    st.lists(st.integers(1, 6), unique=True),
    st.lists(st.integers(1, 6), unique=True),
    st.integers(-60, 60),
)
def test_it_never_answers_nobody_while_anybody_exists(
    units: list[int], spans: list[DutySpan], standing: list[int], catch_all: list[int], hour: int
) -> None:
    at = T0 + hour * HOUR
    chains = Chains([person(n) for n in standing], [person(n) for n in catch_all])
    serving = {s.person.person_id for s in spans if s.unit_id in units and s.starts_at <= at < s.ends_at}
    answer = resolve("operations", units, spans, chains, at=at)
    if answer is None:
        assert not serving and not standing and not catch_all
        return
    assert answer.people
    assert answer.is_assigned == bool(serving)
    if serving:
        assert {each.person_id for each in answer.people} <= serving
        assert answer.unit_id in units
        assert all(each.starts_at and each.until and each.starts_at <= at < each.until for each in answer.people)
    assert all(each.starts_at and each.starts_at > at for each in answer.next)
