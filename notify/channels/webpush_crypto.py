"""PURE words for one browser only (RFC 8291, aes128gcm of RFC 8188) and who sends them (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096
MOST = 3800
"""Bytes of words that fit into the one record that push services take."""
CURVE = ec.SECP256R1()


@dataclass(frozen=True)
class Subscription:
    """Where a browser listens and what it can read. Raw bytes of its public key and its secret."""

    endpoint: str
    public: bytes
    secret: bytes


def subscription(text: str) -> Subscription:
    """The JSON that a browser's PushSubscription makes. Raises ValueError when it is none."""
    try:
        stored = json.loads(text)
        found = Subscription(str(stored["endpoint"]), unb64(stored["keys"]["p256dh"]), unb64(stored["keys"]["auth"]))
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, found.public)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not a push subscription") from fault
    if not found.endpoint.startswith(("https://", "http://")) or len(found.secret) != 16:
        raise ValueError("not a push subscription")
    return found


def encrypt(words: bytes, to: Subscription, key: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """``words`` for the subscription; ``key`` (made for this message) and ``salt`` (16 bytes) are used once."""
    ours = _point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to.public))
    material = _derive(shared, to.secret, b"WebPush: info\0" + to.public + ours, 32)
    content_key = _derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(content_key).encrypt(nonce, words + b"\2", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + sealed


def authorization(key: ec.EllipticCurvePrivateKey, audience: str, subject: str, expires: int) -> str:
    """The header that tells a push service who sends: ``audience`` is its origin, ``expires`` in Unix seconds."""
    claims = {"aud": audience, "exp": expires, "sub": subject}
    signed = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={b64(_point(key.public_key()))}"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(CURVE)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Return what a browser subscribes with."""
    return b64(_point(key.public_key()))


def private_text(key: ec.EllipticCurvePrivateKey) -> str:
    return b64(key.private_numbers().private_value.to_bytes(32, "big"))


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError."""
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), CURVE)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
