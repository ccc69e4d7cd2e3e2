"""/contact: our numbers, as a card to keep and on a page that says what to switch on the usual telephones. For anybody:
whoever is called at night has no password at hand."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from duty.contact_card import queries, vcard, words
from people.access import guard

bp = Blueprint("contact_card", __name__)


@bp.get("/contact")
@guard.public
def index() -> ResponseReturnValue:
    """Return what to keep and what to switch; ``?unit=``: with the desk of that unit."""
    unit = request.args.get("unit", "")
    facts = {"lines": queries.lines(unit), "brands": queries.brand_names(), "kinds": words.KINDS, "unit": unit}
    return render_template("duty/contact_card/contact.html", **facts)


@bp.get("/contact.vcf")
@guard.public
def card() -> ResponseReturnValue:
    """The card itself: a telephone that opens it offers to keep it."""
    found = queries.lines(request.args.get("unit", ""))
    if not found:  # an old link, or numbers that were taken away: no telephone keeps a contact without one
        return redirect(url_for(".index"))
    url = str(current_app.config["PUBLIC_URL"])
    content = vcard.card(
        _("Trực Tết gọi"),
        queries.organization() or "Trực Tết",
        found,
        uid=f"truc-tet@{urlsplit(url).hostname}",
        url=f"{url}/contact",
        note=_("Số gọi và nhắn khi có sự cố trong ca trực. Cho phép gọi cả khi máy đang tắt chuông."),
    )
    answer = Response(content, content_type=vcard.MIME)
    answer.headers["Content-Disposition"] = 'inline; filename="truc-tet.vcf"'
    answer.headers["Cache-Control"] = "no-cache"
    return answer
