"""What people add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import register as add
from notify.message_states import still_true
from people import api, messages, reference
from people.absences import api as api_absences
from people.access import places
from people.accounts import key_ends
from people.attempts import limits
from people.commands import COMMANDS
from people.contact import verification, views as views_contacts, views_reach
from people.imports import messages as import_messages
from people.links import services as links, views as views_links
from people.notification_rules import api as api_rules
from people.pages import views_accounts, views_desks, views_directory
from people.sign_in import views as views_sign_in, views_first_admin

PAGES = (views_directory, views_accounts, views_contacts, views_desks, views_links, views_reach, views_first_admin)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (api, api_absences, api_rules)
CHECKS = {"units": places.ensure_unit, "people": places.ensure_person}
MESSAGES = (messages.MESSAGES, import_messages.MESSAGES)
JOBS = (
    Job("housekeeping", "lost links", links.end_lost),
    Job("housekeeping", "attempts", limits.forget_before),
    Job("housekeeping", "keys that end", key_ends.warn),
    Job("housekeeping", "verification codes", lambda now: verification.forget_before(now - verification.KEPT)),
)


def register(app: Flask) -> None:
    views_sign_in.init(app)
    reference.watch()
    still_true.speak_for("verify", verification.held)
    still_true.speak_for(key_ends.TOPIC, key_ends.held)
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks=CHECKS, commands=COMMANDS)
