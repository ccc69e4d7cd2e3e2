"""The rules of a source: read, and written as a whole by whoever manages it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, FieldError, ensure_none
from core.text import fold
from incidents.catalogue import queries as catalogue
from incidents.intake import rules, sources
from incidents.intake.cleaning import digest
from incidents.intake.models import Intake
from incidents.intake.rules import HOWS, LONGEST_FIELD, LONGEST_SOUGHT, MOST_RULES, THENS, IntakeRule
from people import queries as people
from people.access import guard


def list_rules(source: Intake) -> list[IntakeRule]:
    """Return them in their order."""
    return rules.parse_rules(source.rules)


def stamp(source: Intake) -> str:
    """Return the stamp of the rules as they are now; ``write`` compares it."""
    return digest(source.rules)


def write(source_id: int, given: Sequence[IntakeRule], *, seen: str, actor: Actor, now: datetime) -> Intake:
    """These rules and no others. ``seen``: the stamp of those that were changed; Conflict ``intake.rules_changed`` when
    somebody else was faster. Raises Invalid with fields like ``rules.2.sought`` (from 1), NotFound, Forbidden."""
    with transaction() as session:
        source = sources.exclusively(source_id)
        guard.ensure(actor, "intake.manage", source.unit_id, now=now)
        if stamp(source) != seen:
            raise Conflict("intake.rules_changed", state={"rules": source.rules})
        ensure_none(list(_faults(source, given)))
        before, source.rules = source.rules, rules.written(given)
        if before != source.rules:
            audit.record(actor, "intake.rules", "intake", source.id, now=now, before=before, after=source.rules)
        session.flush()
        return source


def _faults(source: Intake, given: Sequence[IntakeRule]) -> Iterator[FieldError]:
    if source.kind == "heartbeat" and given:
        yield FieldError("rules", "intake.rules_heartbeat")
    if len(given) > MOST_RULES:
        yield FieldError("rules", "intake.rules_many", {"most": MOST_RULES})
    known = {each.code for each in catalogue.all_categories()}
    for n, rule in enumerate(given, start=1):
        for name, code, params in _wrong(source, rule, known):
            yield FieldError(f"rules.{n}.{name}", code, {"n": n, **params})


def _wrong(source: Intake, rule: IntakeRule, known: set[str]) -> Iterator[tuple[str, str, dict[str, object]]]:
    if rule.how not in HOWS or rule.then not in THENS or rule.severity not in (None, 1, 2, 3, 4):
        yield "how", "intake.rule_choice", {}
    if not rule.field.strip() or len(rule.field) > LONGEST_FIELD or len(rule.unit_from) > LONGEST_FIELD:
        yield "field", "intake.rule_field", {"most": LONGEST_FIELD}
    if rule.how != "always" and (not fold(rule.sought) or len(rule.sought) > LONGEST_SOUGHT):
        yield "sought", "intake.rule_sought", {"most": LONGEST_SOUGHT}
    if rule.category and rule.category not in known:
        yield "category", "category.unknown", {"category": rule.category}
    if rule.unit:
        unit = people.find_unit(rule.unit)
        if unit is None or not people.is_within(unit.id, source.unit_id):
            yield "unit", "intake.rule_unit", {"unit": source.unit.name}
    if rule == IntakeRule(rule.field, rule.how, rule.sought):
        yield "then", "intake.rule_nothing", {}
