"""What a roster breaks, as pages list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from planning.outcome import Violation
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, sentences
from roster.words.names import RosterNames


@dataclass(frozen=True)
class DraftFinding:
    """A breach; put into words only where it is listed: a draft may have hundreds, and a page names a dozen."""

    breach: Violation
    names: RosterNames
    excused: bool

    @property
    def rule(self) -> str:
        return self.breach.rule

    @property
    def hard(self) -> bool:
        return self.breach.hard

    @property
    def law(self) -> bool:
        return self.rule in labels.LAW

    @property
    def shift_id(self) -> int | None:
        """Return where to mend it."""
        return next(iter(self.breach.shift_ids), None)

    @property
    def title(self) -> str:
        return labels.rule(self.rule)

    @cached_property
    def text(self) -> str:
        return sentences.sentence(self.breach, self.names)


def findings(found: Iterable[Violation], names: RosterNames, taken: Snapshot) -> list[DraftFinding]:
    """Hard breaches first, in order of rule."""
    order = {code: n for n, code in enumerate(labels.RULES)}
    listed = [
        DraftFinding(each, names, any((shift, each.staff_id) in taken.excused for shift in each.shift_ids))
        for each in found
    ]
    return sorted(listed, key=lambda one: (not one.hard, one.excused, order.get(one.rule, 99)))
