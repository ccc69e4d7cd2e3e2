"""PDF that somebody signs elsewhere, as the programs of certificate providers do."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def key(folder: Path) -> dict[str, Path]:
    """A key of Nguyễn Văn An in the folder, and a certificate that he wrote himself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Văn An")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder(name, name, private.public_key(), 7, now - timedelta(days=1), now + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    paths = {"key": folder / "key.pem", "certificate": folder / "certificate.pem"}
    paths["key"].write_bytes(
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    paths["certificate"].write_bytes(certificate.public_bytes(pem))
    return paths


def sign(pdf: bytes, key: dict[str, Path]) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load(str(key["key"]), str(key["certificate"]))
    assert signer is not None
    out = io.BytesIO()
    meta = signers.PdfSignatureMetadata(field_name="Chữ ký")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    # In a thread of its own: signing runs an event loop, and a browser of other tests has one in this thread.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(signers.sign_pdf, writer, meta, signer=signer, output=out).result()
    return out.getvalue()


def blank() -> bytes:
    """A page with nothing on it, as another program wrote it."""
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

    writer, out = PdfFileWriter(), io.BytesIO()
    writer.insert_page(
        PageObject(contents=writer.add_object(StreamObject(stream_data=b" ")), media_box=(0, 0, 595, 842))
    )
    writer.write(out)
    return out.getvalue()
