"""What notify adds to the application: sentences of its errors, and jobs of the worker."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from notify import delivery, erasing, messages
from notify.credit import services as credit
from notify.gateways import watching
from notify.redial import services as redial

ROOMS = (
    Room(
        "delivery",
        jobs=(
            Job("calling", "clamp", lambda now: delivery.clamp(now=now)),
            Job("calling", "ladders", lambda now: delivery.pass_ladders(now=now)),
        ),
    ),
    Room(
        "redial",
        jobs=(
            Job("calling", "second rings", lambda now: redial.drop_late(now=now)),
            Job("housekeeping", "old second rings", lambda now: redial.drop_late(now=now, back=redial.EVER)),
        ),
    ),
    Room("gateways", jobs=(Job("tick", "slow gateways", watching.look),)),
    Room("credit", jobs=(Job("audit", "credit", credit.look),)),
    Room("erasing", jobs=(Job("housekeeping", "sent messages", lambda now: erasing.sweep(now=now)),)),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    add(app, ROOMS, messages.MESSAGES)
    app.jinja_env.globals["DELIVERY"] = messages.DELIVERY
