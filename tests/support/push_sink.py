"""A push service (RFC 8030) and the browser behind it: takes what a sender hands over, proves who sent it, and decrypts
it with the browser's own key, by another hand than the product's (http_ece)."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import http_ece
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.http_sink import Asked, HttpSink, http_sink


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscribed browser at ``service``."""

    service: HttpSink
    key: ec.EllipticCurvePrivateKey
    secret: bytes
    place: str

    @property
    def subscription(self) -> str:
        """The JSON that a page would send to the application."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        endpoint = f"{self.service.url}/push/{self.place}"
        return json.dumps({"endpoint": endpoint, "keys": {"p256dh": _b64(point), "auth": _b64(self.secret)}})

    def decrypt(self, asked: Asked) -> dict[str, Any]:
        """The words inside; fails when they were not meant for this browser."""
        assert asked.headers["content-encoding"] == "aes128gcm"
        words = http_ece.decrypt(asked.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(words)
        return found


def sender(asked: Asked) -> tuple[dict[str, Any], str]:
    """(claims, public key) of the VAPID header, its signature proven (RFC 8292)."""
    scheme, _space, rest = asked.headers["authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _dot, signature = parts["t"].rpartition(".")
    raw = _unb64(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _unb64(parts["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(_unb64(signed.split(".")[1]))
    return claims, parts["k"]


@contextmanager
def push_service() -> Iterator[tuple[HttpSink, Browser]]:
    """The service, answering 201, and a browser that has subscribed to it."""
    with http_sink() as service:
        service.answer = "201 "
        yield service, Browser(service, ec.generate_private_key(ec.SECP256R1()), os.urandom(16), "abc")
