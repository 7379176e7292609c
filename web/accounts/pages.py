"""Account pages: login methods, login sessions and one-time links."""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_security import hash_password
from werkzeug.wrappers import Response

from alerts.text.i18n import gettext, ngettext
from alerts.text.units import short_date
from web.accounts.access_control import VISIT
from web.accounts.account_service import AccountService
from web.accounts.account_store import Account
from web.accounts.forms import TooManyAttemptsError
from web.accounts.login_sessions import LoginSession
from web.accounts.one_time_links import OneTimeLink
from web.accounts.password_policy import AccountsError, normalised_name, password_problem
from web.http.formatting import capitalize_first, clock_time
from web.http.forms import FormInput, empty_form, submitted_form
from web.http.visitor import current_visitor

Page = tuple[str, int]

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One login session in words."""

    id: int
    browser: str
    detail: str
    is_here: bool


def browser_name(agent: str) -> str:
    """What a browser calls itself, in two words; what strangers write there is cut short."""
    browser = next((word for mark, word in _BROWSERS if mark in agent), gettext("A browser"))
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    return gettext("{browser} on {system}", browser=browser, system=system) if system else browser


def supports_passkeys(address: str) -> bool:
    """Whether browsers make passkeys for that address: a name, by HTTPS or of this machine itself."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The pages and their forms."""

    account_service: AccountService
    clock: Callable[[], datetime]
    zone_of_runner: Callable[[], ZoneInfo]

    @property
    def account(self) -> Account:
        """The account of this request."""
        return self.account_service.register.find(current_visitor().name)

    @property
    def here(self) -> int | None:
        """The login session of this request."""
        known = self.account_service.login_sessions.authenticate(session.get(VISIT, ""), now=self.clock())
        return known.session_id if known else None

    def page(self) -> str:
        """Show the account's login methods and sessions."""
        account, here = self.account, self.here
        return render_template(
            "account.html",
            account=account,
            login_sessions=[
                self._shown(one, here) for one in self.account_service.login_sessions.of(account.id)
            ],
        )

    def end_visit(self, number: int) -> Response:
        """Log one browser out."""
        self.account_service.login_sessions.end(self.account.id, number)
        flash(gettext("That browser has been logged out."))
        return redirect(url_for("account.page"), code=303)

    def end_others(self) -> Response:
        """Log every other browser out."""
        self.account_service.login_sessions.end_others(self.account.id, but=self.here)
        flash(gettext("All other browsers have been logged out."))
        return redirect(url_for("account.page"), code=303)

    def link(self, token: str) -> Page:
        """Show what a one-time link asks for; looking at it changes nothing."""
        ticket = self.account_service.one_time_links.read(token, now=self.clock())
        return _no_link() if ticket is None else _ask(ticket, empty_form())

    def use_link(self, token: str) -> Page | Response:
        """Set the password; the link works once."""
        now, typed = self.clock(), submitted_form()
        ticket = self.account_service.one_time_links.read(token, now=now)
        if ticket is None:
            return _no_link()
        name = ticket.name or normalised_name(typed.text("name"))
        password = typed.values.get("password", "")
        plain = unicodedata.normalize("NFKC", password)
        _check(typed, name, password)
        if typed.problems:
            return _ask(ticket, typed, 400)
        try:
            done = self.account_service.one_time_links.use(
                token, name=name, password_hash=hash_password(plain), now=now
            )
        except AccountsError as error:
            typed.problems["name"] = f"{capitalize_first(str(error))}."
            return _ask(ticket, typed, 400)
        if not done:
            return _no_link()
        session.clear()
        flash(gettext("Password saved. Log in with it."))
        return redirect(url_for("security.login"), code=303)

    def _shown(self, one: LoginSession, here: int | None) -> SessionRow:
        zone = self.zone_of_runner()
        seen, opened = one.seen_at.astimezone(zone), one.opened_at.astimezone(zone)
        detail = gettext(
            "last seen {day}, {time}, from {address}; logged in since {since}",
            day=short_date(seen.date()),
            time=clock_time(seen),
            address=one.address,
            since=short_date(opened.date()),
        )
        return SessionRow(one.id, browser_name(one.browser), detail, one.id == here)


def _check(typed: FormInput, name: str, password: str) -> None:
    problem = password_problem(password, name)
    if problem:
        typed.problems["password"] = problem
    elif password != typed.values.get("again", ""):
        typed.problems["again"] = gettext("The passwords don’t match.")


def _ask(ticket: OneTimeLink, typed: FormInput, status: int = 200) -> Page:
    return render_template("account_link.html", ticket=ticket, typed=typed, action=request.path), status


def _no_link() -> Page:
    return render_template("account_no_link.html"), 404


def account_blueprint(
    account_service: AccountService, clock: Callable[[], datetime], zone_of_runner: Callable[[], ZoneInfo]
) -> Blueprint:
    """Answer the pages."""
    blueprint, pages = Blueprint("account", __name__), AccountPages(account_service, clock, zone_of_runner)
    blueprint.get("/account")(pages.page)
    blueprint.post("/account/visits/<int:number>/end")(pages.end_visit)
    blueprint.post("/account/visits/end")(pages.end_others)
    blueprint.get("/account/link/<token>")(pages.link)
    blueprint.post("/account/link/<token>")(pages.use_link)
    return blueprint


def add_account_context(app: Flask) -> None:
    """Tell whoever guessed too often when to try again, and every page whether passkeys work here."""

    @app.context_processor
    def frame() -> dict[str, bool]:
        return {"takes_passkeys": supports_passkeys(request.host_url)}

    def wait(error: TooManyAttemptsError) -> tuple[str, int, dict[str, str]]:
        seconds = max(1, round(error.wait.total_seconds()))
        again = (
            ngettext("Try again in {n} second.", "Try again in {n} seconds.", seconds)
            if seconds < 90
            else ngettext("Try again in {n} minute.", "Try again in {n} minutes.", -(-seconds // 60))
        )
        sentence = gettext("Too many attempts.")
        reason = f"{again} {gettext('The wait grows with each failure and is forgotten after a day.')}"
        page = render_template("error.html", sentence=sentence, reason=reason)
        return page, 429, {"Retry-After": str(seconds)}

    app.register_error_handler(TooManyAttemptsError, wait)
