"""From an explained cause to filled seats: what the fill claims stands while nobody moved, and falls with the first."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import transaction
from roster.draft import services as drafts
from roster.rulebook import services as rule_settings
from roster.solving import jobs, proof_validity, queries as solve_queries
from roster.solving.models import SolveRun
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.web.roster.reasons.test_causes_page import HOUR, apply, keys_in, page, shifts, short, version_in, where

__all__ = ["short"]
GONE = ("Từ đó dự thảo, người hoặc quy tắc đã thay đổi", "dữ liệu đã đổi", "không còn là dự thảo này")
ONLY_FILLED = "không dời ai: điều nói ở đây là so với những cách cũng không dời ai"


@pytest.fixture
def filled(client: FlaskClient, short: SolveRun) -> SolveRun:
    """One hour of overtime a month left two of three seats empty; a manager raised it by the button. P0, who sat there
    before, is nobody's pin."""
    drafts.set_pinned(shifts()[0].id, False, actor=ROOT, now=NOW)
    sign_in(client, "an1")
    text = page(client, where(short))
    answer = apply(client, short, keys_in(text)[:1], version_in(text))
    with clock.travel(NOW):
        assert jobs.run_queued_solves(NOW) == 1
    return solve_queries.get_run(int(answer.location.rsplit("/", 1)[1]))


def shown(client: FlaskClient, run: SolveRun) -> str:
    return page(client, where(run, "").rstrip("/"))


def states(run: SolveRun) -> tuple[str, bool]:
    held = proof_validity.proof_of_run(solve_queries.get_run(run.id), now=NOW)
    assert held is not None
    return held.state, held.fills


def test_a_fill_stands_while_the_draft_is_untouched(client: FlaskClient, filled: SolveRun) -> None:
    assert filled.certificate["pins"], "the seat that was filled before was fixed for it"
    assert states(filled) == ("unproved", True)
    text = shown(client, filled)
    assert not [words for words in GONE if words in text]
    assert "ít nhất có thể, đã chứng minh" in text and ONLY_FILLED in text
    client.post("/language", data={"language": "en", "next": "/"})
    english = shown(client, filled)
    assert "moving nobody" in english and "facts changed" not in english


def test_checking_again_finds_the_same_question(client: FlaskClient, filled: SolveRun) -> None:
    with clock.travel(NOW):
        answer = client.post(where(filled, "verify"), follow_redirects=True)
    assert "Chứng nhận đúng với dự thảo hiện tại." in html.unescape(answer.text)


def test_it_falls_when_somebody_who_was_kept_moves(client: FlaskClient, filled: SolveRun) -> None:
    first = shifts()[0].id
    drafts.set_people(first, ["P1"], override_reason="Đổi ca", pin=False, actor=ROOT, now=NOW)
    assert states(filled)[0] == "edited"
    assert "không còn là dự thảo này" in shown(client, filled)
    drafts.set_people(first, ["P0"], override_reason="Trả lại", pin=False, actor=ROOT, now=NOW)
    assert states(filled)[0] == "unproved", "the same people on the same seats are the same roster"


def test_it_falls_when_a_rule_changes(client: FlaskClient, filled: SolveRun) -> None:
    limit: dict[str, Any] = {"hours.month": {"parameters": {"most": 29 * HOUR}}}
    rule_settings.save(filled.campaign_id, limit, actor=ROOT, now=NOW)
    assert states(filled)[0] == "outdated"
    assert "dữ liệu đã đổi" in shown(client, filled)


def test_the_proof_of_a_fill_says_that_nobody_was_moved(client: FlaskClient, filled: SolveRun) -> None:
    """As a longer search would have proved it."""
    with transaction() as session:
        run = session.get_one(SolveRun, filled.id)
        run.status, run.bound = "optimal", run.objective
        run.certificate = {**run.certificate, "bound": run.objective, "proved": True}
    grid = page(client, f"/roster/campaigns/{filled.campaign_id}")
    assert "Chỉ xếp thêm vào lượt trống: máy đã chứng minh, khi không dời ai, không có cách nào tốt hơn." in grid
    assert "Máy đã chứng minh không có cách xếp nào tốt hơn." not in grid
    drafts.set_people(shifts()[2].id, [], actor=ROOT, now=NOW)
    grid = page(client, f"/roster/campaigns/{filled.campaign_id}")
    assert "không dời ai" not in re.sub(r"<[^>]+>", " ", grid)
