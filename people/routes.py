"""Every page and call of people, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from people import (
    api,
    api_absences,
    api_reach,
    views,
    views_accounts,
    views_contacts,
    views_desks,
    views_first,
    views_reach,
)

PAGES = (views, views_accounts, views_contacts, views_desks, views_reach, views_first)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (api, api_absences, api_reach)
