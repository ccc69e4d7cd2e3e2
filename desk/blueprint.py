"""The blueprint of the pages of the desk itself, which several files of views share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__)
