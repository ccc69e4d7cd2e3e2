"""Edit one shift, or one day of one person: choose from the ranked people, pin, answer for a broken rule, undo."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.errors import Conflict, DomainError, NotFound
from core.web import back, is_htmx
from people import queries as people
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.coverage.words import why
from roster.covers import services as covering
from roster.draft import editor as editing, services as drafts, undoing
from roster.draft.shift_edits import ShiftEdit
from roster.draft.undoing import Turned
from roster.grid_pages.campaign_page import campaign_page
from roster.grid_pages.views_campaign import may_see_draft
from roster.models import Shift
from roster.shadows import page as shadows


@bp.get("/shifts/<int:shift_id>")
@guard.requires("roster.read")
def shift(shift_id: int) -> ResponseReturnValue:
    """Who sits where, and who else could; a panel for htmx, a page without it."""
    return answer(drafts.get_shift(shift_id))


@bp.get("/campaigns/<int:campaign_id>/cell")
@guard.requires("campaign.write")
def cell(campaign_id: int) -> ResponseReturnValue:
    """A person's day: the shifts that they have and those that they could take."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    person = people.person_by_code(request.args.get("person", ""))
    on = arguments.day("on")
    if on is None:
        raise NotFound("not_found", what=_("ngày này"))
    actor = guard.current_actor()
    rights.ensure(actor, "campaign.write", campaign, (), now=now)
    units = rights.reach(actor, "campaign.write", campaign, now=now)
    found = editing.day_of(campaign, person, on, units=units, now=now)
    template = "roster/draft/_cell.html" if is_htmx() else "roster/draft/cell.html"
    return render_template(template, campaign=campaign, person=person, on=on, options=found, kinds=kinds())


@bp.post("/shifts/<int:shift_id>")
@guard.requires("campaign.write")
def change_shift(shift_id: int) -> ResponseReturnValue:
    """``put`` somebody (``instead`` of somebody), ``drop`` somebody, or set exactly ``exactly`` (with a reason)."""
    shift, now = drafts.get_shift(shift_id), clock.now()
    before = editing.seated_codes(shift)
    wanted = _wanted(before)
    try:
        was = request.form["was"].split() if "was" in request.form else None
        drafts.edit_shifts(
            [ShiftEdit(shift_id, wanted, pin="pin" in request.form, keeps_pins=True, was=was)],
            override_reason=request.form.get("reason"),
            draft_version=None if was is not None else request.form.get("version", type=int),
            actor=guard.current_actor(),
            now=now,
        )
    except DomainError as error:
        return _refused(drafts.get_shift(shift_id), error, wanted)
    words = _("Đã lưu: %(people)s.", people=names(wanted) or _("ca này để trống"))
    return answer(drafts.get_shift(shift_id), done=words, changed=True, touched={*before, *wanted})


@bp.post("/shifts/<int:shift_id>/pin")
@guard.requires("campaign.write")
def pin_shift(shift_id: int) -> ResponseReturnValue:
    """Pin or unpin one person of the shift."""
    pinned, code = request.form.get("pinned") == "1", request.form.get("person", "")
    drafts.set_pinned(shift_id, pinned, codes=[code], actor=guard.current_actor(), now=clock.now())
    words = _("Đã ghim: máy sẽ không đổi người này.") if pinned else _("Đã bỏ ghim.")
    shift = drafts.get_shift(shift_id)
    return answer(shift, done=words, changed=True, touched=editing.seated_codes(shift))


@bp.post("/campaigns/<int:campaign_id>/undo")
@guard.requires("campaign.write")
def undo(campaign_id: int) -> ResponseReturnValue:
    """Take back what this account changed last, or its step ``edit``, and go on looking at the grid as it was."""
    return _turned(campaign_id, undoing.undo)


@bp.post("/campaigns/<int:campaign_id>/redo")
@guard.requires("campaign.write")
def redo(campaign_id: int) -> ResponseReturnValue:
    """Do again what this account undid last, or its step ``edit``."""
    return _turned(campaign_id, undoing.redo)


