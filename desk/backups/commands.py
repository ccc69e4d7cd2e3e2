"""``backup``: copies of everything by command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app

from core import clock
from core.db import db
from core.program.commands import ACTOR, Group
from desk.backups import archive, files, passphrase as passphrases, restoring, schedule, shelf, taking
from desk.backups.faults import CopyFault
from desk.backups.manifest import Manifest
from desk.backups.restoring import Orders
from desk.copy_secrets import kept_passphrase
from incidents.escalation import resuming
from notify import pause

backup = Group("backup", help="Copies of everything: take, check, list, bring back.")
file_argument = click.argument("path", metavar="F", type=click.Path(dir_okay=False, path_type=Path))
there = click.argument("path", metavar="F", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def _sealed(function: Callable[..., None]) -> Callable[..., None]:
    function = click.option("--passphrase-prompt", is_flag=True, help="Ask for the passphrase.")(function)
    return click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Its first line seals or opens the copy (default: BACKUP_PASSPHRASE).",
    )(function)


@backup.command("create")
@file_argument
@_sealed
@click.option("--without-key", is_flag=True, help="Leave the secret key out, as of copies that leave this machine.")
def create(path: Path, passphrase_file: Path | None, passphrase_prompt: bool, without_key: bool) -> None:
    """Write a copy of everything to F, also while the product runs.

    Into BACKUP_DIR it goes sealed or else without the key, as every copy there.
    """
    with _plain_faults():
        passphrase = _passphrase(passphrase_file, passphrase_prompt, confirm=True) or kept_passphrase.before_tables()
        keeps = not without_key and (bool(passphrase) or not schedule.leaves(path))
        manifest = taking.create(
            path.resolve(), reason="command", passphrase=passphrase, now=clock.now(), with_key=keeps
        )
    click.echo(f"{path}: {_line(manifest)}{', sealed' if passphrase else ''}")
    click.echo(_opens(manifest, sealed=bool(passphrase)), err=True)


@backup.command("verify")
@there
@_sealed
def verify(path: Path, passphrase_file: Path | None, passphrase_prompt: bool) -> None:
    """Read F to its last byte and ask the database's own check about what is inside; changes nothing."""
    with _plain_faults():
        passphrase = _passphrase(passphrase_file, passphrase_prompt) or kept_passphrase.before_tables()
        with files.workshop(files.private_folder(taking.home()), "verify") as shop:
            manifest = restoring.unpack(path, passphrase, shop)
    for part in manifest.parts:
        click.echo(f"{part.name}: {part.size} bytes, sha256 {part.sha256}")
    click.echo(f"sound: {_line(manifest)}")


@backup.command("list")
def list_copies() -> None:
    """The copies that the schedule keeps, the newest first."""
    for folder in (taking.home(), schedule.second_folder()):
        if folder is None:
            continue
        click.echo(f"{folder}:{'' if folder.is_dir() else ' is not there'}")
        for copy in shelf.copies(folder):
            at = f"{clock.local(copy.at):%Y-%m-%d %H:%M}"
            click.echo(f"  {at}  {copy.reason:<16} {copy.size:>12} bytes  {copy.path.name}{_about(copy)}")


@backup.command("restore")
@there
@_sealed
@click.option("--replace", is_flag=True, help="Move the data that are there aside; they are kept.")
@click.option("--other-key", is_flag=True, help="Go on although SECRET_KEY is another one than in the copy.")
@click.option(
    "--overdue",
    type=click.Choice(["ask", *resuming.WAYS]),
    default="ask",
    show_default=True,
    help="What becomes of steps and messages that are due by now.",
)
def restore(
    path: Path, passphrase_file: Path | None, passphrase_prompt: bool, replace: bool, *, other_key: bool, overdue: str
) -> None:
    """Put the copy F in place of the data. The product must be stopped; it starts with sending paused."""
    with _plain_faults():
        passphrase = _passphrase(passphrase_file, passphrase_prompt)
        orders = Orders(replace=replace, other_key=other_key)
        say: Callable[[str], None] = lambda words: click.echo(f"{words} …", err=True)  # noqa: E731
        restored = restoring.restore(path, passphrase=passphrase, orders=orders, now=clock.now(), say=say)
    click.echo(f"restored: {_line(restored.manifest)}")
    _say_lost(restored)
    if restored.aside:
        click.echo(f"what was there before is kept in {restored.aside}")
    if overdue == "ask":
        click.echo(
            "Sending is paused: nobody is called and no message leaves. Start the product and choose at "
            "/system/sending/, or say `backup resume --overdue call-now` or `--overdue skip`."
        )
    else:
        _resume(overdue)


