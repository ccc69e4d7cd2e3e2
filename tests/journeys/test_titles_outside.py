"""What concerns KT1, Party and State, or few people leaves the house by its code: on every carrier, in every template,
on the wall and behind links the title is a neutral one, until somebody taps or signs in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from jinja2 import nodes
from sqlalchemy import select

from core.db import db as database, transaction
from incidents.escalation import engine, page_words
from incidents.figures import morning
from incidents.merging import services as merging
from incidents.paging import manual_words
from incidents.record import naming
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from incidents.reviews import services as reviews
from incidents.sharing import services as sharing, words as shared_words
from incidents.sharing.models import SharedIncident
from incidents.triage import classification
from notify import sms_text
from notify.channels.registry import FACTORIES
from notify.gateways import template_words
from notify.models import Message
from roster.resolver.numbers import DialNumber
from tests.support.desk_pages import DeskPages, text_of
from tests.support.http_sink import http_sink
from tests.support.push_sink import push_service
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN, NIGHT, Night

TITLE = "Rơi túi đỏ ở cầu Ba Na"
KINDS = {
    "kt1": {"category": "kt1"},
    "state": {"party_state": True},
    "few": {"category": "suspicious_item"},
}
MESSAGES = Path("templates/messages")


def names_it(words: str) -> bool:
    """Whether any of the title's own words stands there, with or without diacritics."""
    return "Ba Na" in words or "túi đỏ" in words or "tui do" in words


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> dict[str, Any]:
    return KINDS[request.param]


def test_of_every_carrier_none_says_the_title_and_each_says_level_code_place_and_where_to_answer(
    reach: ReachStory, kind: dict[str, Any]
) -> None:
    wording = "VNPOST TB: su co {code} muc {severity}, {title} tai {unit}. Buoc {step}. Chi tiet {link} tran trong."
    sms, voice, hook = reach.sink("sms", text=wording), reach.sink("voice"), reach.stack.enter_context(http_sink())
    with push_service() as (service, browser):
        reach.device("push", browser.subscription)
        reach.device("apprise", f"json://127.0.0.1:{hook.port}/truc")
        incident = reach.log(TITLE, severity=2, **kind)
        for second in range(0, 180, 30):  # a telephone rings after what can be read
            reach.at(second)
            reach.pulse()
        mail, text, call = reach.mail.arrivals[0], sms.asked[0], voice.asked[0]
        said = {
            "email": f"{mail.mail['Subject']} {mail.body} {mail.page}",
            "sms": text.json["text"],
            "voice": call.json["text"],
            "push": str(browser.decrypt(service.asked[0])),
            "apprise": hook.asked[0].body.decode("unicode-escape"),
        }
    assert set(said) == set(FACTORIES), "a new carrier is walked as well"
    for channel, words in said.items():
        assert not names_it(words), channel
        assert incident.code in words, channel
        assert re.search(r"[Mm](ức|uc|á»©c) 2", words), channel
    assert said["sms"].startswith(f"VNPOST TB: su co {incident.code} muc 2, Su co ")
    assert "/a/" in said["sms"] and said["sms"].endswith(" tran trong.") and len(said["sms"]) <= 160
    assert "Bấm phím 1 để nhận" in said["voice"] and "Bưu điện huyện A" in said["voice"]
    rows = database.session.scalars(select(Message)).all()
    assert rows and not any(names_it(f"{row.subject} {row.body} {row.facts}") for row in rows)


def test_no_template_of_messages_reads_a_title_by_itself(app: Flask) -> None:
    """It is given one (``naming.outside``), and so is a template that comes tomorrow."""
    assert (found := sorted(MESSAGES.glob("*.txt")))
    for path in found:
        assert not titles_read(path.read_text()), f"{path.name} reads it of something: let it be given `title`"
    for made_up in ("{{ incident.title }}", "{% if page.incident['title'] %}{% endif %}", "{{ x | attr('title') }}"):
        assert titles_read(made_up), made_up


def titles_read(source: str) -> list[str]:
    """Attributes of anything that hold what an incident is called, as a template reads them."""
    tree = current_app.jinja_env.parse(source)
    read = [each.attr for each in tree.find_all(nodes.Getattr)]
    keys = [each.arg for each in tree.find_all(nodes.Getitem)]
    keys += [arg for each in tree.find_all(nodes.Filter) if each.name in ("attr", "map") for arg in each.args]
    keys += [pair.value for each in tree.find_all(nodes.Filter) for pair in each.kwargs if pair.key == "attribute"]
    read += [str(each.value) for each in keys if isinstance(each, nodes.Const)]
    return [each for each in read if each.rpartition(".")[2] in ("title", "search_key")]


