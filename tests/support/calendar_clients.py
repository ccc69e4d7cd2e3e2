"""Calendar programs that people and servers really use, run against a feed's address.

Each answers what it shows as a set of (start, end, title); starts and ends are local wall times "2020-01-24 19:30".
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path

Shown = set[tuple[str, str, str]]
ZONE = "Asia/Ho_Chi_Minh"
FROM, TO = "2020-01-01", "2020-03-01"


def _run(*command: str | Path, cwd: Path, stdin: bytes | None = None) -> str:
    environment = os.environ | {
        "HOME": str(cwd),
        "XDG_CONFIG_HOME": str(cwd),
        "XDG_DATA_HOME": str(cwd),
        "XDG_CACHE_HOME": str(cwd),
        "TZ": ZONE,
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout.decode()}{done.stderr.decode()}"
    return done.stdout.decode()


class Khal:
    """vdirsyncer keeps folders in step with addresses (name → url); khal shows the folders."""

    def __init__(self, urls: dict[str, str], folder: Path) -> None:
        self.folder, self.names = folder, list(urls)
        pairs, calendars = "", ""
        for name, url in urls.items():
            (folder / name).mkdir(parents=True)
            pairs += (
                f'[pair {name}]\na = "{name}_there"\nb = "{name}_here"\ncollections = null\n'
                'conflict_resolution = "a wins"\n'
                f'[storage {name}_there]\ntype = "http"\nurl = "{url}"\n'
                f'[storage {name}_here]\ntype = "filesystem"\npath = "{folder / name}"\nfileext = ".ics"\n'
            )
            calendars += f"[[{name}]]\npath = {folder / name}\n"
        general = f'[general]\nstatus_path = "{folder}/status/"\n'
        (folder / "vdirsyncer.conf").write_text(general + pairs, encoding="utf-8")
        (folder / "khal.conf").write_text(
            f"[calendars]\n{calendars}"
            f"[locale]\nlocal_timezone = {ZONE}\ndefault_timezone = {ZONE}\ntimeformat = %H:%M\n"
            "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {folder}/khal.db\n",
            encoding="utf-8",
        )
        self._vdirsyncer("discover")

    @staticmethod
    def is_there() -> bool:
        return all(Path(sys.executable).with_name(program).exists() for program in ("vdirsyncer", "khal"))

    def sync(self) -> None:
        """Fetch the addresses as a phone does every now and then."""
        self._vdirsyncer("sync")

    def _vdirsyncer(self, *words: str) -> None:
        program = Path(sys.executable).with_name("vdirsyncer")
        _run(program, "-c", self.folder / "vdirsyncer.conf", *words, cwd=self.folder)

    def shown(self) -> dict[str, Shown]:
        """What khal lists of each calendar."""
        listed = _run(
            Path(sys.executable).with_name("khal"),
            "-c",
            self.folder / "khal.conf",
            "list",
            "--once",
            "--notstarted",
            "--day-format",
            "",
            "--format",
            "{calendar}|{start-long-full}|{end-long-full}|{title}",
            FROM,
            TO,
            cwd=self.folder,
        )
        found: dict[str, Shown] = {name: set() for name in self.names}
        for line in listed.splitlines():
            if line.count("|") == 3:
                name, start, end, title = line.strip().split("|")
                found[name].add((start, end, title))
        return found

    def files(self, name: str) -> set[str]:
        """The events as they are kept (vdirsyncer names them by their content, not by the UID they came with)."""
        return {path.read_text(encoding="utf-8") for path in (self.folder / name).glob("*.ics")}


class Calcurse:
    """A terminal calendar written in C, with an iCalendar reader of its own. It is fetched for, and reads a stream."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        folder.mkdir(parents=True)

    @staticmethod
    def is_there() -> bool:
        return shutil.which("calcurse") is not None

    def sync(self) -> None:
        with urllib.request.urlopen(self.url) as response:
            body = response.read()
        _run("calcurse", "-D", self.folder, "-q", "-i", "-", cwd=self.folder, stdin=body)

    def shown(self) -> Shown:
        kept = (self.folder / "apts").read_text(encoding="utf-8").splitlines()
        found = [re.fullmatch(r"(\S+ @ [\d:]+) -> (\S+ @ [\d:]+)(?:>\w+)? ?\|(.*)", line) for line in kept]
        assert all(found), kept
        return {(_wall(match[1]), _wall(match[2]), match[3]) for match in found if match}


def _wall(text: str) -> str:
    return datetime.strptime(text, "%m/%d/%Y @ %H:%M").strftime("%Y-%m-%d %H:%M")  # noqa: DTZ007  (wall time)
