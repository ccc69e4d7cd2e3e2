"""The blueprints of compliance: pages, and calls of the API."""

from __future__ import annotations

from flask import Blueprint

from core.api.call import api_blueprint

bp = Blueprint("compliance", __name__, url_prefix="/letter")
api_bp = api_blueprint("compliance_api")
