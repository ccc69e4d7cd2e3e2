"""Parts of answers that several rooms give."""

from __future__ import annotations

from typing import Any

from core.api.call import ApiModel


class ViolationOut(ApiModel):
    rule: str
    hard: bool
    person: str | None
    shifts: list[int]
    params: dict[str, Any]
    text: str


class UncheckedOut(ApiModel):
    """Somebody whose overtime could not be checked: nobody knows what they had worked before."""

    person: str
    rules: list[str]
