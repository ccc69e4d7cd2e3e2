"""The blueprint of the calls of incidents, and what several files of the API share."""

from __future__ import annotations

from core.api.call import api_blueprint
from core.errors import Conflict, NotFound
from people import queries as people
from people.models import Person

bp = api_blueprint("incidents_api")
INCIDENTS = ["incidents"]
"""The tag under which the document lists the calls."""


def person_named(code: str, field: str = "person") -> Person:
    """The person whom a body names in ``field``. Raises ``Conflict``."""
    # The address was right and only the name in the body is not: 404 would say that the incident is gone.
    try:
        return people.person_by_code(code)
    except NotFound as unknown:
        raise Conflict(unknown.code, field=field, **unknown.params) from None
