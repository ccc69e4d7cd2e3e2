"""The API toolbox, tried on a small resource of its own: strictness, problems, pages, repetitions, document."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect
from pydantic import Field
from sqlalchemy import Column, Integer, MetaData, String, Table, delete, insert, select
from sqlalchemy.engine import URL

from core import clock
from core.actor import Actor, Identified
from core.api import call as api, callers, openapi, problems
from core.api.call import (
    ApiModel,
    Code,
    Count,
    Day,
    ItemPage,
    Line,
    ListQuery,
    Text,
    When,
    api_blueprint,
    api_call,
    paginate,
)
from core.calendar import moments
from core.db import UTCDateTime, db, install_sqlite_rules, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import IdempotencyKey
from tests.support.api_fuzz import fuzz
from tests.support.postgres import create_database, drop_database

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("code", String, unique=True, nullable=False),
    Column("name", String, nullable=False),
    Column("note", String),
    Column("severity", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", UTCDateTime),
)
ADMIN = Actor(name="Quản trị", role="admin", via="api_key", key_id=1)
VIEWER = Actor(name="Người xem", role="viewer", via="api_key", key_id=2)
UPLOADS = ["multipart/form-data", "application/octet-stream"]
KEYS = {"admin-key": ADMIN, "viewer-key": VIEWER}
NOW = "2020-01-24T20:00:00+07:00"


Level = Annotated[int, Field(ge=1, le=4)]


class Step(ApiModel):
    after_seconds: Count
    share: float = 1.0


class ThingIn(ApiModel):
    code: Code
    name: Line
    note: Text | None = None
    severity: Level = 3
    kind: Literal["onsite", "standby"] = "onsite"
    urgent: bool = False
    on: Day | None = None
    at: When | None = None
    steps: list[Step] = []
    words: list[str] = []


class ThingOut(ApiModel):
    id: int
    code: str
    name: str
    note: str | None
    severity: int
    kind: str
    at: When | None


class ThingQuery(ListQuery):
    severity: Level | None = None
    kind: Literal["onsite", "standby"] | None = None
    before: When | None = None
    on: Day | None = None
    dry_run: bool = False
    q: str | None = None
    weight: float | None = None
    tag: list[str] = []


class Note(ApiModel):
    note: Text = ""


class Upload(ApiModel):
    size: int


def make_blueprint() -> Any:
    bp = api_blueprint("things_api")

    @api_call(
        bp,
        "POST",
        "/things",
        operation_id="create_thing",
        summary="create thing",
        body=ThingIn,
        returns={201: ThingOut},
        action="thing.write",
        idempotent=True,
    )
    def create_thing(*, body: ThingIn, now: datetime) -> Any:
        """Create a thing."""
        if body.code == "REFUSED":
            raise Invalid("thing.refused", field="code")
        with transaction() as session:
            if session.scalar(select(THINGS.c.id).where(THINGS.c.code == body.code)):
                raise Conflict("thing.exists", state={"code": body.code, "since": now})
            row = {name: getattr(body, name) for name in ("code", "name", "note", "severity", "kind", "at")}
            return {"id": session.execute(insert(THINGS).values(**row).returning(THINGS.c.id)).scalar_one(), **row}

    @api_call(
        bp,
        "GET",
        "/things",
        operation_id="list_things",
        summary="list things",
        query=ThingQuery,
        returns={200: ItemPage[ThingOut]},
        action="thing.read",
    )
    def list_things(*, query: ThingQuery) -> Any:
        statement = select(THINGS)
        if query.severity:
            statement = statement.where(THINGS.c.severity == query.severity)
        if query.before:
            statement = statement.where(THINGS.c.at < query.before)
        keys = [THINGS.c.severity.desc(), THINGS.c.id]
        items, following = paginate(statement, keys, limit=query.limit, cursor=query.cursor)
        return {"items": items, "next": following}

    @api_call(
        bp,
        "GET",
        "/things/<code>",
        operation_id="read_thing",
        summary="read thing",
        returns={200: ThingOut},
        action="thing.read",
    )
    def read_thing(code: str) -> Any:
        return dict(_find(code)._mapping)

    @api_call(
        bp,
        "DELETE",
        "/things/<code>",
        operation_id="delete_thing",
        summary="delete thing",
        returns={204: None},
        action="thing.write",
    )
    def delete_thing(code: str) -> None:
        with transaction() as session:
            _find(code)
            session.execute(delete(THINGS).where(THINGS.c.code == code))

    @api_call(
        bp,
        "POST",
        "/things/<code>/close",
        operation_id="close_thing",
        summary="close thing",
        body=Note,
        returns={200: ThingOut},
        action="thing.write",
    )
    def close_thing(code: str, *, body: Note) -> Any:
        return _find(code)

    @api_call(
        bp,
        "GET",
        "/numbers/<int:number>",
        operation_id="read_number",
        summary="read number",
        returns={200: Upload},
        action=None,
    )
    def read_number(number: int) -> Any:
        return db.session.execute(select(THINGS.c.id.label("size")).where(THINGS.c.id == number)).first() or _none()

    @api_call(
        bp,
        "POST",
        "/import",
        operation_id="import_things",
        summary="import things",
        uploads=UPLOADS,
        returns={200: Upload},
        action="thing.write",
        refused=422,
    )
    def import_things() -> Any:
        file = io.BytesIO(_uploaded())
        if not zipfile.is_zipfile(file) or "units.csv" not in zipfile.ZipFile(file).namelist():
            raise Conflict("thing.unreadable")
        raise Invalid("thing.bad_file", field="units.csv:3")

    return bp


def _none() -> Any:
    raise NotFound("thing.unknown")


def _uploaded() -> bytes:
    if request.mimetype != "multipart/form-data":
        return request.get_data()
    if "file" not in request.files:
        raise Invalid("field.missing", field="file")
    return request.files["file"].read()


def _find(code: str) -> Any:
    row = db.session.execute(select(THINGS).where(THINGS.c.code == code)).first()
    if row is None:
        raise NotFound("thing.unknown", code_given=code)
    return row


def authorize(actor: Actor, action: str, now: datetime) -> None:
    if actor.role == "viewer" and action.endswith(".write"):
        raise Forbidden("auth.forbidden")


def make_app(url: str) -> Flask:
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "k" * 32, "SQLALCHEMY_DATABASE_URI": url}
    db.init_app(app)
    Babel(app, default_locale="vi")
    app.register_blueprint(make_blueprint())
    api.init_api(app, CSRFProtect(app))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            install_sqlite_rules(db.engine)
        db.create_all()
        METADATA.create_all(db.engine)
    return app


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """On a database of its own: this file tries a table that the product does not have."""
    return make_app(f"sqlite:///{tmp_path_factory.mktemp('api') / 'api.db'}")


@pytest.fixture(scope="module")
def on_postgresql(pg_server: URL) -> Iterator[Flask]:
    name = f"tt_api_{uuid4().hex[:12]}"
    create_database(pg_server, name, "template0")
    yield make_app(pg_server.set(database=name).render_as_string(hide_password=False))
    drop_database(pg_server, name)


def emptied() -> None:
    with transaction() as session:
        for table in (*METADATA.sorted_tables, IdempotencyKey.__table__):
            session.execute(delete(table))


def identify(bearer: str) -> Identified | None:
    return Identified(KEYS[bearer], clock.now(), None) if bearer in KEYS else None


@pytest.fixture
def app(dialect: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Made once for each database; whatever a test writes is gone after it."""
    app = request.getfixturevalue(f"on_{dialect}")  # before the hooks: a migrated cluster makes the product set its own
    monkeypatch.setattr(callers._Hooks, "authenticate", staticmethod(identify))
    monkeypatch.setattr(callers._Hooks, "authorize", staticmethod(authorize))
    for hook in ("refuse", "signed_in", "bound", "part_of"):
        monkeypatch.setattr(callers._Hooks, hook, None)
    yield app
    with app.app_context():
        emptied()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own_app(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """One that nobody has asked anything yet."""
    made = make_app(f"sqlite:///{tmp_path / 'own.db'}")
    yield made
    with made.app_context():
        db.engine.dispose()


class Caller:
    """A client that speaks JSON with a key."""

    def __init__(self, client: FlaskClient, key: str = "admin-key") -> None:
        self.client, self.key = client, key

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        return self.client.open(f"/api/v1{path}", method=method, data=data, headers=given)


@pytest.fixture
def call(app: Flask) -> Caller:
    return Caller(app.test_client())


def thing(**more: Any) -> dict[str, Any]:
    return {"code": "A1", "name": "Bưu cục trung tâm", **more}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.data)
    assert body["code"] == code
    assert body["status"] == status
    assert body["detail"] and body["title"]
    return body


