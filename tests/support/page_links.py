"""Where a page leads: each link, form and call of its scripts goes to a view that takes the method, or to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from flask import Flask
from turbohtml import Document, Element
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LEADS = {
    "a[href]": ("href", "GET"),
    "link[href]": ("href", "GET"),
    "[src]": ("src", "GET"),
    "[hx-get]": ("hx-get", "GET"),
    "[hx-post]": ("hx-post", "POST"),
    "[data-poll]": ("data-poll", "GET"),
    "[data-ring]": ("data-ring", "POST"),
    "[data-push]": ("data-push", "POST"),
}
KNOWN = "tests.support.page_links"


def faults(tree: Document | Element, app: Flask, here: str) -> list[str]:
    """What leads nowhere from the page at the address ``here``."""
    leads = (each for each in dict.fromkeys(_leads(tree)) if each[0] != "DIALOG" and not each[1].startswith("#"))
    wrong = ((method, to, _fault(app, here, to, method)) for method, to in leads)
    return [f"{method} {to!r}: {fault}" for method, to, fault in wrong if fault]


def _leads(tree: Document | Element) -> Iterator[tuple[str, str]]:
    for selector, (name, method) in LEADS.items():
        yield from ((method, each.attr(name) or "") for each in tree.select(selector))
    for form in tree.select("form"):
        yield _method(form.attr("method")), form.attr("action") or ""
    for button in tree.select("[formaction]"):
        owner = button.attr("form")
        form = tree.select(f"form[id='{owner}']")[0] if owner else button.closest("form")
        given = button.attr("formmethod") or (form.attr("method") if form else None)
        yield _method(given), button.attr("formaction") or ""


def _method(said: str | None) -> str:
    return (said or "GET").upper()


def _fault(app: Flask, here: str, to: str, method: str) -> str:
    address = urlsplit(urljoin(here, to))
    if address.scheme not in ("http", "https") or address.netloc != urlsplit(here).netloc:
        return "javascript" if address.scheme == "javascript" else ""
    known: dict[tuple[str, str], str] = app.extensions.setdefault(KNOWN, {})
    asked = (unquote(address.path), method)
    if asked not in known:
        known[asked] = _refusal(app, *asked)
    return known[asked]


def _refusal(app: Flask, path: str, method: str) -> str:
    try:
        endpoint, values = app.url_map.bind("").match(path, method=method)
    except RequestRedirect as elsewhere:
        return f"answered by a redirect to {elsewhere.new_url}"
    except HTTPException as refused:
        return f"no view ({refused.code})"
    if endpoint == "static" and not (Path(app.static_folder or "") / values["filename"]).is_file():
        return "no such file"
    return ""
