"""On /system/: a passphrase for copies in one step, and a copy to take away."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import IO

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import audit, clock
from core.db import transaction
from core.errors import Conflict, Invalid
from core.security import tokens
from core.web import back
from desk.backups import archive, files, schedule, shelf, taking
from desk.backups.faults import CopyFault
from desk.backups.shelf import StoredCopy
from desk.copy_secrets import kept_passphrase
from people.access import guard
from people.sign_in import proof

bp = Blueprint("copies", __name__, url_prefix="/system/copies")


@bp.post("/passphrase")
@guard.requires("settings.write")
def make_passphrase() -> ResponseReturnValue:
    """A new passphrase, shown this once to be printed; nothing is sealed by it before it was typed back."""
    actor, now = guard.current_actor(), clock.now()
    proof.ensure(actor, now=now)
    try:
        made = kept_passphrase.make(actor=actor, now=now)
    except Conflict as refusal:
        return back(url_for("system.index"), refusal.message(), "warn")
    return _unkept(render_template("desk/copy_secrets/passphrase.html", made=made, now=now))


@bp.post("/passphrase/typed")
@guard.requires("settings.write")
def confirm_passphrase() -> ResponseReturnValue:
    """Asks for the passphrase as the paper has it; the right one seals from now on."""
    actor, now = guard.current_actor(), clock.now()
    proof.ensure(actor, now=now)
    typed = request.form.get("typed")
    error = ""
    if typed is not None:
        try:
            kept_passphrase.confirm(typed, actor=actor, now=now)
        except Conflict as refusal:
            return back(url_for("system.index"), refusal.message(), "warn")
        except Invalid as refusal:
            error = refusal.message()
        else:
            return back(url_for("system.index"), _("Từ bản sao sau, chỉ mật khẩu trên tờ in mở được bản sao."))
    return _unkept(render_template("desk/copy_secrets/typed.html", error=error)), 422 if error else 200


def _unkept(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/download")
@guard.requires("settings.write")
def download() -> ResponseReturnValue:
    """The newest copy of this machine: sealed, or else without the key; who took it is written down."""
    actor, now = guard.current_actor(), clock.now()
    proof.ensure(actor, now=now)
    passphrase = kept_passphrase.current()
    try:
        newest = _newest(passphrase, now)
    except CopyFault as fault:
        return back(url_for("system.index"), str(fault), "warn")
    if newest is None:
        return back(url_for("system.index"), Conflict("backup.none").message(), "warn")
    sealed = newest.sealed or passphrase is not None
    with transaction():
        audit.record(actor, "backup.download", "backup", newest.path.name, now=now, sealed=sealed)
    file = newest.path.open("rb") if newest.sealed else _written(newest.path, passphrase)
    name = f"truc-tet-{clock.local(newest.at):%Y%m%d-%H%M}.tar.gz{'.sealed' if sealed else ''}"
    response: Response = send_file(file, "application/octet-stream", as_attachment=True, download_name=name)
    response.content_length = os.fstat(file.fileno()).st_size
    response.headers["Cache-Control"] = "no-store"
    return response


def _newest(passphrase: str | None, now: datetime) -> StoredCopy | None:
    """The newest copy; taken now where that one opens with a passphrase of before, which nobody may have any more.

    Raises ``CopyFault``.
    """
    newest = next(iter(shelf.copies(taking.home())), None)
    if newest is None or not newest.sealed:
        return newest
    try:
        archive.read_manifest(newest.path, passphrase)
    except (archive.Locked, archive.Sealed):
        schedule.take("scheduled", now=now)
        return next(iter(shelf.copies(taking.home())), None)
    return newest


def _written(copy: Path, passphrase: str | None) -> IO[bytes]:
    """As it may leave the house; the file is gone from the disk when nobody reads it any more."""
    taking.ensure_room(taking.home(), copy.stat().st_size)
    with files.workshop(taking.home(), f"download-{tokens.new_short_token()}") as shop:
        path = shop / "copy"
        path.touch(0o600)
        with path.open("wb") as target:
            archive.write_again(copy, target, opens=None, seals=passphrase)
        archive.read_archive(path, passphrase, archive.nowhere)
        return path.open("rb")
