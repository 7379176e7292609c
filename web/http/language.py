"""The language of a request: chosen in the footer, else the runner's, else the browser's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale

from alerts.text.i18n import LANGUAGES, SOURCE, current_language, install_gettext, use_language

COOKIE = "hipwatch-language"
ASKED = "lang"
COOKIE_LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language in the footer of a page."""

    code: str
    name: str
    address: str
    is_current: bool


def init_languages(app: Flask, preferred: Callable[[], str]) -> None:
    """Let every answer speak the language of its request; ``preferred`` is the runner's own, or nothing.

    Flask-Babel is told the same, for the pages that Flask-Security brings along. Needs to come before
    whatever else looks at a request, so that a refusal speaks it too.
    """
    Babel(app, default_locale=SOURCE, locale_selector=lambda: _choose(preferred()))
    install_gettext(app.jinja_env)
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(_store_choice)

    @app.context_processor
    def switch() -> dict[str, Any]:
        return {"language_choices": _language_choices()}


def _choose(preferred: str) -> str:
    """The first that we speak: asked for in the address, pressed before, the runner's own, the browser's."""
    named = (request.args.get(ASKED, ""), request.cookies.get(COOKIE, ""), preferred)
    known = (name for name in named if name in LANGUAGES)
    return next(known, None) or request.accept_languages.best_match(list(LANGUAGES)) or SOURCE


def _begin() -> None:
    g.use_language = use_language(str(get_locale() or SOURCE))
    g.use_language.__enter__()


def _end(_: BaseException | None) -> None:
    if (said := g.pop("use_language", None)) is not None:
        said.__exit__(None, None, None)


def _store_choice(response: Response) -> Response:
    """Store the choice in a cookie; it works before a login."""
    asked = request.args.get(ASKED, "")
    if asked in LANGUAGES:
        response.set_cookie(
            COOKIE, asked, max_age=COOKIE_LIFETIME, httponly=True, samesite="Lax", secure=request.is_secure
        )
    response.headers.setdefault("Content-Language", current_language())
    return response


def _language_choices() -> tuple[LanguageChoice, ...]:
    """Every language with the address of this very page in it, which is its query alone.

    A path that a stranger made up (a slash and a backslash, then a name) would lead a browser elsewhere.
    """
    kept = {name: value for name, value in request.args.items() if name != ASKED}
    return tuple(
        LanguageChoice(code, name, f"?{urlencode({**kept, ASKED: code})}", code == current_language())
        for code, name in LANGUAGES.items()
    )
