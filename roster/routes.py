"""What the roster adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.fast_path import shared_cache
from core.program.jobs import Job
from core.program.registration import register as add
from core.server import busy, doorstep
from documents import kinds as documents
from notify.bundles import first_letter
from notify.message_states import still_true
from people import menu
from people.absences import asking, effects
from people.access import guard
from people.accounts import leftovers
from people.contact import givers
from people.links import services as links
from people.links.panel import links_panel
from people.sign_in import sessions
from roster import messages, places
from roster.approvals import api as api_approvals, views as views_approvals
from roster.asks import registry as asks
from roster.by_hand import views as views_by_hand
from roster.by_unit import views as views_by_unit
from roster.campaigns import api, ground, views
from roster.changes import views as views_part
from roster.commands import COMMANDS
from roster.confirmations import api as api_confirmations, queries as confirmation_queries, views as views_confirmations
from roster.consents import api as api_consents, services as consents, views as views_consents
from roster.contact_card import views as views_contact_card, words as contact_card_words
from roster.coverage import api as api_coverage
from roster.covers import affected
from roster.crews import api as api_crews, views as views_crews, views_rotation
from roster.days import phases
from roster.draft import api as api_draft, undoing, views as views_shift
from roster.duty_checks import api as api_duty_checks, own as own_checks, services as checks, views as views_duty_checks
from roster.duty_hours import api as api_hours, own as own_hours, views as views_hours
from roster.fairness import api as api_fairness, api_ledger, views as views_fairness, views_ledger
from roster.feeds import services as subscriptions, views as feed, watch
from roster.hands import views as views_hands, views_crews as views_crew_cell
from roster.illness import views as views_illness
from roster.importing import api as api_import, views as import_views
from roster.lists import (
    links as list_links,
    notices as list_notices,
    services as unit_lists,
    views as views_lists,
    views_link as views_list_link,
    views_paper as views_list_paper,
)
from roster.onduty import (
    api as api_onduty,
    approvals_section,
    commands as onduty_commands,
    own_sections,
    views_me,
    views_own,
    views_rehearsals,
    ways_in,
)
from roster.overtime_consent import (
    api as api_overtime,
    views as views_overtime,
    views_form as views_overtime_form,
)
from roster.overtime_consent.section import OVERTIME
from roster.papers import duty_check, duty_hours, overtime_consent, phone_tree, sorts as papers, things
from roster.patterns import api as api_by_pattern, views as views_by_pattern
from roster.phone_tree import book as phone_book, mailing as phone_tree_mail, views as views_phone_tree
from roster.presence import api as api_presence, chasing, readiness, views as views_presence, views_correct
from roster.publishing import api as api_publish, views as views_publish
from roster.ranges import views as views_solve_range
from roster.reachability import views as views_reach
from roster.reasons import api as api_explain, views as views_explain, views_causes
from roster.reminders import telling
from roster.replies import services as incoming, sources as replies, views as views_replies
from roster.requests import (
    api as api_wishes,
    asker,
    panel_own as own_requests,
    telling as request_answers,
    views as views_requests,
)
from roster.resolver import numbers, rights, serving
from roster.revisions import api as api_revisions, views as views_revisions, views_supplement
from roster.rulebook import api as api_rules, api_points, views as views_rules
from roster.setting_up import views as views_new
from roster.shadows import moving, own as shadows, views as views_shadows
from roster.sharing import services as shared_lists, views as views_sharing
from roster.sheets import views as views_sheets
from roster.solving import api as api_solve, views as views_solve
from roster.sources import (
    api as api_inputs,
    api_pairs,
    views as views_setup,
    views_asked,
    views_break,
    views_patterns,
    views_table,
)
from roster.spoken import services as spoken, views as views_spoken
from roster.stand_ins import views as views_stand_ins
from roster.swaps import (
    api as api_swaps,
    ending,
    hearing as swap_hearing,
    notices as swap_notices,
    panel_own as own_swaps,
    views as views_swaps,
    views_own as views_own_swaps,
)
from roster.telling import held_notices, views as views_telling
from roster.why_me import views as views_why_me
from roster.why_me.section import WHY_ME

PAGES = (
    views,
    views_new,
    views_approvals,
    views_by_hand,
    views_by_unit,
    views_causes,
    views_explain,
    views_fairness,
    views_hours,
    views_ledger,
    views_part,
    views_by_pattern,
    views_patterns,
    views_publish,
    views_reach,
    views_replies,
    views_revisions,
    views_requests,
    views_rules,
    views_setup,
    views_break,
    views_table,
    views_asked,
    views_lists,
    views_list_paper,
    views_sheets,
    views_shift,
    views_hands,
    views_crew_cell,
    views_crews,
    views_rotation,
    views_supplement,
    views_solve,
    views_solve_range,
    views_telling,
    import_views,
    views_me,
    views_own,
    views_contact_card,
    views_rehearsals,
    views_confirmations,
    views_presence,
    views_stand_ins,
    views_correct,
    views_duty_checks,
    views_consents,
    views_illness,
    views_own_swaps,
    views_sharing,
    views_phone_tree,
    views_spoken,
    views_swaps,
    views_shadows,
    views_overtime,
    views_overtime_form,
    views_why_me,
    feed,
)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (
    api,
    api_approvals,
    api_confirmations,
    api_presence,
    api_consents,
    api_duty_checks,
    api_coverage,
    api_explain,
    api_inputs,
    api_wishes,
    api_pairs,
    api_points,
    api_rules,
    api_solve,
    api_draft,
    api_by_pattern,
    api_crews,
    api_publish,
    api_revisions,
    api_fairness,
    api_hours,
    api_import,
    api_onduty,
    api_swaps,
    api_overtime,
    api_ledger,
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

CHECKS = {
    "campaigns": places.ensure_campaign,
    "shifts": places.ensure_shift,
    "crews": places.ensure_crew,
    "solve-runs": places.ensure_run,
}
MESSAGES = (messages.MESSAGES,)
JOBS = (
    Job("tick", "reminders", telling.remind),
    Job("tick", "requests", request_answers.tell),
    Job("tick", "swaps", ending.look),
    Job("tick", "shadows", moving.look),
    Job("tick", "duty checks", checks.close_due),
    Job("audit", "consents", consents.keep_open),
    Job("housekeeping", "spoken", spoken.forget_old),
    Job("housekeeping", "replies", lambda now: incoming.forget_before(now - incoming.KEPT_FOR)),
    Job("tick", "readiness", readiness.remind),
    Job("tick", "presence", chasing.look),
    Job("tick", "phone tree", phone_tree_mail.tell),
    Job("tick", "lists of units", list_notices.remind),
)


def register(app: Flask) -> None:
    _serve_other_packages()
    own_sections.show("roster", OWN_SECTIONS)
    asks.offer("roster", replies.SOURCES)
    menu.show_person_panels((links_panel, views_reach.unsure_panel, views_rules.pairs_panel))
    ground.watch()
    numbers.watch()
    phone_book.watch()
    undoing.follow("list_id", unit_lists.follow)
    shared_cache.read_beside("feeds", watch.stamp())
    doorstep.stand_before(app, AT_THE_DOOR)
    busy.go_first(app, ("/a/", "/v/r/"), ("/p/me/",))  # answers by link and key
    app.jinja_env.globals.update(
        break_is_projected=phases.break_is_projected, phase_is_projected=phases.phase_is_projected
    )
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks=CHECKS, commands=(*COMMANDS, *onduty_commands.COMMANDS))
    app.register_blueprint(views_consents.links_bp)
    app.register_blueprint(views_sharing.link_bp)
    app.register_blueprint(views_list_link.link_bp)


def _serve_other_packages() -> None:
    documents.register((*papers.SORTS, duty_check.DUTY_CHECK))
    documents.add_kinds(things.WORD, (phone_tree.PHONE_TREE, overtime_consent.OVERTIME_CONSENT, duty_hours.DUTY_HOURS))
    """What packages below ask without knowing the roster."""
    guard.add_grant_source(rights.grants, rights.lapsed)
    sessions.add_service(serving.until)
    effects.set_source(affected)
    asking.set_asker(asker)
    leftovers.ask(shared_lists.left_behind)
    leftovers.ask(list_links.left_behind)
    links.follow_ends(subscriptions.end_own)
    givers.set_source(confirmation_queries.standing)
    first_letter.set_words(contact_card_words.first_letter)
    swap_notices.set_caller(spoken.ring_about)
    swap_hearing.set_reached(spoken.may_ring)
    still_true.speak_for("roster", held_notices.of_campaigns)
    still_true.speak_for("no_show", held_notices.of_missing)
    for word in ("reminder", "stand_in"):
        still_true.speak_for(word, held_notices.of_shifts)
