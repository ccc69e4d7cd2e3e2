"""Which changes hang together: both sides of a swap, every link of a chain, and nothing else."""

from __future__ import annotations

from hypothesis import given, strategies as st

from planning.change_bundles import SeatMove, groups, with_people


def move(seat: int, out: int | None, came: int | None) -> SeatMove:
    return SeatMove(seat, 100 + seat, out, came)


def test_a_swap_is_one_thing_and_so_is_a_chain() -> None:
    swap = [move(1, 10, 11), move(2, 11, 10)]
    chain = [move(3, 20, 21), move(4, 21, 22), move(5, 22, None)]
    alone = [move(6, None, 30)]
    assert groups([swap[0], chain[0], alone[0], swap[1], chain[1], chain[2]]) == [
        tuple(swap),
        tuple(chain),
        tuple(alone),
    ]
    assert with_people([*swap, *chain, *alone], {22}) == chain
    assert with_people([*swap, *chain, *alone], {11, 30}) == [*swap, *alone]
    assert with_people(swap, {99}) == []


def test_what_joins_two_groups_comes_last() -> None:
    assert len(groups([move(1, 1, 2), move(2, 3, 4), move(3, 2, 3)])) == 1


somebody = st.one_of(st.none(), st.integers(1, 8))
pairs = st.tuples(somebody, somebody).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(pairs, max_size=12), st.sets(st.integers(1, 8)))
def test_nobody_is_left_with_half(drawn: list[tuple[int | None, int | None]], named: set[int]) -> None:
    moves = [move(seat, *pair) for seat, pair in enumerate(drawn)]
    found = groups(moves)
    assert sorted(each.seat for group in found for each in group) == list(range(len(moves)))
    people = [{who for each in group for who in each.people} for group in found]
    assert all(one.isdisjoint(other) for n, one in enumerate(people) for other in people[n + 1 :])
    chosen = with_people(moves, named)
    concerned = {who for each in chosen for who in each.people}
    left = [each for each in moves if each not in chosen]
    assert not any(concerned & set(each.people) or named & set(each.people) for each in left)
