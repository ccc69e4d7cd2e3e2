"""A real Dovecot on loopback with one account, behind TLS of an authority of our own."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

from tests.conftest import skip_or_fail
from tests.support.live import free_port
from tests.support.smtp_sink import wait_until

USER, SECRET = "canhbao", "mật khẩu 12"
CONFIG = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
auth_mechanisms = plain
auth_allow_cleartext = no
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
ssl = required
ssl_server_cert_file = {home}/server.pem
ssl_server_key_file = {home}/server.pem
mail_driver = maildir
mail_path = {home}/mail/%{{user}}
first_valid_uid = 1
mailbox_list_utf8 = no
passdb passwd-file {{
  passwd_file_path = {home}/users
}}
userdb static {{
  fields {{
    uid = nobody
    gid = nogroup
    home = {home}/mail/%{{user}}
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


class Dovecot:
    """``append`` puts mails into a folder, as a delivery does."""

    def __init__(self, port: int, authority: Path, process: subprocess.Popen[bytes]) -> None:
        self.port, self.authority, self.process = port, authority, process

    @contextmanager
    def line(self) -> Iterator[imaplib.IMAP4]:
        trusting = ssl.create_default_context(cafile=str(self.authority))
        with imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=trusting, timeout=10) as made:
            made.authenticate("PLAIN", lambda _challenge: f"\0{USER}\0{SECRET}".encode())
            yield made

    def append(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.line() as made:
            for mail in mails:
                status, said = made.append(f'"{folder}"', "", "", mail)
                assert status == "OK", said

    def new_folder(self, coded: str) -> None:
        """Deleted first when it is there: its mails are numbered anew then."""
        with self.line() as made:
            made.delete(f'"{coded}"')
            status, said = made.create(f'"{coded}"')
            assert status == "OK", said

    def unread(self, folder: str = "INBOX") -> int:
        """Mails that nobody has marked as seen."""
        with self.line() as made:
            made.select(f'"{folder}"', readonly=True)
            return len(made.search(None, "UNSEEN")[1][0].split())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def is_ready(self) -> bool:
        try:
            with self.line():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Gone at the end; skips (fails on CI) where the program is missing or cannot change its user.

    Its processes are other users, who may not enter the folders of pytest.
    """
    with tempfile.TemporaryDirectory(prefix="dovecot-") as home, _running(Path(home)) as made:
        yield made


@contextmanager
def _running(home: Path) -> Iterator[Dovecot]:
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None or os.geteuid() != 0:
        skip_or_fail("no Dovecot, or not root: scripts/fetch_dovecot.sh")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if version.split()[0] < "2.4":
        skip_or_fail(f"Dovecot {version.split()[0]}: the test is written for 2.4")
    authority, port = trustme.CA(), free_port()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(home / "authority.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(home / "server.pem")
    (home / "users").write_text(f"{USER}:{{PLAIN}}{SECRET}\n", encoding="utf-8")
    (home / "dovecot.conf").write_text(CONFIG.format(home=home, port=port), encoding="utf-8")
    (home / "mail").mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(home / "mail", nobody.pw_uid, nobody.pw_gid)
    home.chmod(0o755)
    with (home / "out").open("wb") as out:
        process = subprocess.Popen([program, "-F", "-c", home / "dovecot.conf"], stdout=out, stderr=out)
    made = Dovecot(port, home / "authority.pem", process)
    try:
        wait_until(made.is_ready, seconds=30, what=f"Dovecot: {(home / 'log')}")
        yield made
    finally:
        made.stop()
