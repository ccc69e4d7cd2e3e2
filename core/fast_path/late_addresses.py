"""Addresses that learn to be written when the first link to them is drawn.

Werkzeug compiles two functions for each rule when it is added: nine tenths of what making an application costs, and a
command or a worker writes none or a handful of links.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Write = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """Made twice by two threads at once it is the same function."""

    def _compile_builder(self, append_unknown: bool = True) -> Write:
        make = super()._compile_builder

        # What an address takes may have any name, this one's too.
        def first(rule: LateRule, /, **values: Any) -> tuple[str, str]:
            write: Write = make(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", write)
            return write(**values)

        return first
