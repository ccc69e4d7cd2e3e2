"""The cookie by which a browser is known again at the door. It signs nobody in: it only has tries of its own."""

from __future__ import annotations

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from core.security import tokens
from people.attempts import limits as door
from people.attempts.limits import Visitor

LONGEST = 100


def visitor() -> Visitor:
    """Who sends this request."""
    return Visitor(request.remote_addr or "", request.cookies.get(_name(), "")[:LONGEST])


def offer(response: Response) -> Response:
    """Give a browser without one a cookie, by which a turn to try can be its own."""
    return response if visitor().device else give(response, tokens.new_token())


def give(answer: ResponseReturnValue, device: str) -> Response:
    response = make_response(answer)
    response.set_cookie(
        _name(),
        device,
        max_age=door.REMEMBERED,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"
