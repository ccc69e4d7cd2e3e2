"""LibreOffice, as a stranger to our writer: it opens each DOCX, and its PDF says what ours says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from documents.paper import Paper
from documents.rendering import pdf as typesetting
from documents.rendering.docx import docx
from tests.conftest import skip_or_fail
from tests.support import office_papers, read_back

PAPERS: dict[str, Paper] = {
    "notice": office_papers.notice(9),
    "letter": office_papers.letter(5),
    "older": office_papers.letter(9, "tt01-2011"),
    "minutes": office_papers.minutes(),
    "sheet": office_papers.sheet(20, 23),
    "names": office_papers.saying(*office_papers.NAMES, *office_papers.LIKE_MARKUP),
}
pytestmark = pytest.mark.rest


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each paper, as LibreOffice prints it."""
    program = shutil.which("soffice")
    if program is None:
        skip_or_fail("no LibreOffice: scripts/fetch_libreoffice.sh")
    home = tmp_path_factory.mktemp("office")
    for name, each in PAPERS.items():
        (home / f"{name}.docx").write_bytes(docx(each))
    subprocess.run(
        [program, f"-env:UserInstallation=file://{home}/profile", "--headless", "--convert-to", "pdf"]
        + ["--outdir", home, *(home / f"{name}.docx" for name in PAPERS)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return home


def words(pages: list[str]) -> Counter[str]:
    """In any order: the two sides of a page are read one after the other or line by line, a dash sticks to either."""
    return Counter(re.findall(r"[^\s-]+", " ".join(pages)))


@pytest.mark.parametrize("name", PAPERS)
def test_libreoffice_prints_the_same_words_on_as_many_pages(node: Path, converted: Path, name: str) -> None:
    theirs = read_back.pdf_pages((converted / f"{name}.pdf").read_bytes())
    ours = read_back.pdf_pages(typesetting.pdf(PAPERS[name]))
    assert len(theirs) == len(ours)
    assert words(theirs) == words(ours)
