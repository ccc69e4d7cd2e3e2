"""JSON API of incidents (contract: /api/v1)."""

from __future__ import annotations

from core.api import api_blueprint

bp = api_blueprint("incidents_api")