def test_a_status_has_its_words_of_rfc_9110_whichever_python_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}
    for status in now:
        monkeypatch.setattr(HTTPStatus(status), "phrase", "of an older RFC")  # Python 3.11 has one for these four
    assert {status: problems.phrase(status) for status in now} == now
    assert problems.phrase(409) == "Conflict"


def test_a_thing_is_created_and_read_with_times_in_viet_nams_zone(call: Caller) -> None:
    made = call("POST", "/things", thing(at="2020-01-24T13:00:00Z"))
    assert made.status_code == 201
    assert made.json["at"] == NOW
    assert call("GET", "/things/A1").json == made.json


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic admin-key"}])
def test_without_a_valid_key_nothing_is_answered(call: Caller, header: dict[str, str]) -> None:
    answer = call.client.get("/api/v1/things", headers=header)
    is_problem(answer, 401, "auth.required")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_authorizer_is_asked_before_the_body_is_read(app: Flask) -> None:
    viewer = Caller(app.test_client(), "viewer-key")
    is_problem(viewer("POST", "/things", raw=b"{"), 403, "auth.forbidden")
    assert viewer("GET", "/things").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"[" * 100_000, b'{"severity":' + b"9" * 5000 + b"}"],
)
def test_malformed_bodies_are_400(call: Caller, raw: bytes) -> None:
    is_problem(call("POST", "/things", raw=raw), 400, "body.malformed")


