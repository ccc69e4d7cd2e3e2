"""A mail that is welcome becomes an alarm of its source; so does one that nobody can read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.errors import Unavailable
from incidents.intake import ingest, unreadable
from incidents.intake.formats import Alarm
from incidents.intake.ingest import ClaimedSource, IntakeDelivery
from incidents.mailboxes.visits import JudgedMail


def forged_end(judged: JudgedMail) -> str:
    """ "forged" for a mail that would end an alarm and is not from whom it says, as the mail server found; else "".

    A forged alarm costs sleep, a forged end of one costs the alarm.
    """
    mail = judged.mail
    return "forged" if mail is not None and mail.marks.is_forged and mail.alarm.action != "trigger" else ""


def raised(session: Session, source: ClaimedSource, judged: JudgedMail) -> str:
    alarm, kept = _alarm(source, judged)
    [told] = ingest.receive_all(session, [IntakeDelivery(source, alarm, kept)])
    if isinstance(told, Unavailable):
        raise told
    return told.outcome if judged.mail else "unreadable"


def _alarm(source: ClaimedSource, judged: JudgedMail) -> tuple[Alarm, bytes]:
    """Return the alarm that a mail means. Of one that nobody can read only who sent it and what it calls itself is
    said; the rest is kept beside it."""
    if judged.mail is not None:
        return judged.mail.alarm, judged.mail.kept
    head = f"From: {judged.sender}\nSubject: {judged.subject}"
    return unreadable.alarm(source.intake, head.encode("utf-8", "replace")), judged.raw
