"""Somebody steals a copy: downloaded, found on a stick, or of another day. What it opens, and what goes on after it."""

from __future__ import annotations

import io
import os
import tarfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.security import sealing
from desk.backups import archive, schedule, sealing as copy_sealing
from desk.copy_secrets import kept_passphrase
from notify.gateways.models import Gateway
from people import queries
from people.accounts import keys
from people.links import slips
from people.notification_rules.models import Endpoint
from roster.feeds import services as feeds
from roster.feeds.facts import Subject
from tests.support import enterprise
from tests.support.copies import Installation, empty_database
from tests.support.enterprise import PASSWORD, post_sign_in, sign_in

pytestmark = pytest.mark.both_dbs("copies are made and brought back by programs of each database")
ADMIN = Actor(name="QT1", role="admin", via="cli")


@pytest.fixture
def people_ids(app: Flask) -> dict[str, int]:
    return enterprise.make(clock.now())


@pytest.fixture
def house(app: Flask, people_ids: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """A gateway with a token, a telephone that takes push messages, and a key of its own in DATA_DIR."""
    monkeypatch.setattr(copy_sealing, "COST", {"n": 2**4, "r": 8, "p": 1})
    made = Installation(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "house")
    made.flask("backup", "list")  # makes the key
    key = (made.data_dir / "secret-key").read_text().strip()
    app.config.update(
        DATA_DIR=made.data_dir,
        SECRET_KEY=key,
        SECRET_KEY_KEPT=True,
        BACKUP_DIR=None,
        BACKUP_PASSPHRASE=None,
        PG_BIN=made.environment["PG_BIN"],
    )
    now = clock.now()
    sealed = sealing.seal({"token": "mat-khau-cua-viettel"})
    with transaction() as session:
        session.add(
            Gateway(channel="sms", name="Viettel", settings={}, secrets=sealed, changed_at=now, changed_by="QT1")
        )
        address = "json://may.example/dia-chi-cua-binh"
        session.add(
            Endpoint(
                person_id=people_ids["BI1"], channel="apprise", address=address, digest="d", name="Máy", created_at=now
            )
        )
    return made


def proven(client: FlaskClient, path: str) -> bytes:
    """What the page answers once the password was typed again."""
    assert client.post(path).status_code == 428
    answer = client.post(path, data={"proof_password": PASSWORD})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_a_stolen_download_opens_nothing_and_what_it_restores_works(
    app: Flask, client: FlaskClient, house: Installation, people_ids: dict[str, int], tmp_path: Path
) -> None:
    now = clock.now()
    secret = keys.create_api_key(keys.NewApiKey("Máy", "admin"), now=now, actor=ADMIN)[1]
    an = Actor(name="AN1", role="manager", via="session", user_id=people_ids["user:an1"], person_id=people_ids["AN1"])
    feed = feeds.subscribe(Subject("person", person_id=people_ids["AN1"]), now=now, actor=an)
    feed_path = feeds.url_of(feed).removeprefix(app.config["PUBLIC_URL"])
    slip = slips.print_each([queries.person_by_id(people_ids["BI1"])], actor=ADMIN, now=now).urls[people_ids["BI1"]]
    link_path = slip.removeprefix(app.config["PUBLIC_URL"])
    assert schedule.run(now)

    # The administrator's own download asks for the password; whoever finds it on the stick has no key of the house.
    sign_in(client, "qt1")
    stolen = tmp_path / "stolen.tar.gz"
    stolen.write_bytes(proven(client, "/system/copies/download"))
    with tarfile.open(stolen) as tar:
        assert "secret-key" not in tar.getnames()
    key = (house.data_dir / "secret-key").read_text().strip()
    with tarfile.open(fileobj=io.BytesIO(stolen.read_bytes())) as tar:
        inside = b"".join(file.read() for member in tar if (file := tar.extractfile(member)))
    if house.url.startswith("sqlite"):  # PostgreSQL's dump is packed once more; what it restores to is asked below
        for known in (key, "mat-khau-cua-viettel", "dia-chi-cua-binh", secret, feed_path.split("/")[2]):
            assert known.encode() not in inside

    # Brought up elsewhere it is refused at first, then says what is lost.
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with empty_database(house.url, folder) as url:
        thief = Installation(url, folder)
        refused = thief.flask("backup", "restore", stolen, fails=True)
        assert "--other-key" in refused
        said = thief.flask("backup", "restore", stolen, "--other-key")
        assert "enter passwords and keys anew (Viettel)" in said
        assert "1 × devices and services of people" in said
        assert "Everybody signs in again" in said
        # An enterprise that lost its machine and has only this file goes on: who knew something knows it still.
        with patch.dict(os.environ, thief.environment):
            restored = create_app()
        restored.config["WTF_CSRF_ENABLED"] = False  # tokens of forms are not what this is about
        found = restored.test_client()
        assert found.get(feed_path).status_code == 200
        assert found.get(link_path).status_code == 200
        bearer = {"Authorization": f"Bearer {secret}"}
        assert found.get("/api/v1/units", headers=bearer).status_code == 200
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        found.set_cookie(cookie.key, cookie.value)
        assert found.get("/system/").status_code == 303, "sessions were signed by the key that is gone"
        found.delete_cookie(cookie.key)
        assert post_sign_in(found, "qt1").status_code == 303
        assert found.get("/system/").status_code == 200
        assert "Viettel" in found.get("/gateways/").get_data(as_text=True)
        assert found.get("/me/reach").status_code == 200
        with restored.app_context():
            db.session.remove()
            db.engine.dispose()


def test_nobody_downloads_but_an_administrator_who_types_the_password(
    client: FlaskClient, house: Installation, people_ids: dict[str, int]
) -> None:
    schedule.run(clock.now())
    sign_in(client, "an1")
    for path in ("/system/copies/download", "/system/copies/passphrase"):
        assert client.post(path).status_code == 403
    client.post("/logout")
    sign_in(client, "qt1")
    # Not with a wrong password, nor with the one of somebody else's session; the right one hands it out.
    refused = client.post("/system/copies/download", data={"proof_password": "sai mật khẩu"})
    assert refused.status_code == 422
    assert refused.mimetype == "text/html" and "Content-Disposition" not in refused.headers
    assert client.post("/system/copies/download").status_code == 428
    given = client.post("/system/copies/download", data={"proof_password": PASSWORD})
    assert given.status_code == 200 and "truc-tet-" in given.headers["Content-Disposition"]


def test_a_passphrase_is_made_in_one_step_and_shown_once(
    app: Flask, client: FlaskClient, house: Installation, tmp_path: Path
) -> None:
    sign_in(client, "qt1")
    assert "Bản sao chưa niêm phong." in client.get("/system/").get_data(as_text=True)
    shown = proven(client, "/system/copies/passphrase").decode()
    words = shown.partition('<code class="address">')[2].partition("</code>")[0]
    assert len(words) == 29
    system = client.get("/system/").get_data(as_text=True)
    assert "Bản sao chưa niêm phong." in system and words not in system, "the print may be lost"
    asked = client.post("/system/copies/passphrase/typed").get_data(as_text=True)
    assert "Mật khẩu trên tờ in" in asked and words not in asked
    wrong = client.post("/system/copies/passphrase/typed", data={"typed": words[:-1]})
    assert wrong.status_code == 422 and "Không giống mật khẩu vừa tạo" in wrong.get_data(as_text=True)
    done = client.post("/system/copies/passphrase/typed", data={"typed": words}, follow_redirects=True)
    system = done.get_data(as_text=True)
    assert "Bản sao mới được niêm phong" in system and words not in system
    now = clock.now()
    assert schedule.run(now + timedelta(minutes=20))
    stolen = tmp_path / "stolen.sealed"
    stolen.write_bytes(client.post("/system/copies/download").data)
    assert b"sealed" in stolen.read_bytes()[:20]
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with empty_database(house.url, folder) as url:
        thief = Installation(url, folder)
        assert "is sealed" in thief.flask("backup", "restore", stolen, fails=True)
        assert "passphrase is another" in thief.flask(
            "backup", "restore", stolen, fails=True, BACKUP_PASSPHRASE="một câu đoán mò"
        )
        # Whoever has the paper goes on with everything, the key as well.
        said = thief.flask("backup", "restore", stolen, BACKUP_PASSPHRASE=words)
        assert "The key of the copy is not here" not in said
        assert (folder / "secret-key").read_text() == (house.data_dir / "secret-key").read_text()


def test_a_download_opens_with_the_passphrase_of_today(
    client: FlaskClient, house: Installation, tmp_path: Path
) -> None:
    first = kept_passphrase.make(actor=ADMIN, now=clock.now())
    kept_passphrase.confirm(first, actor=ADMIN, now=clock.now())
    with clock.travel(clock.now() - timedelta(minutes=3)):
        assert schedule.run(clock.now())
    second = kept_passphrase.make(actor=ADMIN, now=clock.now())
    kept_passphrase.confirm(second, actor=ADMIN, now=clock.now())
    sign_in(client, "qt1")
    taken = tmp_path / "taken.sealed"
    taken.write_bytes(proven(client, "/system/copies/download"))
    assert archive.read_archive(taken, second, archive.nowhere).key_kept