def test_another_media_type_is_415(call: Caller) -> None:
    is_problem(call("POST", "/things", thing(), Content_Type="text/plain"), 415, "body.media_type")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": None}, "code", "field.type"),
        ({"severity": "1"}, "severity", "field.type"),
        ({"severity": True}, "severity", "field.type"),
        ({"urgent": 1}, "urgent", "field.type"),
        ({"name": "   "}, "name", "field.format"),
        ({"name": "a\x00b"}, "name", "field.format"),
        ({"name": "a\ud800"}, "name", "field.format"),
        ({"name": "a" * 201}, "name", "field.length"),
        ({"kind": "other"}, "kind", "field.choice"),
        ({"extra": 1}, "extra", "field.unknown"),
        ({"at": "2020-01-24T20:00:00"}, "at", "field.time"),
        ({"at": 1579870800}, "at", "field.type"),
        ({"on": "24/01/2020"}, "on", "field.date"),
        ({"on": "2020-02-30"}, "on", "field.date"),
        ({"steps": [{"after_seconds": 2**40}]}, "steps.0.after_seconds", "field.range"),
        ({"steps": [{"after_seconds": 1.5}]}, "steps.0.after_seconds", "field.type"),
        ({"steps": [{}]}, "steps.0.after_seconds", "field.missing"),
        ({"words": ["\x00"]}, "words.0", "field.format"),
    ],
)
def test_each_wrong_field_is_named(call: Caller, change: dict[str, Any], field: str, code: str) -> None:
    body = is_problem(call("POST", "/things", thing(**change)), 422, "fields.invalid")
    assert [(each["field"], each["code"]) for each in body["errors"]] == [(field, code)]
    assert body["errors"][0]["message"] != code


def test_every_wrong_field_is_listed_at_once(call: Caller) -> None:
    body = is_problem(call("POST", "/things", {"kind": 1, "x": 2}), 422, "fields.invalid")
    assert {each["field"] for each in body["errors"]} == {"code", "name", "kind", "x"}


def test_a_body_that_is_no_object_is_422(call: Caller) -> None:
    is_problem(call("POST", "/things", [1]), 422, "fields.invalid")


def test_a_whole_number_may_be_written_with_a_point(call: Caller) -> None:
    raw = json.dumps(thing()).replace("}", ', "severity": 2.0}').encode()
    assert call("POST", "/things", raw=raw).json["severity"] == 2


