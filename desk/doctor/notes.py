"""What ``doctor`` says of each area: all is well, something to know, something that is wrong, or not looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from flask_babel import gettext as _

from core import clock
from desk.audit import words
from desk.health_checks.check import CheckError, CheckFinding, CheckPassed, CheckResult, CheckSkipped, Severity

Level = Literal["ok", "warning", "fault", "unseen"]


@dataclass(frozen=True)
class DoctorNote:
    """``area``: what was looked at; ``name``: the check, empty where all of an area is well; ``remedy``: what to do,
    of warnings and faults."""

    area: str
    level: Level
    text: str
    remedy: str = ""
    name: str = ""

    def line(self) -> str:
        mark = {"ok": "ok", "warning": "!", "fault": "FAULT", "unseen": "?"}[self.level]
        return f"{mark:<6}{self.area}: {self.text}{f' → {self.remedy}' if self.remedy else ''}"


def notes(answers: Sequence[CheckResult], *, production: bool) -> Iterator[DoctorNote]:
    """Yield by area what is wrong there and what was not looked at; one line of what is well where nothing else is
    said."""
    meant = {
        each.check.name for each in answers if isinstance(each.outcome, CheckFinding) and each.check.severity == "note"
    }
    for area in dict.fromkeys(each.check.area for each in answers):
        here = [each for each in answers if each.check.area == area]
        said = [*_wrong(here, production), *_unseen(here, meant)]
        yield from said or [DoctorNote(area, "ok", _well(here))]


def _wrong(answers: Sequence[CheckResult], production: bool) -> Iterator[DoctorNote]:
    for each in answers:
        area, name = each.check.area, each.check.name
        if isinstance(each.outcome, CheckFinding):
            text, remedy = _text(each.outcome), words.remedy(each.outcome)
            yield DoctorNote(area, level_of(each.check.severity, production=production), text, remedy, name)
        elif isinstance(each.outcome, CheckError):
            text = _("điều này không xem được: %(why)s", why=each.outcome.why)
            yield DoctorNote(area, "fault", text, _("xem lời trước mũi tên"), name)


def level_of(severity: Severity, *, production: bool) -> Level:
    if severity == "note" or (severity == "unsafe" and not production):
        return "warning"
    return "fault"


def _text(found: CheckFinding) -> str:
    said = words.sentence(found).rstrip(".")
    if found.since is None:
        return said
    return _("%(what)s, từ %(time)s", what=said, time=f"{clock.local(found.since):%Y-%m-%d %H:%M:%S}")


def _unseen(answers: Sequence[CheckResult], meant: Collection[str]) -> Iterator[DoctorNote]:
    """One line for all that waits for the same thing; nothing of what has no second folder, no gateway … on purpose
    (``meant``)."""
    waiting: dict[str, list[str]] = {}
    for each in answers:
        seen = each.outcome
        if isinstance(seen, CheckSkipped) and seen.after not in meant:
            why = _("chờ hết lỗi %(name)s", name=seen.after) if seen.after else seen.why
            waiting.setdefault(why, []).append(each.check.name)
    for why, names in waiting.items():
        text = _("chưa xem (%(why)s): %(names)s", why=why, names=", ".join(names))
        yield DoctorNote(answers[0].check.area, "unseen", text)


def _well(answers: Sequence[CheckResult]) -> str:
    details = [each.outcome.detail for each in answers if isinstance(each.outcome, CheckPassed) and each.outcome.detail]
    return "; ".join(details) or _("không thấy lỗi")


def as_json(found: Sequence[DoctorNote]) -> dict[str, Any]:
    return {"ok": is_well(found), "checks": [asdict(note) for note in found]}


def is_well(found: Sequence[DoctorNote]) -> bool:
    return all(note.level != "fault" for note in found)
