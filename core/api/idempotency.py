"""``Idempotency-Key`` on creating POSTs: the same key and body get the same stored answer.

The key is claimed, the thing created and the answer stored in one transaction: a crash leaves all three or none.
A second request with the same key waits for the first (the unique constraint makes it), then reads its answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import prepared
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from core.models import IdempotencyKey
from core.sweeping import forget

_ATTEMPTS = 3
KEPT = timedelta(days=7)
"""How long a repetition gets the first answer. Answers hold what was created, so they are not kept for ever."""


def digest_of(method: str, path: str, body: bytes) -> str:
    """Return what must be equal for a repetition: the call and its body."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def once(key: str, digest: str, answer: Callable[[], Response], *, actor: Actor, now: datetime) -> Response:
    """``answer()``, or what it answered the first time; errors are not stored, so they may be retried.

    Raises ``Invalid`` for an unusable key or a key that was used with another body, ``Conflict`` when the first
    request keeps failing while this one waits.
    """
    if not 0 < len(key) <= 255 or not key.isprintable():
        raise Invalid("idempotency_key.invalid", field="Idempotency-Key")
    for _attempt in range(_ATTEMPTS):
        # What takes long is thought out outside: else a repeatable call would hold the writer for all its thinking.
        response = prepared.restartable(lambda: _claimed(key, digest, answer, actor=actor, now=now))
        if response is not None:
            return response
    raise Conflict("idempotency_key.busy")


def _claimed(key: str, digest: str, answer: Callable[[], Response], *, actor: Actor, now: datetime) -> Response | None:
    """The answer; ``None`` when another request claimed the key in the same moment."""
    with transaction() as session:
        stored = _stored(session, key, actor)
        if stored is not None:
            return _replay(stored, digest)
        claim = IdempotencyKey(actor=actor.ref, key=key, body_hash=digest, status=0, answer="", created_at=now)
        session.add(claim)
        try:
            session.flush()
        except IntegrityError:  # PostgreSQL waited for the other's commit
            session.rollback()
            return None
        response = answer()
        claim.status, claim.answer = response.status_code, response.get_data(as_text=True)
        return response


def is_second_tap(key: str, digest: str, *, within: timedelta, actor: Actor, now: datetime) -> bool:
    """Whether ``actor`` did exactly this under ``key`` less than ``within`` ago; if not, that is noted.

    For buttons of pages, in a transaction of its own: of two taps that arrive together one is the second.
    """
    for _attempt in range(_ATTEMPTS):
        with transaction(aside=True) as session:
            last = _stored(session, key, actor)
            if last is not None:
                if last.body_hash == digest and now - last.created_at < within:
                    return True
                session.delete(last)
                session.flush()
            session.add(IdempotencyKey(actor=actor.ref, key=key, body_hash=digest, status=0, answer="", created_at=now))
            try:
                session.flush()
            except IntegrityError:  # the other tap was a moment faster
                session.rollback()
                continue
            return False
    raise Conflict("idempotency_key.busy")


def forget_tap(key: str, *, actor: Actor) -> None:
    """What was tapped came to nothing: it may be tapped again at once."""
    with transaction(aside=True) as session:
        last = _stored(session, key, actor)
        if last is not None:
            session.delete(last)


def forget_before(moment: datetime) -> int:
    """Housekeeping: drop answers stored before ``moment``; answers how many."""
    return forget(IdempotencyKey, IdempotencyKey.created_at < moment)


def _stored(session: Session, key: str, actor: Actor) -> IdempotencyKey | None:
    return session.scalar(select(IdempotencyKey).where(IdempotencyKey.actor == actor.ref, IdempotencyKey.key == key))


def _replay(stored: IdempotencyKey, digest: str) -> Response:
    if stored.body_hash != digest:
        raise Invalid("idempotency_key_reused", field="Idempotency-Key")
    answer = Response(stored.answer, status=stored.status, content_type="application/json")
    answer.headers["Idempotent-Replayed"] = "true"
    return answer
