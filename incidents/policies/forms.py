"""The form of an escalation policy: everything that its page may send, read, kept as typed, and made a spec of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.errors import DomainError
from core.form_values import whole_number
from incidents.policies import form_steps as steps
from incidents.policies.drafts import PolicySpec
from incidents.policies.form_steps import Faults, StepRow
from incidents.policies.form_waits import Wait
from incidents.policies.models import SNOOZE_MOST, URGENT_MOST, PolicyVersion
from incidents.policies.selection import named_in
from people import queries as people

Sent = MultiDict[str, str]
WAITS: dict[str, Any] = {
    "repeat_after": _l("Chưa ai nhận: gọi lại từ đầu sau"),
    "repeat_most": _l("Giãn dần đến tối đa"),
    "urgent_most": _l("Mức 1 và 2: giãn đến tối đa"),
    "ack_timeout": _l("Đã nhận mà không có kết quả: gọi lại sau"),
    "alive": _l("Đã có tin mà im lặng: hỏi lại sau"),
    "snooze-1": _l("Tạm hoãn dài nhất, mức 1"),
    "snooze-2": _l("Tạm hoãn dài nhất, mức 2"),
    "snooze-3": _l("Tạm hoãn dài nhất, mức 3"),
    "snooze-4": _l("Tạm hoãn dài nhất, mức 4"),
}
"""What each wait is called, also in what is said when it is wrong."""
MAY_BE_EMPTY = ("repeat_most", "alive")
SNOOZES = ("snooze-1", "snooze-2", "snooze-3", "snooze-4")
ANCHORS = {
    "name": "name",
    "conditions": "conditions",
    "conditions.severities": "conditions",
    "conditions.categories": "conditions",
    "conditions.phases": "conditions",
    "conditions.hours": "hours_from",
    "repeat_after_seconds": "repeat_after",
    "repeat_most_seconds": "repeat_most",
    "urgent_most_seconds": "urgent_most",
    "ack_timeout_seconds": "ack_timeout",
    "alive_seconds": "alive",
    "snooze_most": "snooze-1",
    "steps": "steps",
}
"""Where a service's fault belongs."""


@dataclass
class PolicyForm:
    """``conditional``: whether it asks when the policy holds; ``base``: the number of the version that filled it."""

    conditional: bool
    rows: list[StepRow]
    waits: dict[str, Wait]
    catch_all: list[str]
    name: str = ""
    severities: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    hours: tuple[str, str] = ("", "")
    tells_end: bool = True
    position: int = 0
    base: int = 0
    faults: Faults = field(default_factory=dict)

    @classmethod
    def from_sent(cls, sent: Sent, *, conditional: bool) -> PolicyForm:
        return cls(
            conditional,
            steps.read_rows(sent),
            {name: Wait.from_sent(sent, name) for name in WAITS},
            steps.filled(sent.getlist("catch_all")),
            " ".join(sent.get("name", "").split()),
            sent.getlist("severity"),
            sent.getlist("category"),
            sent.getlist("phase"),
            (sent.get("hours_from", "").strip(), sent.get("hours_to", "").strip()),
            # Absent: sent by a form that does not know of it.
            tells_end="tells_end" not in sent or "1" in sent.getlist("tells_end"),
            position=whole_number(sent.get("position")) or 0,
            base=whole_number(sent.get("base")) or 0,
        )

    @classmethod
    def from_version(cls, version: PolicyVersion, *, conditional: bool, base: int) -> PolicyForm:
        """Filled with what a version says."""
        known = people.people_by_ids([*named_in(version), *map(int, version.catch_all)])
        seconds = {
            "repeat_after": version.repeat_after_seconds,
            "repeat_most": version.repeat_most_seconds,
            "urgent_most": version.urgent_most_seconds,
            "ack_timeout": version.ack_timeout_seconds,
            "alive": version.alive_seconds,
            **dict(zip(SNOOZES, version.snooze_most or SNOOZE_MOST, strict=True)),
        }
        when = version.conditions
        return cls(
            conditional,
            steps.rows_for(version.steps, known),
            {name: Wait.from_seconds(each) for name, each in seconds.items()},
            [steps.shown(known[each]) for each in version.catch_all if each in known],
            version.name,
            [str(each) for each in when.get("severities", ())],
            list(when.get("categories", ())),
            list(when.get("phases", ())),
            tuple(when.get("hours") or ("", "")),
            version.tells_end,
            version.position,
            base,
        )

    def spec(self) -> PolicySpec | None:
        """Return what to write; ``None`` when something typed cannot be read (see ``faults``)."""
        self.faults.clear()
        conditions = self._conditions() if self.conditional else None
        called = steps.specs(self.rows, self.faults)
        seconds = {name: self._seconds(name) for name in WAITS}
        last = steps.codes(self.catch_all, "catch_all", _("Người nhận sau cùng"), self.faults)
        if self.faults:
            return None
        snooze = tuple(seconds[name] or 0 for name in SNOOZES)
        return PolicySpec(
            called,
            seconds["repeat_after"] or 0,
            seconds["ack_timeout"] or 0,
            last,
            self.name,
            conditions,
            self.position,
            seconds["repeat_most"],
            seconds["urgent_most"] or URGENT_MOST,
            seconds["alive"],
            () if snooze == SNOOZE_MOST else snooze,
            self.tells_end,
        )

    def attempt(self, how: Callable[[PolicySpec], PolicyVersion]) -> PolicyVersion | None:
        """Return what ``how`` makes of it; ``None`` when the form or the service finds a fault, which is then shown."""
        spec = self.spec()
        if spec is None:
            return None
        try:
            return how(spec)
        except DomainError as error:
            if error.http_status in (403, 409):
                raise
            self._take(error)
            return None

    def _take(self, error: DomainError) -> None:
        for fault in error.errors:
            where = fault.field if fault.field in ANCHORS else fault.field.partition(".")[0]
            self.faults[ANCHORS.get(where, "steps")] = fault.message()
        if not self.faults:
            self.faults["steps"] = error.message()

    def _seconds(self, name: str) -> int | None:
        wait = self.waits[name]
        if not wait.number and name in MAY_BE_EMPTY:
            return None
        try:
            if not wait.number:
                raise ValueError(_("chưa ghi thời gian."))
            return wait.seconds(0 if name in SNOOZES else 1)
        except ValueError as error:
            self.faults[name] = f"{WAITS[name]}: {error}"
            return None

    def _conditions(self) -> dict[str, Any]:
        if not self.name:
            self.faults["name"] = _("Chưa đặt tên. Ghi tên để phân biệt, ví dụ “Ban đêm trong Tết”.")
        start, end = self.hours
        if bool(start) != bool(end):
            self.faults["hours_from" if end else "hours_to"] = _(
                "Giờ áp dụng: ghi cả hai ô Từ và Đến, ví dụ 22:00 và 06:00, hoặc để trống cả hai."
            )
        hours = [start, end] if start and end else None
        if not (self.severities or self.categories or self.phases or start or end):
            self.faults["conditions"] = _(
                "Chưa có điều kiện nào. Chọn ít nhất một mức, loại sự cố, giai đoạn hoặc giờ."
            )
        return {
            "severities": [int(each) for each in self.severities if each in ("1", "2", "3", "4")],
            "categories": self.categories,
            "phases": self.phases,
            "hours": hours,
        }
