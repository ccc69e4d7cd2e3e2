"""The page on which a source's rules are written, in their order."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid
from core.i18n import named
from core.web import back
from incidents.catalogue import queries as catalogue
from incidents.intake.models import Intake
from incidents.intake.rules import MOST_RULES
from incidents.intake_rules import forms, services as rules
from incidents.intake_rules.forms import RulesForm
from incidents.pages.views_sources import bp, own
from people import queries as people
from people.access import guard


@bp.route("/<int:intake_id>/rules", methods=["GET", "POST"])
@guard.requires("intake.manage")
def edit_rules(intake_id: int) -> ResponseReturnValue:
    """``do`` says which button was pressed; only ``save`` writes."""
    source = own(intake_id)
    if request.method == "GET":
        form = RulesForm.from_rules(rules.list_rules(source), rules.stamp(source))
        if not form.rows:
            form.press("add")
        return _page(source, form)
    form, do = RulesForm.from_sent(request.form), request.form.get("do", "save")
    if do != "save":
        form.press(do)
        return _page(source, form)
    try:
        rules.write(intake_id, form.rules(), seen=form.base, actor=guard.current_actor(), now=clock.now())
    except Conflict as fault:
        form.base = rules.stamp(source)
        form.take(fault)
        return _page(source, form), fault.http_status
    except Invalid as fault:
        form.take(fault)
        return _page(source, form), fault.http_status
    return back(url_for("intakes.detail", intake_id=intake_id, _anchor="rules"), _("Đã lưu quy tắc."))


def _page(source: Intake, form: RulesForm) -> str:
    within = set(people.subtree_ids(source.unit_id))
    tree = [(depth, unit) for depth, unit in people.unit_tree() if unit.id in within]
    top = min(depth for depth, _unit in tree)
    # One that is not offered any more stays chosen, else saving would take it out unseen.
    chosen = {row["category"] for row in form.rows}
    kinds = [each for each in catalogue.all_categories() if each.active or each.code in chosen]
    return render_template(
        "incidents/intake_rules/rules.html",
        source=source,
        form=form,
        most=MOST_RULES,
        places=forms.PLACES,
        hows=forms.HOW_NAMES,
        thens=forms.THEN_NAMES,
        levels=forms.levels(),
        categories=[("", _("Theo tin báo, hoặc nguồn"))] + [(each.code, named(each)) for each in kinds],
        units=[("", _("Của nguồn: %(unit)s", unit=source.unit.name))]
        + [(unit.code, "\u2003" * (depth - top) + unit.name) for depth, unit in tree],
    )
