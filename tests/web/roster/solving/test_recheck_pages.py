"""What solves proved before an upgrade is verified once more, and what does not hold is no longer said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.db import db, transaction
from roster.campaigns.models import Campaign
from roster.solving import run_facts, verifying
from roster.solving.models import SolveRun
from tests.support.enterprise import NOW, sign_in
from tests.web.roster.pages.test_roster_pages import main, page
from tests.web.roster.solving.test_claims_pages import (  # noqa: F401 - fixtures
    PROVED,
    campaign,
    drop_first,
    grid_of,
    proved,
    run,
)
from tests.web.roster.solving.test_solve_pages import address, text_of

WRONG = "chứng nhận này sai"


@pytest.fixture(autouse=True)
def _signed_in(client: FlaskClient, campaign: Campaign) -> None:  # noqa: F811
    sign_in(client, "an1")


def keep(run_id: int, **changes: object) -> SolveRun:
    """A run as an upgrade finds it."""
    with transaction() as session:
        found = session.get_one(SolveRun, run_id)
        found.recheck = "pending"
        for name, value in changes.items():
            setattr(found, name, value)
    return db.session.get_one(SolveRun, run_id)


def test_nothing_is_said_to_be_proven_until_it_was_verified_again(
    client: FlaskClient,
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
) -> None:
    assert PROVED in grid_of(client, campaign)
    old = keep(run.id)
    assert PROVED not in grid_of(client, campaign)
    shown = text_of(main(page(client, address(old))))
    assert "đang chờ kiểm lại" in shown and "Tốt nhất, đã chứng minh" not in shown
    assert (run_facts.is_proved(old), run_facts.bound_of(old)) == (False, None)


def test_a_proof_that_a_better_roster_belies_says_so_on_its_page(
    client: FlaskClient,
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The certificate calls the roster best; one with a lower cost turns up as soon as somebody asks again."""
    old = keep(run.id)
    better = verifying.solve

    def cheaper(problem, options, **asked):  # type: ignore[no-untyped-def]
        found = better(problem, options, **asked)
        return replace(found, objective=old.objective - 100, bound=None)

    monkeypatch.setattr(verifying, "solve", cheaper)
    assert verifying.recheck_all(NOW) == 1
    shown = text_of(main(page(client, address(old))))
    assert WRONG in shown and PROVED not in grid_of(client, campaign)
    assert verifying.recheck_all(NOW) == 0, "once"


def test_what_nobody_proves_again_is_not_said(
    client: FlaskClient,
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
) -> None:
    """The proof rests on the engine's word alone: its prices prove less."""
    old = keep(run.id)
    assert verifying.recheck_all(NOW) == 1
    db.session.refresh(old)
    assert old.recheck == "unconfirmed"
    left = run_facts.left_of(old)
    assert left is None or left > 0
    assert "không chứng minh lại được" in text_of(main(page(client, address(old))))
    assert PROVED not in grid_of(client, campaign)


def test_a_bound_that_its_prices_prove_stands(
    client: FlaskClient,
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
) -> None:
    bound = verifying.verify(run, now=NOW).bound
    assert bound is not None
    old = keep(run.id, bound=bound, certificate={**run.certificate, "bound": bound, "proved": False})
    assert verifying.recheck_all(NOW) == 1
    db.session.refresh(old)
    assert (old.recheck, run_facts.bound_of(old)) == ("confirmed", bound)
    assert "chứng nhận đúng" in text_of(main(page(client, address(old))))


def test_a_certificate_of_another_draft_waits_for_nobody(
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
) -> None:
    drop_first(campaign)
    old = keep(run.id)
    assert verifying.recheck_all(NOW) == 1
    db.session.refresh(old)
    assert old.recheck == "gone"


def test_who_waits_for_a_roster_goes_first(
    campaign: Campaign,  # noqa: F811
    run: SolveRun,  # noqa: F811
) -> None:
    old = keep(run.id)
    with transaction() as session:
        session.add(SolveRun(campaign_id=campaign.id, seconds=5, seed=1, requested_by="user:1", requested_at=NOW))
    assert verifying.recheck_all(NOW) == 0
    db.session.refresh(old)
    assert old.recheck == "pending"
