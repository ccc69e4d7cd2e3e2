"""The page that asks for the password once more, and keeps what was typed until it has it."""

from __future__ import annotations

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from core import clock
from core.api import call as api
from core.errors import DomainError
from core.web import is_htmx, this_address
from people.access import guard
from people.sign_in import proof
from people.sign_in.proof import ProofNeeded

FIELD = "proof_password"


def init(app: Flask) -> None:
    app.before_request(_take)
    app.register_error_handler(ProofNeeded, _needed)


def _take() -> ResponseReturnValue | None:
    """A form that came back with the password: what follows reads it as if nobody had been asked."""
    if request.method != "POST" or api.is_api_path(request.path) or not current_user.is_authenticated:
        return None  # the body of a stranger or a machine is its own view's to read, by its own limits
    if FIELD not in request.form or g.get("desk_session") is not None:
        return None
    typed, kept = request.form[FIELD], _kept()
    try:
        proof.show(guard.current_actor(), typed, now=clock.now())
    except DomainError as error:
        return _ask(error)
    request.form = kept
    return None


def _needed(_error: ProofNeeded) -> ResponseReturnValue:
    return _ask(None)


def _kept() -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, value) for name, value in request.form.items(multi=True) if name != FIELD])


def _ask(error: DomainError | None) -> ResponseReturnValue:
    page = render_template(
        "people/sign_in/proof.html",
        fields=[pair for pair in _kept().items(multi=True) if pair[0] != "csrf_token"],
        target=this_address(),
        error=error,
        field=FIELD,
        login=current_user.login,
        files=any(file.filename for file in request.files.values()),
    )
    answer = make_response(page, error.http_status if error else ProofNeeded.http_status)
    if error is not None and "retry_after" in error.params:
        answer.headers["Retry-After"] = str(error.params["retry_after"])
    if is_htmx():
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML"
    return answer
