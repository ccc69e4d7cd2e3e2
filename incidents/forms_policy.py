"""The form of an escalation policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from incidents.policies import StepSpec


@dataclass
class PolicyForm:
    """The policy page's form: rows of (target, seconds); an empty row is left out."""

    rows: list[tuple[str, str]]
    repeat_after: str
    ack_timeout: str
    catch_all: str
    errors: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, sent: Mapping[str, Any], targets: list[str], waits: list[str]) -> PolicyForm:
        rows = [(target.strip(), wait.strip()) for target, wait in zip(targets, waits, strict=False)]
        return cls(
            rows, str(sent.get("repeat_after", "")), str(sent.get("ack_timeout", "")), str(sent.get("catch_all", ""))
        )

    def steps(self) -> list[StepSpec]:
        """The steps; ``duty:<code>`` or ``person:<code>`` says whom. Numbers that are none become faults."""
        found = []
        for number, (target, wait) in enumerate(self.rows, start=1):
            if not target:
                if wait:
                    self.errors.append(_("Bước %(n)s có thời gian chờ nhưng chưa chọn gọi ai.", n=number))
                continue
            kind, _sep, code = target.partition(":")
            found.append(StepSpec(self.number(wait or "0"), **{"duty" if kind == "duty" else "person": code}))
        return found

    def number(self, typed: str) -> int:
        if typed.isascii() and typed.isdigit() and len(typed) < 8:
            return int(typed)
        self.errors.append(_("“%(typed)s” không phải là số giây.", typed=typed))
        return 0

    def last_resort(self) -> list[str]:
        """Person codes, split at commas and spaces."""
        return self.catch_all.replace(",", " ").replace(";", " ").split()
