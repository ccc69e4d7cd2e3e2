"""Parts of answers that several rooms give."""

from __future__ import annotations

from typing import Any

from core.api.call import ApiModel


class ViolationOut(ApiModel, title="ViolationOut"):
    rule: str
    hard: bool
    person: str | None
    shifts: list[int]
    params: dict[str, Any]
    text: str


class UncheckedOut(ApiModel, title="UncheckedOut"):
    """Somebody whose overtime could not be checked: nobody knows what they had worked before."""

    person: str
    rules: list[str]
