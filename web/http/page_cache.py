"""LRU cache of rendered pages, valid until the data they show changes.

A page is rendered once for all sessions that differ only in their CSRF token: with a secret placeholder that
each session's own token then replaces. The result is compressed and cached for that session alone. The
lookup happens inside the view, after access control. Requests with a query string are not cached: text that
somebody else wrote into an address is neither stored nor compressed beside a token.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from web.http.lru_cache import LruCache
from web.http.ports import DashboardSource
from web.http.visitor import current_visitor

PAGES = (
    "today.today",
    "calendar.current",
    "calendar.month",
    "training.page",
    "form.page",
    "alert_list.page",
    "alerts.one",
    "rules.page",
    "rules.one",
    "runs.one",
)
"""Endpoints that show only data of the source; pages with forms are always rendered anew."""

COUNTING_FILES = frozenset({"today.today"})
"""Pages that also show how many files wait in folders."""

LOGOUT = "security.logout"

TOKEN = "csrf_token"  # noqa: S105 - a name: what Flask-WTF calls it in a session and while it answers
TOKEN_PLACEHOLDER = secrets.token_urlsafe(32)
"""Replaced by each session's CSRF token; random for each process."""

MOST_PAGES = 256

ALWAYS_ASK = "private, no-cache"
"""Without a login the browser may cache the page and revalidates it on each use."""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page: compressed with its ETag as it is sent, or plain as sessions share it."""

    body: bytes
    etag: str = ""


PageCache = LruCache[CachedPage]


def cache_pages(
    app: Flask,
    source: DashboardSource,
    clock: Callable[[], datetime],
    *,
    pages: Iterable[str] = PAGES,
    cache: PageCache | None = None,
) -> None:
    """Answer the named endpoints from the cache while the source's version token stays the same."""
    cache = PageCache(MOST_PAGES) if cache is None else cache
    shared = PageCache(cache.max_entries)

    def version_of(endpoint: str) -> object | None:
        version = source.state(clock())
        return (
            (version, source.file_counts()) if endpoint in COUNTING_FILES and version is not None else version
        )

    @app.after_request
    def clear_browser_cache(response: Response) -> Response:
        """Have the browser drop its cached pages at logout."""
        if request.endpoint == LOGOUT:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    for endpoint in pages:
        if endpoint in app.view_functions:
            render: Callable[..., Any] = app.view_functions[endpoint]
            app.view_functions[endpoint] = _cached(render, partial(version_of, endpoint), cache, shared)


def _cached(
    render: Callable[..., ResponseReturnValue],
    current_version: Callable[[], object | None],
    cache: PageCache,
    shared: PageCache,
) -> Callable[..., ResponseReturnValue]:
    def view(**arguments: object) -> ResponseReturnValue:
        version = current_version() if _is_cacheable() else None
        if version is None:
            return render(**arguments)
        cached = cache.get(_cache_key(), version)
        if cached is not None:
            return _respond(cached)
        page = _shared_page(partial(render, **arguments), version, shared)
        if page is None:
            return render(**arguments)
        cached = _compressed(
            page.replace(TOKEN_PLACEHOLDER, generate_csrf()) if TOKEN_PLACEHOLDER in page else page
        )
        cache.put(_cache_key(), version, cached)
        return _respond(cached)

    return view


def _shared_page(render: Callable[[], ResponseReturnValue], version: object, cache: PageCache) -> str | None:
    """The page with a placeholder for the token; None if it is no page, or one for this session alone.

    Concurrent requests for the same page render it once.
    """
    key = _cache_key(but=TOKEN)
    with cache.lock_for(key):
        cached = cache.get(key, version)
        if cached is not None:
            return cached.body.decode()
        setattr(g, TOKEN, TOKEN_PLACEHOLDER)
        try:
            page = render()
        finally:
            g.pop(TOKEN)
        if not isinstance(page, str) or key != _cache_key(but=TOKEN):
            return None
        cache.put(key, version, CachedPage(page.encode()))
        return page


def _is_cacheable() -> bool:
    """Whether path and session alone determine the page."""
    return request.method in {"GET", "HEAD"} and not request.query_string and not request.authorization


def _cache_key(*, but: str = "") -> Hashable:
    """Cache key: every request property that affects the response, except one name in its session.

    The session is part of it: the login, the CSRF token and flashed messages. A page that changes the session
    while it is rendered (it showed a flashed message) is not cached.
    """
    own = request.headers.get("Accept-Language", ""), request.script_root, request.host
    signed = current_app.config["SESSION_COOKIE_NAME"]  # signed anew each time, so its content is compared
    others = sorted((name, value) for name, value in request.cookies.items() if name != signed)
    return request.path, own, repr(others), repr(sorted(item for item in session.items() if item[0] != but))


def _compressed(page: str) -> CachedPage:
    body = page.encode()
    return CachedPage(gzip.compress(body, 6, mtime=0), hashlib.blake2b(body, digest_size=12).hexdigest())


def _respond(cached: CachedPage) -> Response:
    """Send the page, or 304 if the browser's copy is current."""
    is_packed = bool(request.accept_encodings["gzip"])
    response = Response(cached.body if is_packed else gzip.decompress(cached.body), mimetype="text/html")
    if is_packed:
        response.content_encoding = "gzip"
    response.vary.update(("Accept-Encoding", "Accept-Language", "Cookie"))
    if current_visitor().name:
        return response  # who logs in may log out: "back" then has to show nothing, without HTTPS too
    response.headers["Cache-Control"] = ALWAYS_ASK
    response.set_etag(cached.etag, weak=True)
    response.make_conditional(request)
    return response