def test_every_purpose_by_every_channel_goes_without_the_title(app: Flask, night: Night, kind: dict[str, Any]) -> None:
    incident = night.log(TITLE, severity=2, **{"category": "power", **kind})
    engine.escalate_due(NIGHT)
    page = database.session.scalars(select(Page)).first()
    assert page is not None
    for channel in FACTORIES:
        for language in ("vi", "en"):
            for purpose in page_words.PURPOSES:
                for away in (False, True):
                    page.purpose, page.away = purpose, away
                    said = page_words.text_for(
                        channel,
                        incident,
                        page,
                        page.person,
                        context=page_words.PageContext(
                            token="x" * 22,
                            number=DialNumber("02693000000", is_desk=True),
                            now=NIGHT,
                            late=timedelta(minutes=5),
                            language=language,
                            projected=True,
                            everybody=True,
                        ),
                    )
                    whole = f"{said.subject} {said.body} {said.facts}"
                    assert not names_it(whole) and incident.code in whole, (channel, purpose)
                    assert not names_it(sms_text.fill(sms_text.ONE, {**said.facts, "link": said.link}))
                    assert not names_it(str(template_words.words_for_letter(said.facts, said.link)))
    database.session.rollback()


@pytest.mark.both_dbs("what was tapped is written where the next look reads it")
def test_a_link_shows_it_after_a_tap_and_to_no_program_that_checks_links(
    reach: ReachStory, client: FlaskClient, kind: dict[str, Any]
) -> None:
    incident = reach.log(TITLE, severity=2, **kind)
    reach.pulse()
    link = re.search(r"/a/[\w-]+", reach.mail.arrivals[0].body)[0]  # type: ignore[index]
    for _look in range(2):
        shown = text_of(client.get(link).text)
        assert not names_it(shown) and incident.code in shown and "Bưu điện huyện A" in shown
        assert "Mở xem và trả lời" in shown and "Tôi nhận" not in shown
        # A program that runs scripts as well says that the page was seen: nobody has seen what it is about.
        assert client.post(link, data={"do": "seen"}).status_code == 204
    assert client.post(link, data={"do": "read"}).status_code == 303
    shown = text_of(client.get(link).text)
    assert TITLE in shown and "Tôi nhận" in shown
    assert "đã nhận sự cố này lúc" in text_of(client.post(link, data={"do": "take"}).text)
    assert TITLE in text_of(client.get(link).text)


def test_a_button_that_is_pressed_on_a_covered_page_is_a_tap_too(
    reach: ReachStory, client: FlaskClient, kind: dict[str, Any]
) -> None:
    incident = reach.log(TITLE, severity=2, **kind)
    reach.pulse()
    link = re.search(r"/a/[\w-]+", reach.mail.arrivals[0].body)[0]  # type: ignore[index]
    assert TITLE in client.post(link, data={"do": "take"}).text and TITLE in client.get(link).text
    assert database.session.get_one(Incident, incident.id, populate_existing=True).status == "acknowledged"


def test_a_letter_of_several_and_its_list_are_neutral_too(
    reach: ReachStory, client: FlaskClient, kind: dict[str, Any]
) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    codes = {reach.log(f"{TITLE} {number}", severity=2, **kind).code for number in range(9)}
    for second in range(0, 180, 4):
        reach.at(second)
        reach.pulse()
    letter = next(each for each in reach.mail.arrivals if "/b/" in each.body)
    texts, calls = sms.asked, voice.asked
    assert texts and calls
    assert sum(code in letter.body for code in codes) > 1, "it lists several"
    assert not any(names_it(f"{each.mail['Subject']} {each.body} {each.page}") for each in reach.mail.arrivals)
    assert not any(names_it(each.json["text"]) for each in [*texts, *calls])
    link = re.search(r"/b/[\w.-]+", letter.body)[0]  # type: ignore[index]
    page = text_of(client.get(link).text)
    assert not names_it(page) and all(code in page for code in codes)
    # Whoever has seen the list has read none of them: their own links stay covered.
    shown = [str(each.id) for each in database.session.scalars(select(Incident))]
    client.post(link, data={"do": "seen", "shown": shown})
    own = re.search(r"/a/[\w-]+", reach.mail.arrivals[0].body)[0]  # type: ignore[index]
    assert not names_it(client.get(own).text)


