"""Secrets at rest, sealed with a key made from SECRET_KEY: a stolen copy of the database alone opens none of them.

While SECRET_KEY changes, what the key before has sealed is opened by SECRET_KEY_OLD.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from core.security.signatures import secret_keys

SEALED = "sealed:"
_IS_SECRET = re.compile(r"\{|[a-z][a-z0-9+.-]*://", re.I)


def seal(values: Mapping[str, str]) -> str:
    """``values`` as text that only this installation opens."""
    return _box(secret_keys()[0]).encrypt(json.dumps(dict(values)).encode()).decode()


def unseal(sealed: str) -> dict[str, str] | None:
    """Return what was sealed; ``None`` when SECRET_KEY has changed since, or the text is no sealed one."""
    if not sealed:
        return {}
    for key in secret_keys():
        try:
            opened = json.loads(_box(key).decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            continue
        return {str(name): str(value) for name, value in opened.items()}
    return None


def seal_anew(sealed: str) -> str:
    """The same values with today's SECRET_KEY; what no key opens stays as it is."""
    opened = unseal(sealed)
    return seal(opened) if opened else sealed


def token_in(sealed: str) -> str:
    """The token of a secret address; empty where no SECRET_KEY opens it any more."""
    return (unseal(sealed) or {}).get("token", "")


def seal_address(address: str) -> str:
    """The address of a device or service as it is kept; the same each time, so that equal ones are found.

    Mail addresses and numbers stay as they are: people search for them.
    """
    if not _IS_SECRET.match(address):
        return address
    return SEALED + base64.urlsafe_b64encode(_siv(secret_keys()[0]).encrypt(address.encode(), None)).decode()


def unseal_address(kept: str) -> str:
    """The address; what no key of ours opens stays as it is, and no carrier will take it."""
    if not kept.startswith(SEALED):
        return kept
    sealed = base64.urlsafe_b64decode(kept.removeprefix(SEALED))
    for key in secret_keys():
        try:
            return _siv(key).decrypt(sealed, None).decode()
        except InvalidTag:
            continue
    return kept


class Address(TypeDecorator[str]):
    """Where words are sent: of mail and phone as typed, of devices and services sealed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal_address(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unseal_address(value)


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret_key, b"truc-tet gateways", 32)))


@lru_cache(maxsize=4)
def _siv(secret_key: str) -> AESSIV:
    return AESSIV(_derived(secret_key, b"truc-tet addresses", 64))


def _derived(secret_key: str, purpose: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=purpose).derive(secret_key.encode())
