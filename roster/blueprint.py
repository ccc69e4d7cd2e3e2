"""The blueprint of the pages of roster, with the words that their templates use, and what several of them list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from core.calendar import lunar
from people import queries as people
from people.models import DutyKind
from roster.words import labels, worth

bp = Blueprint("roster", __name__, url_prefix="/roster")
bp.add_app_template_filter(worth.told, "worth")


@bp.context_processor
def _names_for_templates() -> dict[str, Any]:
    return {"labels": labels, "worth": worth, "short": labels.short, "can_chi": lunar.can_chi}


def kinds() -> dict[str, DutyKind]:
    """Duty kinds by code, in their order."""
    return {kind.code: kind for kind in people.duty_kinds()}
