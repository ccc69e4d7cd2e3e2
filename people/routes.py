"""What people add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from notify.message_states import still_true
from people import api, messages, reference
from people.absences import api as api_absences
from people.access import places
from people.accounts import key_ends
from people.attempts import limits
from people.commands import COMMANDS
from people.contact import verification, views as views_contact, views_reach
from people.links import services as links, views as views_links
from people.notification_rules import api as api_notification_rules
from people.pages import views_accounts, views_desks, views_directory
from people.sign_in import views as views_sign_in, views_first_admin

ROOMS = (
    Room("pages", (views_directory, views_accounts, views_desks)),
    Room("api", (api,)),
    Room("access", checks={"units": places.ensure_unit, "people": places.ensure_person}),
    Room("commands", commands=COMMANDS),
    Room(
        "contact",
        (views_contact, views_reach),
        jobs=(
            Job("housekeeping", "verification codes", lambda now: verification.forget_before(now - verification.KEPT)),
        ),
    ),
    Room("links", (views_links,), jobs=(Job("housekeeping", "lost links", links.end_lost),)),
    Room("sign_in", (views_first_admin,)),
    Room("attempts", jobs=(Job("housekeeping", "attempts", limits.forget_before),)),
    Room("accounts", jobs=(Job("housekeeping", "keys that end", key_ends.warn),)),
    Room("absences", (api_absences,)),
    Room("notification_rules", (api_notification_rules,)),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    views_sign_in.init(app)
    reference.watch()
    still_true.speak_for("verify", verification.held)
    still_true.speak_for(key_ends.TOPIC, key_ends.held)
    add(app, ROOMS, messages.MESSAGES)