def _turned(campaign_id: int, turn: Callable[..., Turned]) -> ResponseReturnValue:
    """To the grid as it was looked at, with what was done or why not; both versions where somebody is to choose."""
    to = url_for("roster.campaign", campaign_id=campaign_id, **_filters())
    try:
        done = turn(campaign_id, **turning_asked(), actor=guard.current_actor(), now=clock.now())
        return back(to, turned_words(done, back=turn is undoing.undo))
    except Conflict as error:
        if "seats" not in error.state:
            return back(to, error.message(), "error")
        campaign = campaigns.get_campaign(campaign_id)
        facts = {"campaign": campaign, "clash": error.state, "error": error.message(), "to": to}
        page = render_template("roster/draft/clash.html", **facts, back=turn is undoing.undo)
        return page, error.http_status


def turned_words(done: Turned, *, back: bool) -> str:
    """Return what was turned, in one sentence."""
    if not done.shifts:
        return _("Giữ như bây giờ: không đổi ô nào.")
    return _("Đã hoàn tác: %(what)s.", what=done.text) if back else _("Đã làm lại: %(what)s.", what=done.text)


def turning_asked() -> dict[str, Any]:
    """Return what the form asks: which step, what shall be where it was changed once more since, as of which version of
    the draft."""
    clash = request.form.get("clash")
    return {
        "edit": request.form.get("edit", type=int),
        "clash": clash if clash in undoing.CLASHES else "refuse",
        "seen": request.form.get("seen", type=int),
    }


def _filters() -> dict[str, Any]:
    """Return what the grid that was left behind showed."""
    return {
        name: request.args[name]
        for name in ("view", "duty", "unit", "whose", "source", "mode", "page", "on", "hide")
        if name in request.args
    }


def _wanted(before: Sequence[str]) -> list[str]:
    form = request.form
    if "exactly" in form:
        return [code for code in form["exactly"].split() if code]
    if form.get("drop"):
        return [code for code in before if code != form["drop"]]
    put, _sep, instead = form.get("put", "").partition(">")
    if instead:
        return [put if code == instead else code for code in before]
    return [*before, put] if put else list(before)


def names(codes: Sequence[str]) -> str:
    return ", ".join(people.person_by_code(code).full_name for code in codes)


def _refused(shift: Shift, error: DomainError, wanted: Sequence[str]) -> ResponseReturnValue:
    broken = [each["text"] for each in error.state.get("violations", [])]
    typed = {"wanted": list(wanted), "reason": request.form.get("reason", ""), "pin": "pin" in request.form}
    ask = typed if isinstance(error, Conflict) and error.code == "seats.break_rules" else None
    return answer(shift, error=error.message(), broken=broken, ask=ask, status=error.http_status)


def answer(
    shift: Shift, *, changed: bool = False, touched: Collection[str] = (), status: int = 200, **said: Any
) -> ResponseReturnValue:
    """The editor of a shift; after a change by htmx also the parts of the grid that it changes.

    ``touched``: codes of those whose rows these are; without them, or where no grid lies beside, all of it.
    """
    now: datetime = clock.now()
    if changed and not is_htmx():
        return back(url_for("roster.shift", shift_id=shift.id), said.get("done", ""))
    campaign = campaigns.get_campaign(shift.campaign_id)
    may = rights.may(guard.current_actor(), "campaign.write", campaign, shift.unit_id, now=now)
    reads_only = not may and not may_see_draft(campaign)
    editor = editing.published(shift, now=now) if reads_only else editing.load(shift, now=now)
    covers_now = covering.may_cover(guard.current_actor(), shift, now=now)
    facts = {
        "campaign": campaign,
        "shift": shift,
        "editor": editor,
        "kinds": kinds(),
        "may": may,
        "covers_now": covers_now,
        "doubts": {who: why(doubt, now) for who, doubt in editor.doubts.items()},
    }
    if not is_htmx():
        beside = shadows.shadows_on_shift(shift, actor=guard.current_actor(), now=now)
        return render_template("roster/draft/shift.html", **facts, **said, shadows=beside), status
    page = render_template("roster/draft/_editor.html", **facts, **said)
    if changed and request.form.get("from_grid"):
        only = {people.person_by_code(code).id for code in touched} if request.headers.get("X-Grid") else None
        grid_page = campaign_page(campaign, request.args, actor=guard.current_actor(), now=now)
        around = grid_page.facts() if only else grid_page.facts_with_agenda()
        page += render_template("roster/draft/_changed.html", only=only, **around)
    return page, status
