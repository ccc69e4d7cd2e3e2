"""What the desk adds to the application, in the order of registering. Nothing registers itself by being imported."""

from __future__ import annotations

from flask import Flask

from core.program.jobs import Job
from core.program.registration import Room, jobs_of, register as add
from core.server import busy
from desk import messages, outbox, secret_commands, views, views_calls, views_copies, views_sending, views_tonight
from desk.audit import auditor, health, metrics, unreached, views as views_audit
from desk.audit_log import api as api_audit_log, views as views_audit_log
from desk.backups import commands as backup_commands, schedule
from desk.demo import commands as demo_commands
from desk.doctor import commands as doctor_commands
from desk.finding import views as views_finding
from desk.frame import running, views as views_frame
from desk.gateways import views as views_gateways
from desk.readiness import api as api_readiness, morning, views as views_readiness
from desk.shared import views as views_shared
from notify.message_states import still_true
from people import menu

ROOMS = (
    Room("views", (views,)),
    Room("views_tonight", (views_tonight,)),
    Room("views_calls", (views_calls,)),
    Room("views_sending", (views_sending,)),
    Room("outbox", (outbox,)),
    Room("shared", (views_shared,)),
    Room("audit", (health, metrics, views_audit), jobs=(Job("audit", "audit", auditor.inspect),)),
    Room("audit_log", (views_audit_log, api_audit_log)),
    Room("views_copies", (views_copies,)),
    Room("backups", jobs=(Job("backup", "backup", schedule.run),), commands=(backup_commands.backup,)),
    Room("secret_commands", commands=(secret_commands.secrets,)),
    Room("gateways", (views_gateways,)),
    Room("finding", (views_finding,)),
    Room("frame", (views_frame,)),
    Room("readiness", (views_readiness, api_readiness), jobs=(Job("morning", "readiness", morning.tell),)),
    Room("demo", commands=(demo_commands.demo,)),
    Room("doctor", commands=(doctor_commands.doctor,)),
)
JOBS = jobs_of(ROOMS)


def register(app: Flask) -> None:
    add(app, ROOMS, messages.MESSAGES)
    busy.go_first(app, ("/healthz$", "/readyz$", "/metrics$", r"/gateways/\d+/report/"))
    running.watch()
    still_true.speak_for("system", auditor.held)
    menu.add_badge("/calls/", lambda: unreached.current().listed)
