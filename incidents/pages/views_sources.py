"""Pages of sources that report by themselves: who they are, where they send to, what came, and a box to try a body."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import DomainError, Forbidden
from core.i18n import named
from core.web import back
from incidents.catalogue import queries as catalogue
from incidents.intake import refusals, sources, unreadable, words
from incidents.intake.dialects import read_by
from incidents.intake.formats import MalformedAlarm
from incidents.intake.forms import IntakeForm
from incidents.intake.models import Intake
from incidents.intake_rules import services as rules, trial
from incidents.intake_rules.words import RuleWords
from incidents.mailboxes import parsing, services as mailboxes, words as mailboxes_words
from incidents.maintenance import silencing
from incidents.pages.views_policies import preview_facts
from incidents.policies.words import PolicyWords
from people import queries as people
from people.access import guard
from people.form_values import units_within

bp = Blueprint("intakes", __name__, url_prefix="/incidents/sources")
EVENTS_SHOWN = 20


@bp.get("/")
@guard.requires("intake.manage")
def overview() -> ResponseReturnValue:
    """All sources of one's units, and the form for a new one."""
    return _overview(_form())


@bp.post("/")
@guard.requires("intake.manage")
def create() -> ResponseReturnValue:
    """Make one; its address and key are on the answer and never again."""
    form = _form()
    if not form.validate():
        return _overview(form, status=422)
    try:
        made, key = sources.create(
            sources.NewSource(
                form.name.data or "",
                form.kind.data,
                people.unit_by_code(form.unit.data).id,
                category=form.category.data or "",
                due_by=form.due_by.data or None,
                every_minutes=form.every_minutes.data,
            ),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except Forbidden:
        raise
    except DomainError as error:
        form.take(error)
        return _overview(form, status=422)
    return _page(made, key=key), 201


@bp.get("/<int:intake_id>")
@guard.requires("intake.manage")
def detail(intake_id: int) -> ResponseReturnValue:
    return _page(own(intake_id))


@bp.post("/<int:intake_id>/try")
@guard.requires("intake.manage")
def try_body(intake_id: int) -> ResponseReturnValue:
    """Return what this body, or with ``last`` the newest one that came, would become. Nothing is raised, nobody is
    called."""
    source, body = own(intake_id), request.form.get("body", "")
    if request.form.get("last"):
        body = sources.last_payload(source.id) or body
    tried: trial.RuleTrial | None = None
    faults: list[str] = []
    try:
        is_mail = source.kind == "generic" and parsing.is_mail(body)
        read = parsing.read_pasted(body) if is_mail else read_by(source.kind, body)
        tried = trial.try_alarm(source, read, clock.now())
    except MalformedAlarm as fault:
        faults = fault.errors
        tried = trial.try_alarm(source, unreadable.read_as(source, body.encode("utf-8", "replace"), fault), clock.now())
    except KeyError:
        faults = [_("Nguồn báo định kỳ chỉ cần gọi địa chỉ; nội dung là ghi chú, không được đọc.")]
    return _page(source, body=body, tried=tried, faults=faults), 422 if faults else 200


@bp.post("/<int:intake_id>/revoke")
@guard.requires("intake.manage")
def revoke(intake_id: int) -> ResponseReturnValue:
    sources.revoke(intake_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".overview"), _("Đã thu hồi; khóa của nguồn này không mở được gì nữa."))


def own(intake_id: int) -> Intake:
    """Raises NotFound; Forbidden for a source of others."""
    found = sources.by_id(intake_id)
    guard.ensure(guard.current_actor(), "intake.manage", found.unit_id, now=clock.now())
    return found


def _form() -> IntakeForm:
    form = IntakeForm(kind="pagerduty")
    form.offer_units(units_within(guard.current_actor(), "intake.manage", clock.now()))
    return form


def _overview(form: IntakeForm, status: int = 200) -> ResponseReturnValue:
    wanted = sources.within(guard.current_actor(), clock.now())
    found = db.session.scalars(wanted.order_by(Intake.revoked_at.is_not(None), Intake.name, Intake.id)).all()
    facts = {"sources": found, "strangers": [(words.refusal(each.why), each) for each in refusals.list_refusals(None)]}
    return render_template("incidents/intake/sources.html", form=form, **facts), status


def _page(source: Intake, *, key: str = "", **tried: Any) -> str:
    facts: dict[str, Any] = {"body": "", "tried": None, "faults": []} | tried
    shown = facts["tried"].shown if facts["tried"] else None
    if shown is not None:
        facts |= preview_facts(facts["tried"].case, shown, {})
        facts["words"] = PolicyWords.about([shown.policy], people.ancestor_ids(facts["tried"].unit.id))
    category, mailbox = catalogue.category(source.category), mailboxes.find_mailbox(source.id)
    return render_template(
        "incidents/intake/source.html",
        source=source,
        key=key,
        address=current_app.config["PUBLIC_URL"] + sources.address(source.kind, key or _("KHÓA")),
        category=named(category) if category else source.category,
        manner=words.manner,
        rules=rules.list_rules(source),
        rule_words=RuleWords(),
        mailbox=mailbox,
        mailbox_problem=mailboxes_words.problem(mailbox) if mailbox else "",
        silence=silencing.silencing_for(source, guard.current_actor(), clock.now()),
        events=sources.intake_events(source.id, EVENTS_SHOWN),
        refused=[(words.refusal(each.why), each) for each in refusals.list_refusals(source.id)],
        **facts,
    )
