"""PURE What seals copies: from the environment, a file or a prompt; never an argument, which everybody could read."""

from __future__ import annotations

from pathlib import Path

SHORTEST = 12


class Unfit(ValueError):
    """It cannot be used; the words say why."""


def checked(text: str) -> str:
    """Raises ``Unfit``."""
    if len(text) < SHORTEST:
        raise Unfit(f"a passphrase needs {SHORTEST} characters or more")
    return text


def from_file(path: Path) -> str:
    """Its first line. Raises ``Unfit``."""
    try:
        return checked(path.read_text("utf-8").partition("\n")[0].rstrip("\r"))
    except (OSError, UnicodeError) as fault:
        raise Unfit(f"{path}: {fault}") from fault
