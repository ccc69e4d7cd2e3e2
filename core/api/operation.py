"""What one call of the API is: made by :mod:`core.api.call`, shown by :mod:`core.api.openapi`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter


@dataclass(frozen=True)
class Operation:
    """One call of the API, as the document shows it."""

    method: str
    path: str
    operation_id: str
    summary: str
    returns: Mapping[int, Any]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    action: str | None = None
    uploads: Sequence[str] = ()
    tags: Sequence[str] = ()
    description: str = ""
    idempotent: bool = False
    refused: int = 422
    scopes: Sequence[str] = ()
    """What a key must be for, where the action does not say it."""
    adapters: dict[int, TypeAdapter[Any]] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether it only asks."""
        return self.method == "GET"

    @property
    def body_required(self) -> bool:
        """Whether the call needs a body: not when every field of the model has a default."""
        return self.body is not None and any(each.is_required() for each in self.body.model_fields.values())
