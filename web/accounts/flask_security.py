"""Set-up of Flask-Security, and which of its pages are served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, after_this_request, g, request, session
from flask_login import user_logged_out
from flask_security import Security, user_authenticated
from werkzeug.middleware.proxy_fix import ProxyFix

from alerts.text.i18n import gettext
from web.accounts.access_control import VISIT
from web.accounts.account_service import AccountService
from web.accounts.flask_security_config import flask_security_settings
from web.accounts.forms import (
    AuthenticatorAppForm,
    CodeForm,
    ConfirmPasswordForm,
    DisabledRescueForm,
    NewPasswordForm,
    PasskeyForm,
    PasskeyLoginForm,
    RecoveryForm,
    UsernameLoginForm,
)
from web.accounts.second_factors import (
    NoMailUtil,
    Passkeys,
    PasswordPolicyUtil,
    RecoveryCodes,
    SingleUseTotp,
    refuse_other_challenges,
)
from web.accounts.trusted_devices import init_trusted_devices, trust_device
from web.accounts.user_datastore import AccountUser, AccountUserDatastore


class CurrentLanguageTexts:
    """Translates Flask-Security's messages into the current language."""

    def gettext(self, message: str, **values: object) -> str:
        """The message in that language."""
        said = gettext(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """One of two messages, by a number."""
        return self.gettext(one if num == 1 else many, num=num, **values)


def init_flask_security(app: Flask, account_service: AccountService, clock: Callable[[], datetime]) -> None:
    """Let accounts log in: Flask-Security's pages, in our templates, on our tables."""
    members = AccountUserDatastore(account_service.database, account_service.runner_id, clock)
    app.extensions["hipwatch_members"] = members
    app.extensions["hipwatch_throttle"] = account_service.rate_limiter
    app.extensions["hipwatch_clock"] = clock
    init_trusted_devices(app, account_service)
    app.config.update(flask_security_settings(account_service, clock))
    if account_service.proxies:
        count = account_service.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    security = Security(
        app,
        members,
        login_form=UsernameLoginForm,
        verify_form=ConfirmPasswordForm,
        change_password_form=NewPasswordForm,
        two_factor_setup_form=AuthenticatorAppForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=DisabledRescueForm,
        mf_recovery_form=RecoveryForm,
        wan_register_form=PasskeyForm,
        wan_signin_form=PasskeyLoginForm,
        totp_cls=SingleUseTotp,
        mf_recovery_codes_util_cls=RecoveryCodes,
        webauthn_util_cls=Passkeys,
        password_util_cls=PasswordPolicyUtil,
        mail_util_cls=NoMailUtil,
    )
    security.want_json(lambda _request: False)  # people log in here, programs do not
    # Flask-Principal would look the account up for every page, for roles that no account has
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not security.principal]
    app.before_request(refuse_other_challenges)
    security.i18n_domain = CurrentLanguageTexts()  # type: ignore[assignment]  # all of it that is asked for

    app.extensions["hipwatch_signals"] = _track_sessions(
        app, account_service, clock
    )  # signals hold nobody they call


def _track_sessions(
    app: Flask, account_service: AccountService, clock: Callable[[], datetime]
) -> tuple[Callable[..., None], Callable[..., None]]:
    """Open a login session at each login and close it at logout."""

    @user_authenticated.connect_via(app)
    def begin(_app: Flask, user: AccountUser, **_: object) -> None:
        """Give whoever has just logged in a visit of their own, and let go of what the browser brought."""
        if old := session.pop(VISIT, None):
            account_service.login_sessions.close(old)
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)
        session.permanent = True
        session[VISIT] = account_service.login_sessions.open(
            user.id,
            address=request.remote_addr or "",
            browser=request.user_agent.string,
            now=clock(),
        )
        trust_device(user.id)

    @user_logged_out.connect_via(app)  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def end(_app: Flask, **_: object) -> None:
        """End the visit as well, so that a copy of the cookie opens nothing any more."""
        if token := session.pop(VISIT, None):
            account_service.login_sessions.close(token)
        after_this_request(_clear_browser_cache)

    return begin, end


def _clear_browser_cache(response: Response) -> Response:
    """Clear the browser's cache, so that "back" shows no page after a logout."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
