"""The doctor command: asks every check of the one list, none of which may stop the others."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import click
import segno
from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.db import db
from core.i18n import LOCALES
from core.program.commands import command
from desk.audit.findings import CHECKS
from desk.doctor.notes import DoctorNote, as_json, is_well, notes
from desk.health_checks import lines
from desk.health_checks.check import CheckError, HealthCheck, examine
from desk.health_checks.settings import is_production

log = logging.getLogger(__name__)


@command("doctor")
@click.option("--json", "as_data", is_flag=True, help="For programs.")
@click.option("--send-to", metavar="ADDRESS", default="", help="Also send a letter; else nothing is sent.")
@click.option("--language", type=click.Choice(LOCALES), default="en", show_default=True, help="Of what is said.")
def doctor(as_data: bool, send_to: str, language: str) -> None:
    """Look at everything that calls depend on; each fault with its remedy, exit 1 when there is one."""
    with force_locale(language):
        found = look(send_to)
        if as_data:
            click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        else:
            for note in found:
                click.echo(note.line(), err=note.level == "fault")
            _show_address()
    sys.exit(0 if is_well(found) else 1)


def look(send_to: str = "") -> Sequence[DoctorNote]:
    """Every check. Without a database those that need none still say what they can."""
    answers = list(examine(_questions(send_to), now=_now(), rescue=_rescue))
    db.session.rollback()
    return list(notes(answers, production=is_production()))


def _questions(send_to: str) -> Sequence[HealthCheck]:
    """The list; with an address to send to, mail is asked by sending a letter."""
    mail = partial(lines.mail_refused, send_to=send_to)
    return [replace(each, ask=mail) if each.ask is lines.mail_refused else each for each in CHECKS]


def _rescue(why: Exception) -> CheckError:
    db.session.rollback()
    log.debug("a check could not be looked up", exc_info=why)
    return CheckError(str(getattr(why, "orig", why)))


def _now() -> datetime:
    try:
        return clock.now()
    except SQLAlchemyError:
        db.session.rollback()
        return clock.wall()


def _show_address() -> None:
    """Its QR, so that a phone on mobile data shows whether links in messages will open."""
    drawn = io.StringIO()
    url = f"{current_app.config['PUBLIC_URL']}/healthz"
    segno.make(url).terminal(drawn, compact=True)
    asked = _("Mở địa chỉ này trên điện thoại, tắt Wi-Fi: %(url)s", url=url)
    good = _("Được khi điện thoại hiện chữ “ok”.")
    click.echo(f"\n{asked}\n{drawn.getvalue()}{good}")
