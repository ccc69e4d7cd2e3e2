"""What notify adds to the application: sentences of its errors, and jobs of the worker."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import register as add
from notify import delivery, erasing, messages
from notify.credit import services as credit
from notify.gateways import watching
from notify.ringing import services as ringing

JOBS = (
    Job("calling", "clamp", lambda now: delivery.clamp(now=now)),
    Job("calling", "ladders", lambda now: delivery.pass_ladders(now=now)),
    Job("calling", "second rings", lambda now: ringing.drop_late(now=now)),
    Job("tick", "slow gateways", watching.look),
    Job("audit", "credit", credit.look),
    Job("housekeeping", "old second rings", lambda now: ringing.drop_late(now=now, back=ringing.EVER)),
    Job("housekeeping", "sent messages", lambda now: erasing.sweep(now=now)),
)


def register(app: Flask) -> None:
    add(app, messages=(messages.MESSAGES,))
    app.jinja_env.globals["DELIVERY"] = messages.DELIVERY
