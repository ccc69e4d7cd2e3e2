"""PURE what the codes of a sheet stand for: "LĐ", "Đ", "24", "x" as a kind of duty, a shift, both, or nothing.

A meaning is a text, so that it can be kept and sent: "kind|shift", where either may be left out, or ``NOTHING``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.text import fold, nfc
from planning.problem import Shift

NOTHING = "-"
"""The meaning of what is no duty: leave, a day off."""
EMPTY = frozenset(("", "-", "–", "—", ".", "·", "0"))
LEAVE = frozenset(("p", "phep", "np", "nghi phep", "o", "om", "ts", "nghi", "nb", "nghi bu", "off"))
TICKS = frozenset(("x", "✓", "✔", "v", "●", "1", "truc", "t"))
BETWEEN = re.compile(r"[,;+\n]")
# Each begins where blanks begin, else a cell of blanks would be looked through from each of them.
_UNIT = re.compile(r"(?<!\s)\s*@\s*(\S+)$")
_START = re.compile(r"(?<!\s)\s+(\d{1,2})[:hg](\d{2})$")

How = Literal["chosen", "kept", "written", "unknown"]


class AlikeShifts(NamedTuple):
    """What shifts have in common that are alike from day to day."""

    duty: str
    template: str


class WrittenKind(NamedTuple):
    """A kind of duty as it may be written."""

    code: str
    letter: str
    names: tuple[str, ...]


class CodePart(NamedTuple):
    """One of the codes in a cell. ``unit``: its code, where it is not the person's own; ``start``: minute of the day,
    where two shifts are alike but for their hours."""

    code: str
    unit: str = ""
    start: int | None = None


@dataclass(frozen=True)
class Meaning:
    """``means``: empty where nobody knows. ``count``: cells that have it; ``at``: (row, column) of the first."""

    code: str
    means: str
    how: How
    count: int
    at: tuple[int, int]


def parts(text: str) -> list[CodePart]:
    """Return what a cell says, code by code."""
    found = list[CodePart]()
    for piece in BETWEEN.split(nfc(text)):
        code, unit, start = " ".join(piece.split()), "", None
        if (at := _UNIT.search(code)) is not None:
            code, unit = code[: at.start()], at[1]
        if (hour := _START.search(code)) is not None:
            code, start = code[: hour.start()], 60 * int(hour[1]) + int(hour[2])
        if code not in EMPTY:
            found.append(CodePart(code, unit, start))
    return found


def key(code: str) -> str:
    """Codes that are kept apart: letters small or large are one, Đ and D are two."""
    return " ".join(nfc(code).lower().split())


def pairs_of(shifts: Iterable[Shift]) -> list[AlikeShifts]:
    return list(dict.fromkeys(AlikeShifts(shift.duty, shift.template) for shift in shifts))


def split(means: str) -> tuple[str, str]:
    """(kind, shift) of a meaning; an empty one stands for any."""
    duty, _bar, template = means.partition("|")
    return duty, template


def fits(means: str, shift: Shift) -> bool:
    duty, template = split(means)
    return duty in ("", shift.duty) and template in ("", shift.template)


def offered(pairs: Sequence[AlikeShifts]) -> list[str]:
    """Every meaning that a code can have: a shift of a kind; a kind, or a shift, where that says less."""
    kinds, names = Counter(pair.duty for pair in pairs), Counter(pair.template for pair in pairs)
    return [
        *(f"{pair.duty}|{pair.template}" for pair in pairs),
        *(f"{duty}|" for duty, n in kinds.items() if n > 1),
        *(f"|{template}" for template, n in names.items() if n > 1),
        NOTHING,
    ]


def written(pairs: Sequence[AlikeShifts], kinds: Mapping[str, WrittenKind]) -> dict[AlikeShifts, str]:
    """The code by which a sheet of ours writes each; no two alike, not even without marks."""
    many = Counter(pair.duty for pair in pairs)
    found, used = dict[AlikeShifts, str](), set[str]()
    for number, pair in enumerate(pairs, start=1):
        letter = kinds[pair.duty].letter if pair.duty in kinds else pair.duty
        ways = [letter] if many[pair.duty] == 1 else []
        ways += [f"{letter} {pair.template}", f"{pair.duty} {pair.template}", f"{letter} #{number}", f"#{number}"]
        code = next(way for way in ways if _is_code(way) and fold(way) not in used)
        found[pair] = code
        used.add(fold(code))
    return found


def _is_code(way: str) -> bool:
    """Whether it is read again as it is written; a sheet must not take it for a formula either."""
    return parts(way) == [CodePart(way)] and way == way.strip() and way[0].isalnum() or way[:1] == "#"


def meanings(
    cells: Iterable[tuple[tuple[int, int], str]],
    pairs: Sequence[AlikeShifts],
    kinds: Mapping[str, WrittenKind],
    chosen: Mapping[str, str],
    *,
    kept: Mapping[str, str],
) -> dict[str, Meaning]:
    """By ``key``, every code of these ((row, column), text): what was chosen for it, what was kept from another time,
    or what it says by itself."""
    first, counts, shown = dict[str, tuple[int, int]](), Counter[str](), dict[str, str]()
    for at, text in cells:
        for part in parts(text):
            code = key(part.code)
            first.setdefault(code, at)
            shown.setdefault(code, part.code)
            counts[code] += 1
    possible = set(offered(pairs))
    found = dict[str, Meaning]()
    for code, at in first.items():
        means, how = _meant(code, pairs, kinds, chosen, kept=kept, possible=possible)
        found[code] = Meaning(shown[code], means, how, counts[code], at)
    return found


def _meant(
    code: str,
    pairs: Sequence[AlikeShifts],
    kinds: Mapping[str, WrittenKind],
    chosen: Mapping[str, str],
    *,
    kept: Mapping[str, str],
    possible: set[str],
) -> tuple[str, How]:
    if chosen.get(code) in possible:
        return chosen[code], "chosen"
    if kept.get(code) in possible:
        return kept[code], "kept"
    means = suggested(code, pairs, kinds)
    return means, "written" if means else "unknown"


def suggested(code: str, pairs: Sequence[AlikeShifts], kinds: Mapping[str, WrittenKind]) -> str:
    """Return what it says by itself; empty where it says nothing, or two things."""
    ours = {key(way): pair for pair, way in written(pairs, kinds).items()}
    if code in ours:
        return "|".join(ours[code])
    for alike in (key, fold):
        found = {means for way, means in _ways(pairs, kinds) if alike(way) == alike(code)}
        if found:
            return _one(found)
    if fold(code) in TICKS and len(pairs) == 1:
        return "|".join(pairs[0])
    return NOTHING if fold(code) in LEAVE else ""


def _one(found: set[str]) -> str:
    """A shift's own name means that shift of whatever kind: "Đêm" is not a guess where two kinds have nights."""
    if len(found) == 1:
        return next(iter(found))
    names = {split(each)[1] for each in found}
    return f"|{next(iter(names))}" if len(names) == 1 and "" not in names else ""


def _ways(pairs: Sequence[AlikeShifts], kinds: Mapping[str, WrittenKind]) -> Iterable[tuple[str, str]]:
    many = Counter(pair.duty for pair in pairs)
    for pair in pairs:
        means = "|".join(pair)
        kind = kinds.get(pair.duty) or WrittenKind(pair.duty, pair.duty, ())
        of_kind = (kind.letter, kind.code, *kind.names)
        of_shift = (short(pair.template), pair.template)
        yield from ((way, means) for way in of_shift)
        yield from ((f"{before} {way}", means) for before in of_kind for way in of_shift)
        yield from ((way, means if many[pair.duty] == 1 else f"{pair.duty}|") for way in of_kind)


def short(template: str) -> str:
    """The letters of a shift's name that fit a grid cell, as the grid shows them: Sáng → S, 24/24 → 24."""
    digits = template[: len(template) - len(template.lstrip("0123456789"))]
    return digits[:2] or template[:1].upper() or "?"