def test_a_body_of_defaults_may_be_left_out(call: Caller) -> None:
    call("POST", "/things", thing())
    assert call("POST", "/things/A1/close").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=1_0",
        "limit=0",
        "limit=501",
        "limit=1&limit=2",
        "nothing=1",
        "severity=9",
        "dry_run=yes",
        "before=2020-01-01",
        "cursor=garbage",
        "q=%00",
        "on=0",
    ],
)
def test_wrong_queries_are_422(call: Caller, query: str) -> None:
    is_problem(call("GET", f"/things?{query}"), 422, "fields.invalid")


@pytest.mark.parametrize("stamp", ["2020-01-24T20:00:00+07:00", "2020-01-24T20:00:00%2B07:00", "2020-01-24T13:00:00Z"])
def test_a_plus_that_arrives_as_a_space_is_a_plus(call: Caller, stamp: str) -> None:
    call("POST", "/things", thing(at="2020-01-24T19:59:59+07:00"))
    call("POST", "/things", thing(code="A2", at="2020-01-24T20:00:00+07:00"))
    found = call("GET", f"/things?before={stamp}").json["items"]
    assert [each["code"] for each in found] == ["A1"]


def test_a_refusal_by_a_service_is_409_with_its_field_and_state(call: Caller) -> None:
    body = is_problem(call("POST", "/things", thing(code="REFUSED")), 422, "thing.refused")
    assert body["errors"][0]["field"] == "code"
    call("POST", "/things", thing())
    body = is_problem(call("POST", "/things", thing()), 409, "thing.exists")
    assert body["state"]["code"] == "A1"
    assert body["since"].endswith("+07:00")


def test_uploads_are_refused_with_422(call: Caller) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("units.csv", "code")
    answer = call("POST", "/import", raw=file.getvalue(), Content_Type="application/zip")
    is_problem(answer, 422, "thing.bad_file")
    is_problem(call("POST", "/import", raw=b"PK", Content_Type="application/zip"), 409, "thing.unreadable")


