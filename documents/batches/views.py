"""Pages of batches: what one asked for, how far it is, and its file."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.files import answers
from core.web import back
from documents import kinds
from documents.batches import services as batching
from documents.blueprint import bp
from documents.drafting import asking, wording
from people.access import guard


@bp.get("/batches/")
@guard.requires("document.read")
def batches() -> ResponseReturnValue:
    """One's own, the newest first; the page looks again by itself while one is being made."""
    rows = batching.mine(guard.current_actor(), clock.now())
    return render_template(
        "documents/batches.html",
        rows=rows,
        names=kinds.by_code(),
        busy=any(row.state in batching.OPEN for row in rows),
        days=batching.KEPT.days,
    )


@bp.post("/about/<about>/<kind>/batch")
@guard.requires("document.read")
def begin_batch(about: str, kind: str) -> ResponseReturnValue:
    """``each``: the option of which every choice gets a file; the other options as on the draft's form."""
    wanted = asking.wanted(about, kind, request.form)
    row = batching.ask(
        about,
        kind,
        request.form.get("each", ""),
        wanted.options,
        language=wanted.language,
        actor=guard.current_actor(),
        now=clock.now(),
    )
    return back(url_for(".batches"), _("Đang lập %(n)s tệp; trang này báo khi xong.", n=row.total))


@bp.post("/batches/<int:batch_id>/cancel")
@guard.requires("document.read")
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    batching.cancel(batch_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".batches"), _("Đã dừng."))


@bp.get("/batches/<int:batch_id>/file.zip")
@guard.requires("document.read")
def batch_file(batch_id: int) -> Response:
    row = batching.file(batch_id, guard.current_actor(), clock.now())
    name = f"{wording.file_stem(str(row.name), '', '')}-{row.id}.zip"
    return answers.download(row.content or b"", "application/zip", name)
