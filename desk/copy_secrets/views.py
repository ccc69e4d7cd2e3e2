"""On /system/: a passphrase for copies in one step, and a copy to take away."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from flask import Blueprint, Response, make_response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from core import audit, clock
from core.db import transaction
from core.errors import Conflict
from core.security import tokens
from core.web import back
from desk.backups import archive, files, shelf, taking
from desk.copy_secrets import kept_passphrase
from people.access import guard
from people.sign_in import proof

bp = Blueprint("copies", __name__, url_prefix="/system/copies")


@bp.post("/passphrase")
@guard.requires("settings.write")
def make_passphrase() -> ResponseReturnValue:
    """A new passphrase, shown this once to be printed; copies taken before open as they did."""
    actor, now = guard.current_actor(), clock.now()
    proof.ensure(actor, now=now)
    try:
        made = kept_passphrase.make(actor=actor, now=now)
    except Conflict as refusal:
        return back(url_for("system.index"), refusal.message(), "warn")
    response = make_response(render_template("desk/copy_secrets/passphrase.html", made=made, now=now))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/download")
@guard.requires("settings.write")
def download() -> ResponseReturnValue:
    """The newest copy of this machine: sealed, or else without the key; who took it is written down."""
    actor, now = guard.current_actor(), clock.now()
    proof.ensure(actor, now=now)
    newest = next(iter(shelf.copies(taking.home())), None)
    if newest is None:
        return back(url_for("system.index"), Conflict("backup.none").message(), "warn")
    passphrase = kept_passphrase.current()
    sealed = newest.sealed or passphrase is not None
    with transaction():
        audit.record(actor, "backup.download", "backup", newest.path.name, now=now, sealed=sealed)
    file = newest.path.open("rb") if newest.sealed else _written(newest.path, passphrase)
    name = f"truc-tet-{clock.local(newest.at):%Y%m%d-%H%M}.tar.gz{'.sealed' if sealed else ''}"
    response: Response = send_file(file, "application/octet-stream", as_attachment=True, download_name=name)
    response.content_length = os.fstat(file.fileno()).st_size
    response.headers["Cache-Control"] = "no-store"
    return response


def _written(copy: Path, passphrase: str | None) -> IO[bytes]:
    """As it may leave the house; the file is gone from the disk when nobody reads it any more."""
    taking.ensure_room(taking.home(), copy.stat().st_size)
    with files.workshop(taking.home(), f"download-{tokens.new_short_token()}") as shop:
        path = shop / "copy"
        path.touch(0o600)
        with path.open("wb") as target:
            archive.write_again(copy, target, opens=None, seals=passphrase)
        archive.read(path, passphrase, archive.nowhere)
        return path.open("rb")
