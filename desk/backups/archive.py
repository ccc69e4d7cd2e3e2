"""The file of a copy: a gzipped tar, the manifest first. With a passphrase it is sealed, without one any tar opens it.

Reading trusts nothing: parts come in the order of the manifest, with its sizes and hashes, and are never written under
a name that the file chose.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

from desk.backups import manifest as manifests
from desk.backups.manifest import CopyPart, Manifest
from desk.backups.sealing import MAGIC, Broken, Opener, OtherPassphrase, Sealer

PIECE = 1024 * 1024
GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
"""How the gzip of a copy begins: no name in it, no time, no flags."""


class Damaged(Exception):
    """A copy that must not be used: which part, and why."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(f"{part}: {why}")
        self.part, self.why = part, why


class Locked(Damaged):
    """It is sealed by another passphrase than the one that was given."""


class Sealed(Exception):
    """It asks for a passphrase and none was given."""


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


def part_of(path: Path, name: str) -> CopyPart:
    """Return what the manifest will say about the file."""
    digest: Digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            digest.update(piece)
    return CopyPart(name, path.stat().st_size, digest.hexdigest())


def write(target: IO[bytes], manifest: Manifest, files: Sequence[Path], passphrase: str | None) -> None:
    """``files`` in the order of the manifest's parts. Leaves ``target`` open."""
    with _packed(target, manifest, passphrase) as tar:
        for part, path in zip(manifest.parts, files, strict=True):
            with path.open("rb") as source:
                tar.addfile(_entry(part.name, part.size), source)


def write_again(copy: Path, target: IO[bytes], *, opens: str | None, seals: str | None) -> Manifest:
    """The same copy as it may leave the house: sealed by ``seals``, or else without the key. Leaves ``target`` open.

    Nothing of it comes to lie anywhere else. What was written is to be read back. Raises ``Damaged``, ``Sealed``.
    """
    with _opened(copy, opens) as source:
        manifest = _manifest(source)
        kept = manifest if seals else manifests.without_key(manifest)
        with _packed(target, kept, seals) as tar:
            for part in manifest.parts:
                found = _next(source, part)
                if part in kept.parts:
                    tar.addfile(_entry(part.name, part.size), found)
    return kept


@contextmanager
def _packed(target: IO[bytes], manifest: Manifest, passphrase: str | None) -> Iterator[tarfile.TarFile]:
    """To write the parts into, in the order of the manifest, which stands there already."""
    outer = cast(IO[bytes], Sealer(target, passphrase)) if passphrase else target
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=outer, compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        raw = manifests.write(manifest)
        tar.addfile(_entry(manifests.NAME, len(raw)), io.BytesIO(raw))
        yield tar
    if passphrase:
        outer.close()


def is_sealed(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


def nowhere(_part: CopyPart) -> IO[bytes]:
    """Return a place for nothing, for ``read_archive``: only whether it can be read."""
    return open(os.devnull, "wb")


def read_manifest(path: Path, passphrase: str | None) -> Manifest:
    """Return what a copy consists of, without reading all of it. Raises ``Damaged``, ``Sealed``."""
    with _opened(path, passphrase) as tar:
        return _manifest(tar)


def read_archive(path: Path, passphrase: str | None, into: Callable[[CopyPart], IO[bytes]]) -> Manifest:
    """Read and check every byte; ``into(part)`` answers where those of a part go. Raises ``Damaged``, ``Sealed``."""
    with _opened(path, passphrase) as tar:
        manifest = _manifest(tar)
        for part in manifest.parts:
            with _naming(part.name), into(part) as target:
                _copy(_next(tar, part), part, target)
        with _naming("end of the file"):
            if tar.next() is not None:
                raise Damaged("end of the file", "there is more in it than it should")
            # To the last byte: only there gzip's own checksum stands.
            while cast(IO[bytes], tar.fileobj).read(PIECE):
                pass
    return manifest


@contextmanager
def _opened(path: Path, passphrase: str | None) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as source, _naming(manifests.NAME):
        start = source.read(len(MAGIC))
        if start == MAGIC:
            if not passphrase:
                raise Sealed(str(path))
            inner = cast(IO[bytes], io.BufferedReader(Opener(source, passphrase), PIECE))
            start = inner.peek(len(GZIP))[: len(GZIP)]  # type: ignore[attr-defined]
        else:
            source.seek(0)
            inner = source
        if start[: len(GZIP)] != GZIP:
            raise Damaged(manifests.NAME, "this is no copy of Trực Tết, or its beginning is damaged")
        with gzip.GzipFile(fileobj=inner, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            yield tar


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Whatever breaks in here is a fault of ``part``."""
    try:
        yield
    except EOFError as fault:
        raise Damaged(part, "cut off") from fault
    except OtherPassphrase as fault:
        raise Locked(part, str(fault)) from fault
    except Broken as fault:
        raise Damaged(part, str(fault)) from fault
    except (gzip.BadGzipFile, zlib.error, tarfile.TarError, ValueError, KeyError, OverflowError) as fault:
        raise Damaged(part, "damaged or cut off") from fault


def _manifest(tar: tarfile.TarFile) -> Manifest:
    with _naming(manifests.NAME):
        found = tar.next()
        if found is None or found.name != manifests.NAME or found.size > manifests.MOST_BYTES:
            raise Damaged(manifests.NAME, "missing: this is no copy of Trực Tết")
        source = cast(IO[bytes], tar.extractfile(found))
        try:
            return manifests.parse_manifest(source.read())
        except manifests.UnreadableManifest as fault:
            raise Damaged(manifests.NAME, str(fault)) from fault


def _next(tar: tarfile.TarFile, part: CopyPart) -> IO[bytes]:
    found = tar.next()
    if found is None:
        raise Damaged(part.name, "missing")
    if not found.isreg() or (found.name, found.size) != (part.name, part.size):
        raise Damaged(part.name, f"the manifest says {part.size} bytes; found {found.name} with {found.size}")
    return cast(IO[bytes], tar.extractfile(found))


def _copy(source: IO[bytes], part: CopyPart, target: IO[bytes]) -> None:
    digest: Digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        target.write(piece)
    if digest.hexdigest() != part.sha256:
        raise Damaged(part.name, "its SHA-256 is not that of the manifest")


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
