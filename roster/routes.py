"""Every page and call of roster, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from roster import (
    api,
    api_consents,
    api_coverage,
    api_explain,
    api_fairness,
    api_import,
    api_inputs,
    api_onduty,
    api_rules,
    api_solve,
    api_undo,
    feed,
    import_views,
    views,
    views_causes,
    views_consents,
    views_explain,
    views_fairness,
    views_me,
    views_part,
    views_patterns,
    views_publish,
    views_reach,
    views_rehearsals,
    views_rules,
    views_setup,
    views_shift,
    views_solve,
)

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
    api_rules,
    api_solve,
    api_undo,
    api_fairness,
    api_import,
    api_onduty,
)
AT_THE_DOOR = (*api_onduty.AT_THE_DOOR, *feed.AT_THE_DOOR)
"""Where machines ask for the same again and again."""
