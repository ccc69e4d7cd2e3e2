"""Secrets of gateways at rest: a stolen backup alone does not send SMS in the enterprise's name."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secret_key: str, values: Mapping[str, str]) -> str:
    """``values`` as text that only this installation's SECRET_KEY opens."""
    return _box(secret_key).encrypt(json.dumps(dict(values)).encode()).decode()


def unseal(secret_key: str, sealed: str) -> dict[str, str] | None:
    """What was sealed; ``None`` when SECRET_KEY has changed since, or the text is no sealed one."""
    if not sealed:
        return {}
    try:
        opened = json.loads(_box(secret_key).decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return None
    return {str(name): str(value) for name, value in opened.items()}


def _box(secret_key: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"truc-tet gateways").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
