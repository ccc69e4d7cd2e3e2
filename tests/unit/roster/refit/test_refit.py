"""Another demand, the same shifts: seats come and go as asked; people and what was published stay unless meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from roster.refit import words
from roster.refit.seats import ASKED, Columns, CurrentShift, KeptAsIs, RefitSeat, key_of, number, refit

START = datetime(2020, 1, 23, 0, 30, tzinfo=UTC)


def asked(headcount: int = 1, *, template: str = "Ngày", wanted: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "unit_id": 1,
        "duty": "operations",
        "template": template,
        "starts_at": START,
        "ends_at": START + timedelta(hours=12),
        "headcount": headcount,
        "wanted": wanted,
        "skills": {},
        "form": "onsite",
        "replaces_work": False,
        "legal_ground": "",
    } | more


def there(columns: Columns, *people: int | None, published: int = 0) -> CurrentShift:
    """``people`` on its seats in order; the first ``published`` of them are."""
    on = [*people, *[None] * (number(columns) - len(people))]
    seats = tuple(RefitSeat(n, n, who, published=n <= published) for n, who in enumerate(on, start=1))
    return CurrentShift(7, key_of(columns), columns, seats)


def test_more_people_are_more_seats() -> None:
    found = refit([there(asked(1))], [asked(1)], [asked(3)], takes_people=False)
    assert (found.changed[0].columns, found.added, found.removed) == ({"headcount": 3}, 2, ())


def test_fewer_people_take_the_empty_seats_first() -> None:
    found = refit([there(asked(3), None, 5, None)], [asked(3)], [asked(1)], takes_people=False)
    assert [seat.id for _shift, seat in found.removed] == [3, 1]
    assert (found.changed[0].columns, found.kept) == ({"headcount": 1}, ())


def test_people_stay_unless_it_is_meant() -> None:
    shift = there(asked(2), 4, 5)
    found = refit([shift], [asked(2)], [asked(1)], takes_people=False)
    assert (found.is_nothing, found.kept) == (True, (KeptAsIs(shift.key, "held", 1, (5,)),))
    meant = refit([shift], [asked(2)], [asked(1)], takes_people=True)
    assert ([seat.person_id for _shift, seat in meant.removed], meant.kept) == ([5], ())


def test_whoever_is_pinned_goes_last() -> None:
    columns = asked(2)
    shift = CurrentShift(7, key_of(columns), columns, (RefitSeat(1, 1, 4), RefitSeat(2, 2, 5, pinned=True)))
    assert [seat.person_id for _shift, seat in refit([shift], [columns], [asked(1)], takes_people=True).removed] == [4]


def test_a_shift_that_nobody_asks_for_goes_when_it_is_empty() -> None:
    shift = there(asked(2))
    assert refit([shift], [asked(2)], [], takes_people=False).dropped == (shift,)


def test_what_was_published_stays_even_when_people_may_be_taken() -> None:
    shift = there(asked(2), 4, 5, published=1)
    found = refit([shift], [asked(2)], [], takes_people=True)
    assert [seat.person_id for _shift, seat in found.removed] == [5]
    assert (found.changed[0].columns, found.kept) == ({"headcount": 1}, (KeptAsIs(shift.key, "published", 1),))


def test_another_form_brings_its_points_and_a_published_shift_keeps_both() -> None:
    was, becomes = asked(1, points=12, points_by={"day": 12}), asked(1, form="standby", points=6, points_by={"day": 6})
    found = refit([there(was, 4)], [was], [becomes], takes_people=False)
    assert found.changed[0].columns == {"form": "standby", "points": 6, "points_by": {"day": 6}}
    signed = there(was, 4, published=1)
    found = refit([signed], [was], [becomes], takes_people=True)
    assert (found.is_nothing, found.kept) == (
        True,
        (KeptAsIs(signed.key, "signed", 0, columns={"form": "onsite"}),),
    )
    # It says something else than its demand from then on, and follows the next one in all that is not signed.
    found = refit([signed], [becomes], [asked(3, form="standby")], takes_people=False)
    assert (found.added, found.changed[0].columns) == (2, {"headcount": 3})


def test_what_was_changed_in_the_campaign_is_its_own() -> None:
    """A smaller demand that somebody chose for the campaign; a shift that was parted has other hours."""
    shift = there(asked(1, wanted=2))
    assert refit([shift], [asked(2)], [asked(3)], takes_people=True).kept == (KeptAsIs(shift.key, "own", 2),)
    assert refit([], [asked(2)], [asked(3)], takes_people=True).kept[0].why == "gone"


def test_what_stays_in_both_is_not_touched() -> None:
    assert refit([there(asked(1, wanted=2))], [asked(2)], [asked(2)], takes_people=True).is_nothing


def test_another_name_is_another_shift() -> None:
    found = refit([there(asked(1))], [asked(1)], [asked(2, template="24/24")], takes_people=False)
    assert ([each["template"] for each in found.new], len(found.dropped), found.added) == (["24/24"], 1, 2)


@settings(deadline=None, max_examples=200)
@given(
    st.integers(1, 5),
    st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=5, unique_by=lambda each: each or object()),
    st.integers(0, 5),
    st.integers(0, 6),
    st.booleans(),
)
def test_seats_add_up_and_nobody_is_lost_unsaid(
    before: int, people: list[int | None], published: int, after: int, takes_people: bool
) -> None:
    shift = there(asked(before), *people[:before], published=min(published, before))
    becomes = [asked(after)] if after else []
    found = refit([shift], [asked(before)], becomes, takes_people=takes_people)
    left = len(shift.seats) + found.added - len(found.removed)
    assert left == after + sum(each.seats for each in found.kept)
    assert not any(seat.published for _shift, seat in found.removed)
    if not takes_people:
        assert not any(seat.person_id for _shift, seat in found.removed)
    for each in found.changed:
        now = dict(each.shift.asked) | dict(each.columns)
        assert number(now) == left and now["headcount"] >= 1


def test_whatever_a_shift_asks_for_otherwise_has_a_word() -> None:
    """What has none would be changed and not be told."""
    assert {*ASKED, "points"} == words.COLUMNS.keys()
