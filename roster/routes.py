"""What the roster adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.fast_path import shared_cache
from core.program.jobs import Job
from core.program.registration import register as add
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
from roster.campaigns import api, ground, views
from roster.changes import views as views_part
from roster.commands import COMMANDS
from roster.confirmations import api as api_confirmations, queries as confirmation_queries
from roster.consents import api as api_consents, services as consents, views as views_consents
from roster.coverage import api as api_coverage
from roster.covers import affected
from roster.crews import api as api_crews, views as views_crews, views_rotation
from roster.days import phases
from roster.draft import api as api_draft, undoing, views as views_shift
from roster.fairness import api as api_fairness, api_ledger, views as views_fairness, views_ledger
from roster.feeds import services as subscriptions, views as feed, watch
from roster.hands import views as views_hands, views_crews as views_crew_cell
from roster.importing import api as api_import, views as import_views
from roster.lists import (
    links as list_links,
    notices as list_notices,
    services as unit_lists,
    views as views_lists,
    views_link as views_list_link,
    views_paper as views_list_paper,
)
from roster.papers import sorts as papers
from roster.patterns import api as api_by_pattern, views as views_by_pattern
from roster.publishing import api as api_publish, views as views_publish
from roster.ranges import views as views_solve_range
from roster.reasons import api as api_explain, views as views_explain, views_causes
from roster.resolver import numbers, rights, serving
from roster.revisions import api as api_revisions, views as views_revisions, views_supplement
from roster.rulebook import api as api_rules, api_points, views as views_rules
from roster.setting_up import views as views_new
from roster.shadows import moving, views as views_shadows
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
from roster.telling import held_notices, views as views_telling

PAGES = (
    views,
    views_new,
    views_approvals,
    views_by_hand,
    views_by_unit,
    views_causes,
    views_explain,
    views_fairness,
    views_ledger,
    views_part,
    views_by_pattern,
    views_patterns,
    views_publish,
    views_revisions,
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
    views_consents,
    views_shadows,
    feed,
)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (
    api,
    api_approvals,
    api_confirmations,
    api_consents,
    api_coverage,
    api_explain,
    api_inputs,
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
    api_import,
    api_ledger,
)

CHECKS = {
    "campaigns": places.ensure_campaign,
    "shifts": places.ensure_shift,
    "crews": places.ensure_crew,
    "solve-runs": places.ensure_run,
}
MESSAGES = (messages.MESSAGES,)
JOBS = (
    Job("tick", "shadows", moving.look),
    Job("audit", "consents", consents.keep_open),
    Job("tick", "lists of units", list_notices.remind),
)


def register(app: Flask) -> None:
    _serve_other_packages()
    ground.watch()
    numbers.watch()
    undoing.follow("list_id", unit_lists.follow)
    shared_cache.read_beside("feeds", watch.stamp())
    app.jinja_env.globals.update(
        break_is_projected=phases.break_is_projected, phase_is_projected=phases.phase_is_projected
    )
    add(app, views=(*PAGES, *APIS), messages=MESSAGES, checks=CHECKS, commands=COMMANDS)
    app.register_blueprint(views_consents.links_bp)
    app.register_blueprint(views_list_link.link_bp)


def _serve_other_packages() -> None:
    """What packages below ask without knowing the roster."""
    documents.register(papers.SORTS)
    guard.add_grant_source(rights.grants, rights.lapsed)
    sessions.add_service(serving.until)
    effects.set_source(affected)
    leftovers.ask(list_links.left_behind)
    links.follow_ends(subscriptions.end_own)
    givers.set_source(confirmation_queries.standing)
    still_true.speak_for("roster", held_notices.of_campaigns)
    still_true.speak_for("no_show", held_notices.of_missing)
    for word in ("reminder", "stand_in"):
        still_true.speak_for(word, held_notices.of_shifts)
