"""Trực Tết, put together: settings, extensions, packages."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from core.server import signs_of_life

signs_of_life.attach()  # before all that takes long to read
# What importing makes is there to stay; the collector would walk it again and again: a third of every start.
gc.disable()

from flask import Flask

import cli
import compliance.routes
import config
import desk.routes
import documents.routes
import duty.routes
import incidents.routes
import notify.routes
import people.routes
import roster.routes
from core import i18n, web
from core.api import call as api
from core.fast_path import shared_cache
from core.fast_path.late_addresses import LateRule
from core.observability import logs
from core.program import database
from core.server import compression

gc.freeze()
gc.enable()
# A province's plan is some hundred thousand objects that stay: to walk them at each turn took a sixth of an edit.
if gc.get_threshold()[0]:  # else nothing is to be collected yet
    gc.set_threshold(10_000, 20, 20)

ROOT = Path(__file__).parent


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application; ``settings`` override what the environment says (tests)."""
    app = Flask(__name__, root_path=str(ROOT))
    app.url_rule_class = LateRule
    app.config.update(config.load())
    app.config.update(settings or {})
    for extension in (logs, database, shared_cache, i18n, compression, web):
        extension.init(app)
        signs_of_life.sign()
    for package in (notify, people, documents, roster, duty, incidents, compliance, desk):
        package.routes.register(app)
        signs_of_life.sign()
    api.init_api(app, web.csrf)
    cli.init(app)
    web.trust_proxies(app, app.config["TRUSTED_PROXIES"])  # around everything, so that everybody sees the same address
    return app