def _say_lost(restored: restoring.Restored) -> None:
    if not restored.other_key:
        return
    click.echo("The key of the copy is not here. Everybody signs in again; accounts, passwords, API keys, feeds and")
    click.echo("personal links work as before. QR sheets, report addresses of gateways and links in messages that have")
    click.echo("left were signed by the old key: print and tell them anew. Sealed by the old key, to be entered anew:")
    for each in restored.unopened:
        click.echo(f"  {each.line()}")
    if not restored.unopened:
        click.echo("  nothing")


@backup.command("resume")
@click.option("--overdue", type=click.Choice(resuming.WAYS), help="Without it: only say what is waiting.")
def resume(overdue: str | None) -> None:
    """Let calls and messages leave again after a restore."""
    stopped = pause.current()
    if stopped is None:
        click.echo("sending is not paused")
    elif overdue is None:
        waits = resuming.waiting(stopped, now=clock.now())
        click.echo(
            f"paused since {clock.local(stopped.since):%Y-%m-%d %H:%M}: {waits.steps} steps are due, "
            f"{waits.messages} messages wait, {waits.incidents} incidents are open. "
            "Say --overdue call-now or --overdue skip."
        )
    else:
        _resume(overdue)


def _resume(overdue: Any) -> None:
    done = resuming.resume(overdue, actor=ACTOR, now=clock.now())
    if done is not None:
        click.echo(f"sending goes on: {done.cancelled} messages taken back, {done.put_off} steps put off")


def _passphrase(path: Path | None, prompt: bool, *, confirm: bool = False) -> str | None:
    if prompt:
        return passphrases.checked(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))
    given: str | None = current_app.config["BACKUP_PASSPHRASE"]
    return passphrases.from_file(path) if path else given


@contextmanager
def _plain_faults() -> Iterator[None]:
    try:
        yield
    except archive.Sealed as fault:
        raise click.ClickException(
            f"{fault}: is sealed: set BACKUP_PASSPHRASE, or say --passphrase-file or --passphrase-prompt"
        ) from fault
    except (CopyFault, archive.Damaged, passphrases.Unfit) as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        db.session.remove()


def _opens(manifest: Manifest, *, sealed: bool) -> str:
    """Return what somebody has who has the file, in one line."""
    elsewhere = (
        ""
        if current_app.config["SECRET_KEY_KEPT"]
        else (" SECRET_KEY comes from the environment and is in no copy: keep it on paper, apart.")
    )
    if sealed:
        return f"It opens with its passphrase alone: keep that on paper, apart from the copy.{elsewhere}"
    if manifest.key_kept:
        return (
            "NOT SEALED: whoever has this file has every name, number and incident, and the secret key with which "
            "passwords of gateways, devices and links are opened and sessions signed. Keep it like a key, or set "
            "BACKUP_PASSPHRASE, or say --without-key."
        )
    return (
        "NOT SEALED: whoever has this file has every name, number and incident, and messages that wait; the secret key "
        f"is not in it.{elsewhere or ' Keep the key apart.'} Without it gateways' passwords are entered anew."
    )


def _line(manifest: Manifest) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in manifest.counts.items())
    at = f"{clock.local(manifest.created_at):%Y-%m-%d %H:%M:%S}"
    return f"{at}, {manifest.kind} {manifest.database_version}, tables {manifest.schema}, {counts}"


def _about(copy: shelf.StoredCopy) -> str:
    """Return what it says of itself, as far as it can be opened."""
    try:
        manifest = archive.read_manifest(copy.path, kept_passphrase.before_tables())
    except archive.Sealed:
        return "  (sealed)"
    except archive.Locked:
        return "  (sealed by another passphrase)"
    except archive.Damaged as fault:
        return f"  DAMAGED: {fault}"
    return f"  {manifest.counts.get('incidents', 0)} incidents"
