"""Trực Tết, put together: settings, extensions, blueprints, errors, commands."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What importing makes is there to stay; the collector would walk it again and again: a third of every start.
gc.disable()

from flask import Flask
from flask_migrate import Migrate

import cli
import config
import desk.gateways.views
import desk.messages
import desk.routes
import incidents.messages
import incidents.paging.bundle
import incidents.panels
import incidents.policies.selection
import incidents.record.access
import incidents.record.holders
import incidents.routes
import notify.composing
import notify.messages
import people.absences.effects
import people.access.guard
import people.access.places
import people.imports.messages
import people.messages
import people.routes
import people.sign_in.sessions
import people.sign_in.views
import roster.campaigns.ground
import roster.consents.views
import roster.covers.affected
import roster.days.projected
import roster.messages
import roster.onduty.call_outs
import roster.onduty.messages
import roster.places
import roster.resolver.resolver
import roster.resolver.rights
import roster.resolver.serving
import roster.routes
from core import errors, i18n, shared_cache, web
from core.api import call as api, places
from core.db import db, install_postgresql_rules, install_sqlite_rules
from core.observability import logs
from core.security import private_files
from core.server import compression, doorstep
from core.storage import sqlite

gc.freeze()
gc.enable()

ROOT = Path(__file__).parent
PAGES = (*desk.routes.PAGES, *people.routes.PAGES, *roster.routes.PAGES, *incidents.routes.PAGES)
APIS = (*people.routes.APIS, *roster.routes.APIS, *incidents.routes.APIS)

PLACES = {
    "units": people.access.places.ensure_unit,
    "people": people.access.places.ensure_person,
    "campaigns": roster.places.ensure_campaign,
    "shifts": roster.places.ensure_shift,
    "solve-runs": roster.places.ensure_run,
    "incidents": incidents.record.access.ensure_place,
    "escalation-policies": incidents.record.access.ensure_policy_place,
}


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The application; ``settings`` override what the environment says (tests)."""
    app = Flask(__name__, root_path=str(ROOT))
    app.config.update(config.load())
    app.config.update(settings or {})
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app.config))
    logs.init(app)
    # Inside what believes proxies: a question is known by the scheme and host that pages see.
    app.wsgi_app = doorstep.Doorstep(app, roster.routes.AT_THE_DOOR)  # type: ignore[method-assign, assignment]
    web.trust_proxies(app, app.config["TRUSTED_PROXIES"])
    _open_database(app)
    i18n.init(app)
    compression.init(app)
    web.init(app)
    people.sign_in.views.init(app)
    people.access.guard.add_grant_source(roster.resolver.rights.grants, roster.resolver.rights.lapsed)
    people.sign_in.sessions.add_service(roster.resolver.serving.until)
    people.absences.effects.set_source(roster.covers.affected)
    roster.resolver.resolver.set_catch_all_source(incidents.policies.selection.catch_all)
    roster.onduty.call_outs.set_source(incidents.record.holders.of_people)
    incidents.panels.show(incidents.routes.PANELS)
    notify.composing.set_composer(incidents.paging.bundle.compose)
    app.jinja_env.globals.update(
        break_is_projected=roster.days.projected.break_is_projected,
        phase_is_projected=roster.days.projected.phase_is_projected,
    )
    for package in (notify, people, roster, incidents, desk):
        errors.register_messages(package.messages.MESSAGES)
    errors.register_messages(people.imports.messages.MESSAGES)
    errors.register_messages(roster.onduty.messages.MESSAGES)
    _register(app)
    api.init_api(app, web.csrf)
    cli.init(app)
    return app


def _open_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    with app.app_context():
        if not app.testing:  # a test's files and umask are its own
            private_files.start(app.config["DATA_DIR"], sqlite.file_of(db.engine))
        if db.engine.dialect.name == "sqlite":
            install_sqlite_rules(db.engine)
            sqlite.prepare(db.engine, strict=app.config["APP_ENV"] == "production")
        else:
            install_postgresql_rules(db.engine)
        shared_cache.install(db.engine)
    roster.campaigns.ground.watch()


def _register(app: Flask) -> None:
    for bp in dict.fromkeys(page.bp for page in PAGES):  # several modules share one
        app.register_blueprint(bp)
    app.register_blueprint(desk.gateways.views.reports_bp)
    app.register_blueprint(roster.consents.views.links_bp)
    for bp in dict.fromkeys(module.bp for module in APIS):
        app.register_blueprint(bp)
    places.set_checks(PLACES)


def _engine_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    # The default pool of 5 + 10 starves 32 threads. Parameters are people's names and numbers: not for the log.
    pool = {"pool_size": 20, "max_overflow": 40, "hide_parameters": True}
    if settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return {**pool, "module": sqlite.module(settings["SQLITE_DRIVER"])}
    # A server that vanished without a word is given up within seconds: whoever waits for it cannot call anybody.
    patience = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    return {**pool, "connect_args": {**patience, "tcp_user_timeout": 20_000}}
