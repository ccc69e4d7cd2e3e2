"""The doctor command: runs every check, none of which may stop the others."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

import click
import segno
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.db import db
from core.program.commands import command
from desk.doctor import inside, outside
from desk.doctor.notes import Note, as_json, fault, is_well

Check = Callable[[datetime], Iterator[Note]]
INSIDE: tuple[tuple[str, Check], ...] = (
    ("database", inside.database),
    ("tables", inside.tables),
    ("disk", inside.disk),
    ("permissions", inside.permissions),
    ("clock", inside.clocks),
    ("worker", inside.worker),
    ("copies", inside.copies),
    ("demo", inside.demo_data),
)
OUTSIDE: tuple[tuple[str, Check], ...] = (
    ("settings", outside.settings),
    ("address", outside.public_url),
    ("channels", outside.channels),
    ("gateways", outside.carriers),
    ("push", outside.push),
    ("mailboxes", outside.letter_boxes),
)
log = logging.getLogger(__name__)


@command("doctor")
@click.option("--json", "as_data", is_flag=True, help="For programs.")
@click.option("--send-to", metavar="ADDRESS", default="", help="Also send a letter; else nothing is sent.")
def doctor(as_data: bool, send_to: str) -> None:
    """Look at everything that calls depend on; each fault with its remedy, exit 1 when there is one."""
    notes = list(examine(send_to))
    if as_data:
        click.echo(json.dumps(as_json(notes), ensure_ascii=False, indent=2))
    else:
        for note in notes:
            click.echo(note.line(), err=note.level == "fault")
        _show_address()
    sys.exit(0 if is_well(notes) else 1)


def examine(send_to: str = "") -> Iterator[Note]:
    """Every check. Without a database those that need none still say what they can."""
    now = _now()
    for area, check in (*INSIDE, *OUTSIDE, ("mail", lambda at: outside.mail(at, send_to))):
        try:
            yield from list(check(now))
        except SQLAlchemyError as why:
            yield fault(
                area, f"the database does not answer: {getattr(why, 'orig', why)}", "start it, compare DATABASE_URL"
            )
        except Exception as why:
            log.debug("the check of %s failed", area, exc_info=True)
            yield fault(area, f"this could not be looked at: {why}", "look at the words before the arrow")
        finally:
            db.session.rollback()


def _now() -> datetime:
    try:
        return clock.now()
    except SQLAlchemyError:
        return clock.wall()


def _show_address() -> None:
    """Its QR, so that a phone on mobile data shows whether links in messages will open."""
    drawn = io.StringIO()
    url = f"{current_app.config['PUBLIC_URL']}/healthz"
    segno.make(url).terminal(drawn, compact=True)
    click.echo(f'\nOpen this on a phone, Wi-Fi off: {url}\n{drawn.getvalue()}It works when the phone shows "ok".')
