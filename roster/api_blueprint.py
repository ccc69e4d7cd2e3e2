"""The blueprint of the calls of roster, which several files of the API share."""

from __future__ import annotations

from core.api.call import api_blueprint

bp = api_blueprint("roster_api")
