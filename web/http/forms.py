"""Forms: CSRF protection, validated input and flashed messages.

A form that is not accepted comes back with what was typed and the message beside the field; one that is
accepted is answered with a redirect, so that a reload sends nothing twice.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from alerts.text.i18n import gettext

SECRET_AT_LEAST_BYTES = 32
LARGEST_FORM_BYTES = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD"})
OWN_SITES = frozenset({"same-origin", "none"})
TEXT_AT_MOST = 2_000
"""More than any field takes; what is longer is cut before it is looked at."""


def protect_forms(app: Flask, secret: bytes) -> None:
    """Refuse whatever is sent without this browser's own token; the session's cookie lives for that alone.

    Raises
    ------
    ValueError
        If the secret is too short to sign anything with.
    """
    if len(secret) < SECRET_AT_LEAST_BYTES:
        raise ValueError("forms need a secret of 32 bytes at least")
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="hipwatch",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open on a phone overnight; the token ends with its session
        # Pages send no referrer, so there is none to compare; _refuse_other_sites asks the browser instead.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(_refuse_other_sites)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _without_token)


def _refuse_other_sites() -> None:
    """Refuse what the browser says another site has sent; browsers that say nothing have the token left."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE_METHODS and site not in OWN_SITES:
        abort(403)


def _without_token(_: CSRFError) -> tuple[str, int]:
    sentence = gettext("This form was not accepted; nothing was changed.")
    reason = gettext(
        "Your browser no longer has this page’s cookie. Go back, reload the page and send it again."
    )
    return render_template("error.html", sentence=sentence, reason=reason), 400


def flash_and_redirect(message: str, endpoint: str, *, part: str = "message") -> Response:
    """Say what was done on the page that comes next: at its head, or in the part of it that is named.

    A page that comes with a part of it in view says it there, or nobody would see it.
    """
    flash(message, part)
    return redirect(url_for(endpoint, _anchor=None if part == "message" else part), code=303)


@dataclass(slots=True)
class FormInput:
    """What was typed into a form, and what is wrong with it, by the name of the field."""

    values: MultiDict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a field, or nothing."""
        return self.values.get(name, "")[:TEXT_AT_MOST].strip()

    def has(self, name: str, value: str) -> bool:
        """Whether that value was chosen."""
        return value in self.values.getlist(name)

    def choice(self, name: str, among: Collection[str], problem: str) -> str | None:
        """One of several values."""
        value = self.text(name)
        if value in among:
            return value
        self.problems[name] = problem
        return None

    def day(self, name: str, *, first: date, last: date, problem: str) -> date | None:
        """A day between two others."""
        try:
            day = date.fromisoformat(self.text(name))
        except ValueError:
            self.problems[name] = gettext("Enter a day, such as 2024-05-12.")
            return None
        if first <= day <= last:
            return day
        self.problems[name] = problem
        return None

    def amount(self, name: str, *, most: float, problem: str) -> float | None:
        """A number that is not negative, with a point or a comma."""
        try:
            value = float(self.text(name).replace(",", ".")) if len(self.text(name)) <= 12 else math.nan
        except ValueError:
            value = math.nan
        if 0 <= value <= most:
            return value
        self.problems[name] = problem
        return None


def empty_form(**values: str) -> FormInput:
    """A form as it is first shown."""
    return FormInput(MultiDict(values))


def submitted_form() -> FormInput:
    """What the request brought."""
    return FormInput(request.form.copy())
