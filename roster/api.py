"""JSON API of roster (contract: /api/v1)."""

from __future__ import annotations

from core.api import api_blueprint

bp = api_blueprint("roster_api")
