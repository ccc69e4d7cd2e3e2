"""What a campaign may tune about the rules; the defaults are those of the contract."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """Parameters of the rules. Minutes are whole minutes; costs and points are hundredths of a point.

    `standby_rest_minutes` is the rest asked when either of two duties is not on site; it may only relax
    `rest_minutes`, never tighten it. 0 means: no rest, but still no overlap.
    `empty_seat_cost` is far above any other cost, so that filling a seat always comes first.
    """

    rest_minutes: int = 12 * 60
    standby_rest_minutes: int = 12 * 60
    fairness_step: int = 10_00
    second_peak_cost: int = 30_00
    repeat_peak_cost: int = 25_00
    wish_cost: int = 3_00
    empty_seat_cost: int = 100_000_00

    def __post_init__(self) -> None:
        if not 0 <= self.standby_rest_minutes <= self.rest_minutes:
            raise ValueError("standby_rest_minutes must lie between 0 and rest_minutes")
        if self.fairness_step <= 0:
            raise ValueError("fairness_step must be positive")
