"""JSON API of the points table: what an hour of duty is worth."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, create_model

from core.actor import Actor
from core.api.call import ApiModel, When, api_call
from roster.api_blueprint import bp
from roster.days import points_table

FactorValue = Annotated[float, Field(ge=0, le=points_table.MOST // 100)]
_FACTORS: dict[str, Any] = dict.fromkeys(points_table.FACTORS, (FactorValue | None, None))
PointsIn = create_model("PointsIn", __base__=ApiModel, __cls_kwargs__={"title": "PointsIn"}, **_FACTORS)


class FactorOut(ApiModel, title="FactorOut"):
    factor: str
    value: float
    default: float
    changed_at: When | None
    changed_by: str | None


class PointsOut(ApiModel, title="PointsOut"):
    points: list[FactorOut]
    revalued: int = 0


@api_call(
    bp,
    "GET",
    "/points",
    operation_id="list_points",
    returns={200: PointsOut},
    action="campaign.read",
    tags=["rules"],
    summary="The points table",
)
def list_points() -> dict[str, Any]:
    """Points per hour by class of day, and the factors on top. Only a change says how many shifts were revalued."""
    return _points(0)


@api_call(
    bp,
    "PUT",
    "/points",
    operation_id="put_points",
    body=PointsIn,
    returns={200: PointsOut},
    action="points.write",
    tags=["rules"],
    summary="Change factors of the points table",
)
def put_points(*, body: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is not sent stays; null brings the default back. Shifts of never published campaigns are valued anew;
    published duties and the ledger keep what they were worth."""
    given = body.model_dump(exclude_unset=True)
    default = {row.name: row.default for row in points_table.rows()}
    values = {name: default[name] if value is None else round(value * 100) for name, value in given.items()}
    return _points(points_table.save(values, actor=actor, now=now))


def _points(revalued: int) -> dict[str, Any]:
    listed = [
        {
            "factor": row.name,
            "value": row.value / 100,
            "default": row.default / 100,
            "changed_at": row.changed_at,
            "changed_by": row.changed_by,
        }
        for row in points_table.rows()
    ]
    return {"points": listed, "revalued": revalued}
