"""What two contents of a roster differ in: told by person and by shift, and both say the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from roster.revisions import difference

CODES = ("P1", "P2", "P3", "P4")


def row(shift: int, *codes: str) -> dict[str, Any]:
    people = [
        {"seat": shift * 10 + place, "code": code, "name": f"Tên {code}", "position": ""}
        for place, code in enumerate(codes)
    ]
    return {
        "shift": shift,
        "duty": "operations",
        "unit": "BDA",
        "unit_name": "Bưu điện huyện A",
        "name": "Đêm",
        "starts_at": f"2020-01-{shift:02}T12:30:00+00:00",
        "ends_at": f"2020-01-{shift + 1:02}T00:30:00+00:00",
        "people": people,
    }


def test_each_person_with_what_they_lose_and_get() -> None:
    found = difference.between([row(1, "P1", "P2"), row(2, "P1")], [row(1, "P2", "P3"), row(2, "P3")])
    told = {each.who.code: ([t.shift for t in each.lost], [t.shift for t in each.gained]) for each in found.people}
    assert told == {"P1": ([1, 2], []), "P3": ([], [1, 2])}, "P2 only changed seats"
    moves = [(move.turn.shift, [who.code for who in move.out], [who.code for who in move.came]) for move in found.moves]
    assert moves == [(1, ["P1"], ["P3"]), (2, ["P1"], ["P3"])]


def test_a_shift_that_only_one_side_has_is_told() -> None:
    assert [each.who.code for each in difference.between([], [row(3, "P1")]).people] == ["P1"]
    assert difference.between([row(3, "P1")], []).people[0].lost[0].shift == 3
    assert difference.between([], [row(3)]) == difference.Difference((), ()), "nobody serves it: nobody moved"


contents = st.dictionaries(st.integers(1, 5), st.lists(st.sampled_from(CODES), unique=True, max_size=3)).map(
    lambda on: [row(shift, *codes) for shift, codes in on.items()]
)


@given(contents, contents)
def test_back_is_the_same_the_other_way_round(old: list[Any], new: list[Any]) -> None:
    there, back = difference.between(old, new), difference.between(new, old)
    assert [(each.who.code, each.gained, each.lost) for each in there.people] == [
        (each.who.code, each.lost, each.gained) for each in back.people
    ]
    assert [move.turn.shift for move in there.moves] == [move.turn.shift for move in back.moves]


@given(contents, contents)
def test_carried_out_it_makes_the_new_of_the_old(old: list[Any], new: list[Any]) -> None:
    """What is lost was there, what is gained was not, and with both applied the people are those of the new one."""
    on = {each["shift"]: {who["code"] for who in each["people"]} for each in old}
    for person in difference.between(old, new).people:
        for turn in person.lost:
            on[turn.shift].remove(person.who.code)
        for turn in person.gained:
            mates = on.setdefault(turn.shift, set())
            assert person.who.code not in mates
            mates.add(person.who.code)
    wanted = {each["shift"]: {who["code"] for who in each["people"]} for each in new}
    assert {shift: who for shift, who in on.items() if who} == {shift: who for shift, who in wanted.items() if who}
