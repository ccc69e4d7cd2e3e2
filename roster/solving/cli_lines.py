"""A solve as lines of text: its course on a terminal, and at the end what came out of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
from flask_babel import gettext as _

from core.i18n import points
from planning.outcome import Progress
from roster.solving import run_facts
from roster.solving.models import SolveRun
from roster.words import labels, violations, worth
from roster.words.names import names_for

MOST_NAMES = 20


def progress_line(news: Progress) -> str:
    """``   0.6s  cost 20649.5  bound 20390.0  gap 1.26 %  empty 0  proved 12/69  highs``; costs in points."""
    bound, gap = "-", "-"
    if news.bound is not None:
        bound = f"{news.bound / 100:.1f}"
        gap = f"{100 * (news.cost - news.bound) / news.cost:.2f} %" if news.cost else "0 %"
    pieces = f"  proved {news.groups_proved}/{news.groups}" if news.groups else ""
    return (
        f"{news.seconds:7.1f}s  cost {news.cost / 100:.1f}  bound {bound}  gap {gap}  empty {news.missing}{pieces}"
        f"  {news.engine}".rstrip()
    )


def show(news: Progress) -> None:
    """Print it on standard error, so that what came out can be piped."""
    click.echo(progress_line(news), err=True)


def summary_lines(run: SolveRun, *, now: datetime) -> Iterator[str]:
    """Yield what the page of the solve says, in a few lines; nothing for a run without a certificate."""
    proof = run.certificate
    if not proof:
        return
    why = labels.STOPPED.get(proof["stopped_by"], proof["stopped_by"])
    yield _(
        "Cách xếp: %(name)s; dừng vì %(why)s, sau %(n)s giây.",
        name=labels.engines([proof["engine"]]),
        why=why,
        n=labels.number(proof["seconds_used"]),
    )
    if run_facts.facts_changed(run):
        yield _("Trong lúc máy xếp, thông tin đã thay đổi; lịch được kiểm tra lại theo thông tin mới nhất.")
    gap = run_facts.gap_of(run)
    if run_facts.is_proved(run) and run.mode == "replan":
        yield _(
            "Đã chứng minh, khi mỗi lượt đổi tính theo giá: không có lịch nào rẻ hơn %(n)s điểm.",
            n=points(proof["cost"]),
        )
    elif run_facts.is_proved(run):
        yield _("Đã chứng minh: không có lịch nào rẻ hơn %(n)s điểm.", n=points(proof["cost"]))
    elif gap is not None:
        yield _(
            "Chưa chứng minh; còn có thể tốt hơn nhiều nhất %(gap)s: %(left)s.",
            gap=labels.percent(gap),
            left=worth.left(run_facts.left_of(run)),
        )
    if proof["groups"]:
        yield _("%(n)s/%(all)s phần độc lập đã chứng minh", n=proof["groups_proved"], all=proof["groups"])
    for rule in run_facts.soft_rules(run, in_words=False):
        cost = _("%(cost)s điểm", cost=points(rule.cost))
        yield f"  {rule.name}: " + (_("%(n)s lần · %(cost)s", n=rule.count, cost=cost) if rule.count else cost)
    open_people = run_facts.unchecked_people(run, now=now)
    if open_people:
        named = ", ".join(each.code for each in open_people[:MOST_NAMES])
        more = len(open_people) - MOST_NAMES
        named += _(" và %(n)s người khác", n=more) if more > 0 else ""
        yield _("Giờ làm thêm chưa có số đầu kỳ, chưa kiểm tra được: %(people)s", people=named)


def shortage_lines(run: SolveRun) -> Iterator[str]:
    """Each empty seat, after the code of its unit."""
    found = [violations.restored_shortage(row) for row in run.conflicts]
    names = names_for(*violations.mentioned((), found))
    units = run_facts.units_of(short.shift_id for short in found)
    for short in found:
        unit = units.get(short.shift_id)
        yield f"{unit.code}: {violations.shortage(short, names)}" if unit else violations.shortage(short, names)
