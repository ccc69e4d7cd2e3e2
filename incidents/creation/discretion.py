"""Words of a log form about Party, State, KT1 and restricted incidents: refused or asked about before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import FieldError, Invalid
from incidents.catalogue import queries as catalogue
from incidents.catalogue.severity import restricted_by_law
from incidents.record import discreet, secrecy
from incidents.record.models import Incident


def ensure(incident: Incident, texts: Mapping[str, str], *, confirmed: bool) -> None:
    """``texts``: field → as typed; ``confirmed``: the name in it is neither the sender's nor the receiver's.

    Raises ``Invalid``: ``incident.secret``, ``incident.name`` (KT1, restricted), ``incident.name_asked``.
    """
    kind = discreet.about(incident)
    if not kind:
        return
    for field, text in texts.items():
        words = secrecy.found(text)
        if words is not None:
            raise Invalid("incident.secret", field=field, words=words)
        name = secrecy.person_in(text) if kind == "strict" or not confirmed else None
        if name is not None:
            raise Invalid("incident.name" if kind == "strict" else "incident.name_asked", field=field, name=name)


def for_scripts() -> dict[str, Any]:
    """The rules and, of what can be chosen in the form, what makes an incident which kind."""
    questions = catalogue.pure_questions()
    answers = {
        f"answers.{code}": {
            value: "strict" if answer.restricted else "state"
            for value, answer in question.answers.items()
            if answer.restricted or answer.party_state
        }
        for code, question in questions.items()
    }
    strict = [
        each.code
        for each in catalogue.categories()
        if each.code == "kt1" or each.restricted or restricted_by_law(each.code)
    ]
    return {
        "rules": dict(secrecy.RULES),
        "strict": strict,
        "answers": {name: found for name, found in answers.items() if found},
        "words": {
            "secret": FieldError("", "incident.secret", {"words": "{words}"}).message(),
            "name": FieldError("", "incident.name", {"name": "{words}"}).message(),
            "name_asked": FieldError("", "incident.name_asked", {"name": "{words}"}).message(),
        },
    }
