"""linkedin/oncall beside the product: its release from the package index in an environment of its own, on a MariaDB.

MariaDB is the distribution's (``mariadb-server``), with its own defaults, in a temporary folder, reached by a socket.
The index ships the program without its tables; here are those that its calendars and its who-is-on-call read, with the
columns and the indexes that its own schema has. gunicorn serves it in one process, without sign-in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults.stack import wait
from benchmarks.web.server import Running, stop

ENVIRONMENT = Path(tempfile.gettempdir()) / "tt-oncall"
PACKAGES = ("oncall==2.1.7", "gunicorn")
THREADS = 32
ROLES = ("primary", "secondary", "shadow", "manager")
KEY = "00000000-0000-4000-8000-00000000000{}"
TOGETHER = 5000
TABLES = """
CREATE TABLE team (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL UNIQUE, email VARCHAR(255),
  scheduling_timezone VARCHAR(255), active BOOLEAN NOT NULL DEFAULT TRUE, override_phone_number VARCHAR(255));
CREATE TABLE user (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(45) NOT NULL UNIQUE, active BOOL NOT NULL DEFAULT 1,
  full_name VARCHAR(255), time_zone VARCHAR(64), photo_url VARCHAR(255), god BOOL NOT NULL DEFAULT 0);
CREATE TABLE role (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(45) NOT NULL UNIQUE, display_order INT UNSIGNED DEFAULT 1);
CREATE TABLE contact_mode (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE user_contact (
  user_id BIGINT UNSIGNED NOT NULL REFERENCES user (id), mode_id INT NOT NULL REFERENCES contact_mode (id),
  destination VARCHAR(255) NOT NULL, PRIMARY KEY (user_id, mode_id), INDEX (mode_id));
CREATE TABLE event (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, team_id BIGINT UNSIGNED NOT NULL REFERENCES team (id),
  role_id INT UNSIGNED NOT NULL REFERENCES role (id), schedule_id BIGINT UNSIGNED, link_id CHAR(32),
  user_id BIGINT UNSIGNED NOT NULL REFERENCES user (id), start BIGINT NOT NULL, end BIGINT NOT NULL, note TEXT,
  INDEX (role_id), INDEX (user_id), INDEX (team_id), INDEX (link_id));
CREATE TABLE team_subscription (
  team_id BIGINT UNSIGNED NOT NULL REFERENCES team (id), subscription_id BIGINT UNSIGNED NOT NULL REFERENCES team (id),
  role_id INT UNSIGNED NOT NULL, PRIMARY KEY (team_id, subscription_id, role_id), INDEX (subscription_id));
CREATE TABLE ical_key (
  `key` CHAR(36) PRIMARY KEY, requester VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL, type VARCHAR(10) NOT NULL,
  time_created BIGINT NOT NULL, INDEX (requester, name, type));
INSERT INTO contact_mode (name) VALUES ('email'), ('sms'), ('call');
"""


@dataclass
class Oncall:
    """Its database is up and filled here; ``start`` gives a fresh process of its server each time."""

    folder: Path
    database: int
    """MariaDB's process."""
    _users: int = 0
    _teams: int = field(default=0)

    def team(self, name: str, people: int) -> None:
        """With so many people, an address of its calendar and one of the first person's."""
        self._teams += 1
        users = range(self._users + 1, self._users + people + 1)
        self._users += people
        self._insert("team (id, name)", [f"({self._teams}, '{name}')"])
        said = [f"({each}, '{name}{n}', 'Nguyễn Văn {name} {n}')" for n, each in enumerate(users)]
        self._insert("user (id, name, full_name)", said)
        ways = [
            f"({each}, {mode}, '{to}')"
            for each in users
            for mode, to in ((1, f"{each}@buudien.example"), (2, f"09{each:08}"), (3, f"09{each:08}"))
        ]
        self._insert("user_contact", ways)
        for number, (who, kind) in enumerate(((name, "team"), (f"{name}0", "user"))):
            key = KEY.format(2 * self._teams + number)
            self._insert("ical_key", [f"('{key}', 'benchmark', '{who}', '{kind}', 0)"])

    def calendar(self, team: int, *, person: bool = False) -> str:
        """The path of the secret address of a team's calendar, or of its first person's."""
        return "/api/v0/ical/" + KEY.format(2 * team + person)

    def events(self, people: int, shifts: Iterable[tuple[int, int, int, int]]) -> None:
        """Of the last team: (number of the role, number of the person, start, end)."""
        first = self._users - people + 1
        rows = [f"({self._teams}, {r + 1}, {first + who}, {start}, {end})" for r, who, start, end in shifts]
        self._insert("event (team_id, role_id, user_id, start, end)", rows)
        self.say("ANALYZE TABLE event;")

    def fill(self) -> None:
        """An empty database becomes one without teams."""
        self.say("CREATE DATABASE oncall DEFAULT CHARACTER SET utf8mb4;", "mysql")
        self.say(TABLES)
        self._insert("role (name)", [f"('{name}')" for name in ROLES])

    def _insert(self, into: str, rows: Sequence[str]) -> None:
        for at in range(0, len(rows), TOGETHER):
            self.say(f"INSERT INTO {into} VALUES {','.join(rows[at : at + TOGETHER])};")  # noqa: S608

    def say(self, statements: str, database: str = "oncall") -> None:
        _run([_program("mariadb"), *_line(self.folder), "-u", "root", database], statements)

    def start(self, port: int) -> Running:
        settings = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONWARNINGS": "ignore"}
        command = (
            str(ENVIRONMENT / "bin" / "gunicorn"),
            "desk_of_peer:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker-class",
            "gthread",
            "--workers",
            "1",
            "--threads",
            str(THREADS),
            "--keep-alive",
            "60",
            "--no-control-socket",
            "--log-level",
            "warning",
        )
        with (self.folder / "oncall.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=settings, stdout=log, stderr=log)
        return Running(process, port, self.database)


@contextmanager
def oncall() -> Iterator[Oncall]:
    """Installed where it is not yet; its database filled with nothing but roles and kinds of contact."""
    if not (ENVIRONMENT / "bin" / "gunicorn").exists():
        _run([sys.executable, "-m", "venv", str(ENVIRONMENT)])
        _run([str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q", *PACKAGES])
    folder = Path(tempfile.mkdtemp(prefix="tt-oncall-"))
    folder.chmod(0o755)
    as_user = ("--user=mysql",) if os.geteuid() == 0 else ()
    data = folder / "data"
    data.mkdir()
    if as_user:
        shutil.chown(data, "mysql")
    _run(
        [
            _program("mariadb-install-db"),
            "--no-defaults",
            *as_user,
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
    )
    with (folder / "mariadb.log").open("ab") as log:
        server = subprocess.Popen(
            [
                _program("mariadbd"),
                "--no-defaults",
                *as_user,
                f"--datadir={data}",
                f"--socket={data}/socket",
                f"--pid-file={data}/pid",
                "--skip-networking",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        wait(lambda: _answers(folder), "MariaDB", 60)
        peer = Oncall(folder, server.pid)
        peer.fill()
        _settings(folder)
        yield peer
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path) -> None:
    """What its server reads (YAML takes JSON), and the module that gunicorn starts."""
    address = f"mysql+pymysql://root@localhost/oncall?charset=utf8mb4&unix_socket={folder}/data/socket"
    settings = {
        "db": {"conn": {"str": address.replace("%", "%%"), "kwargs": {}}, "kwargs": {"pool_recycle": 3600}},
        "session": {"encrypt_key": "only for this run", "sign_key": "only for this run"},
        "auth": {"debug": False, "module": "oncall.auth.modules.debug"},
        "allow_http": True,
        "healthcheck_path": str(folder / "health"),
        "notifications": {"default_roles": [], "default_modes": [], "default_times": []},
        "supported_timezones": ["Asia/Ho_Chi_Minh"],
    }
    (folder / "settings.yaml").write_text(json.dumps(settings))
    (folder / "health").write_text("GOOD\n")
    (folder / "desk_of_peer.py").write_text(
        "from oncall import app, utils\n"
        f"app.init(utils.read_config({str(folder / 'settings.yaml')!r}))\n"
        "application = app.application\n"
    )


def version(program: str = "mariadbd") -> str:
    return _run([_program(program), "--version"]).split("Ver ")[-1].split(" ")[0]


def _answers(folder: Path) -> bool:
    time.sleep(0.2)
    return (
        subprocess.run(
            [_program("mariadb"), *_line(folder), "-u", "root", "-e", "SELECT 1"], capture_output=True, check=False
        ).returncode
        == 0
    )


def _line(folder: Path) -> tuple[str, ...]:
    return ("--no-defaults", "--default-character-set=utf8mb4", f"--socket={folder}/data/socket")


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        raise RuntimeError(f"{name} is missing: install the distribution's mariadb-server")
    return found


def _run(command: Sequence[str], words: str = "") -> str:
    done = subprocess.run(command, input=words, text=True, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr[-2000:]}")
    return done.stdout
