"""What minutes say: tidied once and for all, complete before it is signed, the same hash for the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from incidents.handovers import content
from incidents.handovers.content import ChecklistItem, OpenIncident, TypedMinutes

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
ITEMS = st.builds(ChecklistItem, WORDS, st.sampled_from(("", *content.ITEM_STATES, "odd")), WORDS)
TYPED = st.builds(TypedMinutes, st.lists(ITEMS, max_size=5).map(tuple), WORDS, WORDS)
OPEN = OpenIncident("SC-2020-0001", "Mất điện", 3, False, False, "2020-01-24T19:10:00+00:00", todo=("Gọi điện lực",))


@given(TYPED)
def test_tidying_twice_is_tidying_once(typed: TypedMinutes) -> None:
    once = content.tidied(typed)
    assert content.tidied(once) == once


@given(TYPED)
def test_what_may_be_signed_may_be_kept(typed: TypedMinutes) -> None:
    words = content.tidied(typed)
    if not content.faults(words, to_sign=True):
        assert not content.faults(words, to_sign=False)
        assert all(each.state in content.ITEM_STATES for each in words.items)
        assert all(each.note for each in words.items if each.state == "attention")


@given(TYPED)
def test_what_is_frozen_is_read_again_as_it_was(typed: TypedMinutes) -> None:
    whole, digest = content.frozen(typed.as_content(), {"number": "001/2020"}, [OPEN])
    assert content.items_of(whole) == list(typed.items) and content.incidents_of(whole) == [OPEN]
    assert (whole["notes"], whole["undone"], content.digest(whole)) == (typed.notes, typed.undone, digest)


@given(TYPED, TYPED)
def test_other_words_have_another_hash(one: TypedMinutes, other: TypedMinutes) -> None:
    same = content.digest(one.as_content()) == content.digest(other.as_content())
    assert same is (one == other)


@given(st.lists(ITEMS, max_size=8))
def test_the_summary_loses_no_item_that_has_a_state(items: list[ChecklistItem]) -> None:
    found = content.summed_up(items)
    said = [each for each in items if each.state in content.ITEM_STATES]
    assert len(found.attention) + len(found.fine) + len(found.absent) == len(said)


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        (TypedMinutes((ChecklistItem("Xe"),)), "state-1", "handover.item_state"),
        (TypedMinutes((ChecklistItem("Xe", "attention"),)), "note-1", "handover.item_note"),
        (TypedMinutes((ChecklistItem("Xe", "broken"),)), "state-1", "handover.item_state"),
        (TypedMinutes((ChecklistItem("", "fine"),)), "what-1", "handover.item_name"),
        (TypedMinutes((ChecklistItem("Xe", "fine"), ChecklistItem("x" * 121, "fine"))), "what-2", "handover.item_name"),
        (TypedMinutes((ChecklistItem("Xe", "fine", "x" * 501),)), "note-1", "handover.long"),
        (TypedMinutes(notes="x" * 2001), "notes", "handover.long"),
        (TypedMinutes(undone="Gói KT1 tối mật"), "undone", "incident.secret"),
        (TypedMinutes((ChecklistItem("Xe", "fine"),) * 31), "items", "handover.items_many"),
    ],
)
def test_each_fault_names_its_field(typed: TypedMinutes, field: str, code: str) -> None:
    assert (field, code) in [(each.field, each.code) for each in content.faults(typed, to_sign=True)]


def test_before_signing_a_list_may_be_half_filled() -> None:
    assert (
        content.faults(TypedMinutes((ChecklistItem("Xe"), ChecklistItem("Chìa khóa", "attention"))), to_sign=False)
        == []
    )
