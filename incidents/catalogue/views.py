"""Pages of the catalogue: categories, the questions that decide how bad it is, and how soon at each level."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core import clock
from core.actor import Actor
from core.errors import DomainError, NotFound
from core.form_values import whole_number
from core.web import back
from incidents.catalogue import queries as catalogue, services as catalogue_edit
from incidents.catalogue.models import AUTHORITY_ROLES, IncidentCategory
from incidents.catalogue.services import CategorySpec, FieldRow, QuestionSpec, ResponseTargetSpec
from incidents.catalogue.severity import MOST_QUESTIONS
from incidents.catalogue.views_list_form import ListForm, Typed, faults_of
from incidents.catalogue.words import FAMILIES, FIELD_KINDS, ROLES
from incidents.words import severity_word
from people import queries as people
from people.access import guard

bp = Blueprint("catalogue", __name__, url_prefix="/incidents/catalogue")
SPARE_ROWS = 3
TARGETS = ("acknowledge", "leadership", "update", "resolve")
MAY_BE_SHIFT = ("leadership", "update")
Sent = MultiDict[str, str]


def _may() -> bool:
    return bool(guard.allowed(guard.current_actor(), "catalogue.write", None, now=clock.now()))


@bp.get("/")
@guard.requires("incident.log")
def overview() -> str:
    """Every category, by family."""
    rows: dict[str, list[IncidentCategory]] = {code: [] for code in FAMILIES}
    for row in catalogue.all_categories():
        rows.get(row.family, rows["system"]).append(row)
    groups = [(FAMILIES[code], found) for code, found in rows.items() if found]
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    return render_template("incidents/catalogue/catalogue.html", groups=groups, may=_may(), kinds=kinds, roles=ROLES)


@bp.route("/category/", methods=["GET", "POST"], defaults={"code": ""})
@bp.route("/category/<code>", methods=["GET", "POST"])
@guard.requires("catalogue.write")
def category(code: str) -> ResponseReturnValue:
    """One category, or a new one; what was typed stays when something is wrong."""
    row = next((each for each in catalogue.all_categories() if each.code == code), None)
    if code and row is None:
        raise NotFound("category.unknown", category=code)
    if request.method == "GET":
        return _category_page(code, _as_typed(row) if row else MultiDict({"active": "y", "severity": "3"}), {})
    try:
        saved = catalogue_edit.save_category(
            _spec(request.form, code), new=not code, actor=guard.current_actor(), now=clock.now()
        )
    except DomainError as error:
        return _category_page(code, request.form, faults_of(error, "name_vi")), error.http_status
    return back(url_for(".overview"), _("Đã lưu loại sự cố %(name)s.", name=saved.name_vi))


def _spec(sent: Sent, code: str) -> CategorySpec:
    texts = zip(*(sent.getlist(f"field_{name}") for name in ("key", "vi", "en", "kind", "choices")), strict=False)
    return CategorySpec(
        code=code or sent.get("code", "").strip().lower(),
        name_vi=sent.get("name_vi", ""),
        name_en=sent.get("name_en", ""),
        family=sent.get("family", ""),
        severity=_number(sent.get("severity", "")) or 0,
        first_duty=sent.get("first_duty", ""),
        restricted=sent.get("restricted") == "y",
        on_site=sent.get("on_site") == "y",
        active=sent.get("active") == "y",
        position=_number(sent.get("position", "")) or 100,
        questions=[each for each in sent.getlist("question") if each],
        authorities=sent.getlist("authority"),
        checklist=sent.get("checklist", ""),
        fields=[FieldRow(*row) for row in texts],
    )


def _as_typed(row: IncidentCategory) -> Sent:
    """The row as its form would send it."""
    sent: Sent = MultiDict(
        {
            "name_vi": row.name_vi,
            "name_en": row.name_en,
            "family": row.family,
            "severity": str(row.default_severity),
            "first_duty": row.first_duty or "",
            "position": str(row.position),
            "restricted": "y" if row.restricted else "",
            "on_site": "y" if row.on_site else "",
            "active": "y" if row.active else "",
            "checklist": "\n".join(f"{each['vi']} | {each['en']}" for each in row.checklist),
        }
    )
    sent.setlist("question", list(row.questions))
    sent.setlist("authority", list(row.authorities))
    for name in ("key", "vi", "en", "kind"):
        sent.setlist(f"field_{name}", [str(each[name]) for each in row.fields])
    choices = [[f"{c['vi']} | {c['en']}" for c in each.get("choices", ())] for each in row.fields]
    sent.setlist("field_choices", ["; ".join(each) for each in choices])
    return sent


def _category_page(code: str, typed: Sent, faults: dict[str, str]) -> str:
    rows = list(zip(*(typed.getlist(f"field_{n}") for n in ("key", "vi", "en", "kind", "choices")), strict=False))
    kept = [row for row in rows if row[1]]
    facts: dict[str, Any] = {
        "code": code,
        "typed": typed,
        "faults": faults,
        "families": list(FAMILIES.items()),
        "field_kinds": FIELD_KINDS,
        "fields": kept + [("", "", "", "text", "")] * SPARE_ROWS,
        "kinds": people.duty_kinds(),
        "roles": ROLES,
        "asked": (typed.getlist("question") + [""] * MOST_QUESTIONS)[:MOST_QUESTIONS],
        "questions": catalogue.all_questions(),
        "known_roles": AUTHORITY_ROLES,
        "levels": [(str(n), f"{n} · {severity_word(n)}") for n in (1, 2, 3, 4)],
    }
    return render_template("incidents/catalogue/category.html", **facts)


def _save_question(sent: Typed, *, actor: Actor, now: datetime) -> None:
    """``code`` empty: a new one."""
    code = sent.get("code", "")
    levels = {name.removeprefix("level."): _number(sent[name]) or 0 for name in sent if name.startswith("level.")}
    spec = QuestionSpec(
        code,
        sent.get("text_vi", ""),
        sent.get("text_en", ""),
        levels,
        sent.get("party_state") == "y",
        sent.get("restricted") == "y",
        sent.get("active") == "y",
    )
    catalogue_edit.save_question(spec, new=not code, actor=actor, now=now)


def _questions() -> dict[str, Any]:
    levels = [("0", _("không nâng mức"))] + [(str(n), _("ít nhất mức %(n)s", n=n)) for n in (1, 2, 3, 4)]
    return {"rows": catalogue.all_questions(), "may": _may(), "levels": levels}


def _save_targets(sent: Typed, *, actor: Actor, now: datetime) -> None:
    specs = [
        ResponseTargetSpec(level, **{name: _target(sent, name, level) for name in TARGETS}) for level in (1, 2, 3, 4)
    ]
    catalogue_edit.save_targets(specs, actor=actor, now=now)


def _target(sent: Typed, name: str, level: int) -> int | None:
    """Minutes; blank is "by the end of the shift" where that may be; what is no number becomes 0, which is refused."""
    typed = sent.get(f"{name}.{level}", "").strip()
    if not typed and name in MAY_BE_SHIFT:
        return None
    return _number(typed) or 0


def _number(typed: str) -> int | None:
    return whole_number(typed, digits=6)


def _minutes() -> Typed:
    found = {}
    for row in catalogue.target_rows():
        for name in TARGETS:
            seconds = getattr(row, f"{name}_seconds")
            found[f"{name}.{row.severity}"] = "" if seconds is None else str(seconds // 60)
    return found


def _targets() -> dict[str, Any]:
    return {"may": _may(), "names": TARGETS, "may_be_shift": MAY_BE_SHIFT, "rows": catalogue.target_rows()}


ListForm(
    "questions",
    "save_question",
    "catalogue.write",
    _questions,
    _save_question,
    _l("Đã lưu câu hỏi."),
    otherwise="text_vi",
).add_to(bp)
ListForm(
    "targets",
    "save_targets",
    "catalogue.write",
    _targets,
    _save_targets,
    _l("Đã lưu thời hạn; sự cố đang mở theo thời hạn mới ngay."),
    shown=_minutes,
).add_to(bp)
