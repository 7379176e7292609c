"""The one door to Flask-Security: how it is set up, and which of its pages there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, after_this_request, g, request, session
from flask_login import user_logged_out
from flask_security import Security, user_authenticated
from werkzeug.middleware.proxy_fix import ProxyFix

from alerts.text.i18n import say
from web.accounts.access_control import VISIT
from web.accounts.account_service import AccountDesk
from web.accounts.flask_security_config import manners
from web.accounts.forms import (
    AppForm,
    CodeForm,
    ConfirmForm,
    NewPasswordForm,
    NoRescueForm,
    OpenForm,
    PasskeyForm,
    PasskeyLoginForm,
    RecoveryForm,
)
from web.accounts.second_factors import (
    NoMail,
    OnceOnly,
    Passkeys,
    RecoveryCodes,
    Strength,
    refuse_other_challenges,
)
from web.accounts.trusted_devices import know_browsers, remember_browser
from web.accounts.user_datastore import Member, Members


class Voice:
    """Lets Flask-Security say its messages in the language that is being spoken."""

    def gettext(self, message: str, **values: object) -> str:
        """The message in that language."""
        said = say(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """One of two messages, by a number."""
        return self.gettext(one if num == 1 else many, num=num, **values)


def open_accounts(app: Flask, desk: AccountDesk, clock: Callable[[], datetime]) -> None:
    """Let accounts log in: Flask-Security's pages, in our templates, on our tables."""
    members = Members(desk.database, desk.runner_id, clock)
    app.extensions["hipwatch_members"] = members
    app.extensions["hipwatch_throttle"] = desk.throttle
    app.extensions["hipwatch_clock"] = clock
    know_browsers(app, desk)
    app.config.update(manners(desk, clock))
    if desk.proxies:
        count = desk.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    security = Security(
        app,
        members,
        login_form=OpenForm,
        verify_form=ConfirmForm,
        change_password_form=NewPasswordForm,
        two_factor_setup_form=AppForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=NoRescueForm,
        mf_recovery_form=RecoveryForm,
        wan_register_form=PasskeyForm,
        wan_signin_form=PasskeyLoginForm,
        totp_cls=OnceOnly,
        mf_recovery_codes_util_cls=RecoveryCodes,
        webauthn_util_cls=Passkeys,
        password_util_cls=Strength,
        mail_util_cls=NoMail,
    )
    security.want_json(lambda _request: False)  # people log in here, programs do not
    # Flask-Principal would look the account up for every page, for roles that no account has
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not security.principal]
    app.before_request(refuse_other_challenges)
    security.i18n_domain = Voice()  # type: ignore[assignment]  # all of it that is asked for

    app.extensions["hipwatch_signals"] = _keep_visits(app, desk, clock)  # signals hold nobody they call


def _keep_visits(
    app: Flask, desk: AccountDesk, clock: Callable[[], datetime]
) -> tuple[Callable[..., None], Callable[..., None]]:
    """Begin a visit with each login and end it with each logout."""

    @user_authenticated.connect_via(app)
    def begin(_app: Flask, user: Member, **_: object) -> None:
        """Give whoever has just logged in a visit of their own, and let go of what the browser brought."""
        if old := session.pop(VISIT, None):
            desk.visits.close(old)
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)
        session.permanent = True
        session[VISIT] = desk.visits.open(
            user.id,
            address=request.remote_addr or "",
            browser=request.user_agent.string,
            now=clock(),
        )
        remember_browser(user.id)

    @user_logged_out.connect_via(app)  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def end(_app: Flask, **_: object) -> None:
        """End the visit as well, so that a copy of the cookie opens nothing any more."""
        if token := session.pop(VISIT, None):
            desk.visits.close(token)
        after_this_request(_clear_pages)

    return begin, end


def _clear_pages(response: Response) -> Response:
    """Have the browser let go of the pages that it kept, so that "back" shows none of them."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
