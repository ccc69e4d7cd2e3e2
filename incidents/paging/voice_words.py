"""What a voice says about several incidents: level 1 first, each by itself; then what one key takes, and what it does
not."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext

from incidents.record import naming
from incidents.record.models import Incident
from incidents.together import services as together, words

READ = 3
"""So many of level 1 are read at the beginning; each has its turn when it is taken."""


def say_several(waiting: Sequence[Incident], held: Sequence[Incident]) -> str:
    """All that waits for one person, the worst first, and which key means what. ``held``: what of level 1 they have."""
    divided = together.divided(waiting)
    said = [ngettext("%(num)s sự cố đang chờ đồng chí.", "%(num)s sự cố đang chờ đồng chí.", len(waiting))]
    worst = [each for each in divided.apart if each.severity == naming.WORST]
    said += [about(each) for each in worst[:READ]]
    if len(worst) > READ:
        said.append(ngettext("Và %(num)s sự cố mức 1 khác.", "Và %(num)s sự cố mức 1 khác.", len(worst) - READ))
    if divided.apart:
        said.append(_("Bấm phím 2 để nghe và nhận từng việc phải nhận riêng."))
    return " ".join([*said, rest(divided, held)]).strip()


def rest(divided: together.TakeableIncidents, held: Sequence[Incident]) -> str:
    """Return what key 1 takes, and what stays out and goes on calling; empty where it takes nothing."""
    if not divided.together:
        return ""
    count, but = len(divided.together), words.but(divided.apart)
    said = [_("Đồng chí đang giữ một việc mức 1.")] if held else []
    if but:
        said.append(
            ngettext(
                "Còn lại %(num)s sự cố, %(but)s: máy vẫn gọi.",
                "Còn lại %(num)s sự cố, %(but)s: máy vẫn gọi.",
                count,
                but=but,
            )
        )
    else:
        said.append(ngettext("Còn lại %(num)s sự cố.", "Còn lại %(num)s sự cố.", count))
    said.append(ngettext("Bấm phím 1 để nhận việc này.", "Bấm phím 1 để nhận cả %(num)s việc.", count))
    return " ".join(said)


def one(incident: Incident) -> str:
    """One that is taken singly, with its keys."""
    return f"{about(incident)} " + _("Bấm phím 1 để nhận việc này. Bấm phím 2 để nghe việc tiếp.")


def about(incident: Incident) -> str:
    """Level, title as it may be said on the telephone, place."""
    return _(
        "Mức %(level)s: %(title)s, tại %(unit)s.",
        level=incident.severity,
        title=naming.outside(incident).rstrip(" ."),
        unit=incident.unit.name,
    )
