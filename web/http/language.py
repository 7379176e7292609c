"""In which language a page speaks: the one pressed in its foot, else its runner's, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale

from alerts.text.i18n import LANGUAGES, SOURCE, speaking, spoken, teach

COOKIE = "hipwatch-language"
ASKED = "lang"
KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language in the foot of a page."""

    code: str
    name: str
    address: str
    is_spoken: bool


def speak_languages(app: Flask, preferred: Callable[[], str]) -> None:
    """Let every answer speak the language of its request; ``preferred`` is the runner's own, or nothing.

    Flask-Babel is told the same, for the pages that Flask-Security brings along. Needs to come before
    whatever else looks at a request, so that a refusal speaks it too.
    """
    Babel(app, default_locale=SOURCE, locale_selector=lambda: _choose(preferred()))
    teach(app.jinja_env)
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(_remember)

    @app.context_processor
    def switch() -> dict[str, Any]:
        return {"tongues": _tongues()}


def _choose(preferred: str) -> str:
    """The first that we speak: asked for in the address, pressed before, the runner's own, the browser's."""
    named = (request.args.get(ASKED, ""), request.cookies.get(COOKIE, ""), preferred)
    known = (name for name in named if name in LANGUAGES)
    return next(known, None) or request.accept_languages.best_match(list(LANGUAGES)) or SOURCE


def _begin() -> None:
    g.speaking = speaking(str(get_locale() or SOURCE))
    g.speaking.__enter__()


def _end(_: BaseException | None) -> None:
    if (said := g.pop("speaking", None)) is not None:
        said.__exit__(None, None, None)


def _remember(response: Response) -> Response:
    """Keep what was pressed; nothing of it is secret, so it works before anybody has signed in."""
    asked = request.args.get(ASKED, "")
    if asked in LANGUAGES:
        response.set_cookie(
            COOKIE, asked, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    response.headers.setdefault("Content-Language", spoken())
    return response


def _tongues() -> tuple[Tongue, ...]:
    """Every language with the address of this very page in it, which is its query alone.

    A path that a stranger made up (a slash and a backslash, then a name) would lead a browser elsewhere.
    """
    kept = {name: value for name, value in request.args.items() if name != ASKED}
    return tuple(
        Tongue(code, name, f"?{urlencode({**kept, ASKED: code})}", code == spoken())
        for code, name in LANGUAGES.items()
    )
