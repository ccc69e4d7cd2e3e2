"""What duty adds to the application: living a roster. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import register as add
from core.server import busy, doorstep
from documents import kinds as documents
from duty import messages
from duty.answers import views as views_confirmations, views_by_key
from duty.asks import registry as asks
from duty.attendance import api as api_presence, chasing, readiness, views as views_presence, views_correct
from duty.attendance.stand_ins import views as views_stand_ins
from duty.commands import COMMANDS
from duty.contact_card import views as views_contact_card, words as contact_card_words
from duty.duty_checks import api as api_duty_checks, own as own_checks, services as checks, views as views_duty_checks
from duty.duty_checks.paper import DUTY_CHECK
from duty.illness import views as views_illness
from duty.on_duty import (
    api as api_onduty,
    approvals_section,
    own_sections,
    views_me,
    views_own,
    views_reachability as views_reach,
    views_rehearsals,
    views_why_me,
    ways_in,
)
from duty.on_duty.why_me_section import WHY_ME
from duty.overtime_consent import api as api_overtime, views as views_overtime, views_form as views_overtime_form
from duty.overtime_consent.paper import OVERTIME_CONSENT
from duty.overtime_consent.section import OVERTIME
from duty.phone_tree import book as phone_book, mailing as phone_tree_mail, views as views_phone_tree
from duty.phone_tree.paper import PHONE_TREE
from duty.reminders import telling
from duty.replies import services as incoming, sources as replies, views as views_replies
from duty.sharing import services as shared_lists, views as views_sharing
from duty.spoken import services as spoken
from duty.swaps import (
    api as api_swaps,
    ending,
    panel_own as own_swaps,
    views as views_swaps,
    views_own as views_own_swaps,
)
from duty.time_off import (
    api as api_wishes,
    asker,
    panel_own as own_requests,
    telling as request_answers,
    views as views_requests,
)
from duty.timekeeping import api as api_hours, own as own_hours, views as views_hours
from duty.timekeeping.paper import DUTY_HOURS
from notify.bundles import first_letter
from people import menu
from people.absences import asking
from people.accounts import leftovers
from people.links.panel import links_panel
from roster.feeds import views as feed
from roster.pages import views_rules
from roster.papers import things
from roster.shadows import own as shadows

PAGES = (
    views_hours,
    views_reach,
    views_replies,
    views_requests,
    views_me,
    views_own,
    views_contact_card,
    views_rehearsals,
    views_confirmations,
    views_presence,
    views_stand_ins,
    views_correct,
    views_duty_checks,
    views_illness,
    views_own_swaps,
    views_sharing,
    views_phone_tree,
    views_by_key,
    views_swaps,
    views_overtime,
    views_overtime_form,
    views_why_me,
)
"""Modules with a ``bp``; those of the roster's pages share it, so that addresses keep their names."""

APIS = (
    api_presence,
    api_duty_checks,
    api_wishes,
    api_hours,
    api_onduty,
    api_swaps,
    api_overtime,
)
AT_THE_DOOR = (*api_onduty.AT_THE_DOOR, *feed.AT_THE_DOOR)
"""Where machines ask for the same again and again."""

OWN_SECTIONS = (
    views_presence.SECTION,
    own_checks.SECTION,
    *own_swaps.SECTIONS,
    approvals_section.SECTION,
    OVERTIME,
    *own_requests.SECTIONS,
    own_sections.Section("roster/shadows/_own.html", shadows.read),
    own_hours.SECTION,
    WHY_ME,
    ways_in.SECTION,
)
"""On one's own pages, from the top: what has the least time first, and what is only read last."""

MESSAGES = (messages.MESSAGES,)
JOBS = (
    Job("tick", "reminders", telling.remind),
    Job("tick", "requests", request_answers.tell),
    Job("tick", "swaps", ending.look),
    Job("tick", "duty checks", checks.close_due),
    Job("housekeeping", "spoken", spoken.forget_old),
    Job("housekeeping", "replies", lambda now: incoming.forget_before(now - incoming.KEPT_FOR)),
    Job("tick", "readiness", readiness.remind),
    Job("tick", "presence", chasing.look),
    Job("tick", "phone tree", phone_tree_mail.tell),
)


def register(app: Flask) -> None:
    _serve_other_packages()
    own_sections.show("duty", OWN_SECTIONS)
    asks.offer("duty", replies.SOURCES)
    menu.show_person_panels((links_panel, views_reach.unsure_panel, views_rules.pairs_panel))
    phone_book.watch()
    doorstep.stand_before(app, AT_THE_DOOR)
    busy.go_first(app, ("/a/", "/v/r/"), ("/p/me/",))  # answers by link and key
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, commands=COMMANDS)
    app.register_blueprint(views_sharing.link_bp)


def _serve_other_packages() -> None:
    """What packages below ask without knowing who lives the roster."""
    documents.register((DUTY_CHECK,))
    documents.add_kinds(things.WORD, (PHONE_TREE, OVERTIME_CONSENT, DUTY_HOURS))
    asking.set_asker(asker)
    leftovers.ask(shared_lists.left_behind)
    first_letter.set_words(contact_card_words.first_letter)
