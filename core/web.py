"""What every page shares: error pages, security headers, htmx-or-redirect, safe ``next``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO, Any
from urllib.parse import quote, urlsplit

import sqlalchemy.exc
from flask import Flask, Request, Response, current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix

from core import arguments, assets, tried_again
from core.db import db
from core.errors import DomainError, register_messages
from core.files.messages import MESSAGES as FILES
from core.server import busy
from core.storage import faults

csrf = CSRFProtect()
PREFORMATTED = re.compile(r"(<pre\b|</pre>)")
INDENTED = re.compile(r"(?<!\s)\s*\n[ \t]+")
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What no page may hold; a sentence that says again what was asked for could bring it along."""
LOCAL_PATH = re.compile(r"^/(?![/\\])[\x21-\x7e]*$")
AS_WRITTEN = "/:@!$&'()*+,;="
"""What stands in addresses unquoted, besides letters and digits."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SECRET_PARTS = frozenset({"token", "link", "key"})
"""Names under which addresses hold what opens them."""
UNSEARCHED = "noindex, nofollow"
MOST_FIELDS = 20_000
"""Of a form; the largest of ours names the seats of a province."""
MOST_KEPT = 64 * 1024
"""Characters of a form that an error page keeps."""
SECRET_FIELD = re.compile(r"pass|pin|secret|token|totp", re.IGNORECASE)
WHAT_HAPPENED = {
    400: (_l("Yêu cầu không hợp lệ"), _l("Quay lại trang trước, tải lại trang rồi thử lần nữa.")),
    401: (_l("Chưa đăng nhập"), _l("Đăng nhập rồi mở lại trang này.")),
    403: (_l("Đồng chí không có quyền làm việc này"), _l("Đề nghị người quản lý đơn vị thực hiện hoặc cấp quyền.")),
    404: (_l("Không có trang này"), _l("Kiểm tra lại địa chỉ, hoặc về Bàn trực.")),
    405: (_l("Cách gọi này không được hỗ trợ"), _l("Quay lại trang trước rồi dùng nút trên trang.")),
    409: (_l("Dữ liệu đã thay đổi"), _l("Tải lại trang để xem tình trạng hiện tại rồi thực hiện lại nếu còn cần.")),
    410: (_l("Đường dẫn này đã hết hiệu lực"), _l("Đề nghị cấp đường dẫn mới, hoặc đăng nhập.")),
    413: (_l("Tệp quá lớn"), _l("Gửi tệp nhỏ hơn 16 MB.")),
    422: (_l("Dữ liệu chưa đúng"), _l("Sửa những chỗ được nêu rồi gửi lại.")),
    429: (_l("Thử quá nhiều lần"), _l("Chờ ít phút rồi thử lại.")),
    500: (_l("Hệ thống gặp lỗi"), _l("Thử lại sau ít phút. Nếu gấp, gọi số trực điều hành.")),
    503: (_l("Hệ thống tạm thời bận"), _l("Chưa lưu được. Chờ vài giây rồi gửi lại; nếu gấp, gọi điện thoại trực.")),
}


class Outdented(Extension):
    """Leaves the indentation of a page's template out: it is there for readers of the template, not for the wire.

    A new line with what indents the next becomes one space, so no page looks different; letters (``.txt``) and
    ``<pre>`` stay as they are written.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        page, as_written = (stream.name or "").endswith(".html"), False
        for token in stream:
            if page and token.type == "data":
                parts = PREFORMATTED.split(token.value)
                for place, part in enumerate(parts):
                    as_written = part == "<pre" or (as_written and part != "</pre>")
                    parts[place] = part if as_written else INDENTED.sub(" ", part)
                token = Token(token.lineno, token.type, "".join(parts))
            yield token


class _FormParser(FormDataParser):
    """A line break is one character, as ``maxlength`` counts it on the page; browsers send two. Fields are counted
    before they are read: 16 MB of ``a&a&a`` would take 700 (Werkzeug counts those of multipart forms alone)."""

    def parse(
        self, stream: IO[bytes], mimetype: str, *args: Any, **kwargs: Any
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        stream, form, files = super().parse(stream, mimetype, *args, **kwargs)
        for values in form.listvalues():  # in place: a form of 16 MB is not held twice
            for place, value in enumerate(values):
                if "\r\n" in value:
                    values[place] = value.replace("\r\n", "\n")
        return stream, form, files


class FormRequest(Request):
    form_data_parser_class = _FormParser


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def this_address() -> str:
    """The address that is asked for as a browser writes it: letters of a code quoted, so that it leads back here."""
    query = quote(request.query_string, safe=f"{AS_WRITTEN}?%")
    return quote(request.path, safe=AS_WRITTEN) + (f"?{query}" if query else "")


def safe_next(path: str | None, default: str = "/") -> str:
    """``path`` when it is a local path that routes here, else ``default`` (no open redirect)."""
    if not path or not LOCAL_PATH.match(path):
        return default
    adapter = current_app.create_url_adapter(None) or current_app.create_url_adapter(request)
    return path if adapter is not None and adapter.test(path.split("?")[0].split("#")[0], method="GET") else default


def back(to: str, message: str = "", category: str = "ok") -> ResponseReturnValue:
    """Flash and redirect (303) after a successful POST; htmx follows by HX-Redirect."""
    if message:
        flash(message, category)
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = to
        return response
    return redirect(to, code=303)


def error_page(
    status: int, detail: str = "", code: str = "", kept: Sequence[tuple[str, str]] = (), *, remedy: str = ""
) -> tuple[str, int]:
    """``kept``: what was typed into the form that could not be saved; the page offers to send it again.
    ``remedy``: what to do next, where the status alone does not tell."""
    what, usual = WHAT_HAPPENED.get(status, WHAT_HAPPENED[500])
    return render_template(
        "errors/error.html",
        status=status,
        what=what,
        where="".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in request.path),
        detail=UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", detail),
        remedy=remedy or usual,
        code=code,
        kept=kept,
        lost_files=bool(request.files) if kept else False,
    ), status


