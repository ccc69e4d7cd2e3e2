"""What the figures of the walks in docs/architecture.md count (``benchmarks.web.walking``), on a toy of two modules."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.web.walking import Walk, walked

NEAR, FAR = "toy_near.py", "toy_far.py"
TOY = {
    NEAR: """
import json, threading
from dataclasses import dataclass
import toy_far

@dataclass
class Made:
    number: int

def there_and_back():
    toy_far.first()
    helper()
    toy_far.first()
    helper()
    toy_far.second()

def helper():
    pass

def straight_on():
    helper()
    toy_far.first()
    toy_far.second()

def inside():
    [number for number in sorted(range(2))]
    any(toy_far.is_one(number) for number in range(2))
    Made(1)
    json.dumps({})

def sorts():
    sorted([2, 1], key=lambda number: -number)

def asks():
    thread = threading.Thread(target=toy_far.in_thread, args=(helper,))
    thread.start()
    thread.join()
    helper()
    toy_far.first()

def fails():
    toy_far.first()
    raise ValueError("on the way")
""",
    FAR: """
def first():
    pass

def second():
    pass

def is_one(number):
    return number == 1

def in_thread(helper):
    helper()
    second()
""",
}
Follow = Callable[[str], Walk]


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, source in TOY.items():
        (tmp_path / name).write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("toy_near")
    for name in TOY:
        del sys.modules[name.removesuffix(".py")]


@pytest.fixture
def follow(toy: Any, tmp_path: Path) -> Follow:
    return lambda name: walked(getattr(toy, name), root=tmp_path, product=TOY)


def steps(walk: Walk) -> list[tuple[str, str, int]]:
    return [(step.file, step.function, step.depth) for step in walk.steps]


def test_each_function_counts_once_and_each_way_back_is_a_return(follow: Follow) -> None:
    walk = follow("there_and_back")
    assert steps(walk) == [
        (NEAR, "there_and_back", 0),
        (FAR, "first", 1),
        (NEAR, "helper", 1),
        (FAR, "second", 1),
    ]
    assert (walk.files, walk.returns) == (2, 2), (
        "to the helper, and to the second; what was entered before is no return"
    )


def test_whoever_goes_straight_on_never_returns(follow: Follow) -> None:
    walk = follow("straight_on")
    assert [step.function for step in walk.steps] == ["straight_on", "helper", "first", "second"]
    assert (walk.files, walk.returns) == (2, 0)


def test_without_a_package_what_is_left_is_counted_alone(follow: Follow) -> None:
    walk = follow("there_and_back").without(FAR)
    assert [step.function for step in walk.steps] == ["there_and_back", "helper"]
    assert (walk.files, walk.returns) == (1, 0)
    assert (walk.without(NEAR).files, walk.without(NEAR).returns) == (0, 0)


def test_a_comprehension_is_part_of_its_function_and_what_has_no_file_is_left_out(follow: Follow) -> None:
    assert steps(follow("inside")) == [(NEAR, "inside", 0), (FAR, "is_one", 1)]


def test_a_lambda_is_a_function(follow: Follow) -> None:
    assert [step.function for step in follow("sorts").steps] == ["sorts", "sorts.<locals>.<lambda>"]


def test_a_thread_walks_after_the_one_that_started_it(follow: Follow) -> None:
    walk = follow("asks")
    assert steps(walk) == [
        (NEAR, "asks", 0),
        (NEAR, "helper", 1),
        (FAR, "first", 1),
        (FAR, "in_thread", 0),
        (FAR, "second", 1),
    ]
    assert (walk.files, walk.returns) == (2, 0)


def test_nobody_is_followed_after_a_call_that_fails(follow: Follow) -> None:
    before = sys.getprofile()
    with pytest.raises(ValueError, match="on the way"):
        follow("fails")
    assert sys.getprofile() is before
