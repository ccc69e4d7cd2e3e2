"""What the roster adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.fast_path import shared_cache
from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from documents import kinds as documents
from notify.message_states import still_true
from people.absences import effects
from people.access import guard
from people.accounts import leftovers
from people.contact import givers
from people.links import services as links
from people.sign_in import sessions
from roster import messages, places
from roster.approvals import api as api_approvals, views as views_approvals
from roster.by_hand import views as views_by_hand
from roster.by_unit import views as views_by_unit
from roster.campaigns import cache_dependencies
from roster.commands import COMMANDS
from roster.confirmations import api as api_confirmations, queries as confirmation_queries
from roster.consents import api as api_consents, services as consents, views as views_consents
from roster.coverage import api as api_coverage
from roster.covers import affected
from roster.crews import api as api_crews, views as views_crews, views_rotation
from roster.days import phases
from roster.draft import api as api_draft, undoing
from roster.draft_diff import views as views_draft_diff
from roster.fairness import api as api_fairness, api_ledger, views_ledger
from roster.feeds import services as feeds, views as views_feeds, watch
from roster.grid_pages import views_campaign, views_crew_cell, views_edits, views_shift
from roster.importing import api as api_importing, views as views_importing
from roster.late_notices import held_notices, views as views_late_notices
from roster.lists import (
    links as list_links,
    notices as list_notices,
    services as unit_lists,
    views as views_lists,
    views_link as views_list_link,
    views_paper as views_list_paper,
)
from roster.pages import (
    api_campaigns,
    api_publish,
    api_revisions,
    views_fairness,
    views_publish,
    views_revisions,
    views_rules,
    views_solve,
    views_supplement,
)
from roster.papers import registry as papers
from roster.patterns import api as api_patterns, views as views_patterns
from roster.ranges import views as views_ranges
from roster.reasons import api as api_reasons, views as views_reasons, views_causes
from roster.resolver import numbers, rights, serving
from roster.rulebook import api as api_rulebook, api_points
from roster.setting_up import views as views_setting_up
from roster.shadows import moving, views as views_shadows
from roster.sheets import views as views_sheets
from roster.solving import api as api_solving
from roster.sources import (
    api as api_sources,
    api_pairs,
    views as views_sources,
    views_asked,
    views_break,
    views_patterns as views_work_patterns,
    views_table,
)

ROOMS = (
    Room(
        "pages",
        (
            api_campaigns,
            views_solve,
            views_supplement,
            views_publish,
            api_publish,
            views_fairness,
            views_revisions,
            api_revisions,
            views_rules,
        ),
    ),
    Room("grid_pages", (views_campaign, views_shift, views_edits, views_crew_cell)),
    Room(
        "places",
        checks={
            "campaigns": places.ensure_campaign,
            "shifts": places.ensure_shift,
            "crews": places.ensure_crew,
            "solve-runs": places.ensure_run,
        },
    ),
    Room("commands", commands=COMMANDS),
    Room("setting_up", (views_setting_up,)),
    Room("approvals", (views_approvals, api_approvals)),
    Room("by_hand", (views_by_hand,)),
    Room("by_unit", (views_by_unit,)),
    Room("reasons", (views_reasons, views_causes, api_reasons)),
    Room("fairness", (views_ledger, api_fairness, api_ledger)),
    Room("draft_diff", (views_draft_diff,)),
    Room("patterns", (views_patterns, api_patterns)),
    Room(
        "sources", (views_sources, views_work_patterns, views_break, views_table, views_asked, api_sources, api_pairs)
    ),
    Room(
        "lists",
        (views_lists, views_list_link, views_list_paper),
        jobs=(Job("tick", "lists of units", list_notices.remind),),
    ),
    Room("sheets", (views_sheets,)),
    Room("draft", (api_draft,)),
    Room("crews", (views_crews, views_rotation, api_crews)),
    Room("ranges", (views_ranges,)),
    Room("late_notices", (views_late_notices,)),
    Room("importing", (views_importing, api_importing)),
    Room("consents", (views_consents, api_consents), jobs=(Job("audit", "consents", consents.keep_open),)),
    Room("shadows", (views_shadows,), jobs=(Job("tick", "shadows", moving.look),)),
    Room("confirmations", (api_confirmations,)),
    Room("coverage", (api_coverage,)),
    Room("rulebook", (api_rulebook, api_points)),
    Room("solving", (api_solving,)),
    Room("feeds", (views_feeds,)),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    _serve_other_packages()
    cache_dependencies.watch()
    numbers.watch()
    # Undoing an edit of the draft by which a unit's list was taken over gives the list back; the draft knows no lists.
    undoing.follow("list_id", unit_lists.follow)
    shared_cache.read_beside("feeds", watch.stamp())
    app.jinja_env.globals.update(
        break_is_projected=phases.break_is_projected, phase_is_projected=phases.phase_is_projected
    )
    add(app, ROOMS, messages.MESSAGES)


def _serve_other_packages() -> None:
    """What packages below ask without knowing the roster, each with its reason."""
    # Papers are numbered and kept in one place, whatever they tell of.
    documents.register(papers.SORTS)
    # A shift lends rights while it lasts, keeps its holder signed in, and is what an absence hits.
    guard.add_grant_source(rights.grants, rights.lapsed)
    sessions.add_service(serving.until)
    effects.set_source(affected)
    # What an account leaves behind when it is closed, and a person's link when it ends.
    leftovers.ask(list_links.left_behind)
    links.follow_ends(feeds.end_own)
    # Whose yes an address has given, before it changes hands.
    givers.set_source(confirmation_queries.standing)
    # Messages that wait are looked at once more before they leave.
    still_true.speak_for("roster", held_notices.held_about_campaigns)
    still_true.speak_for("no_show", held_notices.held_about_missing)
    for word in ("reminder", "stand_in"):
        still_true.speak_for(word, held_notices.held_about_shifts)
