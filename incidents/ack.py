"""/a/<token>: the one-tap page. GET shows, POST acts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ack", __name__)
