"""Every page and call of roster, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from roster.campaigns import api, views
from roster.consents import api as api_consents, views as views_consents
from roster.coverage import api as api_coverage
from roster.draft import api as api_draft, views as views_shift
from roster.fairness import api as api_fairness, views as views_fairness
from roster.feeds import views as feed
from roster.importing import api as api_import, views as import_views
from roster.onduty import api as api_onduty, views_me, views_rehearsals
from roster.publishing import api as api_publish, views as views_publish, views_part
from roster.reachability import views as views_reach
from roster.reasons import api as api_explain, views as views_explain, views_causes
from roster.rulebook import api as api_rules, api_points, views as views_rules
from roster.solving import api as api_solve, views as views_solve
from roster.sources import api as api_inputs, api_pairs, views as views_setup, views_patterns

PAGES = (
    views,
    views_causes,
    views_explain,
    views_fairness,
    views_part,
    views_patterns,
    views_publish,
    views_reach,
    views_rules,
    views_setup,
    views_shift,
    views_solve,
    import_views,
    views_me,
    views_rehearsals,
    views_consents,
    feed,
)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (
    api,
    api_consents,
    api_coverage,
    api_explain,
    api_inputs,
    api_pairs,
    api_points,
    api_rules,
    api_solve,
    api_draft,
    api_publish,
    api_fairness,
    api_import,
    api_onduty,
)
AT_THE_DOOR = (*api_onduty.AT_THE_DOOR, *feed.AT_THE_DOOR)
"""Where machines ask for the same again and again."""
