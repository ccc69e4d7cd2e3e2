"""Coverage is proven by a sweep, not by looks."""

from datetime import UTC, datetime, timedelta

from planning.coverage import Gap, Place, open_spans, people_needed, prove, union

T0 = datetime(2020, 1, 24, tzinfo=UTC)


def at(hours):
    return T0 + timedelta(hours=hours)


def place(shift_id, start, end, person="A", duty="operations", unit="U", reachable=True):
    return Place(shift_id, unit, duty, at(start), at(end), person, reachable)


def proof(places, must=("operations",), above=None):
    return prove(places, obligatory=must, unit="U", above=above or {})


def spans(found):
    return [
        (gap.kind, (gap.starts_at - T0) // timedelta(hours=1), (gap.ends_at - T0) // timedelta(hours=1))
        for gap in found
    ]


def test_shifts_back_to_back_leave_nothing_open():
    found = proof([place(1, 0, 8), place(2, 8, 16), place(3, 16, 24)])
    assert found.is_complete and (found.seats, found.filled, found.reachable) == (3, 3, 3)


def test_one_minute_between_two_shifts_is_a_gap():
    found = proof([place(1, 0, 8), Place(2, "U", "operations", at(8) + timedelta(minutes=1), at(16), "B")])
    assert [gap.minutes for gap in found.gaps] == [1]
    assert found.gaps[0].blocks


def test_nights_that_the_demand_leaves_open_block_only_for_obligatory_kinds():
    days = [place(1, 0, 12), place(2, 24, 36), place(3, 0, 12, duty="support"), place(4, 24, 36, duty="support")]
    found = proof(days)
    assert [(gap.duty, gap.blocks) for gap in found.gaps] == [("operations", True), ("support", False)]
    assert spans(found.gaps) == [("open", 12, 24), ("open", 12, 24)]


def test_before_the_first_change_and_after_the_last_nothing_is_asked():
    assert proof([place(1, 6, 8)]).is_complete


def test_an_obligatory_kind_without_any_shift_is_open_throughout():
    found = proof([place(1, 0, 8)], must=("operations", "emergency"))
    assert [(gap.duty, gap.kind, gap.minutes, gap.blocks) for gap in found.gaps] == [("emergency", "open", 480, True)]


def test_empty_seats_that_touch_are_one_gap_and_name_their_shifts():
    found = proof([place(1, 0, 8, None), place(2, 8, 16, None), place(3, 16, 24), place(4, 24, 32, None)])
    assert spans(found.gaps) == [("empty", 0, 16), ("empty", 24, 32)]
    assert found.gaps[0].shift_ids == (1, 2)
    assert all(gap.blocks for gap in found.gaps)


def test_one_empty_seat_of_two_is_a_gap():
    assert spans(proof([place(1, 0, 8, "A"), place(1, 0, 8, None)]).gaps) == [("empty", 0, 8)]


def test_somebody_without_phone_or_mail_covers_nothing():
    found = proof([place(1, 0, 8, "A", reachable=False)])
    assert spans(found.gaps) == [("unreachable", 0, 8)]
    assert found.gaps[0].people == ("A",) and found.reachable == 0


def test_a_unit_above_covers_what_the_unit_below_leaves_open():
    below = [place(1, 0, 8, unit="D"), place(2, 24, 32, unit="D")]
    above = [place(3, 0, 32)]
    assert proof([*below, *above], above={"D": ["U"]}).is_complete
    assert spans(proof([*below, *above]).gaps) == [("open", 8, 24)]


def test_no_shift_no_proof():
    found = proof([])
    assert found.checked is None and found.is_complete


def test_union_and_open_spans_are_half_open():
    assert union([(at(8), at(9)), (at(0), at(8))]) == [(at(0), at(9))]
    assert open_spans([(at(2), at(3)), (at(5), at(20))], (at(0), at(10))) == [(at(0), at(2)), (at(3), at(5))]
    assert open_spans([(at(12), at(13))], (at(0), at(10))) == [(at(0), at(10))]
    assert open_spans([(at(0), at(2))], (at(0), at(10))) == [(at(2), at(10))]
    assert open_spans([(at(0), at(10)), (at(12), at(13))], (at(0), at(10))) == []


def test_an_obligatory_shift_needs_somebody_even_where_it_asks_for_nobody():
    asked = [(2, True), (2, False), (0, True), (0, False)]
    assert [people_needed(count, obligatory=must) for count, must in asked] == [2, 2, 1, 0]


def test_the_proof_counts_seats_and_says_of_each_gap_where_and_what_it_is():
    absent = Place(3, "D", "leadership", at(0), at(8), "C", doubt="absent")
    found = proof([place(1, 0, 8), place(2, 0, 8, None), absent, place(4, 0, 8, "B", reachable=False)])
    assert (found.checked, found.seats, found.filled, found.reachable) == ((at(0), at(8)), 4, 2, 1)
    assert found.gaps == (
        Gap("at_risk", "D", "leadership", at(0), at(8), True, (3,), ("C",)),
        Gap("empty", "U", "operations", at(0), at(8), True, (2,), ()),
        Gap("unreachable", "U", "operations", at(0), at(8), True, (4,), ("B",)),
    )


def test_what_the_demand_leaves_open_is_said_of_its_unit_and_duty():
    found = proof([place(1, 0, 8), place(2, 16, 24)], must=("operations", "emergency"))
    assert found.gaps == (
        Gap("open", "U", "emergency", at(0), at(24), True),
        Gap("open", "U", "operations", at(8), at(16), True),
    )


def test_a_unit_above_that_does_not_serve_the_duty_covers_nothing():
    below = [place(1, 0, 8, unit="D"), place(2, 24, 32, unit="D")]
    found = proof([*below, place(3, 0, 32, duty="support")], above={"D": ["U"]})
    assert [(gap.unit, gap.duty, gap.kind) for gap in found.gaps] == [("D", "operations", "open")]


def test_gaps_that_block_come_first_then_by_time_unit_duty_and_kind():
    listed = [place(1, 0, 2, duty="support"), place(2, 4, 6, duty="support")]
    empty = [place(3, 6, 8, None), place(4, 5, 6, None, unit="V"), place(5, 6, 8, None, unit="E")]
    lacking = [place(6, 6, 8, "A", "emergency", "E", reachable=False), place(7, 6, 8, None, "emergency", "E")]
    found = proof([*listed, *empty, *lacking], must=())
    assert [(gap.blocks, gap.unit, gap.duty, gap.kind) for gap in found.gaps] == [
        (True, "V", "operations", "empty"),
        (True, "E", "emergency", "empty"),
        (True, "E", "emergency", "unreachable"),
        (True, "E", "operations", "empty"),
        (True, "U", "operations", "empty"),
        (False, "U", "support", "open"),
    ]
