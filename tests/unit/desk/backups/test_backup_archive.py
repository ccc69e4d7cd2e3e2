"""The file of a copy: what went in comes out, or it is refused by name of the part."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from desk.backups import archive, manifest as manifests, sealing
from desk.backups.archive import Damaged, Sealed
from desk.backups.manifest import Manifest

WORDS = "mật khẩu rất dài"
EVEN = Manifest(
    "0.1.0", datetime(2026, 2, 17, tzinfo=UTC), "command", "sqlite", "3.53.4", "abc", "0f", True, (), {"incidents": 3}
)


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", {"n": 2**4, "r": 8, "p": 1})


def packed(folder: Path, content: bytes, passphrase: str | None) -> bytes:
    files = [folder / "database.sqlite3", folder / "secret-key"]
    files[0].write_bytes(content)
    files[1].write_bytes(b"s" * 64)
    manifest = replace(EVEN, parts=tuple(archive.part_of(path, path.name) for path in files))
    target = io.BytesIO()
    archive.write(target, manifest, files, passphrase)
    return target.getvalue()


class Kept(io.BytesIO):
    """What was written into it stays when it is closed."""

    def close(self) -> None:
        self.all = self.getvalue()


def unpacked(folder: Path, raw: bytes, passphrase: str | None) -> dict[str, bytes]:
    path, found = folder / "copy", {}
    path.write_bytes(raw)

    def into(part: manifests.CopyPart) -> Kept:
        found[part.name] = Kept()
        return found[part.name]

    archive.read_archive(path, passphrase, into)
    return {name: kept.getvalue() for name, kept in found.items()}


@pytest.mark.parametrize("passphrase", [None, WORDS])
@pytest.mark.parametrize("size", [0, 1, sealing.CHUNK - 1, sealing.CHUNK, 2 * sealing.CHUNK + 17])
def test_what_went_in_comes_out(tmp_path: Path, passphrase: str | None, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    raw = packed(tmp_path, content, passphrase)
    assert unpacked(tmp_path, raw, passphrase) == {"database.sqlite3": content, "secret-key": b"s" * 64}


def test_without_a_passphrase_any_tar_opens_it(tmp_path: Path) -> None:
    raw = packed(tmp_path, b"rows", None)
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:gz") as tar:
        assert tar.getnames() == ["manifest.json", "database.sqlite3", "secret-key"]


@pytest.mark.parametrize("passphrase", [None, WORDS])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(data=st.data())
def test_a_flipped_bit_or_a_cut_is_refused_by_name_of_a_part(
    tmp_path: Path, passphrase: str | None, data: st.DataObject
) -> None:
    content = bytes(i * i % 253 for i in range(5000))
    raw = bytearray(packed(tmp_path, content, passphrase))
    place = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        del raw[place:]
    else:
        raw[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = unpacked(tmp_path, bytes(raw), passphrase)
    except Damaged as fault:
        assert fault.part in ("manifest.json", "database.sqlite3", "secret-key", "end of the file")
    except Sealed:
        raise AssertionError("a passphrase was given") from None
    else:
        # A bit that means nothing (gzip's own header; from which of many zeros a zero is copied) changes nothing.
        assert found == {"database.sqlite3": content, "secret-key": b"s" * 64}
        assert passphrase is None


def test_the_checksum_in_the_very_last_bytes_is_looked_at(tmp_path: Path) -> None:
    raw = bytearray(packed(tmp_path, b"rows", None))
    raw[-5] ^= 1
    with pytest.raises(Damaged, match="end of the file"):
        unpacked(tmp_path, bytes(raw), None)


def test_cut_in_the_middle_of_the_database_names_the_database(tmp_path: Path) -> None:
    import random

    raw = packed(tmp_path, random.Random(1).randbytes(3 * sealing.CHUNK), WORDS)
    with pytest.raises(Damaged, match="database.sqlite3"):
        unpacked(tmp_path, raw[: len(raw) // 2], WORDS)


def test_two_chunks_that_change_places_are_noticed(tmp_path: Path) -> None:
    import random

    raw = packed(tmp_path, random.Random(1).randbytes(4 * sealing.CHUNK), WORDS)
    start, size = raw.index(b"\n", len(sealing.MAGIC)) + 1, sealing.CHUNK + sealing.TAG
    first, second = raw[start : start + size], raw[start + size : start + 2 * size]
    with pytest.raises(Damaged):
        unpacked(tmp_path, raw[:start] + second + first + raw[start + 2 * size :], WORDS)


def test_another_passphrase_opens_nothing_and_none_is_asked_for(tmp_path: Path) -> None:
    raw = packed(tmp_path, b"rows", WORDS)
    with pytest.raises(Damaged, match="the passphrase is another one"):
        unpacked(tmp_path, raw, "một mật khẩu khác")
    with pytest.raises(Sealed):
        unpacked(tmp_path, raw, None)


def test_nothing_of_it_can_be_read_without_the_passphrase(tmp_path: Path) -> None:
    raw = packed(tmp_path, b"Nguyen Van An 0900000101" * 500, WORDS)
    assert b"Nguyen" not in raw and b"manifest" not in raw and b"incidents" not in raw


def test_a_part_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    """A made-up file must not bring what nobody asked for, nor write where it likes."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, content in (
            (
                "manifest.json",
                manifests.write(replace(EVEN, key_kept=False, parts=(manifests.CopyPart("../../etc/passwd", 1, "x"),))),
            ),
            ("../../etc/passwd", b"x"),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    raw = target.getvalue()
    with pytest.raises(Damaged, match="manifest.json"):
        unpacked(tmp_path, archive.GZIP + raw[8:], None)


def test_a_header_that_asks_for_all_memory_is_refused(tmp_path: Path) -> None:
    raw = packed(tmp_path, b"rows", WORDS)
    with pytest.raises(Damaged, match="too much memory"):
        unpacked(tmp_path, raw.replace(b'"n": 16', b'"n": 1073741824'), WORDS)


def test_a_file_of_something_else_is_told_so(tmp_path: Path) -> None:
    for raw in (b"", b"PK\x03\x04 a zip", b"x" * 100):
        with pytest.raises(Damaged, match="no copy of Trực Tết"):
            unpacked(tmp_path, raw, None)
