"""Pages that were put together once, kept until anything that they say could have changed.

A page is put together once for all sessions that are alike but for the token of their forms: it is made with
a stand-in that nobody knows, and each session's own token is put in its place. So filled in and packed it is
kept for that session alone. It is looked up inside the view, so that whoever may not see a page is turned
away before. Addresses with a query are not kept: what somebody else wrote into an address is neither stored
nor compressed beside a token.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Lock, RLock
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

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
"""Pages that say nothing but what the source tells; where something is typed, a page is always made anew."""

COUNTING_FILES = frozenset({"today.today"})
"""Pages that also say how many files lie in folders."""

LOGOUT = "security.logout"

TOKEN = "csrf_token"  # noqa: S105 - a name: what Flask-WTF calls it in a session and while it answers
TOKEN_PLACEHOLDER = secrets.token_urlsafe(32)
"""Holds the place of a session's token in what sessions share; another one for each process."""

MOST_PAGES = 256
LOCKS = 16
"""So many pages can be made side by side; who asks for one that is being made waits for it."""

ALWAYS_ASK = "private, no-cache"
"""Where nobody logs in, a browser may keep the page for itself, and asks each time whether it still holds."""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """One page, packed as it is sent or plain as it is shared, and the state of all that it was made of."""

    state: object
    body: bytes
    etag: str = ""


@dataclass(frozen=True, slots=True)
class PageCache:
    """So many pages; the one that nobody has asked for longest makes room."""

    most: int = MOST_PAGES
    _pages: OrderedDict[Hashable, CachedPage] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _lanes: tuple[RLock, ...] = field(default_factory=lambda: tuple(RLock() for _ in range(LOCKS)))

    def find(self, key: Hashable, state: object) -> CachedPage | None:
        """Give the page under that key, unless anything has changed since."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.state != state:
                return None
            self._pages.move_to_end(key)
            return found

    def keep(self, key: Hashable, kept: CachedPage) -> None:
        """Keep a page in place of an older one."""
        with self._lock:
            self._pages[key] = kept
            self._pages.move_to_end(key)
            while len(self._pages) > self.most:
                self._pages.popitem(last=False)

    def lane(self, key: Hashable) -> RLock:
        """Give the lock that whoever makes the page holds."""
        return self._lanes[hash(key) % LOCKS]


def cache_pages(
    app: Flask,
    source: DashboardSource,
    clock: Callable[[], datetime],
    *,
    pages: Iterable[str] = PAGES,
    shelf: PageCache | None = None,
) -> None:
    """Answer the pages named from the shelf for as long as the source's state is the same."""
    shelf = PageCache() if shelf is None else shelf
    shared = PageCache(shelf.most)

    def state_of(endpoint: str) -> object | None:
        state = source.state(clock())
        return (state, source.file_counts()) if endpoint in COUNTING_FILES and state is not None else state

    @app.after_request
    def forget(response: Response) -> Response:
        """Have a browser that somebody logged out of forget what it keeps."""
        if request.endpoint == LOGOUT:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    for endpoint in pages:
        if endpoint in app.view_functions:
            make: Callable[..., Any] = app.view_functions[endpoint]
            app.view_functions[endpoint] = _cached(make, partial(state_of, endpoint), shelf, shared)


def _cached(
    make: Callable[..., ResponseReturnValue],
    state_of: Callable[[], object | None],
    shelf: PageCache,
    shared: PageCache,
) -> Callable[..., ResponseReturnValue]:
    def view(**arguments: object) -> ResponseReturnValue:
        state = state_of() if _is_cacheable() else None
        if state is None:
            return make(**arguments)
        kept = shelf.find(_cache_key(), state)
        if kept is not None:
            return _respond(kept)
        page = _shared(partial(make, **arguments), state, shared)
        if page is None:
            return make(**arguments)
        kept = _packed(
            page.replace(TOKEN_PLACEHOLDER, generate_csrf()) if TOKEN_PLACEHOLDER in page else page, state
        )
        shelf.keep(_cache_key(), kept)
        return _respond(kept)

    return view


def _shared(make: Callable[[], ResponseReturnValue], state: object, shelf: PageCache) -> str | None:
    """The page with a stand-in for the token; nothing where it is no page, or one for this session alone.

    Several that ask for it at once have it made once.
    """
    key = _cache_key(but=TOKEN)
    with shelf.lane(key):
        kept = shelf.find(key, state)
        if kept is not None:
            return kept.body.decode()
        setattr(g, TOKEN, TOKEN_PLACEHOLDER)
        try:
            made = make()
        finally:
            g.pop(TOKEN)
        if not isinstance(made, str) or key != _cache_key(but=TOKEN):
            return None
        shelf.keep(key, CachedPage(state, made.encode()))
        return made


def _is_cacheable() -> bool:
    """Whether the address, the session and nothing else say what the page is."""
    return request.method in {"GET", "HEAD"} and not request.query_string and not request.authorization


def _cache_key(*, but: str = "") -> Hashable:
    """Everything about a request that may change what it is answered, but for one name in its session.

    The session is part of it: who is logged in, the token of the forms, and what is to be said once. A page
    that changes the session while it is made (it said something once) is not kept.
    """
    own = request.headers.get("Accept-Language", ""), request.script_root, request.host
    signed = current_app.config["SESSION_COOKIE_NAME"]  # signed anew each time, so its content is compared
    others = sorted((name, value) for name, value in request.cookies.items() if name != signed)
    return request.path, own, repr(others), repr(sorted(item for item in session.items() if item[0] != but))


def _packed(page: str, state: object) -> CachedPage:
    body = page.encode()
    return CachedPage(
        state, gzip.compress(body, 6, mtime=0), hashlib.blake2b(body, digest_size=12).hexdigest()
    )


def _respond(kept: CachedPage) -> Response:
    """Send the page, or only word that the browser's own copy still holds."""
    is_packed = bool(request.accept_encodings["gzip"])
    response = Response(kept.body if is_packed else gzip.decompress(kept.body), mimetype="text/html")
    if is_packed:
        response.content_encoding = "gzip"
    response.vary.update(("Accept-Encoding", "Accept-Language", "Cookie"))
    if current_visitor().name:
        return response  # who logs in may log out: "back" then has to show nothing, without HTTPS too
    response.headers["Cache-Control"] = ALWAYS_ASK
    response.set_etag(kept.etag, weak=True)
    response.make_conditional(request)
    return response
