"""Photos and PDF on the page of an incident: the panel, the buttons, and the bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.actor import Actor
from core.errors import Invalid, NotFound
from core.files import answers, content as files
from incidents import panels
from incidents.actions import Action
from incidents.attachments import services as attachments
from incidents.attachments.models import Attachment
from incidents.blueprint import bp
from incidents.record import access
from incidents.record.models import Incident
from incidents.record.opening import readable
from people.access import guard


@bp.get("/<code>/attachments/<key>")
@guard.requires("incident.read")
def attachment(code: str, key: str) -> ResponseReturnValue:
    """The bytes, as a download."""
    now = clock.now()
    row = attachments.one(readable(code, now), key, actor=guard.current_actor(), now=now)
    return as_download(row)


@bp.get("/<code>/attachments/<key>/thumbnail")
@guard.requires("incident.read")
def thumbnail(code: str, key: str) -> ResponseReturnValue:
    """A small JPEG that we made ourselves."""
    now = clock.now()
    row = attachments.one(readable(code, now), key, actor=guard.current_actor(), now=now)
    if row.thumbnail is None:
        raise NotFound("attachment.unknown")
    return answers.picture(row.thumbnail)


def as_download(row: Attachment) -> Response:
    """Return what leaves is never shown inside a page of ours: it is offered to be kept."""
    return answers.download(row.content, row.media_type, row.name)


def _attach(incident_id: int, actor: Actor, now: datetime) -> str:
    """All of them or none: each is looked at before the first is kept."""
    sent = [each for each in request.files.getlist("photo") + request.files.getlist("file") if each.filename]
    if not sent:
        raise Invalid("attachment.missing", field="file")
    read = [attachments.read_upload(each.stream, each.filename or "") for each in sent]
    for file in read:
        attachments.add_file(incident_id, file=file, actor=actor, now=now)
    return ngettext("Đã đính kèm %(num)s tệp.", "Đã đính kèm %(num)s tệp.", len(read))


def _detach(incident_id: int, actor: Actor, now: datetime) -> str:
    attachments.withdraw(incident_id, request.form.get("key", ""), actor=actor, now=now)
    return _("Đã rút tệp; người có quyền đóng sự cố vẫn xem được.")


def _erase(incident_id: int, actor: Actor, now: datetime) -> str:
    attachments.withdraw(incident_id, request.form.get("key", ""), actor=actor, now=now, erase=True)
    return _("Đã xóa hẳn nội dung tệp; tên và mã kiểm tra còn trong diễn biến.")


def _panel(incident: Incident, now: datetime) -> dict[str, Any] | None:
    actor = guard.current_actor()
    rows = attachments.listed(incident, actor=actor, now=now)
    may_add = attachments.may_add(actor, incident, now=now)
    if not rows and not may_add:
        return None
    return {
        "rows": rows,
        "may_add": may_add,
        "accept": files.ACCEPTED,
        "most": files.MOST_BYTES // 1024 // 1024,
        "mine": actor.ref,
        "may_withdraw": access.may(actor, "incident.dispatch", incident, now=now),
        "may_erase": access.may(actor, "incident.close", incident, now=now),
    }


BUTTONS: dict[str, Action] = {"attach": _attach, "detach": _detach, "erase": _erase}
PANELS = (panels.Panel("main", "incidents/attachments/_panel_attachments.html", _panel),)