@pytest.mark.parametrize(
    "path", ["/nothing", "/things/none", "/numbers/99999999999999999999", "/things/%00", "/", "//things"]
)
def test_unknown_addresses_are_problems(call: Caller, path: str) -> None:
    answer = call("GET", path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_another_method_is_405_with_what_is_allowed(call: Caller) -> None:
    answer = call("PATCH", "/things")
    is_problem(answer, 405, "method.not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.both_dbs("several at once, and the order of rows")
def test_pages_follow_each_other_without_gap_or_repetition(call: Caller) -> None:
    for number in range(7):
        call("POST", "/things", thing(code=f"C{number}", severity=number % 3 + 1))
    seen: list[str] = []
    cursor = ""
    while True:
        page = call("GET", f"/things?limit=2{cursor}").json
        seen += [each["code"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ["C2", "C5", "C1", "C4", "C0", "C3", "C6"]


def test_a_cursor_that_was_tampered_with_is_not_used(call: Caller) -> None:
    for number in range(2):
        call("POST", "/things", thing(code=f"C{number}"))
    cursor = call("GET", "/things?limit=1").json["next"]
    forged = cursor[:-1] + ("0" if cursor[-1] != "0" else "1")
    is_problem(call("GET", f"/things?cursor={forged}"), 404, "cursor.unknown")


def test_the_same_key_and_body_get_the_same_answer(call: Caller) -> None:
    first = call("POST", "/things", thing(), Idempotency_Key="k1")
    raw = json.dumps(dict(reversed(thing().items())), indent=1).encode()
    again = call("POST", "/things", raw=raw, Idempotency_Key="k1")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(call("GET", "/things").json["items"]) == 1


@pytest.mark.both_dbs
def test_the_same_key_with_another_body_is_422(call: Caller) -> None:
    call("POST", "/things", thing(), Idempotency_Key="k1")
    answer = call("POST", "/things", thing(code="A2"), Idempotency_Key="k1")
    is_problem(answer, 422, "idempotency_key_reused")
    is_problem(call("POST", "/things", thing(), Idempotency_Key="x" * 256), 422, "idempotency_key.invalid")


@pytest.mark.both_dbs
def test_an_error_is_not_remembered(call: Caller) -> None:
    call("POST", "/things", thing())
    is_problem(call("POST", "/things", thing(), Idempotency_Key="k1"), 409, "thing.exists")
    call("DELETE", "/things/A1")
    assert call("POST", "/things", thing(), Idempotency_Key="k1").status_code == 201


@pytest.mark.both_dbs("several at once, and the order of rows")
def test_simultaneous_repetitions_create_one_thing(app: Flask) -> None:
    answers: list[Any] = []
    start = threading.Barrier(4)

    def repeat() -> None:
        caller = Caller(app.test_client())
        start.wait()
        answers.append(caller("POST", "/things", thing(), Idempotency_Key="k1"))

    threads = [threading.Thread(target=repeat) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.status_code for each in answers] == [201] * 4
    assert len({each.json["id"] for each in answers}) == 1


def test_what_nobody_expected_is_a_problem_without_details(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_bearer: str) -> Identified | None:
        raise RuntimeError("secret")

    monkeypatch.setattr(callers._Hooks, "authenticate", staticmethod(broken))
    answer = Caller(app.test_client())("GET", "/things")
    is_problem(answer, 500, "server.error")
    assert b"secret" not in answer.data


def test_the_document_describes_calls_and_limits(call: Caller) -> None:
    document = call("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    create = document["paths"]["/api/v1/things"]["post"]
    assert create["requestBody"]["required"] is True
    assert {"201", "400", "401", "403", "404", "409", "422", "503"} <= create["responses"].keys()
    assert document["paths"]["/api/v1/things/{code}/close"]["post"]["requestBody"]["required"] is False
    body = document["components"]["schemas"]["ThingIn"]
    assert body["additionalProperties"] is False
    assert body["properties"]["words"]["items"]["pattern"] == r"^[^\x00]*$"
    assert document["components"]["schemas"]["Step"]["properties"]["share"]["maximum"] == 2147483647


def test_the_document_is_for_whoever_has_a_key(call: Caller) -> None:
    for bearer in ("", "Bearer wrong"):
        answer = call.client.get("/api/v1/openapi.json", headers={"Authorization": bearer})
        assert answer.status_code == 401 and b"paths" not in answer.data


def test_the_document_is_built_once_and_its_tag_answers_304(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    build = openapi.build

    def counted(wanted: Flask, prefix: str) -> dict[str, Any]:
        built.append(prefix)
        return build(wanted, prefix)

    monkeypatch.setattr(openapi, "build", counted)
    call = Caller(own_app.test_client())
    first = call("GET", "/openapi.json")
    assert call("GET", "/openapi.json").data == first.data
    unchanged = call("GET", "/openapi.json", If_None_Match=first.headers["ETag"])
    assert (unchanged.status_code, unchanged.data, built) == (304, b"", ["/api/v1"])


def test_moments_at_the_ends_of_time_do_not_overflow() -> None:
    assert moments.parse_moment("0001-01-01T00:00:00+14:00") == datetime(1, 1, 2, tzinfo=UTC)
    assert moments.rfc3339(moments.parse_moment("9999-12-31T23:59:60-12:00")).startswith("9999-12-30T")


@pytest.mark.both_dbs
@pytest.mark.parametrize("examples", [4, pytest.param(15, marks=pytest.mark.rest)])
def test_schemathesis_finds_nothing(app: Flask, tmp_path: Path, examples: int) -> None:
    fuzz(app, "admin-key", tmp_path, "--max-examples", str(examples), "--seed", "77")


def test_schemathesis_would_find_a_call_that_breaks_its_word(own_app: Flask, tmp_path: Path) -> None:
    """The counter-test: a body that fits the document and is refused with 422 is found."""
    bp = api_blueprint("broken_api")

    @api_call(
        bp,
        "POST",
        "/broken",
        operation_id="break_word",
        summary="break word",
        body=Note,
        returns={200: Note},
        action=None,
        refused=422,
    )
    def break_word() -> None:
        raise Invalid("thing.refused")

    own_app.register_blueprint(bp)
    own_app.extensions["csrf"].exempt(bp)
    only = ("--include-path-regex", "broken", "--phases", "fuzzing", "--max-examples", "5", "--seed", "77")
    with pytest.raises(AssertionError, match="Schema-valid request rejected"):
        fuzz(own_app, "admin-key", tmp_path, *only)
