"""Pages of what managers set for the engine: a campaign's rules, the points table; and the end of a campaign."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock
from core.actor import Actor
from core.errors import DomainError, Forbidden, by_field
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Person
from roster.blueprint import bp
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.days import points_table
from roster.draft import page_head
from roster.fairness import closing
from roster.refit import of_rules
from roster.refit.of_rules import Otherwise
from roster.rulebook import form_points, forms as rule_forms, queries as rule_queries, services as rule_settings
from roster.rulebook.forms import TypedRules
from roster.rulebook.words import rule_name
from roster.sources import pairs
from roster.sources.models import PAIR_KINDS


@bp.get("/campaigns/<int:campaign_id>/rules")
@guard.requires("campaign.read")
def rules(campaign_id: int) -> ResponseReturnValue:
    """Every rule as the campaign applies it, by group."""
    return _rules_page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/rules")
@guard.requires("campaign.write")
def save_rules(campaign_id: int) -> ResponseReturnValue:
    """Save what was typed, or bring the default of one rule (``reset=<code>``) or of all (``reset=all``) back."""
    actor, now, to = guard.current_actor(), clock.now(), url_for("roster.rules", campaign_id=campaign_id)
    wanted = request.form.get("reset", "")
    if wanted:
        codes = None if wanted == "all" else [wanted]
        rule_settings.reset(campaign_id, codes, actor=actor, now=now)
        anchor = "" if wanted == "all" else f"#r-{wanted}"
        return back(to + anchor, _("Đã trả về mặc định."))
    typed = rule_forms.read_rules(request.form, rule_queries.listed(campaign_id))
    if not typed.faults:
        try:
            if "preview" in request.form:
                return _previewed(campaigns.get_campaign(campaign_id), typed, now)
            rule_settings.save(campaign_id, typed.changes, actor=actor, now=now)
            return back(to, _("Đã lưu quy tắc. Lịch đã ban hành không đổi; lần xếp sau theo quy tắc mới."))
        except DomainError as error:
            if not error.errors:
                raise
            typed.add(error.errors)
    return _rules_page(campaigns.get_campaign(campaign_id), typed, 422)


def _previewed(campaign: Campaign, typed: TypedRules, now: datetime) -> ResponseReturnValue:
    """The form as it was typed, with what the present draft would break."""
    guard.ensure(guard.current_actor(), "campaign.write", campaign.unit_id, now=now)
    wanted, kept = rule_settings.would_be(campaign, typed.changes), rule_queries.chosen(campaign.id)
    typed.moved = [code for code in {*wanted, *kept} if wanted.get(code) != kept.get(code)]
    return _rules_page(campaign, typed, otherwise=of_rules.under(campaign.id, wanted, now=now))


def _rules_page(
    campaign: Campaign, typed: TypedRules | None = None, status: int = 200, otherwise: Otherwise | None = None
) -> ResponseReturnValue:
    may = bool(guard.allowed(guard.current_actor(), "campaign.write", campaign.unit_id, now=clock.now()))
    groups = rule_forms.shown(rule_queries.listed(campaign.id), typed or TypedRules())
    page = render_template(
        "roster/rulebook/rules.html",
        campaign=campaign,
        groups=groups,
        may=may and campaign.state != "closed",
        faults=typed.listed if typed else [],
        names=rule_queries.shift_names(campaign.id),
        otherwise=otherwise,
        rule_name=rule_name,
        changed=sum(rule.now.own for group in groups for rule in group.rules),
    )
    return page, status


@bp.get("/points/")
@guard.requires("campaign.read")
def points() -> ResponseReturnValue:
    """The points table with a worked example."""
    return _points_page({}, {})


@bp.post("/points/")
@guard.requires("points.write")
def save_points() -> ResponseReturnValue:
    values, faults = form_points.read_points(request.form)
    if request.form.get("reset"):
        values, faults = {row.name: row.default for row in points_table.rows()}, {}
    if not faults:
        try:
            changed = points_table.save(values, actor=guard.current_actor(), now=clock.now())
            words = _("Đã lưu bảng điểm. Tính lại %(n)s ca của các đợt trực chưa ban hành.", n=changed)
            return back(url_for("roster.points"), words)
        except DomainError as error:
            if not error.errors:
                raise
            faults = by_field(error)
    return _points_page({name: request.form.get(name, "") for name in points_table.FACTORS}, faults, 422)


def _points_page(typed: dict[str, str], faults: dict[str, str], status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    year = page_head.coming_tet(now)
    page = render_template(
        "roster/rulebook/points.html",
        groups=form_points.shown(typed, faults),
        example=points_table.example(year),
        year=year,
        names=form_points.FACTOR_NAMES,
        faults=faults,
        number=rule_forms.number,
        may=bool(guard.allowed(guard.current_actor(), "points.write", None, now=now)),
    )
    return page, status


@bp.post("/people/<code>/pairs")
@guard.requires("person.write")
def save_person_pair(code: str) -> ResponseReturnValue:
    """Whom this person serves with, or never shares a shift with."""
    kind, to = request.form.get("kind", ""), url_for("people.person", code=code)
    guard.ensure(guard.current_actor(), "person.write", people.person_by_code(code).unit_id, now=clock.now())
    if kind not in PAIR_KINDS:
        return back(to, _("Chọn trực cùng hoặc không trực chung."), "error")
    try:
        pairs.save_pair(
            code, request.form.get("other_code", "").strip(), kind, actor=guard.current_actor(), now=clock.now()
        )
    except Forbidden:
        raise
    except DomainError as error:
        return back(to, error.message(), "error")
    return back(to, _("Đã ghi cặp người này."))


@bp.post("/people/<code>/pairs/<int:pair_id>/delete")
@guard.requires("person.write")
def delete_person_pair(code: str, pair_id: int) -> ResponseReturnValue:
    pairs.delete_pair(pair_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for("people.person", code=code), _("Đã bỏ cặp người này."))


def pairs_panel(person: Person, actor: Actor, now: datetime) -> Markup | None:
    """Return the panel for a person's page, for those who may change the person."""
    if not guard.allowed(actor, "person.write", person.unit_id, now=now):
        return None
    rows = [(row, row.second if row.first_id == person.id else row.first) for row in pairs.pairs_of(person)]
    return Markup(render_template("roster/rulebook/_pairs.html", person=person, rows=rows))  # noqa: S704  (escaped inside)


@bp.post("/campaigns/<int:campaign_id>/close")
@guard.requires("campaign.publish")
def close_campaign(campaign_id: int) -> ResponseReturnValue:
    """Into the ledger with it; nothing of the campaign is edited any more."""
    people = closing.close(campaign_id, actor=guard.current_actor(), now=clock.now())
    words = _("Đã kết thúc đợt trực: ghi sổ điểm của %(n)s người.", n=people)
    return back(url_for("roster.campaign", campaign_id=campaign_id), words)
