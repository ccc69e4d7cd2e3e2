"""Pages of people: directory, one person, units, absences. Accounts and keys are in ``views_accounts``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import arguments, clock, pages
from core.actor import Actor
from core.errors import DomainError, Forbidden
from core.web import back
from people import menu, queries, services, unit_list
from people.absences import (
    asking,
    effects,
    queries as absence_queries,
    rules as absence_rules,
    services as absence_services,
)
from people.absences.effects import Affected, EligibleDuties
from people.access import guard
from people.accounts import leftovers, queries as account_queries
from people.blueprint import bp
from people.columns import form_fields
from people.columns.absences import ABSENCE_NAMES
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.form_values import units_within
from people.forms import AbsenceForm, PersonForm, UnitForm
from people.models import Person, Unit

PAGE = 100


# --- directory -----------------------------------------------------------------------------------------------------


@bp.get("/people/")
@guard.requires("person.read")
def directory() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "").strip()[:200] for name in ("q", "unit", "duty", "state")}
    unit = queries.find_unit(asked["unit"]) if asked["unit"] else None
    page = max(1, min(arguments.number("page", 1), 10_000))
    active = {"left": False, "all": None}.get(asked["state"], True)
    statement = queries.people_statement(asked["q"], unit.id if unit else None, active, asked["duty"] or None)
    people, total = queries.page_of(statement, page, PAGE)
    actor, now = guard.current_actor(), clock.now()
    return render_template(
        "people/directory.html",
        people=people,
        total=total,
        page=page,
        pages=-(-total // PAGE),
        asked=asked,
        units=queries.unit_tree(),
        kinds={kind.code: kind for kind in queries.duty_kinds()},
        seen=guard.whose_contacts(actor, people, now=now),
        absent=absence_queries.absent_on(people, clock.local_date(now)),
    )


@bp.get("/people/person/<code>")
@guard.requires("person.read")
def person(code: str) -> ResponseReturnValue:
    person, today = queries.person_by_code(code), clock.local_date(clock.now())
    only_today = not guard.can("absence.write", person.unit_id, person.id)
    return _person_page(person, AbsenceForm(from_on=today, to_on=today) if only_today else AbsenceForm())


def _person_page(person: Person, form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    sees = person.id in guard.whose_contacts(actor, [person], now=now)
    account = account_queries.user_of_person(person.id)
    absences = absence_queries.list_for_person(person.id) if sees else []
    return render_template(
        "people/person.html",
        person=person,
        form=form,
        sees=sees,
        account=account,
        absence_names=ABSENCE_NAMES,
        absences=absences,
        unanswered=asking.unanswered(absences),
        today=clock.local_date(now),
        kinds=[kind for kind in queries.duty_kinds() if kind.code in {each.duty for each in person.duties}],
        pattern=next((each for each in queries.work_patterns() if each.code == person.work_pattern), None),
        seen_at=account_queries.last_seen([account.id]).get(account.id) if account else None,
        panels=menu.person_panels(person, actor, now),
    ), status


@bp.route("/people/new", methods=["GET", "POST"])
@guard.requires("person.write")
def new_person() -> ResponseReturnValue:
    return _edit_person(None)


@bp.route("/people/person/<code>/edit", methods=["GET", "POST"])
@guard.requires("person.write")
def edit_person(code: str) -> ResponseReturnValue:
    person = queries.person_by_code(code)
    guard.ensure(guard.current_actor(), "person.write", person.unit_id, now=clock.now())
    return _edit_person(person)


def _edit_person(person: Person | None) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    form = PersonForm()
    form.fill_choices(units_within(actor, "person.write", now))
    code = person.code if person else ""
    if request.method == "GET":
        if person is not None:
            form.show(person)
        elif request.args.get("unit"):
            form.unit_code.data = request.args["unit"]
        return render_template("people/person_form.html", form=form, code=code)
    was = effects.standing_of(person) if person is not None else None
    if person is not None:
        form.code.data = code
    if form.validate():
        try:
            values = form_fields.said(PEOPLE, form)
            saved, _is_new = services.save_person(
                values.pop("code") or "", values, now=now, actor=actor, must_be_new=person is None
            )
            return _saved_person(saved, was, actor, now)
        except Forbidden:
            raise
        except DomainError as error:
            form.take(error)
    return render_template("people/person_form.html", form=form, code=code), 422


def _saved_person(saved: Person, was: EligibleDuties | None, actor: Actor, now: datetime) -> ResponseReturnValue:
    """Back to the person; to the published shifts that this save took from them, if there are any."""
    page = url_for("people.person", code=saved.code)
    if was is None:
        return back(page, _("Đã thêm %(name)s.", name=saved.full_name))
    hit = effects.hit_by_standing(saved, was, covers=False, actor=actor, now=now)
    done = _("Đã lưu.")
    left = leftovers.describe_for_person(saved.id, now=now) if was.is_here and not saved.active else ""
    if not hit:
        return back(page, f"{done} {left}", "warn") if left else back(page, done)
    return back(f"{page}#unsure", f"{done} {_unsure(hit)} {left}".strip(), "warn")


@bp.post("/people/contacts/<int:contact_id>/confirm")
@guard.requires("person.write")
def confirm_contact(contact_id: int) -> ResponseReturnValue:
    person = services.confirm_contact(contact_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for("people.person", code=person.code), _("Đã ghi nhận: liên lạc được qua địa chỉ này."))


# --- absences ------------------------------------------------------------------------------------------------------


@bp.get("/people/absences")
@guard.requires("person.read")
def absences() -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    today = clock.local_date(now)
    ids = guard.reach(actor, "person.directory", now=now)
    found = absence_queries.from_day(today, ids, actor.person_id)
    return render_template(
        "people/absences.html",
        absences=found,
        unanswered=asking.unanswered(found),
        today=today,
        absence_names=ABSENCE_NAMES,
    )


@bp.post("/people/person/<code>/absences")
@guard.requires("absence.now")
def add_absence(code: str) -> ResponseReturnValue:
    form, now = AbsenceForm(), clock.now()
    if form.validate() and form.from_on.data and form.to_on.data:
        try:
            absence_services.add_absence(
                code,
                form.from_on.data,
                form.to_on.data,
                form.kind.data,
                note=form.note.data or "",
                now=now,
                actor=guard.current_actor(),
            )
            return _saved(code, form.from_on.data, form.to_on.data, now)
        except Forbidden:
            raise
        except DomainError as error:
            form.take(error)
    person = queries.person_by_code(code)
    absence_rules.ensure_may_record_some(guard.current_actor(), person, now=now)
    return _person_page(person, form, 422)


def _saved(code: str, from_on: date, to_on: date, now: datetime) -> ResponseReturnValue:
    """Back to the person; to the shifts that are unsure now, if there are any."""
    person, actor = queries.person_by_code(code), guard.current_actor()
    hit = effects.hit_by_absence(person, from_on, to_on, covers=False, actor=actor, now=now)
    page = url_for("people.person", code=code)
    saved = [
        each for each in absence_queries.list_for_person(person.id) if (each.from_on, each.to_on) == (from_on, to_on)
    ]
    waits = asking.unanswered(saved)
    done = _("Đã gửi đề nghị nghỉ, chờ quản lý trả lời.") if waits else _("Đã ghi khoảng nghỉ.")
    if not hit:
        none = _("Không ca nào đã ban hành rơi vào những ngày này.")
        return back(page, f"{done} {none}")
    words = f"{done} {_unsure(hit)}"
    return back(f"{page}#unsure", words, "warn")


def _unsure(hit: Sequence[Affected]) -> str:
    """Return what it did to published shifts, and what the person who saved it can do about that."""
    if any(each.may_cover for each in hit):
        return ngettext(
            "%(num)s ca đã ban hành thành không chắc: tìm người thay ngay bên dưới.",
            "%(num)s ca đã ban hành thành không chắc: tìm người thay ngay bên dưới.",
            len(hit),
        )
    return ngettext(
        "%(num)s ca đã ban hành thành không chắc: báo ngay người quản lý để tìm người thay.",
        "%(num)s ca đã ban hành thành không chắc: báo ngay người quản lý để tìm người thay.",
        len(hit),
    )


@bp.post("/people/absences/<int:absence_id>/remove")
@guard.requires("absence.write")
def remove_absence(absence_id: int) -> ResponseReturnValue:
    person = absence_services.remove_absence(absence_id, now=clock.now(), actor=guard.current_actor())
    return back(url_for("people.person", code=person.code), _("Đã bỏ khoảng nghỉ."))


# --- units ---------------------------------------------------------------------------------------------------------


@bp.get("/people/units")
@guard.requires("unit.read")
def units() -> ResponseReturnValue:
    """The tree of units, a page at a time: narrowed, searched, or the page with the unit ``at``."""
    kinds = {kind.code: kind for kind in queries.unit_kinds()}
    listed = unit_list.narrowed(queries.unit_tree(), request.args)
    at = next((n for n, (_depth, unit) in enumerate(listed.rows) if unit.code == request.args.get("at")), None)
    shown = pages.part(listed.rows, arguments.number("page", 1), at=at)
    here = {unit.id for _depth, unit in shown.rows}
    return render_template(
        "people/units.html", listed=listed, shown=shown, here=here, kinds=kinds, counts=queries.headcounts()
    )


@bp.route("/people/units/new", methods=["GET", "POST"])
@guard.requires("unit.write")
def new_unit() -> ResponseReturnValue:
    return _edit_unit(None)


@bp.route("/people/units/<code>/edit", methods=["GET", "POST"])
@guard.requires("unit.write")
def edit_unit(code: str) -> ResponseReturnValue:
    unit = queries.unit_by_code(code)
    guard.ensure(guard.current_actor(), "unit.write", unit.id, now=clock.now())
    return _edit_unit(unit)


def _edit_unit(unit: Unit | None) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    form = UnitForm(obj=unit) if request.method == "GET" else UnitForm()
    parents = units_within(actor, "unit.write", now)
    parent = unit.parent if unit else None
    if parent is not None and parent.id not in {each.id for _depth, each in parents}:
        parents = [(0, parent), *parents]  # where it hangs now, even out of reach: to stay there needs no right
    may_be_top = bool(guard.allowed(actor, "unit.write", None, now=now)) or (unit is not None and parent is None)
    form.fill_choices(parents, may_be_top)
    code = unit.code if unit else ""
    if request.method == "GET":
        form.parent_code.data = parent.code if parent else request.args.get("parent", "")
        form.head_code.data = queries.head_codes([unit.id]).get(unit.id, "") if unit else ""
        return render_template("people/unit_form.html", form=form, code=code)
    form.code.data = code or form.code.data
    if form.validate():
        try:
            values = form_fields.said(UNITS, form) | {"head_code": form.head_code.data}
            services.save_unit(values.pop("code") or "", values, now=now, actor=actor, must_be_new=unit is None)
            return back(url_for("people.units", at=form.code.data), _("Đã lưu đơn vị."))
        except Forbidden:
            raise
        except DomainError as error:
            form.take(error)
    return render_template("people/unit_form.html", form=form, code=code), 422
