"""The process that reads the signatures of one PDF: bytes on standard input, JSON on standard output."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from typing import Any

from core.files import apart

MEMORY = 768 * 1024 * 1024
SECONDS = 15
MOST = 20
"""Signatures that are looked at."""


def main(roots: str) -> int:
    apart.confine(memory=MEMORY, seconds=SECONDS)
    logging.disable(logging.CRITICAL)  # what is wrong with a stranger's file is said in the answer
    sys.stdout.write(json.dumps(signatures(sys.stdin.buffer.read(), _certificates(Path(roots)))))
    return 0


def signatures(content: bytes, roots: list[Any]) -> list[dict[str, Any]]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(content), strict=False)
    return [_told(each, roots) for each in reader.embedded_regular_signatures[:MOST]]


def _told(signature: Any, roots: list[Any]) -> dict[str, Any]:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    try:
        status = validate_pdf_signature(signature, signer_validation_context=context)
    except Exception:  # whatever a library calls what is wrong with bytes from outside
        return {"unreadable": True}
    certificate = status.signing_cert
    at = status.signer_reported_dt
    validity = certificate["tbs_certificate"]["validity"]
    return {
        "signer": _common_name(certificate.subject),
        "issuer": _common_name(certificate.issuer),
        "signed_at": at.isoformat() if at else "",
        "intact": bool(status.intact and status.valid),
        "whole": status.coverage is not None
        and status.coverage.name in ("ENTIRE_FILE", "ENTIRE_REVISION")
        and not _changed(status),
        "valid_from": validity["not_before"].native.isoformat(),
        "valid_to": validity["not_after"].native.isoformat(),
        "trusted": bool(status.trusted) if roots else None,
    }


def _changed(status: Any) -> bool:
    """Whether something was added after signing beyond what the signature itself allows (further signatures)."""
    level = status.modification_level
    return level is not None and level.name == "OTHER"


def _common_name(name: Any) -> str:
    found = name.native.get("common_name") or name.human_friendly
    return str(found if isinstance(found, str) else ", ".join(found))[:200]


def _certificates(folder: Path) -> list[Any]:
    from asn1crypto import pem, x509

    found = []
    for path in sorted(folder.glob("*.pem")) if folder.is_dir() else []:
        for _type, _headers, der in pem.unarmor(path.read_bytes(), multiple=True):
            found.append(x509.Certificate.load(der))
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
