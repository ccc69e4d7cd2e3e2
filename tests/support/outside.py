"""Whoever stands outside the running server: a script with a key, a browser without scripts. Only sockets between."""

from __future__ import annotations

import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    url: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Script:
    """Another system with an API key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self._key = url, key

    def call(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """The parsed answer of ``/api/v1`` + path; fails on any other status. ``body``: JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/zip" if isinstance(body, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": kind}
        answer = _open(urllib.request.build_opener(), method, f"{self.url}/api/v1{path}", raw, headers)
        assert answer.status == expect, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json if answer.text else None


class Browser:
    """A browser without scripts, with cookies of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        """``path`` may be a whole address."""
        return _open(self._opener, "GET", urllib.parse.urljoin(self.url, path), None, {})

    def post(self, path: str, **fields: str) -> Answer:
        """Just these fields, as a link in a mail is answered."""
        form = urllib.parse.urlencode(fields).encode()
        return _open(self._opener, "POST", urllib.parse.urljoin(self.url, path), form, {})

    def sign_in(self, login: str, password: str) -> None:
        token = TOKEN.search(self.get("/login").text)
        assert token, "the sign-in form has no CSRF token"
        answer = self.post("/login", identifier=login, password=password, csrf_token=token.group(1))
        assert not answer.url.endswith("/login"), answer.text


def _open(opener: Any, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with opener.open(request, timeout=120) as response:
            return Answer(response.status, response.read().decode(), response.url)
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read().decode(), url)


def zipped(name: str) -> bytes:
    """A folder of tests/data as the ZIP that somebody would upload."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted((DATA / name).iterdir()):
            archive.write(path, f"{name}/{path.name}")
    return out.getvalue()
