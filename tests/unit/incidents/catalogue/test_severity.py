"""How bad it is, out of category, answers and floors."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from incidents.catalogue.severity import (
    UNKNOWN,
    LevelAnswer,
    LevelQuestion,
    floor,
    heavier,
    restricted_by_law,
    severity_of,
)

QUESTIONS = {
    "hurt": LevelQuestion("hurt", {"yes": LevelAnswer(1), "no": LevelAnswer()}),
    "kt1": LevelQuestion("kt1", {"yes": LevelAnswer(2, party_state=True), "no": LevelAnswer()}),
    "reach": LevelQuestion("reach", {"one": LevelAnswer(), "several": LevelAnswer(3), "province": LevelAnswer(2)}),
    "secret": LevelQuestion("secret", {"yes": LevelAnswer(None, restricted=True), "no": LevelAnswer()}),
}
LEVELS = st.integers(1, 4)
CATEGORIES = st.sampled_from(["power", "kt1", "suspicious_item", "harmful_material", "complaint"])
ANSWERS = st.dictionaries(
    st.sampled_from([*QUESTIONS, "retired"]), st.sampled_from(["yes", "no", "one", "province", UNKNOWN, "?"])
)


def level(category: str, default: int, answers: dict[str, str], **flags: bool) -> int:
    return severity_of(category, default, answers, QUESTIONS, **flags).level


def test_nobody_knows_anything_yet() -> None:
    derived = severity_of("power", 3, {"hurt": UNKNOWN}, QUESTIONS)
    assert (derived.level, [each.kind for each in derived.because]) == (3, ["category"])


def test_the_worst_answer_decides_and_says_so() -> None:
    derived = severity_of("vehicle", 3, {"hurt": "no", "kt1": "yes", "reach": "several"}, QUESTIONS)
    assert (derived.level, derived.party_state) == (2, True)
    assert [(each.kind, each.question, each.answer) for each in derived.because] == [("answer", "kt1", "yes")]


def test_floors_of_the_law() -> None:
    assert level("complaint", 4, {}, party_state=True) == 2
    assert level("kt1", 4, {}) == 2
    assert level("suspicious_item", 4, {}) == 2
    assert level("suspicious_item", 1, {}) == 1
    assert severity_of("complaint", 4, {}, QUESTIONS, party_state=True).because[0].kind == "floor"


@pytest.mark.parametrize(
    ("wished", "party_state", "category", "expected"),
    [(4, True, "power", 2), (3, False, "kt1", 2), (1, True, "kt1", 1), (4, False, "power", 4), (2, True, "other", 2)],
)
def test_party_and_state_raise_the_severity_and_never_lower_it(
    wished: int, party_state: bool, category: str, expected: int
) -> None:
    assert floor(wished, party_state=party_state, category=category) == expected


def test_what_is_restricted() -> None:
    assert severity_of("harmful_material", 1, {}, QUESTIONS).restricted
    assert severity_of("power", 3, {"secret": "yes"}, QUESTIONS).restricted
    assert severity_of("power", 3, {}, QUESTIONS, restricted=True).restricted
    assert not severity_of("power", 3, {"secret": "no"}, QUESTIONS).restricted


def test_of_two_accounts_the_heavier_answers_stay() -> None:
    first = {"hurt": "no", "kt1": "yes", "reach": "several", "retired": "yes"}
    later = {"hurt": "yes", "kt1": "no", "reach": UNKNOWN, "secret": "yes"}
    assert heavier(first, later, QUESTIONS) == first | {"hurt": "yes", "secret": "yes"}
    assert heavier({}, later, QUESTIONS) == {"hurt": "yes", "kt1": "no", "secret": "yes"}


def test_the_mildest_level_still_demands_more_than_none() -> None:
    asked = {"size": LevelQuestion("size", {"none": LevelAnswer(), "small": LevelAnswer(4)})}
    assert heavier({"size": "none"}, {"size": "small"}, asked) == {"size": "small"}
    assert heavier({"size": "small"}, {"size": "none"}, asked) == {"size": "small"}


def test_of_answers_that_demand_the_same_the_first_stays() -> None:
    asked = {"where": LevelQuestion("where", {"stairs": LevelAnswer(3), "yard": LevelAnswer(3)})}
    assert heavier({"where": "stairs"}, {"where": "yard"}, asked) == {"where": "stairs"}


@given(CATEGORIES, LEVELS, ANSWERS, st.booleans())
def test_answers_never_make_it_milder_and_there_is_always_a_reason(
    category: str, default: int, answers: dict[str, str], party_state: bool
) -> None:
    derived = severity_of(category, default, answers, QUESTIONS, party_state=party_state)
    assert derived.level <= level(category, default, {}, party_state=party_state) <= default
    assert derived.because and all(each.level == derived.level for each in derived.because)
    assert derived.level <= 2 or not derived.party_state
    assert derived.level <= 2 or category not in ("kt1", "suspicious_item", "harmful_material")


@given(CATEGORIES, LEVELS, ANSWERS, st.sampled_from(["hurt", "kt1", "reach"]))
def test_one_more_answer_only_makes_it_worse(category: str, default: int, answers: dict[str, str], code: str) -> None:
    without = {key: value for key, value in answers.items() if key != code}
    for value in QUESTIONS[code].answers:
        assert level(category, default, {**without, code: value}) <= level(category, default, without)


def test_what_the_law_names_is_raised_and_seen_by_few() -> None:
    for category in ("suspicious_item", "harmful_material"):
        assert restricted_by_law(category)
        assert floor(4, party_state=False, category=category) == 2
    assert not restricted_by_law("power")
    assert not restricted_by_law("kt1")
