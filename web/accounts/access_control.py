"""Access control: once an account exists, every page requires a login.

What needs no login is listed here by name; a page that is added tomorrow is closed until somebody lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import datetime

from flask import Flask, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from alerts.text.i18n import gettext
from web.accounts.account_service import AccountService
from web.accounts.account_store import AccountKind
from web.accounts.login_sessions import ActiveLogin
from web.http.forms import OWN_SITES
from web.http.uploads import UPLOAD
from web.http.visitor import OWNER, STRANGER, Role, Visitor, set_visitor

STATIC = "assets.asset"

PUBLIC = frozenset(
    {
        STATIC,
        "health.healthz",  # strangers hear no more than a word
        "answers.ask",  # the signature in the address is the permission
        "answers.act",
        "answers.hurts",
        "answers.report",
        "feed.atom",  # and here the secret
        "plan.feed",
        "account.link",
        "account.use_link",
    }
)
"""What anybody may ask for."""

LOGIN = frozenset(
    {
        "security.login",
        "security.two_factor_token_validation",
        "security.mf_recovery",
        "security.wan_signin",
        "security.wan_signin_response",
    }
)
"""How one gets in; where there are no accounts, nobody needs it."""

UNUSED = frozenset({"security.two_factor_rescue", "security.tf_select"})
"""What Flask-Security brings along and nothing here leads to."""

OWN = frozenset(
    {
        "account.page",
        "account.end_visit",
        "account.end_others",
        "security.logout",
        "security.verify",
        "security.change_password",
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.mf_recovery_codes",
        "security.wan_register",
        "security.wan_register_response",
        "security.wan_delete",
        "security.wan_verify",
        "security.wan_verify_response",
    }
)
"""Everybody's own account."""

PHYSIOTHERAPIST = OWN | {"physio.physio", "physio.paper"}

VISIT = "visit"
"""Where a browser's cookie holds the secret of its visit."""

FORWARDED = frozenset({"FORWARDED", "VIA", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_REAL_IP"})
"""Headers of a request that came through somebody else's hands, as waitress spells them."""


def require_login(
    app: Flask, account_service: AccountService, clock: Callable[[], datetime], *, always: bool
) -> None:
    """Check every request before any other handler.

    With ``always`` the dashboard is closed even while there is no account; else it opens to whoever
    comes as long as there is none. Once closed it stays closed until the process ends.
    """
    closed = [always]
    app.extensions["hipwatch_closed"] = closed

    def authenticate() -> ResponseReturnValue | None:
        set_visitor(STRANGER)
        endpoint = request.endpoint or ""
        if endpoint == STATIC:
            return None
        if endpoint in UNUSED:
            abort(404)
        known = _session_of_cookie(account_service, clock())
        has_accounts = known is not None or account_service.is_used()
        closed[0] = closed[0] or has_accounts
        if not closed[0]:
            return _needs_no_account(endpoint)
        if known is not None:
            set_visitor(_visitor_of(known))
            if endpoint in LOGIN:
                return redirect(url_for("today.today"))
            return None if known.kind is AccountKind.ADMINISTRATOR else _physiotherapist(endpoint)
        if endpoint in PUBLIC or (has_accounts and endpoint in LOGIN):
            return None
        return _to_login() if has_accounts else _not_set_up()

    app.before_request(authenticate)


def upload_check(
    app: Flask, account_service: AccountService, clock: Callable[[], datetime]
) -> Callable[[str, str, Mapping[str, str]], bool]:
    """Check by method, path and headers whether a request may upload files.

    It is asked before the body is read, by the thread that reads for everybody, so it waits for no writer.
    """

    def may_bring_much(method: str, path: str, headers: Mapping[str, str]) -> bool:
        if headers.get("SEC_FETCH_SITE", "none") not in OWN_SITES:
            return False
        with app.test_request_context(headers={"Cookie": headers.get("COOKIE", "")}):
            if method != "POST" or path != url_for(UPLOAD):
                return False
            known = _verified(account_service, account_service.login_sessions.look(_token(), now=clock()))
        if known is not None:
            return known.kind is AccountKind.ADMINISTRATOR
        is_closed = app.extensions["hipwatch_closed"][0] or account_service.register.exist()
        return not is_closed and not _is_forwarded(headers)

    return may_bring_much


def _is_forwarded(headers: Container[str]) -> bool:
    return any(name in headers for name in FORWARDED)


def _needs_no_account(endpoint: str) -> ResponseReturnValue | None:
    passed = {name.removeprefix("HTTP_") for name in request.environ if name.startswith("HTTP_")}
    if _is_forwarded(passed):  # a proxy that nobody told us of listens for others
        return None if endpoint in PUBLIC else _not_set_up()
    set_visitor(OWNER)
    if endpoint in LOGIN or endpoint in OWN:
        return redirect(url_for("today.today"))
    return None


def _session_of_cookie(account_service: AccountService, now: datetime) -> ActiveLogin | None:
    """The login of the browser's cookie; an invalid session is cleared."""
    known = _verified(account_service, account_service.login_sessions.authenticate(_token(), now=now))
    if known is None and (VISIT in session or "_user_id" in session):
        session.clear()
    return known


def _token() -> str:
    token = session.get(VISIT)
    return token if isinstance(token, str) else ""


def _verified(account_service: AccountService, known: ActiveLogin | None) -> ActiveLogin | None:
    """Whoever was found, if the rest of the cookie says the same."""
    is_same = known is not None and known.uniquifier == session.get("_user_id")
    return known if known is not None and is_same and known.runner_id == account_service.runner_id else None


def _visitor_of(known: ActiveLogin) -> Visitor:
    role = Role.OWNER if known.kind is AccountKind.ADMINISTRATOR else Role.PHYSIOTHERAPIST
    return Visitor(role, known.name, known.hides)


def _physiotherapist(endpoint: str) -> ResponseReturnValue | None:
    if endpoint in PHYSIOTHERAPIST or endpoint in PUBLIC:
        return None
    if endpoint == "today.today":
        return redirect(url_for("physio.physio"))
    sentence = gettext("This page is for the runner only.")
    reason = gettext("Your account opens only the physiotherapist’s page.")
    return render_template("error.html", sentence=sentence, reason=reason), 403


def _to_login() -> ResponseReturnValue:
    """Send a reader to the login and back; what was to be changed is refused."""
    if request.method not in {"GET", "HEAD"}:
        sentence, reason = (
            gettext("You’re not logged in."),
            gettext("Nothing was changed. Log in and send it again."),
        )
        return render_template("error.html", sentence=sentence, reason=reason), 401
    here = request.full_path.rstrip("?")
    return redirect(url_for("security.login", next=None if here == "/" else here))


def _not_set_up() -> ResponseReturnValue:
    return render_template("account_not_set_up.html"), 403
