"""The mail that calls somebody, in that person's language. Texts: templates/messages/incident_*.txt."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale

from core import clock, i18n, lunar
from core.db import db
from incidents import naming
from incidents.models import Incident, IncidentCategory, Page
from people import account_queries as accounts
from people.models import DutyKind, Person

LATE = timedelta(seconds=60)
"""From here on a call says that it comes late."""


def mail(
    incident: Incident, page: Page, person: Person, token: str, desk_phone: str, *, now: datetime, late: timedelta
) -> tuple[str, str]:
    """(subject, body) for one call. The subject is one line; the link is for this person and this call alone."""
    account = accounts.user_of_person(person.id)
    language = account.locale if account is not None and account.locale in i18n.LOCALES else "vi"
    day = clock.local_date(incident.detected_at)
    facts = {
        "incident": incident,
        "page": page,
        "person": person,
        "unit": incident.unit,
        "category": _named(db.session.get(IncidentCategory, incident.category), language),
        "duty": _named(db.session.get(DutyKind, page.duty), language) if page.duty else "",
        "lunar": lunar.long_name(lunar.to_lunar(day), lang="en" if language == "en" else "vi"),
        "link": f"{current_app.config['PUBLIC_URL']}/a/{token}",
        "desk_phone": desk_phone,
        "late": late if late >= LATE else None,
        "now": now,
    }
    with force_locale(language):
        facts["title"] = naming.outside(incident)
        subject = _render("incident_page_subject.txt", facts)
        body = _render("incident_page_body.txt", facts)
    return " ".join(subject.split()), body.strip() + "\n"


def _render(name: str, facts: dict[str, object]) -> str:
    # Straight from the environment: a worker has no request whose context processors could run.
    return current_app.jinja_env.get_template(f"messages/{name}").render(facts)


def _named(row: IncidentCategory | DutyKind | None, language: str) -> str:
    if row is None:
        return ""
    return row.name_en if language == "en" else row.name_vi
