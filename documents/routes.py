"""What documents add to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import register as add
from documents import api, messages
from documents.agencies import views as views_agencies
from documents.batches import making, services as batching, views as views_batches
from documents.drafting import views
from documents.issued import views as views_issued
from documents.rendering import messages as rendering

PAGES = (views, views_issued, views_batches, views_agencies)
"""Modules with a ``bp``, which they share."""
JOBS = (
    Job("papers", "batches", making.run_waiting),
    Job("housekeeping", "batches of documents", batching.forget_old),
)


def register(app: Flask) -> None:
    add(app, views=(*PAGES, api), messages=(messages.MESSAGES, rendering.MESSAGES))
