"""What a roster breaks, as pages list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roster.planning.outcome import Violation
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, sentences
from roster.words.names import Names


@dataclass(frozen=True)
class Finding:
    """A breach in words; ``shift_id`` is where to mend it."""

    rule: str
    title: str
    text: str
    hard: bool
    law: bool
    excused: bool
    shift_id: int | None


def findings(found: Iterable[Violation], names: Names, taken: Snapshot) -> list[Finding]:
    """Breaches in words, hard ones first, in order of rule."""
    order = {code: n for n, code in enumerate(labels.RULES)}
    listed = [
        Finding(
            rule=each.rule,
            title=labels.rule(each.rule),
            text=sentences.sentence(each, names),
            hard=each.hard,
            law=each.rule in labels.LAW,
            excused=any((shift, each.staff_id) in taken.excused for shift in each.shift_ids),
            shift_id=next(iter(each.shift_ids), None),
        )
        for each in found
    ]
    return sorted(listed, key=lambda one: (not one.hard, one.excused, order.get(one.rule, 99)))
