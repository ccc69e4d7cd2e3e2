"""Changing the catalogue: categories, questions, targets. What is logged already keeps the words that it was told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.form_values import fitting
from core.text import fold, nfc
from incidents.catalogue import queries as catalogue
from incidents.catalogue.custom_fields import KINDS, MOST_FIELDS
from incidents.catalogue.models import AUTHORITY_ROLES, IncidentCategory, ResponseTarget, SeverityQuestion
from incidents.catalogue.severity import MOST_QUESTIONS
from people.access import guard
from people.models import DutyKind

FAMILIES = ("network", "it", "item", "security", "compliance", "system", "other")
MOST_ITEMS = 40
LONGEST_MINUTES = 30 * 24 * 60
LONGEST_WORDS = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class FieldRow:
    """One follow-up field as typed; ``key`` empty: a new one. ``choices``: "Nhẹ | Light; Nặng | Serious"."""

    key: str
    vi: str
    en: str
    kind: str
    choices: str = ""


@dataclass(frozen=True)
class CategorySpec:
    """A category as typed; ``checklist``: one item a line, "Gọi 114 | 114 called"."""

    code: str
    name_vi: str
    name_en: str
    family: str
    severity: int
    first_duty: str = ""
    restricted: bool = False
    on_site: bool = False
    active: bool = True
    position: int = 100
    questions: Sequence[str] = ()
    authorities: Sequence[str] = ()
    checklist: str = ""
    fields: Sequence[FieldRow] = field(default_factory=tuple)


def slug(text: str) -> str:
    """A key out of words: "Xe thay" → "xe-thay"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:40]


def save_category(spec: CategorySpec, *, new: bool, actor: Actor, now: datetime) -> IncidentCategory:
    """Add a category, or change the one with that code.

    Raises ``Invalid`` with a fault at each field, ``Conflict`` for a new code that is taken, ``NotFound`` and
    ``Forbidden``.
    """
    with transaction() as session:
        guard.ensure(actor, "catalogue.write", None, now=now)
        row = session.get(IncidentCategory, spec.code)
        if new and row is not None:
            raise Conflict("category.code_taken", field="code", state={"code": spec.code})
        if not new and row is None:
            raise NotFound("category.unknown", category=spec.code)
        fields, faults = _fields(spec, row.fields if row else [])
        ensure_none(_faults(spec, new) + faults)
        row = row or IncidentCategory(code=spec.code)
        row.name_vi, row.name_en, row.family = spec.name_vi.strip(), spec.name_en.strip(), spec.family
        row.name_en = row.name_en or row.name_vi
        row.default_severity, row.first_duty = spec.severity, spec.first_duty or None
        row.restricted, row.active, row.position = spec.restricted, spec.active, spec.position
        row.on_site = spec.on_site
        row.questions, row.authorities, row.fields = list(spec.questions), list(spec.authorities), fields
        row.checklist = _checklist(spec.checklist)
        session.add(row)
        audit.record(actor, "category.save", "category", row.code, now=now, severity=row.default_severity)
        session.flush()
        return row


def _faults(spec: CategorySpec, new: bool) -> list[FieldError]:
    faults = []
    if new and not _CODE.fullmatch(spec.code):
        faults.append(FieldError("code", "category.code"))
    if not spec.name_vi.strip() or len(spec.name_vi) > 100 or len(spec.name_en) > 100:
        faults.append(FieldError("name_vi", "category.name"))
    if spec.family not in FAMILIES:
        faults.append(FieldError("family", "category.family"))
    if spec.severity not in (1, 2, 3, 4):
        faults.append(FieldError("severity", "category.severity"))
    if spec.first_duty and db.session.get(DutyKind, spec.first_duty) is None:
        faults.append(FieldError("first_duty", "duty.unknown", {"duty": spec.first_duty}))
    known = {each.code for each in catalogue.all_questions()}
    asked = list(spec.questions)
    if len(asked) > MOST_QUESTIONS or len(set(asked)) != len(asked) or not set(asked) <= known:
        faults.append(FieldError("questions", "category.questions", {"most": MOST_QUESTIONS}))
    if not set(spec.authorities) <= set(AUTHORITY_ROLES):
        faults.append(FieldError("authorities", "directory.choice"))
    if len(spec.checklist.splitlines()) > MOST_ITEMS or len(spec.checklist) > 8000:
        faults.append(FieldError("checklist", "category.too_many", {"most": MOST_ITEMS}))
    return faults


def _checklist(typed: str) -> list[dict[str, str]]:
    items: dict[str, dict[str, str]] = {}
    for line in nfc(typed).splitlines():
        vi, en = _pair(line, "checklist", _("Việc cần làm"))
        if vi:
            items.setdefault(slug(vi), {"key": slug(vi), "vi": vi, "en": en})
    return list(items.values())


def _pair(typed: str, field: str, what: str) -> tuple[str, str]:
    """ "Tiếng Việt | English"; without English it is the Vietnamese. Raises Invalid when one of them is too long."""
    sides = (" ".join(side.split()) for side in typed.partition("|")[::2])
    vi, en = (fitting(side, LONGEST_WORDS, field, what) for side in sides)
    return vi, en or vi


