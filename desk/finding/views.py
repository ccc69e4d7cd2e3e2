"""/find: who is on duty there now, by a few letters of a unit or a person."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from desk.finding import services
from people.access import guard

bp = Blueprint("finding", __name__)
MOST = 80
"""Letters of a question that are read."""


@bp.get("/find")
@guard.requires("onduty.read")
def index() -> ResponseReturnValue:
    """The page, with the answer to ``?q=`` where something was asked."""
    asked = _asked()
    return render_template("desk/finding/find.html", asked=asked, answer=_answer(asked))


@bp.get("/find/answer")
@guard.requires("onduty.read")
def hits() -> ResponseReturnValue:
    """The answer alone, while somebody types."""
    asked = _asked()
    return render_template("desk/finding/_answer.html", asked=asked, answer=_answer(asked))


def _asked() -> str:
    return "".join(letter for letter in request.args.get("q", "")[:MOST] if letter.isprintable())


def _answer(asked: str) -> services.SearchResults:
    return services.answer(asked, actor=guard.current_actor(), now=clock.now())
