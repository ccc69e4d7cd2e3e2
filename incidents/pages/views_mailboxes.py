"""The page of a source's mailbox: set up, tried, taken away, and what became of the mails that came."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotFound
from core.web import back
from incidents.intake.models import Intake
from incidents.mailboxes import imap, services as mailboxes, words
from incidents.mailboxes.forms import MailboxForm
from incidents.mailboxes.imap import UnreadableMailbox
from incidents.pages.views_sources import bp, own
from people.access import guard

SHOWN = 30


@bp.route("/<int:intake_id>/mailbox", methods=["GET", "POST"])
@guard.requires("settings.write")
def mailbox(intake_id: int) -> ResponseReturnValue:
    """Accounts of other servers are the administrators' affair."""
    source = own(intake_id)
    if source.kind != "generic":
        raise NotFound("mailbox.source")
    row = mailboxes.find_mailbox(intake_id)
    form = MailboxForm.about(row)
    if not form.is_submitted():
        return _page(source, form)
    if not form.validate():
        return _page(source, form, 422)
    try:
        mailboxes.save(intake_id, form.settings(), actor=guard.current_actor(), now=clock.now())
    except Conflict:
        raise
    except DomainError as fault:
        form.take(fault)
        return _page(source, form, 422)
    return back(url_for(".mailbox", intake_id=intake_id), _("Đã lưu hộp thư; thư đến từ bây giờ sẽ được đọc."))


@bp.post("/<int:intake_id>/mailbox/try")
@guard.requires("settings.write")
def try_mailbox(intake_id: int) -> ResponseReturnValue:
    """Signs in and opens the folder; nothing is read."""
    own(intake_id)
    row = mailboxes.find_mailbox(intake_id)
    if row is None:
        raise NotFound("mailbox.unknown")
    account, home = mailboxes.account(row), url_for(".mailbox", intake_id=intake_id)
    try:
        if account is None:
            raise UnreadableMailbox("sealed")
        with imap.opened(account):
            pass
    except UnreadableMailbox as fault:
        return back(home, words.why(fault.problem, fault.said), "error")
    return back(home, _("Đã vào được hộp thư và mở được thư mục."))


@bp.post("/<int:intake_id>/mailbox/remove")
@guard.requires("settings.write")
def remove_mailbox(intake_id: int) -> ResponseReturnValue:
    own(intake_id)
    mailboxes.remove(intake_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".detail", intake_id=intake_id), _("Đã bỏ hộp thư; thư trong đó không được đọc nữa."))


def _page(source: Intake, form: MailboxForm, status: int = 200) -> ResponseReturnValue:
    row = mailboxes.find_mailbox(source.id)
    page = render_template(
        "incidents/mailboxes/mailbox.html",
        source=source,
        form=form,
        row=row,
        problem=words.problem(row) if row else "",
        mails=mailboxes.received(source.id, SHOWN),
        outcome=words.outcome,
    )
    return page, status