def _fields(spec: CategorySpec, before: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[FieldError]]:
    """The fields as the row keeps them; a kept key keeps what the directory fills in."""
    former = {each["key"]: each for each in before}
    found: dict[str, dict[str, Any]] = {}
    faults = []
    rows = [(number, row) for number, row in enumerate(spec.fields, start=1) if row.vi.strip()]
    for number, row in rows:
        key = row.key if row.key in former else slug(row.vi)
        if not key or key in found or row.kind not in KINDS or len(row.vi) > 100 or len(row.en) > 100:
            faults.append(FieldError("fields", "category.field", {"n": number}))
            continue
        vi = " ".join(nfc(row.vi).split())
        found[key] = {"key": key, "kind": row.kind, "vi": vi, "en": row.en.strip() or vi}
        if row.kind == "choice":
            found[key]["choices"] = _choices(row.choices, former.get(key, {}).get("choices", ()))
            if len(found[key]["choices"]) < 2:
                faults.append(FieldError("fields", "category.choices", {"n": number}))
        if row.kind in ("vehicle", "route") and former.get(key, {}).get("fills"):
            found[key]["fills"] = former[key]["fills"]
    if len(found) > MOST_FIELDS:
        faults.append(FieldError("fields", "category.too_many", {"most": MOST_FIELDS}))
    return list(found.values()), faults


def _choices(typed: str, before: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    values = {each["vi"]: each["value"] for each in before}
    pairs = [_pair(each, "fields", _("Lựa chọn")) for each in typed.split(";")]
    return [{"value": values.get(vi, slug(vi)), "vi": vi, "en": en} for vi, en in pairs if vi]


@dataclass(frozen=True)
class QuestionSpec:
    """A question as typed; ``levels``: answer → level, 0 for "does not raise it"; the flags hold for ``yes``."""

    code: str
    text_vi: str
    text_en: str
    levels: Mapping[str, int]
    party_state: bool = False
    restricted: bool = False
    active: bool = True


def save_question(spec: QuestionSpec, *, new: bool, actor: Actor, now: datetime) -> SeverityQuestion:
    """Add a yes-or-no question (its code comes from its words), or change one. Answers given before stay as they are.

    Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        guard.ensure(actor, "catalogue.write", None, now=now)
        code = _free_code(spec.text_vi) if new else spec.code
        row = session.get(SeverityQuestion, code)
        if row is None and not new:
            raise NotFound("question.unknown", field="code")
        if not spec.text_vi.strip() or max(len(spec.text_vi), len(spec.text_en)) > 200:
            raise Invalid("question.text", field="text_vi")
        if not set(spec.levels.values()) <= {0, 1, 2, 3, 4}:
            raise Invalid("question.level", field="levels")
        row = row or SeverityQuestion(code=code, position=1000, answers=_yes_no())
        row.text_vi, row.active = " ".join(nfc(spec.text_vi).split()), spec.active
        row.text_en = " ".join(spec.text_en.split()) or row.text_vi
        row.answers = [_answer(each, spec) for each in row.answers]
        session.add(row)
        audit.record(actor, "question.save", "question", code, now=now, levels=dict(spec.levels))
        session.flush()
        return row


def _answer(kept: Mapping[str, Any], spec: QuestionSpec) -> dict[str, Any]:
    level = spec.levels.get(str(kept["value"]), 0) or None
    flagged = kept["value"] == "yes"
    return {
        **kept,
        "level": level,
        "party_state": flagged and spec.party_state,
        "restricted": flagged and spec.restricted,
    }


def _yes_no() -> list[dict[str, Any]]:
    return [{"value": "yes", "vi": "Có", "en": "Yes"}, {"value": "no", "vi": "Không", "en": "No"}]


def _free_code(text: str) -> str:
    start = slug(text) or "q"
    taken = {each.code for each in catalogue.all_questions()}
    return next(code for n in range(1, 1000) if (code := start if n == 1 else f"{start}-{n}") not in taken)


@dataclass(frozen=True)
class ResponseTargetSpec:
    """How soon at one level, in minutes; None: by the end of the shift."""

    severity: int
    acknowledge: int | None
    leadership: int | None
    update: int | None
    resolve: int | None


def save_targets(specs: Sequence[ResponseTargetSpec], *, actor: Actor, now: datetime) -> None:
    """Set the targets of some levels; clocks of running incidents follow at once.

    Raises ``Invalid``: minutes out of range, or a worse level with more time to be taken or resolved than a milder one.
    """
    with transaction() as session:
        guard.ensure(actor, "catalogue.write", None, now=now)
        ensure_none([fault for spec in specs for fault in _target_faults(spec)])
        rows = {row.severity: row for row in catalogue.target_rows()}
        for spec in specs:
            row = rows.get(spec.severity) or ResponseTarget(severity=spec.severity)
            row.acknowledge_seconds, row.resolve_seconds = 60 * (spec.acknowledge or 0), 60 * (spec.resolve or 0)
            row.leadership_seconds = None if spec.leadership is None else 60 * spec.leadership
            row.update_seconds = None if spec.update is None else 60 * spec.update
            row.changed_at, row.changed_by = now, actor.name
            rows[spec.severity] = row
            session.add(row)
        ordered = [rows[level] for level in sorted(rows)]
        for worse, milder in zip(ordered, ordered[1:], strict=False):
            for name in ("acknowledge", "resolve"):
                if getattr(worse, f"{name}_seconds") > getattr(milder, f"{name}_seconds"):
                    raise Invalid("target.order", field=f"{name}.{worse.severity}")
        audit.record(actor, "targets.save", "targets", "levels", now=now, levels=[spec.severity for spec in specs])
        session.flush()


def _target_faults(spec: ResponseTargetSpec) -> list[FieldError]:
    asked = {"acknowledge": spec.acknowledge, "resolve": spec.resolve}
    asked |= {name: value for name in ("leadership", "update") if (value := getattr(spec, name)) is not None}
    return [
        FieldError(f"{name}.{spec.severity}", "target.minutes", {"most": LONGEST_MINUTES})
        for name, value in asked.items()
        if value is None or not 1 <= value <= LONGEST_MINUTES
    ]
