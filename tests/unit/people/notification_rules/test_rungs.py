"""The ladder of a person: default order, own order, what fails, what this place cannot carry."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as st

from people.channels import CHANNELS
from people.notification_rules.rules import RuleLine, Rung, arrange, climbed, default_delay, is_reached

EVERY = frozenset(CHANNELS)


def rung(channel: str, number: int = 1, *, failing: bool = False) -> Rung:
    own = channel in ("push", "apprise")
    return Rung(
        channel,
        f"{channel}-{number}",
        default_delay(channel),
        None if own else number,
        False,
        number if own else None,
        failing=failing,
    )


def line(of: Rung, seconds: int = 0, *, used: bool = True) -> RuleLine:
    return RuleLine(of.channel, of.contact_id, of.endpoint_id, timedelta(seconds=seconds), used)


RUNGS = st.builds(rung, st.sampled_from(CHANNELS), st.integers(1, 4), failing=st.booleans())
SETS = st.lists(RUNGS, max_size=8, unique_by=lambda each: each.address)


def test_who_has_said_nothing_is_called_by_everything_and_rung_after_a_minute() -> None:
    found = climbed(arrange([rung("voice"), rung("sms"), rung("apprise"), rung("email"), rung("push")], []), EVERY)
    assert [(each.channel, each.delay.total_seconds()) for each in found] == [
        ("push", 0),
        ("email", 0),
        ("sms", 0),
        ("voice", 60),
        ("apprise", 0),
    ]


def test_the_own_order_holds_and_a_later_address_is_not_forgotten() -> None:
    mail, text, voice, device = rung("email"), rung("sms"), rung("voice"), rung("push")
    wishes = [line(voice, 0), line(text, 30), line(mail, 0, used=False)]
    found = climbed(arrange([mail, text, voice, device], wishes), EVERY)
    assert [(each.channel, each.delay.total_seconds()) for each in found] == [("voice", 0), ("sms", 30), ("push", 0)]


def test_what_fails_is_tried_last_and_a_dead_device_not_at_all() -> None:
    found = climbed(arrange([rung("email", failing=True), rung("sms"), rung("push", failing=True)], []), EVERY)
    assert [(each.channel, each.failing) for each in found] == [("sms", False), ("email", True)]
    assert is_reached(found)
    assert not is_reached(climbed(arrange([rung("email", failing=True)], []), EVERY))


def test_a_wait_begins_with_the_first_way_that_is_left() -> None:
    alone = climbed(arrange([rung("email"), rung("sms"), rung("voice")], []), frozenset({"voice"}))
    assert [(each.channel, each.delay.total_seconds()) for each in alone] == [("voice", 0)], "no text comes before it"
    mail, text, voice = rung("email", failing=True), rung("sms"), rung("voice")
    late = climbed(arrange([mail, text, voice], [line(mail), line(text, 600), line(voice, 900)]), EVERY)
    assert [(each.channel, each.delay.total_seconds()) for each in late] == [("sms", 0), ("voice", 300), ("email", 0)]
    soon = climbed(arrange([rung("email"), text], [line(rung("email"), 30), line(text, 90)]), EVERY)
    assert [each.delay.total_seconds() for each in soon] == [30, 90], "what somebody chose and is soon enough stays"


def test_without_any_gateway_mail_is_still_written() -> None:
    assert [each.channel for each in climbed(arrange([rung("email"), rung("sms")], []), frozenset())] == ["email"]
    assert climbed(arrange([rung("sms")], []), frozenset({"email"})) == ()


@given(SETS, st.frozensets(st.sampled_from(CHANNELS), min_size=1), st.data())
def test_every_wanted_address_that_can_be_carried_is_on_the_ladder_once(
    rungs: list[Rung], carried: frozenset[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(rungs), unique=True)) if rungs else []
    lines = [line(each, 5, used=data.draw(st.booleans())) for each in chosen]
    off = {(each.channel, each.address) for each, wish in zip(chosen, lines, strict=True) if not wish.used}
    found = climbed(arrange(rungs, lines), carried)
    ways = [(each.channel, each.address) for each in found]
    assert len(ways) == len(set(ways))
    assert not off & set(ways)
    alive = {
        (each.channel, each.address)
        for each in rungs
        if each.channel in carried and not (each.channel == "push" and each.failing)
    } - off
    assert set(ways) == alive or not alive