def test_neither_the_wall_nor_the_morning_nor_what_is_said_by_hand_names_it(
    desk: DeskPages, kind: dict[str, Any]
) -> None:
    desk.night.publish("leadership", "AN1", hours=24)
    incident = desk.log(TITLE, **{"category": "power", "severity": 2, **kind})
    desk.at(90)
    wall = desk.browser("an1").get("/?unit=BDA&wall=1").text
    assert 'data-alarm="late"' in wall and incident.code in wall and 'class="level s2"' in wall
    assert not names_it(wall) and "KT1" not in text_of(wall) and "Đảng" not in text_of(wall)
    assert not names_it(manual_words._what(incident))
    at = NIGHT + timedelta(hours=4, minutes=20)
    assert morning.tell(at) >= 1
    said = [row.body for row in database.session.scalars(select(Message).where(Message.topic.contains("morning")))]
    assert any(incident.code in each for each in said) and not any(map(names_it, said))


def test_what_is_written_to_one_person_about_it_names_it_neither(night: Night, kind: dict[str, Any]) -> None:
    incident = night.log(TITLE, severity=2, **{"category": "power", **kind})
    lifecycle.acknowledge(incident.id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    lifecycle.resolve(incident.id, actor=ADMIN, now=NIGHT)
    asked = {"owner_id": night.ids["BI1"], "text": "Kiểm lại khóa xe", "due_on": NIGHT.date() + timedelta(days=3)}
    reviews.add_action(incident.id, **asked, actor=ADMIN, now=NIGHT)
    told = [row for row in database.session.scalars(select(Message)) if "/told" in row.topic]
    assert told and all(incident.code in row.body for row in told)
    assert not any(names_it(f"{row.subject} {row.body}") for row in told)


def test_a_list_shared_before_it_turned_out_to_be_of_that_kind_ends(night: Night, client: FlaskClient) -> None:
    """And should a list ever be drawn of one, it has no title."""
    incident = night.log(TITLE, severity=2)
    row = sharing.share(incident.code, None, actor=night.actor("AN1", "manager"), now=NIGHT)
    path = sharing.url(row).partition("//")[2].partition("/")[2]
    assert names_it(client.get(f"/{path}").text)
    with transaction() as session:
        session.get_one(Incident, incident.id).party_state = True
    database.session.rollback()
    gone = client.get(f"/{path}")
    assert gone.status_code == 410 and not names_it(gone.text)
    said = shared_words.promised_news(database.session.scalars(select(SharedIncident)).one(), NIGHT)
    assert not names_it(shared_words.text(said, "https://truc.example/l/i/x"))


def test_who_has_signed_in_reads_it(desk: DeskPages) -> None:
    incident = desk.log(TITLE, "kt1")
    assert TITLE in desk.see("an1", f"/incidents/{incident.code}") and TITLE in desk.see("an1", "/")
    assert naming.inside(incident) == TITLE != naming.outside(incident)


@pytest.mark.both_dbs("words that wait are written anew in the transaction that learns what they are about")
def test_what_was_written_before_it_was_known_leaves_without_the_title(reach: ReachStory, client: FlaskClient) -> None:
    voice = reach.sink("voice")
    incident = reach.log(TITLE, category="vehicle")
    for second in range(0, 180, 30):
        reach.at(second)
        reach.pulse()
    heard = voice.asked[0].json
    path = str(heard["callback"]).removeprefix(current_app.config["PUBLIC_URL"])
    assert names_it(heard["text"]) and names_it(client.get(path).json["text"])
    # Em's letter is written and waits when somebody says that KT1 is on board.
    reach.at(300)
    database.session.rollback()
    engine.escalate_due(reach.now)
    database.session.rollback()
    before, rung = len(reach.mail.arrivals), len(voice.asked)
    classification.reclassify(
        incident.id,
        classification.Classification("vehicle", {}, severity=None, party_state=True),
        actor=ADMIN,
        now=reach.now,
        note="Có túi KT1",
    )
    assert not names_it(client.get(path).json["text"]) and incident.code in client.get(path).json["text"]
    for second in range(300, 480, 30):
        reach.at(second)
        reach.pulse()
    later = reach.mail.arrivals[before:]
    assert later and all(incident.code in each.body for each in later)
    assert not any(names_it(f"{each.mail['Subject']} {each.body} {each.page}") for each in later)
    calls = [each.json["text"] for each in voice.asked[rung:]]
    assert calls and not any(map(names_it, calls))


def test_what_such_an_incident_is_joined_to_leaves_without_its_title(night: Night) -> None:
    """The main one is of Party and State from then on."""
    main, state = night.log(TITLE, severity=3), night.log("Túi của huyện", severity=2, party_state=True)
    engine.escalate_due(NIGHT)
    merging.join(state.id, main_id=main.id, actor=ADMIN, now=NIGHT)
    database.session.rollback()
    rows = database.session.scalars(select(Message).where(Message.topic == f"incident/{main.id}")).all()
    waiting = [row for row in rows if row.state in ("pending", "held")]
    assert waiting and not any(names_it(f"{row.subject} {row.body} {row.facts}") for row in waiting)
