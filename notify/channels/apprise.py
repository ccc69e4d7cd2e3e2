"""Zalo bots, webhooks and a hundred other services through Apprise; each service or host is a gateway of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from notify.addresses import is_loopback, networks
from notify.channels.base import Accepted, CarriedLetter, ChannelError
from notify.channels.guarded import guarded
from notify.channels.http import CONNECT_WITHIN, WITHIN

BY_HOST = ("JSON", "XML", "Form")
"""Services whose address names a host of the reader's own; of others the service is the gateway (the host part of
their addresses may be a secret)."""
NOT_OVER_THE_NET = ("dbus", "kde", "qt", "glib", "gnome", "windows", "macosx", "syslog", "blink1")
BY_THREADS = ("xmpp", "xmpps")
"""Connect in threads of their own, where nobody looks at where they connect to."""
ALARMS = ("Opsgenie", "Jira")
"""Services that call people themselves: of a failure they make an alert, of anything less a note that rings nobody."""
TRIED = ("form", "forms", "jira", "json", "jsons", "opsgenie", "xml", "xmls", "zalo")
"""How addresses begin whose service has a test of its own: a call makes it ring (``tests/unit/notify``). Of the hundred
others nobody here knows what they make of a call."""
_NAMES_A_FILE = re.compile(r"[?&;]\s*[+:-]?\s*(template|keyfile|subfile|pgp\w*)\s*=", re.IGNORECASE)
"""People who may write down an address of theirs must not be able to have files of this server read or sent to them."""
_CODE = re.compile(r"error=(\d{3})")


def from_settings(settings: Mapping[str, Any]) -> AppriseChannel:
    """The channel; it needs no gateway of its own."""
    return AppriseChannel(settings)


def is_usable(address: str) -> bool:
    """Whether ``address`` is one that Apprise understands and that leaves this machine."""
    return _service(address) is not None


def is_tried(address: str) -> bool:
    """Whether its service is one that was tried with this product."""
    return address.partition("://")[0].lower() in TRIED


class AppriseChannel:
    """See ``Channel``. An address is an Apprise URL (``zalo://…``, ``jsons://host/path``)."""

    def __init__(self, settings: Mapping[str, Any], *, within: float = WITHIN) -> None:
        self._allowed = networks(settings.get("OUTGOING_ALLOW") or "")
        self._within = within

    def is_local(self, address: str) -> bool:
        service = _service(address)
        return service is not None and service.service_name in BY_HOST and is_loopback(service.host or "")

    def gateways(self, address: str) -> tuple[str, ...]:
        service = _service(address)
        if service is None:
            return ("apprise/unknown",)
        name = service.host if service.service_name in BY_HOST else service.service_name
        return (f"apprise/{name}",)

    def open(self, gateway: str) -> None:
        """Opened by the request itself."""

    def words(self, letter: CarriedLetter, gateway: str) -> str:
        return f"{letter.subject}\n{letter.body}".strip()

    def send(self, letter: CarriedLetter, gateway: str) -> Accepted:
        import apprise

        service = _service(letter.address)
        if service is None:
            raise ChannelError("not an address that Apprise understands", permanent=True)
        capture: Any = apprise.LogCapture
        with capture(level=logging.WARNING) as said, guarded(self._allowed, self._within) as watch:
            sent = bool(service.notify(title=letter.subject, body=letter.body, notify_type=_type(letter)))
            words = " ".join(said.getvalue().split())[:300]
        if sent:
            return Accepted(f"{service.service_name}: OK")
        if watch.refused and not watch.late:
            raise ChannelError(watch.refused, permanent=True)
        code = _CODE.search(words)
        if code and code[1] in ("400", "404", "410"):
            raise ChannelError(words, permanent=True)
        raise ChannelError("no answer in time" if watch.late else words or "refused", gateway=True, unsure=not code)

    def close(self) -> None:
        """Nothing is kept."""


def _service(address: str) -> Any:
    """Apprise's object for an address; ``None`` when it understands none. Imported late: it is large."""
    import apprise

    if address.partition(":")[0].lower() in NOT_OVER_THE_NET + BY_THREADS or _NAMES_A_FILE.search(unquote(address)):
        return None
    service = apprise.Apprise.instantiate(address, asset=_asset(), suppress_exceptions=True)
    if service is None or isinstance(service, list):
        return None
    if any(isinstance(part, apprise.AppriseAttachment) and len(part) for part in vars(service).values()):
        return None
    if service.service_name in ALARMS and not _alarms(service):
        return None
    service.socket_connect_timeout, service.socket_read_timeout = CONNECT_WITHIN, WITHIN
    service.redirects = False
    return service


def _type(letter: CarriedLetter) -> Any:
    """Somebody is called because something is wrong; whatever is not urgent is information."""
    import apprise

    return apprise.NotifyType.FAILURE if letter.urgent else apprise.NotifyType.INFO


def _alarms(service: Any) -> bool:
    """Whether a failure makes an alert: addresses may say that it shall be a note only, or close one."""
    import apprise

    action = service.mapping[apprise.NotifyType.FAILURE] if service.action == "map" else service.action
    return bool(action == "new")


def _asset() -> Any:
    import apprise

    return apprise.AppriseAsset(
        async_mode=False,
        app_id="truc-tet",
        app_desc="Truc Tet",
        http_redirects=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
