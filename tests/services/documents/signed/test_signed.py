"""The signed paper: a scan, a PDF signed elsewhere, one changed after signing, one that is no PDF to speak of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from core.errors import Conflict, Forbidden
from core.files import content as reading
from documents.drafting.services import DraftRequest
from documents.issued import queries, services as issued
from documents.models import Document
from documents.signed import services as signed, signatures
from tests.support import papers, signing
from tests.support.cast import ADMIN, NIGHT, Actor
from tests.support.service_point import photo


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with papers.registered():
        yield


@pytest.fixture
def document(ids: dict[str, int]) -> Document:
    papers.settle(NIGHT)
    return issued.issue(DraftRequest("unit:BDA", "test.notice", {}), once="signed-here", actor=ADMIN, now=NIGHT)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return signing.key(tmp_path_factory.mktemp("key"))


def as_issued(document: Document) -> bytes:
    return queries.readable(document.id, ADMIN, NIGHT, files=True).pdf


def attach(document: Document, content: bytes, name: str = "da-ky.pdf", actor: Actor = ADMIN) -> Any:
    return signed.attach(document.id, reading.read_file(content, name), actor=actor, now=NIGHT)


def test_a_signed_pdf_says_by_whom_and_that_nothing_was_changed(document: Document, key: dict[str, Path]) -> None:
    scan = attach(document, signing.sign(as_issued(document), key))
    (told,) = scan.signatures
    assert (told["signer"], told["issuer"], told["intact"], told["whole"]) == (
        "Nguyễn Văn An",
        "Nguyễn Văn An",
        True,
        True,
    )
    assert told["trusted"] is None  # nobody has put a root there
    assert scan.continues  # what was signed is what was issued, to the byte
    assert told["valid_from"] < told["signed_at"] < told["valid_to"]


def test_a_root_that_the_enterprise_keeps_is_asked(app: Flask, document: Document, key: dict[str, Path]) -> None:
    trust = Path(app.config["DATA_DIR"]) / signatures.TRUST
    trust.mkdir()
    try:
        content = signing.sign(as_issued(document), key)
        (trust / "ca.pem").write_bytes(key["certificate"].read_bytes())
        assert signatures.parse_signatures(content)[0]["trusted"] is True
        (trust / "ca.pem").write_bytes(_another_root())
        assert signatures.parse_signatures(content)[0]["trusted"] is False
    finally:
        (trust / "ca.pem").unlink(missing_ok=True)
        trust.rmdir()


def test_what_was_changed_after_signing_is_seen(document: Document, key: dict[str, Path]) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    content = signing.sign(as_issued(document), key)
    flipped = bytearray(content)
    flipped[200] ^= 1
    assert signatures.parse_signatures(bytes(flipped))[0].get("intact", False) is False
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Lang"] = generic.pdf_string("xx")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert signatures.parse_signatures(out.getvalue())[0]["whole"] is False


@pytest.mark.both_dbs("one file kept once: locks")
def test_scans_are_kept_once_and_ten_at_most(document: Document) -> None:
    plain = as_issued(document)
    assert attach(document, plain).signatures == []
    assert attach(document, plain, "again.pdf").id == attach(document, plain).id
    colours = ["red", "orange", "yellow", "green", "blue", "purple", "brown", "grey", "white", "black"]
    for colour in colours[: signed.MOST - 1]:
        attach(document, photo(colour), "trang.jpg")
    with pytest.raises(Conflict):
        attach(document, photo(colours[-1]), "trang.jpg")


def test_what_no_parser_reads_is_said_and_kept(document: Document) -> None:
    broken = b"%PDF-1.7\n/Root nothing\nstartxref\n9999\n%%EOF"
    scan = attach(document, broken)
    assert (scan.signatures, scan.continues) == ([{"unreadable": True}], False)


def test_a_reader_attaches_nothing(document: Document, ids: dict[str, int]) -> None:
    clerk = Actor(name="Bình", role="staff", via="session", user_id=1, unit_id=ids["BDA"])
    with pytest.raises(Forbidden):
        attach(document, as_issued(document), actor=clerk)


def _another_root() -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gốc khác")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, private.public_key(), 8, now, now + timedelta(days=1))
    return made.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