def secret_page(page: str, status: int = 200) -> Response:
    """A page behind a secret address: kept nowhere, found by no search, and its address is told to nobody."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = UNSEARCHED
    return response


def typed() -> list[tuple[str, str]]:
    """The fields of the form that was sent, in order; never those that are secrets, and nothing that is too long."""
    if request.method != "POST" or is_htmx():
        return []
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    too_long = sum(len(value) for _name, value in fields) > MOST_KEPT
    return [] if too_long or any(SECRET_FIELD.search(name) for name, _value in fields) else fields


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not SECRET_PARTS.isdisjoint(request.view_args or ()):  # also where it is used up, or refused
        response.headers.setdefault("X-Robots-Tag", UNSEARCHED)
    if current_app.config["PUBLIC_URL"].startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store" if response.headers.get("ETag") is None else "no-cache")
    return response


def _without_host(response: Response) -> Response:
    """Werkzeug writes the Host header, which anybody may choose, into the redirect to an address and its last slash."""
    there = urlsplit(response.location or "")
    if there.netloc and there.netloc == request.host:
        local = redirect(there._replace(scheme="", netloc="").geturl(), response.status_code)
        response.location = local.location
        response.set_data(local.get_data())
    return response


def _domain_error(error: DomainError) -> ResponseReturnValue:
    page, status = error_page(error.http_status, error.message(), error.code)
    response = make_response(page, status)
    if "retry_after" in error.params:
        response.headers["Retry-After"] = str(error.params["retry_after"])
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    detail = _("Biểu mẫu đã hết hạn. Tải lại trang rồi gửi lại.") if isinstance(error, CSRFError) else ""
    page, status = error_page(status, detail)
    response = make_response(page, status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _database_away(error: sqlalchemy.exc.DBAPIError) -> ResponseReturnValue:
    # Locked out, disk full, server gone: never a 2xx, never a lost form: the page holds it and sends it again.
    if not faults.is_line(error):
        raise error
    db.session.rollback()
    current_app.logger.error("a request could not be served", exc_info=error)
    page, status = error_page(503, kept=typed())
    response = make_response(page, status)
    response.headers["Retry-After"] = "5"
    return response


def _not_data(error: sqlalchemy.exc.DataError | OverflowError) -> ResponseReturnValue:
    # A letter that no text has (NUL), a number beyond every column, a day beyond the calendar: what was sent is at
    # fault, and no page sends it.
    db.session.rollback()
    current_app.logger.warning("what was sent cannot be kept or reckoned with: %s", getattr(error, "orig", error))
    return error_page(400)


def _turn_away() -> Response | None:
    """The page of somebody who has waited so long that they are told to come again (``core.server.busy``)."""
    if busy.WAITED not in request.environ:
        return None
    what = _("Nhiều người đang mở trang cùng lúc nên trang này chưa tới lượt.")
    remedy = _("Chờ nửa phút rồi tải lại trang; những gì đã gửi trước đó không mất. Nếu gấp, gọi điện thoại trực.")
    page, status = error_page(503, what, remedy=remedy)
    response = make_response(page, status)
    response.headers["Retry-After"] = str(busy.COME_AGAIN)
    return response


def trust_proxies(app: Flask, hops: int) -> None:
    """Read the client's address from the last ``hops`` entries of X-Forwarded-For; 0 (nobody in front) reads none.

    A header that no proxy of ours wrote is the client's own word: sign-in throttles must not believe it.
    """
    if hops > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]


def _try_again(app: Flask) -> None:
    """Views that meet a fault of the database that passes are asked once more, unless they have committed."""
    once = app.dispatch_request
    app.dispatch_request = lambda: tried_again.request_whole(once)  # type: ignore[method-assign]


def init(app: Flask) -> None:
    app.request_class = FormRequest
    csrf.init_app(app)
    _try_again(app)
    assets.init(app)
    app.url_map.converters["int"] = arguments.ColumnIntegerConverter
    app.before_request(_turn_away)
    app.after_request(_secure)
    app.after_request(_without_host)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    for fault in (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InternalError, sqlalchemy.exc.InterfaceError):
        app.register_error_handler(fault, _database_away)
    app.register_error_handler(sqlalchemy.exc.DataError, _not_data)
    app.register_error_handler(OverflowError, _not_data)
    app.jinja_env.add_extension(Outdented)
    app.jinja_env.globals.update(this_address=this_address, is_htmx=is_htmx)
    register_messages({**MESSAGES, **FILES})


MESSAGES = {
    "not_found": _l("Không tìm thấy %(what)s."),
    "text.long": _l("%(what)s: %(length)s ký tự, nhiều nhất %(most)s. Viết ngắn lại rồi gửi lần nữa."),
    "forbidden": _l("Đồng chí không có quyền làm việc này ở đơn vị này."),
    "prepared.unsettled": _l("Dữ liệu đang được người khác thay đổi liên tục nên chưa ghi gì. Thử lại sau ít phút."),
}
