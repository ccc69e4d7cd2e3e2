"""The blueprint of the pages of people, which several files of views share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("people", __name__)
