"""What a fact of an entry says to its reader: codes in words, ids by name, moments in local time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _, ngettext

from core import i18n
from core.text import format_phone
from desk.audit_log import coded
from desk.audit_log.facts import label
from desk.audit_log.labels import THINGS
from people.notification_rules.words import CHANNEL_NAMES, wait
from roster.importing.views import LABELS as IMPORTED
from roster.rulebook.form_points import FACTOR_NAMES
from roster.rulebook.words import parameter_name, rule_name

Names = Mapping[tuple[str, str], str]
"""(thing, id), or (thing + " code", code) → its name; a reference of an actor stands under "actor"."""
POINTS_TO = {
    "approver": "person",
    "campaign": "campaign",
    "comes": "person",
    "category": "category",
    "copied_from": "campaign",
    "duty": "duty",
    "leaves": "person",
    "other": "person",
    "person": "person",
    "seat": "seat",
    "shift": "shift",
    "given": "shift",
    "source": "intake",
    "unit": "unit",
    "unit_id": "unit",
}
"""Facts that name other things, by id or, of people and units, by code."""
LISTS = {
    "duties": "duty",
    "asked": "person",
    "before": "person",
    "kept": "shift",
    "people": "person",
    "seats": "seat",
    "shifts": "shift",
    "units": "unit",
}
"""Facts that name them when they are lists; a number alone says how many."""
ACTORS = frozenset({"printed_by", "duty.disown by", "presence.disown by", "check.disown by", "list.take_over was"})
"""Facts that are references of actors (``Actor.ref``): elsewhere "by" is a name that anybody may have typed."""
ACTOR = re.compile(r"(user|key|person):[0-9]{1,9}|(session|desk|api_key|link|slip|report|cli|system):.+")
SHOWN = 10
"""Of a list; of the others it says how many they are."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(_DAY.pattern + r"[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
_PHONES = frozenset({"phone"})
_SIGNS = frozenset({"edition"}) | i18n.NAMES
"""Numbers and marks that say which one."""


@dataclass(frozen=True)
class Value:
    """``is_words``: in the reader's language; else as somebody typed it, or a name."""

    text: str
    is_words: bool = False


def value(action: str, key: str, kept: Any, names: Names) -> Value:
    """Empty where there is nothing to say."""
    if kept is None or kept in ("", [], {}):
        return Value("")
    if said := _whole(action, key, kept, names):
        return Value(said, is_words=True)
    if isinstance(kept, dict):
        return Value(_dict(action, key, kept, names), is_words=True)
    if isinstance(kept, list):
        return _list(action, key, kept, names)
    return _one(action, key, kept, names)


def _whole(action: str, key: str, kept: Any, names: Names) -> str:
    """In a shape of its own; empty for what has none, and for an entry of another version that has another shape."""
    say = _WHOLE.get(f"{action} {key}") or _WHOLE.get(key)
    try:
        return say(kept, names) if say else ""
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return ""


def _one(action: str, key: str, kept: Any, names: Names) -> Value:
    if isinstance(kept, bool):
        return Value(_("có") if kept else _("không"), is_words=True)
    known = words_of(action, key)
    if kept in known:
        return Value(str(known[kept]), is_words=True)
    if isinstance(kept, int):
        named = names.get((POINTS_TO.get(key, ""), str(kept)))
        return Value(named) if named else Value(str(kept if key in _SIGNS else i18n.counted(kept)), is_words=True)
    return _text(action, key, str(kept), names)


def _text(action: str, key: str, kept: str, names: Names) -> Value:
    if named := names.get((f"{POINTS_TO.get(key, '')} code", kept)):
        return Value(named)
    if is_actor(action, key) and (known := names.get(("actor", kept))):
        return Value(known)
    if key in _PHONES:
        return Value(format_phone(kept))
    if said := moment(kept):
        return Value(said, is_words=True)
    return Value(kept)


def is_actor(action: str, key: str) -> bool:
    return key in ACTORS or f"{action} {key}" in ACTORS


def _list(action: str, key: str, kept: list[Any], names: Names) -> Value:
    thing = LISTS.get(key, "")
    told = [_listed(action, key, thing, each, names=names) for each in kept[:SHOWN]]
    more = len(kept) - SHOWN
    texts = [each.text for each in told if each.text]
    if more > 0:
        texts.append(ngettext("và %(num)s mục nữa", "và %(num)s mục nữa", more))
    between = "; " if any(isinstance(each, (dict, list)) for each in kept) else ", "
    return Value(between.join(texts), is_words=all(each.is_words for each in told))


def _listed(action: str, key: str, thing: str, kept: Any, *, names: Names) -> Value:
    is_id = isinstance(kept, int) and not isinstance(kept, bool)
    named = names.get((thing if is_id else f"{thing} code", str(kept)))
    return Value(named) if named else value(action, key, kept, names)


def _dict(action: str, key: str, kept: dict[str, Any], names: Names) -> str:
    told = ((_inner(action, key, name), _within(action, key, name, each, names=names)) for name, each in kept.items())
    return ", ".join(f"{name}: {said}" for name, said in told if said)


def _inner(action: str, key: str, name: str) -> str:
    """Return what an entry of a fact that has several is called."""
    if key in _ENTRIES:
        return str(_ENTRIES[key](name))
    return moment(name) or label(action, name)


def _within(action: str, key: str, name: str, kept: Any, *, names: Names) -> str:
    """Its own value: of days and levels the codes are those of the fact, else those of the entry."""
    of = key if key in _ENTRIES or moment(name) else "campaign" if name == "id" else name
    return value(action, of, kept, names).text


def words_of(action: str, key: str) -> Mapping[Any, Any]:
    """The codes that may stand there, with their words."""
    asked = (f"{action} {key}", f"{action.partition('.')[0]} {key}", key)
    found = next((coded.WORDS[each] for each in asked if each in coded.WORDS), {})
    return found() if callable(found) else found


def moment(kept: str) -> str:
    """A day or moment as the record writes it, local; empty for anything else."""
    try:
        if _DAY.fullmatch(kept):
            return i18n.d(date.fromisoformat(kept))
        if _MOMENT.fullmatch(kept):
            return i18n.dts(datetime.fromisoformat(kept))
    except ValueError:
        return ""
    return ""


def _ways(kept: list[str], names: Names) -> str:
    """``sms+60``: the channel, and so many seconds after what was tried first."""
    told = (each.partition("+") for each in kept)
    return "; ".join(
        f"{CHANNEL_NAMES.get(name, name)} {wait(timedelta(seconds=int(after)))}" for name, _s, after in told
    )


def _demanded(kept: list[list[Any]], names: Names) -> str:
    """Cells of the table of demand: duty, shift, phase, people before and after."""
    told = [
        f"{names.get(('duty code', duty), duty)}, {shift}, {coded.PHASES.get(phase, phase)}: {was} → {becomes}"
        for duty, shift, phase, was, becomes in kept[:SHOWN]
    ]
    more = len(kept) - SHOWN
    return "; ".join(told + ([ngettext("và %(num)s mục nữa", "và %(num)s mục nữa", more)] if more > 0 else []))


def _about(kept: str, names: Names) -> str:
    """``incident:SC-2026-0002``: what a document is about; else a code, or what somebody wrote."""
    sort, colon, which = kept.partition(":")
    if not colon or sort not in THINGS:
        return str(coded.ASKED.get(kept, kept))
    return f"{THINGS[sort]} {names.get((sort, which), which)}"


def _counts(kept: dict[str, list[int]], names: Names) -> str:
    return "; ".join(
        _(
            "%(what)s: mới %(new)s, sửa %(changed)s, giữ nguyên %(same)s",
            what=IMPORTED.get(name, name),
            new=n,
            changed=c,
            same=s,
        )
        for name, (n, c, s) in kept.items()
    )


def _factors(kept: dict[str, int], names: Names) -> str:
    return ", ".join(f"{FACTOR_NAMES.get(name, name)}: {i18n.written(f'{n / 100:g}')}" for name, n in kept.items())


def _rules(kept: dict[str, dict[str, Any]], names: Names) -> str:
    return "; ".join(f"{rule_name(code)} ({_rule(code, choice, names)})" for code, choice in kept.items())


def _rule(code: str, choice: dict[str, Any], names: Names) -> str:
    told = [
        f"{label('campaign.rules', name)}: {value('campaign.rules', name, each, names).text}"
        for name, each in choice.items()
        if name != "parameters" and each not in (None, [], {})
    ]
    told += [
        f"{parameter_name(code, name)}: {value('', name, each, names).text}"
        for name, each in choice.get("parameters", {}).items()
    ]
    return ", ".join(told)


def _spans(kept: dict[str, list[list[str]]], names: Names) -> str:
    return "; ".join(
        f"{i18n.WEEKDAYS[int(weekday)]} " + ", ".join("–".join(span) for span in spans)
        for weekday, spans in kept.items()
    )


def _norms(kept: list[dict[str, Any]], names: Names) -> str:
    told = ((moment(each["since"]), *(i18n.written(f"{each[of] / 60:g}") for of in ("day", "week"))) for each in kept)
    return "; ".join(
        _("từ %(since)s: %(day)s giờ một ngày, %(week)s giờ một tuần", since=since, day=day, week=week)
        for since, day, week in told
    )


def _lent_by(kept: str, names: Names) -> str:
    return names.get(("duty code", kept.removeprefix("duty.")), kept)


_WHOLE: dict[str, Callable[[Any, Names], str]] = {
    "about": _about,
    "counts": _counts,
    "demand.table changes": _demanded,
    "factors": _factors,
    "grant.used why": _lent_by,
    "hours": _spans,
    "month": lambda kept, _names: i18n.month(date.fromisoformat(kept)),
    "normal_hours": _norms,
    "reach.order order": _ways,
    "remedies": lambda kept, _names: str(len(kept)),
    "campaign.rules rules": _rules,
}
_ENTRIES: dict[str, Callable[[str], Any]] = {
    "levels": lambda name: {"yes": _("có"), "no": _("không")}.get(name, name),
}
