"""Every screen that `make screenshots` shows; ``screens_sample`` makes what stands on them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from flask import Flask
from werkzeug.exceptions import NotFound

from desk.demo import seed


@dataclass(frozen=True)
class Screen:
    """``path`` may name facts in braces; ``who`` signs in: manager, admin, duty (operations on duty now), nobody, or a
    login."""

    name: str
    path: str
    who: str = "manager"


SCREENS = (
    Screen("login", "/login", "nobody"),
    Screen("invitation", "/invite/{invitation}", "nobody"),
    Screen("one-tap", "/a/{one_tap}", "nobody"),
    Screen("one-tap-consent", "/a/s.{consent}", "nobody"),
    Screen("own", "/p/me/{own}", "nobody"),
    Screen("own-used", "/p/me/{own_used}", "nobody"),
    Screen("own-swap", "/p/me/{own_used}/swap/{own_seat}", "nobody"),
    Screen("consents", "/consents/", "duty"),
    Screen("one-tap-several", "/b/{several}", "nobody"),
    Screen("not-found", "/people/person/KHONG-CO"),
    Screen("desk", "/"),
    Screen("desk-called", "/", "duty"),
    Screen("desk-wall", "/?wall=1"),
    Screen("desk-locked", "/desk/locked", seed.SHARED_DESK),
    Screen("desk-new", "/people/desks/new"),
    Screen("calls", "/calls/"),
    Screen("start", "/start/", "admin"),
    Screen("campaigns", "/roster/"),
    Screen("campaign-new", "/roster/campaigns/new"),
    Screen("grid", "/roster/campaigns/{tet_2020}"),
    Screen("grid-draft", "/roster/campaigns/{coming}"),
    Screen("grid-print", "/roster/campaigns/{tet_2020}/print"),
    Screen("shift", "/roster/shifts/{shift}"),
    Screen("shift-why", "/roster/shifts/{shift}/why?person={seated}"),
    Screen("shift-covers", "/roster/shifts/{shift}/covers?for={seated}"),
    Screen("solve-explained", "/roster/campaigns/{coming}/solve/{run}/explanation"),
    Screen("solve-run", "/roster/campaigns/{coming}/solve/{run}"),
    Screen("confirmations", "/roster/campaigns/{running}/confirmations"),
    Screen("illness", "/roster/illness/{duty_code}"),
    Screen("swaps", "/roster/campaigns/{running}/swaps"),
    Screen("presence", "/roster/presence/"),
    Screen("fairness", "/roster/campaigns/{tet_2020}/fairness"),
    Screen("hours", "/roster/campaigns/{tet_2020}/hours"),
    Screen("hours-of", "/roster/campaigns/{tet_2020}/hours/people/{seated}"),
    Screen("hours-close", "/roster/campaigns/{tet_2020}/hours/close"),
    Screen("publish", "/roster/campaigns/{coming}/publish"),
    Screen("publish-part", "/roster/campaigns/{coming}/publish/part"),
    Screen("revisions", "/roster/campaigns/{tet_2020}/revisions"),
    Screen("revision", "/roster/campaigns/{tet_2020}/revisions/1"),
    Screen("revision-diff", "/roster/campaigns/{tet_2020}/revisions/1/diff"),
    Screen("rules", "/roster/campaigns/{coming}/rules"),
    Screen("points", "/roster/points/"),
    Screen("work-patterns", "/roster/work-patterns/"),
    Screen("demand", "/roster/demand/"),
    Screen("duty-kinds", "/roster/duty-kinds/"),
    Screen("holidays", "/roster/holidays/", "admin"),
    Screen("rehearsals", "/roster/rehearsals/"),
    Screen("rehearse", "/roster/campaigns/{coming}/rehearse"),
    Screen("rehearsal-desk", "/roster/rehearsals/{rehearsal}"),
    Screen("my-shifts", "/me/", "duty"),
    Screen("my-swap", "/me/swap/{own_seat}", "duty"),
    Screen("my-reach", "/me/reach", "duty"),
    Screen("let-us-through", "/me/let-us-through", "duty"),
    Screen("reach", "/people/person/{person}/reach"),
    Screen("reach-address", "/people/person/{person}/reach/address/{contact}"),
    Screen("reach-address-new", "/people/person/{person}/reach/address"),
    Screen("reach-code", "/people/person/{person}/reach/code/{code}"),
    Screen("unreachable", "/roster/unreachable"),
    Screen("readiness", "/readiness/"),
    Screen("my-feeds", "/me/feeds", "duty"),
    Screen("my-feed", "/me/feeds/{feed}", "duty"),
    Screen("incidents", "/incidents/"),
    Screen("incident-new", "/incidents/new", "duty"),
    Screen("offline", "/incidents/offline", "duty"),
    Screen("tonight", "/tonight", "duty"),
    Screen("share", "/roster/share?unit={unit}"),
    Screen("report-form", "/bao/{sheet}", "nobody"),
    Screen("report-status", "/bao/xem/{report}", "nobody"),
    Screen("report-sheets", "/incidents/qr/"),
    Screen("report-sheets-a4", "/incidents/qr/print?unit={unit}"),
    Screen("report-sheets-a6", "/incidents/qr/print?size=a6"),
    Screen("incident-reported", "/incidents/{reported}"),
    Screen("incident-open", "/incidents/{open}"),
    Screen("incident-called", "/incidents/{open}", "duty"),
    Screen("incident-resolved", "/incidents/{resolved}"),
    Screen("incident-restricted", "/incidents/{restricted}"),
    Screen("incident-truck", "/incidents/{taken}"),
    Screen("incident-prohibited", "/incidents/{item}"),
    Screen("incident-joined", "/incidents/{joined}"),
    Screen("legal", "/incidents/{item}/legal"),
    Screen("legal-record", "/incidents/{item}/legal/record"),
    Screen("legal-notice", "/incidents/{item}/legal/notice"),
    Screen("catalogue", "/incidents/catalogue/"),
    Screen("category", "/incidents/catalogue/category/vehicle", "admin"),
    Screen("category-new", "/incidents/catalogue/category/", "admin"),
    Screen("questions", "/incidents/catalogue/questions", "admin"),
    Screen("targets", "/incidents/catalogue/targets", "admin"),
    Screen("authorities", "/incidents/directory/authorities"),
    Screen("routes", "/incidents/directory/routes"),
    Screen("vehicles", "/incidents/directory/vehicles"),
    Screen("figures", "/incidents/figures/?unit={unit}"),
    Screen("reviews", "/incidents/reviews/"),
    Screen("review", "/incidents/{resolved}/review"),
    Screen("review-print", "/incidents/{resolved}/review/print"),
    Screen("diary", "/incidents/diary/{unit}"),
    Screen("diary-print", "/incidents/diary/{unit}/print"),
    Screen("policy", "/incidents/policy/{unit}"),
    Screen("policy-edit", "/incidents/policy/{unit}/edit/0"),
    Screen("policy-new", "/incidents/policy/{unit}/new"),
    Screen("policy-night", "/incidents/policy/{unit}/edit/{slot}"),
    Screen("policy-history", "/incidents/policy/{unit}/history"),
    Screen("sources", "/incidents/sources/"),
    Screen("source", "/incidents/sources/{source}"),
    Screen("directory", "/people/"),
    Screen("person", "/people/person/{person}"),
    Screen("person-new", "/people/new"),
    Screen("person-edit", "/people/person/{person}/edit"),
    Screen("units", "/people/units"),
    Screen("unit-new", "/people/units/new"),
    Screen("unit-edit", "/people/units/{unit}/edit"),
    Screen("absences", "/people/absences"),
    Screen("invitations", "/people/invitations"),
    Screen("accounts", "/people/accounts", "admin"),
    Screen("account-of", "/people/accounts/{account}", "admin"),
    Screen("keys", "/people/keys", "admin"),
    Screen("account", "/account"),
    Screen("import", "/import/"),
    Screen("gateways", "/gateways/", "admin"),
    Screen("gateway-new", "/gateways/new?recipe=json_voice", "admin"),
    Screen("gateway", "/gateways/{gateway}", "admin"),
    Screen("gateway-failing", "/gateways/{failing}", "admin"),
    Screen("system", "/system/", "admin"),
    Screen("sending", "/system/sending/", "admin"),
    Screen("outbox", "/outbox/", "admin"),
    Screen("message", "/outbox/{message}", "admin"),
)
NO_SCREENS = {
    "api_document",
    "static",
    "desk.cover",
    "feed.calendar",
    "health.healthz",
    "health.readyz",
    "desk.live",
    "desk.who",
    "importing.template",
    "importing.preview",
    "roster.cell",
    "roster.solve_live",
    "roster.download",
    "me.numbers_card",
    "roster.solve_certificate",
    "roster.fairness_csv",
    "roster.hours_xlsx",
    "roster.closed_xlsx",
    "incidents.own_policy",
    "incidents.own_diary",
    "incidents.export_figures",
    "incidents.questions",
    "incidents.alike",
    "offline.worker",
    "offline.account",
    "incidents.attachment",
    "incidents.thumbnail",
    "metrics.metrics",
    "voice.script",
    "voice.script_of_several",
    "gateway_reports.report",
    "calls.banner",
    "first.link",
}
"""Endpoints that answer GET and are no screens: data, files, parts of pages, what takes an upload first, and
what is gone as soon as there is an administrator."""


def unseen(app: Flask, facts: dict[str, str]) -> list[str]:
    """Addresses of pages that no screen shows."""
    doors, seen = app.url_map.bind("localhost"), set()
    for screen in SCREENS:
        with suppress(NotFound):  # a screen of a page that is gone says so by its 404
            seen.add(doors.match(screen.path.format(**facts).partition("?")[0])[0])
    pages = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = seen | NO_SCREENS
    return [page.rule for page in pages if page.endpoint not in known and not page.rule.startswith("/api/")]
