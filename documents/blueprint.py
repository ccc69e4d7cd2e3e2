"""The blueprints of documents: pages, and calls of the API."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint

from core.api.call import api_blueprint

bp = Blueprint("documents", __name__, url_prefix="/documents")
api_bp = api_blueprint("documents_api")
bp.add_app_template_filter(datetime.fromisoformat, "moment_of")
