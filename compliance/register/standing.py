"""PURE How a unit stands to a requirement, and what moves it: people, and what is computed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from compliance.computed import ComputedFinding

State = Literal["todo", "doing", "done", "not_applicable"]
Move = Literal["done", "reopened"]
MET: tuple[State, ...] = ("done", "not_applicable")


def moved(state: str, reopened_why: str, finding: ComputedFinding) -> Move | None:
    """What a finding does. It finishes what no person sent back, and opens again what it made or was told is
    done; who is said not to be concerned stays so."""
    if finding.holds and state in ("todo", "doing") and reopened_why in ("", "computed", "reworded"):
        return "done"
    if not finding.holds and state == "done":
        return "reopened"
    return None


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    """Whether its deadline has passed: from the day after it on."""
    return due_on is not None and due_on < today and state in ("todo", "doing")


def is_met(state: str) -> bool:
    return state in MET


def share(met: int, concerned: int) -> float:
    """Return the share of those who are asked that has done it; where nobody is asked all is done."""
    return met / concerned if concerned else 1.0
