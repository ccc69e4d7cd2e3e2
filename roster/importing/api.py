"""POST /api/v1/import: the import folder as XLSX or ZIP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from core.actor import Actor
from core.api.call import ApiModel, api_blueprint, api_call
from core.errors import Conflict, Invalid
from roster.importing import services as importer
from roster.sources.api_meets import CampaignMeetsOut, meets

bp = api_blueprint("import_api")
UPLOADS = ("multipart/form-data", "application/octet-stream")


class ImportQuery(ApiModel):
    dry_run: bool = False


class CountsOut(ApiModel, title="CountsOut"):
    created: int
    updated: int
    unchanged: int


class FaultOut(ApiModel, title="FaultOut"):
    file: str
    row: int
    column: str
    value: str
    code: str
    message: str


class ImportOut(ApiModel, title="ImportOut"):
    dry_run: bool
    applied: bool
    counts: dict[str, CountsOut]
    unsure: int
    """Published seats to come that are not covered any more (dry run: would not be); somebody is absent or left."""
    campaigns: list[CampaignMeetsOut]
    """Dry run: open campaigns that ask for something else by this demand. They stay as they are when it is written."""
    warnings: list[FaultOut]


@api_call(
    bp,
    "POST",
    "/import",
    operation_id="import_folder",
    query=ImportQuery,
    returns={200: ImportOut},
    action="import.run",
    scopes=("people", "roster"),
    uploads=UPLOADS,
    idempotent=True,
    tags=["import"],
    summary="Import the folder as XLSX, ZIP or CSV files",
)
def import_folder(*, query: ImportQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """All or nothing. Any media type is read: `application/zip`, the XLSX type, `application/octet-stream`, or
    `multipart/form-data` with one or several files.

    422: nothing was written; every error names `file`, `row` (the header is 1), `column` and `value`. 409: not an
    import file at all. With `dry_run=1` nothing is written and the counts say what would be.
    """
    files = _uploaded()
    report = importer.import_folder(lambda: importer.read_uploads(files), dry_run=query.dry_run, now=now, actor=actor)
    if report.errors:
        faults = [fault.as_field_error() for fault in report.errors]
        warnings = [fault.as_dict() for fault in report.warnings]
        raise Invalid("import.faults", errors=faults, state={"warnings": warnings}, count=len(faults))
    return {
        "dry_run": query.dry_run,
        "applied": report.applied,
        "counts": report.counts,
        "unsure": report.unsure,
        "campaigns": [meets(each) for each in report.campaigns],
        "warnings": [fault.as_dict() for fault in report.warnings],
    }


def _uploaded() -> list[tuple[str, bytes]]:
    if request.mimetype == "multipart/form-data":
        given = [each for name in request.files for each in request.files.getlist(name)]
        files = [(each.filename or "upload", _content(each)) for each in given]
    else:
        files = [("upload", request.get_data())]
    if not any(content for _name, content in files):
        raise Conflict("import.no_file")
    return files


def _content(given: FileStorage) -> bytes:
    given.stream.seek(0)  # it may have been read before: a repeatable call can begin anew
    content: bytes = given.read()
    return content
