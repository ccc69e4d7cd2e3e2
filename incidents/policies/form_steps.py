"""The steps of a policy as a form shows them: rows that are added, moved and taken out by its buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.form_values import whole_number
from incidents.policies.drafts import MOST_STEPS, StepSpec, TargetSpec
from incidents.policies.form_waits import Wait
from incidents.policies.models import PolicyStep
from people import queries as people
from people.models import Person

Faults = dict[str, str]
"""Id of an input → what is wrong and what to do about it."""
MOST_FOUND = 4


@dataclass
class StepRow:
    """``people`` are what was typed: "AN1 · Nguyễn Văn An", a code or a name."""

    wait: Wait = field(default_factory=Wait)
    duties: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    all_must: bool = False

    @property
    def calls(self) -> bool:
        return bool(self.duties or self.heads or self.people)


def shown(person: Person) -> str:
    """How the form names a person: what it reads again."""
    return f"{person.code} · {person.full_name}"


def read_rows(sent: MultiDict[str, str]) -> list[StepRow]:
    """Return as many rows as the form says that it has."""
    count = min(whole_number(sent.get("rows"), digits=3) or 0, MOST_STEPS)
    return [
        StepRow(
            Wait.from_sent(sent, f"step-{n}-wait"),
            sent.getlist(f"step-{n}-duty"),
            sent.getlist(f"step-{n}-head"),
            filled(sent.getlist(f"step-{n}-person")),
            f"step-{n}-all" in sent,
        )
        for n in range(1, count + 1)
    ]


def rows_for(steps: Sequence[PolicyStep], known: Mapping[int, Person]) -> list[StepRow]:
    """The rows that would write these steps."""
    return [
        StepRow(
            Wait.from_seconds(step.after_seconds),
            [each.duty for each in step.targets if each.duty],
            [each.head for each in step.targets if each.head],
            [shown(known[each.person_id]) for each in step.targets if each.person_id and each.person_id in known],
            step.all_must,
        )
        for step in steps
    ]


def filled(typed: Sequence[str]) -> list[str]:
    return [each.strip() for each in typed if each.strip()]


def press(rows: list[StepRow], button: str) -> None:
    """What "add", "up.2", "down.2" and "drop.2" do. Waits stay where they are: who is called moves."""
    what, _dot, said = button.partition(".")
    at = (whole_number(said, digits=3) or 0) - 1
    if what == "add" and len(rows) < MOST_STEPS:
        rows.append(StepRow())
    elif not 0 <= at < len(rows):
        return
    elif what == "drop":
        gone = rows.pop(at)
        if at == 0 and rows:
            rows[0].wait = gone.wait
    elif what in ("up", "down"):
        to = at - 1 if what == "up" else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            rows[at].wait, rows[to].wait = rows[to].wait, rows[at].wait


def specs(rows: Sequence[StepRow], faults: Faults) -> list[StepSpec]:
    """The steps to write; an empty row is left out, the first call waits as the first row says.

    What is wrong goes into ``faults``."""
    found: list[StepSpec] = []
    for n, row in enumerate(rows, start=1):
        if not row.calls and not row.all_must and (n == 1 or not row.wait.number):
            continue
        targets = [TargetSpec(duty=code) for code in row.duties] + [TargetSpec(head=head) for head in row.heads]
        targets += [TargetSpec(person=code) for code in codes(row.people, f"step-{n}-person", _step(n), faults)]
        if not row.calls:
            faults[f"step-{n}"] = _("Bước %(n)s chưa chọn gọi ai. Chọn người được gọi, hoặc bỏ bước này.", n=n)
        wait = _wait(row, n, faults) if found else _first_wait(rows[0], faults)
        found.append(StepSpec(wait, targets=tuple(targets), all_must=row.all_must))
    if not found:
        faults["steps"] = _("Chưa có bước nào. Thêm bước và chọn gọi ai.")
    return found


def _step(n: int) -> str:
    return _("Bước %(n)s", n=n)


def _first_wait(row: StepRow, faults: Faults) -> int:
    """Since the incident was written down; nothing typed: at once."""
    return _wait(row, 1, faults) if row.wait.number else 0


def _wait(row: StepRow, n: int, faults: Faults) -> int:
    try:
        if not row.wait.number:
            raise ValueError(_("chưa ghi thời gian chờ. Ghi 0 nếu gọi cùng lúc với bước trước."))
        return row.wait.seconds(0)
    except ValueError as error:
        faults[f"step-{n}-wait"] = f"{_step(n)}: {error}"
        return 0


def codes(typed: Sequence[str], anchor: str, what: str, faults: Faults) -> list[str]:
    """The codes of the people typed, each once; a name will do when only one person bears it."""
    found: dict[str, None] = {}
    for each in typed:
        person = people.find_person(each.split(" · ")[0].strip()) or people.find_person(each.strip().upper())
        alike = [person] if person else people.find_people(each, limit=MOST_FOUND + 1)
        if len(alike) == 1:
            found[alike[0].code] = None
        elif alike:
            names = "; ".join(shown(one) for one in alike[:MOST_FOUND])
            faults[anchor] = f"{what}: " + _(
                "“%(typed)s” chưa rõ là ai. Chọn theo mã: %(names)s.", typed=each, names=names
            )
        else:
            faults[anchor] = f"{what}: " + _(
                "không có ai là “%(typed)s”. Ghi mã hoặc họ tên, chọn trong gợi ý.", typed=each
            )
    return list(found)
