"""Every page and call of people, in the order of registering. Views put themselves on a blueprint when imported."""

from __future__ import annotations

from people import api, views
from people.absences import api as api_absences
from people.accounts import views as views_accounts
from people.contact import views as views_contacts
from people.desks import views as views_desks
from people.notification_rules import api as api_reach, views as views_reach
from people.sign_in import views_first_admin

PAGES = (views, views_accounts, views_contacts, views_desks, views_reach, views_first_admin)
"""Modules with a ``bp``; those of one blueprint share it."""

APIS = (api, api_absences, api_reach)
