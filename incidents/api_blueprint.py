"""The blueprint of the calls of incidents, and what several files of the API share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.api.call import api_blueprint
from core.errors import Conflict, NotFound
from incidents.words import LONGEST_LINE
from people import queries as people
from people.models import Person

bp = api_blueprint("incidents_api")
INCIDENTS = ["incidents"]
"""The tag under which the document lists the calls."""
Short = Annotated[str, Field(max_length=LONGEST_LINE, pattern=r"^[^\x00-\x1f\x7f]*$")]


def person_named(code: str, field: str = "person") -> Person:
    """The person whom a body names in ``field``. Raises ``Conflict``."""
    # The address was right and only the name in the body is not: 404 would say that the incident is gone.
    try:
        return people.person_by_code(code)
    except NotFound as unknown:
        raise Conflict(unknown.code, field=field, **unknown.params) from None
