"""*Không phải tôi trả lời*: an unannounced check was answered as somebody who did not."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core import audit, i18n
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from duty.duty_checks import queries
from duty.duty_checks.models import DutyCheckAsk
from people.models import Person
from roster.confirmations import disowning, words
from roster.confirmations.disowning import DisownedAnswer


def disown(check_id: int, *, person: Person, actor: Actor, now: datetime) -> int:
    """Nobody has answered it then, also where the sheet has left already; how many hear of it. What was said longer
    ago stays. Raises NotFound; Conflict ``check.not_asked``, ``slip.not_enough``."""
    with transaction() as session:
        check = queries.exclusively(session, check_id)
        ask = next((each for each in check.asks if each.person_id == person.id), None)
        if ask is None or ask.answered_at is None or ask.answered_at <= now - queries.SAID_LATELY:
            raise Conflict("check.not_asked", state={"check": check.id})
        disowning.ensure_may(ask, actor)
        facts = {"person": person.id, "via": ask.how, "by": ask.by_ref, "at": ask.answered_at.isoformat()}
        audit.record(actor, "check.disown", "duty-check", check.id, now=now, **facts)
        told = _tell(ask, ask.answered_at, person, actor, now=now)
        disowning.end_slips(ask, person, actor=actor, now=now)
        ask.answered_at = ask.device_at = ask.slip_by = None
        ask.slip_given = False
        ask.via = ask.answered_by = ask.note = ask.by_ref = ""
        return told


def _tell(ask: DutyCheckAsk, at: datetime, person: Person, actor: Actor, *, now: datetime) -> int:
    return disowning.tell_above(
        ask.unit_id,
        person,
        actor.slip_ref or ask.by_ref,
        DisownedAnswer(
            lambda: _("kiểm tra trực đột xuất lúc %(time)s", time=i18n.dt(ask.check.asked_at)),
            lambda: words.given(ask, ask.answered_by, at),
            where=f"/roster/duty-checks/{ask.check_id}",
            key=f"disown/check/{ask.id}/{at.isoformat()}",
        ),
        now=now,
    )
