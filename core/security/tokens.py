"""Secret links: random, stored as SHA-256, compared in constant time; some are HMACs that can be shown again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """A URL-safe secret of 192 bits."""
    return secrets.token_urlsafe(24)


def new_short_token() -> str:
    """A URL-safe secret of 128 bits, for addresses that text messages must have room for."""
    return secrets.token_urlsafe(16)


def new_salt() -> str:
    """Return what makes the signature of a row its own: a row that is like it in all else gets another one."""
    return secrets.token_urlsafe(12)


def digest(token: str) -> str:
    """Return what is stored of a secret; of anything that came as one, also what no alphabet has (halves of pairs in
    JSON)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def signed(secret_key: str, purpose: str, *parts: int | str) -> str:
    """A URL-safe HMAC-SHA256 (160 bits kept) of the parts, bound to ``purpose``.

    Reproducible: its owner can always read it again without it being stored.
    """
    message = "\x1f".join([purpose, *map(str, parts)]).encode()
    mac = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()[:20]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
