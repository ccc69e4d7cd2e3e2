"""Issuing by people who mean no good, or changed their mind: somebody else's document, an old form, a changed count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actor import Actor
from core.db import db as database
from core.errors import Forbidden, NotFound
from documents import kinds
from documents.agencies import services as agencies
from documents.drafting.services import DraftRequest
from documents.issued import services as issued
from documents.models import Document
from people import queries as people
from tests.support import papers
from tests.support.cast import ADMIN, NIGHT

NOTICE = DraftRequest("unit:BDA", "test.notice", {})


@pytest.fixture(autouse=True)
def enterprise(ids: dict[str, int]) -> Iterator[None]:
    with papers.registered():
        papers.settle(NIGHT)
        yield


def issue(wanted: DraftRequest = NOTICE, once: str = "form-one", actor: Actor = ADMIN, days: int = 0) -> Document:
    return issued.issue(wanted, once=once, actor=actor, now=NIGHT + timedelta(days=days))


def manager(code: str) -> Actor:
    return Actor(name="Ai đó", role="manager", via="session", user_id=1, unit_id=people.unit_by_code(code).id)


def test_another_units_document_is_not_ended_by_replacing_it() -> None:
    """One thing has documents of several units: a campaign the extracts of each."""
    first = issue()
    first.unit_id = people.unit_by_code("BDC").id
    database.session.commit()
    with pytest.raises(Forbidden):
        issue(replace(NOTICE, replaces=first.id), once="form-two", actor=manager("BDA"))
    database.session.refresh(first)
    assert first.state == "issued"
    assert issue(replace(NOTICE, replaces=first.id), once="form-two").code == "02/TB-BĐA"


def test_a_form_that_was_changed_and_sent_again_is_not_answered_with_the_first() -> None:
    """Somebody goes back to the form, chooses the copy with telephones, and presses again."""
    first = issue()
    second = issue(replace(NOTICE, options={"copy": "phones"}))
    assert (second.code, second.options) == ("02/TB-BĐA", {"copy": "phones"})
    assert issue().id == first.id


def test_nobody_is_answered_with_what_somebody_else_issued() -> None:
    assert issue().id != issue(actor=manager("BDA")).id


def test_no_number_is_on_paper_twice_when_kinds_begin_to_count_together_and_apart_again() -> None:
    assert [issue(once=f"form-{n:03d}").code for n in range(3)] == ["01/TB-BĐA", "02/TB-BĐA", "03/TB-BĐA"]
    for day, series in ((1, "agency"), (2, "kind")):
        since = date(2020, 1, 25) + timedelta(days=day)
        agencies.save_agency("BDA", since, replace(papers.FACE, series=series), actor=ADMIN, now=NIGHT)
    assert issue(once="together", days=1).code == "04/TB-BĐA"
    assert issue(once="apart-again", days=2).code == "05/TB-BĐA"


@pytest.mark.parametrize("about", ["campaign:007", "handover:007"])
def test_a_thing_has_one_name(about: str) -> None:
    """Under another one it would have documents that nobody else finds beside it."""
    assert kinds.visible([about.replace("00", "")], ADMIN, NIGHT) == set()  # the sort is known
    with pytest.raises(NotFound) as caught:
        kinds.sort_of(about).owner(about, ADMIN, NIGHT)
    assert caught.value.code in ("documents.about_unknown", "handover.unknown")
