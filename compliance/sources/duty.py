"""What the roster proves now: each minute of the letter's duties, support round the clock, a drill, who is reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from compliance.computed import ComputedFinding, FindingSource, Numbers, Scope
from compliance.sources import reach
from core.calendar.moments import parse_moment, rfc3339
from core.db import db
from core.i18n import d, dt
from people import queries as people
from planning.coverage import Gap, Place, Proof, open_spans
from roster.campaigns.models import Campaign
from roster.coverage import proving
from roster.models import Duty, Rehearsal
from roster.reachability import report

Thing = TypeVar("Thing", Gap, Place)
SUPPORT = "support"
NONE = ComputedFinding(False, {"campaign": ""})


def _covered(asked: Scope) -> Mapping[int, ComputedFinding]:
    found: dict[int, ComputedFinding] = {}
    for campaign, unit_ids, above in _by_campaign(asked, found):
        stand = _stand(campaign, asked.now)
        blocking = [gap for gap in stand.proof.gaps if gap.blocks and gap.duty in stand.obligatory]
        by_unit = _by_unit(blocking)
        for holding, alike in reach.bearing(unit_ids, by_unit, above).items():
            mine = [gap for each in holding for gap in by_unit[each]]
            made = _gaps_found(campaign, stand.proof, mine, asked.now)
            found.update(dict.fromkeys(alike, made))
    return found


def _supported(asked: Scope) -> Mapping[int, ComputedFinding]:
    found: dict[int, ComputedFinding] = {}
    for campaign, unit_ids, above in _by_campaign(asked, found):
        stand = _stand(campaign, asked.now)
        sure = [each for each in stand.places if each.duty == SUPPORT and each.lacks is None]
        by_unit = _by_unit(sure)
        for holding, alike in reach.bearing(unit_ids, by_unit, above).items():
            mine = [place for each in holding for place in by_unit[each]]
            found.update(dict.fromkeys(alike, _support_found(campaign, stand.proof, mine, asked.now)))
    return found


def _drilled(asked: Scope) -> Mapping[int, ComputedFinding]:
    found: dict[int, ComputedFinding] = {}
    for campaign, unit_ids, _above in _by_campaign(asked, found, drafts=True):
        wanted = select(Rehearsal).where(Rehearsal.campaign_id == campaign.id, Rehearsal.started_at <= asked.now)
        held = [each for each in db.session.scalars(wanted) if each.is_over(asked.now)]
        last = max((each.started_at for each in held), default=None)
        numbers = {"campaign": campaign.name, "drills": len(held), "last": rfc3339(last) if last else ""}
        found.update(dict.fromkeys(unit_ids, ComputedFinding(bool(held), numbers)))
    return found


def _reachable(asked: Scope) -> Mapping[int, ComputedFinding]:
    found: dict[int, ComputedFinding] = {}
    for campaign, unit_ids, above in _by_campaign(asked, found):
        wanted = select(Duty.unit_id, Duty.person_id).where(
            Duty.campaign_id == campaign.id, Duty.cancelled_at.is_(None), Duty.ends_at > asked.now
        )
        serving = defaultdict[int, set[int]](set)
        for unit_id, person_id in db.session.execute(wanted.distinct()).tuples():
            serving[unit_id].add(person_id)
        faults = report.faults_for({each for some in serving.values() for each in some})
        for holding, alike in reach.bearing(unit_ids, serving, above).items():
            who = {each for unit_id in holding for each in serving[unit_id]}
            unsure = len(who & faults.keys())
            numbers = {"campaign": campaign.name, "people": len(who), "verified": len(who) - unsure}
            found.update(dict.fromkeys(alike, ComputedFinding(bool(who) and not unsure, numbers)))
    return found


def _by_campaign(
    asked: Scope, found: dict[int, ComputedFinding], *, drafts: bool = False
) -> Iterator[tuple[Campaign, list[int], reach.Chains]]:
    """Each campaign with the units that it covers; ``found`` gets those of whom nothing is published."""
    above = reach.chains()
    covering = reach.campaigns(asked.unit_ids, asked.since, asked.until, above)
    groups = defaultdict[int, list[int]](list)
    for unit_id in asked.unit_ids:
        campaign = covering.get(unit_id)
        if campaign is None:
            found[unit_id] = NONE
        elif campaign.state == "draft" and not drafts:
            found[unit_id] = ComputedFinding(False, {"campaign": campaign.name, "revision": 0})
        else:
            groups[campaign.id].append(unit_id)
    by_id = {each.id: each for each in covering.values()}
    for campaign_id, unit_ids in groups.items():
        yield by_id[campaign_id], unit_ids, above


def _stand(campaign: Campaign, now: datetime) -> proving.Stand:
    return proving.stand(campaign, proving.prove_published(campaign.id), now=now)


def _by_unit(things: Iterable[Thing]) -> dict[int, list[Thing]]:
    ids = people.unit_ids()
    found = defaultdict[int, list[Thing]](list)
    for each in things:
        found[ids[each.unit]].append(each)
    return found


def _gaps_found(campaign: Campaign, proof: Proof, gaps: Sequence[Gap], now: datetime) -> ComputedFinding:
    ahead = [gap for gap in gaps if gap.ends_at > now]
    past = sum(gap.minutes for gap in gaps if gap.ends_at <= now)
    numbers = {**_about(campaign, proof), **_open((gap.starts_at, gap.ends_at) for gap in ahead), "past": past}
    return ComputedFinding(bool(proof.checked) and not ahead, numbers)


def _support_found(campaign: Campaign, proof: Proof, places: Sequence[Place], now: datetime) -> ComputedFinding:
    if proof.checked is None or not places:
        return ComputedFinding(False, {**_about(campaign, proof), "support": 0})
    spans = open_spans([(each.starts_at, each.ends_at) for each in places], proof.checked)
    ahead = [span for span in spans if span[1] > now]
    return ComputedFinding(not ahead, {**_about(campaign, proof), **_open(ahead), "support": len(places)})


def _about(campaign: Campaign, proof: Proof) -> dict[str, object]:
    since, until = proof.checked or (None, None)
    return {
        "campaign": campaign.name,
        "revision": campaign.revision,
        "from": rfc3339(since) if since else "",
        "to": rfc3339(until) if until else "",
    }


def _open(spans: Iterable[tuple[datetime, datetime]]) -> dict[str, object]:
    ordered = sorted(spans)
    minutes = sum(int((end - start).total_seconds() // 60) for start, end in ordered)
    return {"gaps": len(ordered), "minutes": minutes, "first": rfc3339(ordered[0][0]) if ordered else ""}


def _duty_words(numbers: Numbers) -> str:
    if not numbers["campaign"]:
        return _("Chưa có lịch trực cho thời gian này.")
    if not numbers["revision"]:
        return _("%(campaign)s: chưa ban hành.", campaign=numbers["campaign"])
    name = _("%(campaign)s, bản %(revision)s", campaign=numbers["campaign"], revision=numbers["revision"])
    if numbers.get("support") == 0:
        return _("%(roster)s: không có ca hỗ trợ khách hàng nào.", roster=name)
    if not numbers["from"]:
        return _("%(roster)s: không có ca nào.", roster=name)
    if numbers["gaps"]:
        first = dt(parse_moment(numbers["first"]))
        told = {"roster": name, "gaps": numbers["gaps"], "minutes": numbers["minutes"], "first": first}
        return _(
            "%(roster)s: %(gaps)s khoảng chưa chắc có người trực, cộng %(minutes)s phút, sớm nhất %(first)s.", **told
        )
    days = {"roster": name, "since": dt(parse_moment(numbers["from"])), "until": dt(parse_moment(numbers["to"]))}
    said = _("%(roster)s: mỗi phút đều có người trực, từ %(since)s đến %(until)s.", **days)
    past = numbers.get("past")
    gone = _("Đã qua: %(n)s phút không có người trực.", n=past)
    return f"{said} {gone}" if past else said


def _drill_words(numbers: Numbers) -> str:
    if not numbers["campaign"]:
        return _("Chưa có lịch trực cho thời gian này.")
    if not numbers["drills"]:
        return _("%(campaign)s: chưa diễn tập lần nào.", campaign=numbers["campaign"])
    last = d(parse_moment(numbers["last"]))
    return _(
        "%(campaign)s: đã diễn tập %(n)s lần, gần nhất %(day)s.",
        campaign=numbers["campaign"],
        n=numbers["drills"],
        day=last,
    )


def _reach_words(numbers: Numbers) -> str:
    if not numbers["campaign"]:
        return _("Chưa có lịch trực cho thời gian này.")
    if "people" not in numbers:
        return _("%(campaign)s: chưa ban hành.", campaign=numbers["campaign"])
    told = {"n": numbers["verified"], "people": numbers["people"], "campaign": numbers["campaign"]}
    return _("%(campaign)s: %(n)s trong %(people)s người còn ca trực có địa chỉ liên lạc đã xác minh.", **told)


SOURCES = (
    FindingSource("roster.covered", _l("Lịch trực: mỗi phút đều có người"), _covered, _duty_words),
    FindingSource("support.round_the_clock", _l("Hỗ trợ khách hàng 24/24"), _supported, _duty_words),
    FindingSource("drill.held", _l("Đã diễn tập"), _drilled, _drill_words),
    FindingSource("contacts.verified", _l("Địa chỉ liên lạc đã xác minh"), _reachable, _reach_words),
)
