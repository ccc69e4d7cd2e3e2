"""The blueprints of compliance: pages, and calls of the API."""

from __future__ import annotations

from flask import Blueprint
from markupsafe import Markup

from core.api.call import api_blueprint

bp = Blueprint("compliance", __name__, url_prefix="/letter")
api_bp = api_blueprint("compliance_api")


def in_vietnamese(text: str) -> Markup:
    """Return what is Vietnamese in every language, as laws are cited: for those who have pages read out."""
    return Markup('<span lang="vi">{}</span>').format(text)


bp.add_app_template_filter(in_vietnamese, "vietnamese")
