"""What becomes of crews' turns, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from flask_babel import gettext as _

from core.i18n import dm
from roster.crews.filling import FilledTurn
from roster.crews.proposing import CrewProposal
from roster.draft import edit_log
from roster.draft.proposed import KeptSeats
from roster.patterns import words as of_patterns
from roster.patterns.dealing import Why
from roster.words import labels
from roster.words.names import RosterNames

AWAY = "absence.away"


def name(found: CrewProposal) -> str:
    """Return it as undo will name it."""
    crews = ", ".join(each.name for each in found.teams)
    return edit_log.at_once({"crews": crews, "unit": found.unit.code}, len(found.edits))


def kept(found: KeptSeats) -> list[str]:
    """Return what is left as it is."""
    return of_patterns.kept(found)


def passed(each: FilledTurn, names: RosterNames) -> list[str]:
    """Who cannot take a seat of the shift, and why."""
    return [f"{names.person(who)}: {of_patterns.why(codes)}" for who, codes in each.passed]


def told(found: Iterable[FilledTurn], names: RosterNames) -> list[str]:
    """Say of several shifts whatever is not as one would expect: who cannot, who is to spare, what stays empty."""
    said = []
    for each in found:
        shift = _("ca %(name)s %(day)s", name=each.turn.template, day=dm(each.turn.on))
        if each.passed:
            said.append(_("%(shift)s: không trực được: %(who)s.", shift=shift, who="; ".join(passed(each, names))))
        if each.spare:
            who = ", ".join(names.person(one) for one in each.spare)
            said.append(_("%(shift)s: đủ chỗ rồi, dự bị: %(who)s.", shift=shift, who=who))
        if each.empty:
            said.append(_("%(shift)s: còn %(n)s chỗ trống.", shift=shift, n=len(each.empty)))
    return said


def in_short(each: FilledTurn, names: RosterNames) -> str:
    """Say of one shift, on one line, how many serve, and what is not as one would expect."""
    if each.spare and not each.serving and not each.passed:
        return _("ca đã đủ người")
    parts = [_("%(n)s người vào ca", n=len(each.serving))]
    if each.passed:
        parts.append(", ".join(passed(each, names)[:2]) + ("…" if len(each.passed) > 2 else ""))
    if each.spare:
        parts.append(_("%(n)s dự bị", n=len(each.spare)))
    if each.empty:
        parts.append(_("còn %(n)s chỗ trống", n=len(each.empty)))
    return " · ".join(parts)


def excusable(found: Iterable[FilledTurn]) -> bool:
    """Whether a reason would let somebody serve who was passed over: nothing that no reason answers for is broken."""
    return any(_may_be_excused(codes) for each in found for _who, codes in each.passed)


def _may_be_excused(codes: Why) -> bool:
    from_rules: Collection[str] = set(codes) - set(labels.LAW) - {AWAY}
    return len(from_rules) == len(codes) and not any(code.startswith(("eligibility.", "there")) for code in codes)


def absent(found: CrewProposal) -> list[tuple[str, list[str]]]:
    """(name, days on which their crew has a shift and they are away), by name."""
    days = dict[int, list[str]]()
    for each in found.filled:
        for who, codes in each.passed:
            if AWAY in codes:
                days.setdefault(who, []).append(dm(each.turn.on))
    return sorted((found.names.person(who), list(dict.fromkeys(on))) for who, on in days.items())


def spare(found: CrewProposal) -> list[tuple[str, list[str]]]:
    """(name, days) of who could serve with their crew while every seat is taken."""
    days = dict[int, list[str]]()
    for each in found.filled:
        for who in each.spare:
            days.setdefault(who, []).append(dm(each.turn.on))
    return sorted((found.names.person(who), on) for who, on in days.items())


def hindered(found: CrewProposal) -> Sequence[tuple[str, str, str]]:
    """(person, when, why) of whoever cannot serve with their crew for another reason than an absence."""
    return [
        (found.names.person(who), f"{dm(each.turn.on)} · {each.turn.template}", of_patterns.why(codes))
        for each in found.filled
        for who, codes in each.passed
        if AWAY not in codes
    ]
