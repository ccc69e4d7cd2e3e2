"""JSON API of people (contract: /api/v1)."""

from __future__ import annotations

from core.api import api_blueprint

bp = api_blueprint("people_api")
