"""What duty adds to the application: living a roster. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from core.server import busy, response_cache
from documents import kinds as documents
from duty import messages
from duty.answers import views as views_answers, views_by_key
from duty.attendance import api as api_attendance, no_show_job, readiness, views as views_attendance, views_correct
from duty.attendance.deputies import views as views_stand_ins
from duty.commands import COMMANDS
from duty.contact_card import views as views_contact_card, words as contact_card_words
from duty.duty_checks import api as api_duty_checks, own as own_checks, services as checks, views as views_duty_checks
from duty.duty_checks.paper import DUTY_CHECK
from duty.illness import views as views_illness
from duty.inbound_messages import services as incoming, sources as inbound_messages, views as views_inbound_messages
from duty.on_duty import (
    api as api_on_duty,
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
from duty.overtime_consent import (
    api as api_overtime_consent,
    views as views_overtime_consent,
    views_form as views_overtime_form,
)
from duty.overtime_consent.paper import OVERTIME_CONSENT
from duty.overtime_consent.section import OVERTIME
from duty.pending_actions import registry as pending_actions
from duty.phone_tree import book as phone_book, mailing as phone_tree_mail, views as views_phone_tree
from duty.phone_tree.paper import PHONE_TREE
from duty.reminders import telling
from duty.sharing import services as shared_lists, views as views_sharing
from duty.swaps import (
    api as api_swaps,
    ending,
    panel_own as own_swaps,
    views as views_swaps,
    views_own as views_own_swaps,
)
from duty.time_off import (
    api as api_time_off,
    asker,
    panel_own as own_requests,
    telling as request_answers,
    views as views_time_off,
)
from duty.timekeeping import api as api_timekeeping, own as own_hours, views as views_timekeeping
from duty.timekeeping.paper import DUTY_HOURS
from duty.voice_prompts import services as voice_prompts
from notify.bundles import first_letter
from people import menu
from people.absences import asking
from people.accounts import leftovers
from people.links.panel import links_panel
from roster.feeds import views as feed
from roster.pages import views_rules
from roster.papers import things
from roster.shadows import own as shadows

ROOMS = (
    Room("answers", (views_answers, views_by_key)),
    Room("voice_prompts", jobs=(Job("housekeeping", "voice_prompts", voice_prompts.forget_old),)),
    Room("reminders", jobs=(Job("tick", "reminders", telling.remind),)),
    Room("time_off", (views_time_off, api_time_off), jobs=(Job("tick", "requests", request_answers.tell),)),
    Room("swaps", (views_swaps, views_own_swaps, api_swaps), jobs=(Job("tick", "swaps", ending.look),)),
    Room("duty_checks", (views_duty_checks, api_duty_checks), jobs=(Job("tick", "duty checks", checks.close_due),)),
    Room(
        "inbound_messages",
        (views_inbound_messages,),
        jobs=(Job("housekeeping", "inbound_messages", lambda now: incoming.forget_before(now - incoming.KEPT_FOR)),),
    ),
    Room(
        "attendance",
        (views_attendance, views_correct, views_stand_ins, api_attendance),
        jobs=(
            Job("tick", "readiness", readiness.remind),
            Job("tick", "presence", no_show_job.look),
        ),
    ),
    Room("phone_tree", (views_phone_tree,), jobs=(Job("tick", "phone tree", phone_tree_mail.tell),)),
    Room("on_duty", (views_me, views_own, views_rehearsals, views_reach, views_why_me, api_on_duty)),
    Room("commands", commands=COMMANDS),
    Room("timekeeping", (views_timekeeping, api_timekeeping)),
    Room("overtime_consent", (views_overtime_consent, views_overtime_form, api_overtime_consent)),
    Room("contact_card", (views_contact_card,)),
    Room("illness", (views_illness,)),
    Room("sharing", (views_sharing,)),
)
JOBS = jobs_of(ROOMS)
AT_THE_DOOR = (*api_on_duty.AT_THE_DOOR, *feed.AT_THE_DOOR)
"""Where machines ask for the same again and again."""

OWN_SECTIONS = (
    views_attendance.SECTION,
    own_checks.SECTION,
    *own_swaps.SECTIONS,
    approvals_section.SECTION,
    OVERTIME,
    *own_requests.SECTIONS,
    own_sections.OwnSection("roster/shadows/_own.html", shadows.read_own_shadows),
    own_hours.SECTION,
    WHY_ME,
    ways_in.SECTION,
)
"""On one's own pages, from the top: what has the least time first, and what is only read last."""


def register(app: Flask) -> None:
    _serve_other_packages()
    own_sections.show("duty", OWN_SECTIONS)
    pending_actions.offer("duty", inbound_messages.SOURCES)
    menu.show_person_panels((links_panel, views_reach.unsure_panel, views_rules.pairs_panel))
    phone_book.watch()
    response_cache.stand_before(app, AT_THE_DOOR)
    busy.go_first(app, ("/a/", "/v/r/"), ("/p/me/",))  # answers by link and key
    add(app, ROOMS, messages.MESSAGES)


def _serve_other_packages() -> None:
    """What packages below ask without knowing who lives the roster, each with its reason."""
    # Papers are numbered and kept in one place, whatever they tell of.
    documents.register((DUTY_CHECK,))
    documents.add_kinds(things.WORD, (PHONE_TREE, OVERTIME_CONSENT, DUTY_HOURS))
    # An absence answers a day off that was asked for.
    asking.set_asker(asker)
    # What an account leaves behind when it is closed.
    leftovers.ask(shared_lists.left_behind)
    # The first call of all brings our numbers to keep.
    first_letter.set_words(contact_card_words.first_letter)
