"""What telephone providers fetch and report while they call somebody: words to read, and the key that was pressed.

``?as=scco`` answers with the call control objects that Stringee expects; others get plain JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, jsonify, request, url_for

KEYS = ("dtmf", "digits", "Digits", "digit", "key", "keys", "Dtmf")
"""Names under which providers report what was pressed."""


def key() -> str:
    """The first key reported, wherever the provider puts it."""
    sent: Any = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    found = sent if isinstance(sent, dict) else {}
    value = next((found[name] for name in KEYS if str(found.get(name) or "")), "")
    return str(value).strip()[:1]


def answer_at(endpoint: str, token: str, **more: Any) -> str:
    """Return where the key is to be reported."""
    return url_for(endpoint, token=token, **more) + ("?as=scco" if _as_scco() else "")


def say(text: str, status: int = 200, *, ask: str = "", taken: Sequence[str] = ()) -> Response:
    """``text`` for the provider to read; ``ask``: where to report the key, said as ``callback`` where that is another
    address than this one; ``taken``: codes of incidents."""
    if _as_scco():
        talk: list[dict[str, Any]] = [{"action": "talk", "text": text}]
        if ask:
            talk.append({"action": "input", "eventUrl": f"{current_app.config['PUBLIC_URL']}{ask}", "timeout": 10})
        answer = jsonify(talk)
    else:
        said = {"text": text, "keys": {"1": "take", "2": "pass"} if ask else {}, "taken": list(taken)}
        elsewhere = ask not in ("", request.path)
        answer = jsonify(said | ({"callback": f"{current_app.config['PUBLIC_URL']}{ask}"} if elsewhere else {}))
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _as_scco() -> bool:
    return request.args.get("as") == "scco"
