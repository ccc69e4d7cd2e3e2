"""What can go wrong with a copy, in words for the people who look after the machine."""

from __future__ import annotations


class CopyFault(Exception):
    """It cannot be done; the message says why and what to do."""


class ToolMissing(CopyFault):
    """A program of PostgreSQL is not on this machine, or is too old for the server."""
