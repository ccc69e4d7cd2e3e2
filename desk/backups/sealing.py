"""A file sealed by a passphrase: scrypt makes the key, AES-GCM seals chunk by chunk. Nothing cut off goes unnoticed.

Layout: magic, one line of JSON (salt, scrypt's cost, a check of the passphrase), then chunks of a mebibyte. A chunk's
nonce is its number and whether it is the last, so that none can be left out, moved, or cut off at the end.
"""

from __future__ import annotations

import hmac
import io
import json
import os
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"truc-tet sealed 1\n"
CHUNK = 1024 * 1024
TAG = 16
LONGEST_HEADER = 1024
COST = {"n": 2**16, "r": 8, "p": 2}
MOST_MEMORY = 512 * 1024 * 1024
"""A header from elsewhere must not ask for all that the machine has."""


class Broken(ValueError):
    """It does not open; the words say why."""


class OtherPassphrase(Broken):
    """Sealed by another passphrase, as far as anybody can tell."""


class Sealer(io.RawIOBase):
    """Write into it; ``close`` seals the last chunk, and leaves ``target`` open."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        salt = os.urandom(16)
        key, check = _keys(passphrase, salt, COST)
        header = json.dumps({"salt": salt.hex(), **COST, "check": check.hex()}).encode() + b"\n"
        target.write(MAGIC + header)
        self._target, self._box, self._header = target, AESGCM(key), header
        self._buffer, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        taken = memoryview(data).nbytes
        self._buffer += data
        while len(self._buffer) > CHUNK:  # the last chunk, full or not, waits for ``close``
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return taken

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._buffer), last=True)
        super().close()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._box.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


class Opener(io.RawIOBase):
    """Read what was sealed. ``source`` stands after ``MAGIC``. Raises ``Broken``, from the start or on the way."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        header = source.readline(LONGEST_HEADER)
        try:
            values = json.loads(header)
            salt, check = bytes.fromhex(values["salt"]), bytes.fromhex(values["check"])
            cost = {name: int(values[name]) for name in COST}
            if 128 * cost["n"] * cost["r"] > MOST_MEMORY or cost["p"] > 16:
                raise Broken("its header asks for too much memory")
            key, expected = _keys(passphrase, salt, cost)
        except Broken:
            raise
        except (ValueError, KeyError, TypeError) as fault:
            raise Broken("its header is damaged") from fault
        if not hmac.compare_digest(check, expected):
            raise OtherPassphrase("the passphrase is another one (or its header is damaged)")
        self._source, self._box, self._header = source, AESGCM(key), header
        self._ahead, self._number, self._chunk = source.read(CHUNK + TAG), 0, b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._chunk and not self._ended:
            self._chunk = self._next()
        count = min(len(buffer), len(self._chunk))
        buffer[:count], self._chunk = self._chunk[:count], self._chunk[count:]
        return count

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._source.read(CHUNK + TAG)
        self._ended = not self._ahead
        try:
            opened = self._box.decrypt(_nonce(self._number, last=self._ended), sealed, self._header)
        except InvalidTag as fault:
            raise Broken("cut off" if self._ended else "damaged") from fault
        self._number += 1
        return opened


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _keys(passphrase: str, salt: bytes, cost: dict[str, int]) -> tuple[bytes, bytes]:
    """The key, and what shows that the passphrase is the right one without telling the key."""
    derived = Scrypt(salt=salt, length=64, **cost).derive(passphrase.encode())
    return derived[:32], derived[32:48]
