"""Explanations are thought of once, in turn, and again when time had cut them short."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from planning.explain.shortage import Explanation
from roster.reasons import cache as explain_cache
from roster.reasons.cache import FRESH, Cache, proving
from roster.snapshot import snapshot
from tests.support.factories import NOW, make_campaign, make_demand, make_person, make_unit

LONG = 20  # seconds that a test waits before it fails
KNOWN = Explanation((), 0, 0, True, (), ())


@pytest.fixture
def taken(db):
    unit = make_unit()
    make_demand(unit)
    make_person("P1", unit)
    return snapshot.take(make_campaign(unit).id, now=NOW)


@dataclass
class Thinker:
    """Stands in for ``explain``: notes what it is asked, and thinks until it may stop."""

    asked: list[int]
    with_proofs: list[bool]
    go: threading.Event
    started: threading.Semaphore
    is_exact: bool = True

    def __call__(self, _problem, _assignments, *, proofs, known_missing, **_told):
        self.asked.append(known_missing)
        self.with_proofs.append(proofs is not None)
        self.started.release()
        assert self.go.wait(LONG)
        return replace(KNOWN, at_least=known_missing, is_exact=self.is_exact)

    def wait_for(self, count):
        assert all(self.started.acquire(timeout=LONG) for _ in range(count))


@pytest.fixture
def thinker(monkeypatch):
    made = Thinker([], [], threading.Event(), threading.Semaphore(0))
    monkeypatch.setattr(explain_cache, "explain", made)
    yield made
    made.go.set()


def test_one_question_does_not_wait_for_another_and_the_same_one_is_thought_of_once(taken, thinker):
    cache = Cache()
    with ThreadPoolExecutor(3) as pool:
        one, same, other = (pool.submit(cache.get, taken, frozenset(), n, now=NOW) for n in (1, 1, 2))
        thinker.wait_for(2)
        thinker.go.set()
        assert [each.result(LONG).at_least for each in (one, same, other)] == [1, 1, 2]
    assert sorted(thinker.asked) == [1, 2]


def test_no_more_than_two_prove_things_at_once_and_others_get_what_is_known_without(taken, thinker, monkeypatch):
    monkeypatch.setattr(explain_cache, "PATIENCE", 0.01)
    cache = Cache()
    with ThreadPoolExecutor(3) as pool:
        first = [pool.submit(cache.get, taken, frozenset(), n, now=NOW) for n in (1, 2)]
        thinker.wait_for(2)
        third = pool.submit(cache.get, taken, frozenset(), 3, now=NOW)
        thinker.wait_for(1)
        assert thinker.with_proofs == [True, True, False]
        thinker.go.set()
        assert [each.result(LONG).at_least for each in (*first, third)] == [1, 2, 3]
    with proving() as one, proving() as two, proving() as three:
        assert one is not None and two is not None and three is None, "turns are given back"


def test_a_turn_that_comes_free_is_taken(taken, thinker, monkeypatch):
    monkeypatch.setattr(explain_cache, "PATIENCE", LONG)
    cache = Cache()
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(cache.get, taken, frozenset(), n, now=NOW) for n in (1, 2, 3)]
        thinker.wait_for(2)
        thinker.go.set()
        assert sorted(each.result(LONG).at_least for each in asked) == [1, 2, 3]
    assert thinker.with_proofs == [True, True, True]


@pytest.mark.parametrize(
    ("is_exact", "after", "times"),
    [
        (False, FRESH - timedelta(seconds=1), 1),
        (False, FRESH, 2),
        (True, timedelta(days=1), 1),
    ],
)
def test_what_time_cut_short_is_thought_of_again_after_a_while(taken, thinker, is_exact, after, times):
    thinker.is_exact = is_exact
    thinker.go.set()
    cache = Cache()
    for now in (NOW, NOW + after):
        cache.get(taken, frozenset(), 1, now=now)
    assert len(thinker.asked) == times


def test_each_try_that_proves_no_more_is_followed_by_a_longer_wait(taken, thinker):
    """A page that is looked at every minute does not think every minute."""
    thinker.is_exact = False
    thinker.go.set()
    cache, thought = Cache(), []
    for minute in range(22):
        before = len(thinker.asked)
        cache.get(taken, frozenset(), 1, now=NOW + minute * FRESH)
        thought += [minute] * (len(thinker.asked) - before)
    assert thought == [0, 1, 5, 21]


def test_a_question_that_failed_is_asked_again(taken, monkeypatch):
    cache = Cache()

    def fail(*_told, **_named):
        raise MemoryError

    monkeypatch.setattr(explain_cache, "explain", fail)
    with pytest.raises(MemoryError):
        cache.get(taken, frozenset(), 1, now=NOW)
    monkeypatch.setattr(explain_cache, "explain", lambda *_told, **_named: KNOWN)
    assert cache.get(taken, frozenset(), 1, now=NOW) == KNOWN
