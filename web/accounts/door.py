"""The one door to Flask-Security: how it is set up, and which of its pages there are."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, after_this_request, g, request, session
from flask_login import user_logged_out
from flask_security import Security, user_authenticated
from werkzeug.middleware.proxy_fix import ProxyFix

from alerts.words.language import marked, say
from web.accounts.desk import AccountDesk
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
from web.accounts.members import Member, Members
from web.accounts.passwords import PASSWORD_AT_LEAST, tidy_name
from web.accounts.second_factors import NoMail, OnceOnly, Passkeys, RecoveryCodes, Strength
from web.accounts.visits import LONGEST

VISIT = "visit"
"""Where a browser's cookie holds the secret of its visit."""

FRESH = timedelta(minutes=15)
"""So long after a login nothing grave asks for the password once more."""

ADDRESSES = {
    "LOGIN_URL": "/login",
    "LOGOUT_URL": "/logout",
    "VERIFY_URL": "/account/confirm",
    "CHANGE_URL": "/account/password",
    "TWO_FACTOR_SETUP_URL": "/account/app",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
    "TWO_FACTOR_RESCUE_URL": "/login/rescue",
    "TWO_FACTOR_SELECT_URL": "/login/which",
    "MULTI_FACTOR_RECOVERY_URL": "/login/recovery",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "WAN_SIGNIN_URL": "/login/passkey",
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_DELETE_URL": "/account/passkeys/remove",
    "WAN_VERIFY_URL": "/account/confirm/passkey",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/login",
    "POST_CHANGE_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account",
    "WAN_POST_REGISTER_VIEW": "/account/passkeys",
}

TEMPLATES = {
    "LOGIN_USER_TEMPLATE": "account_login.html",
    "VERIFY_TEMPLATE": "account_confirm.html",
    "CHANGE_PASSWORD_TEMPLATE": "account_password.html",
    "TWO_FACTOR_SETUP_TEMPLATE": "account_app.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "account_code.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "account_recovery.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "account_recovery_codes.html",
    "WAN_REGISTER_TEMPLATE": "account_passkeys.html",
    "WAN_SIGNIN_TEMPLATE": "account_passkey.html",
    "WAN_VERIFY_TEMPLATE": "account_passkey.html",
}

WORDS = {
    "GENERIC_AUTHN_FAILED": marked("Name and password do not belong together."),
    "USERNAME_NOT_PROVIDED": marked("Type your name."),
    "PASSWORD_NOT_PROVIDED": marked("Type your password."),
    "INVALID_PASSWORD": marked("That is not the password."),
    "RETYPE_PASSWORD_MISMATCH": marked("The two are not the same."),
    "PASSWORD_IS_THE_SAME": marked("That is the password you have."),
    "PASSWORD_CHANGE": marked("Kept: the new password. Other browsers are logged out."),
    "TWO_FACTOR_INVALID_TOKEN": marked("That code is not right, or was used before. Wait for the next one."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": marked("You are logged in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": marked("From now on a login asks for a code of your app."),
    "TWO_FACTOR_DISABLED": marked("A login asks for no code any more."),
    "TWO_FACTOR_PERMISSION_DENIED": marked("Log in with name and password first."),
    "TWO_FACTOR_SETUP_EXPIRED": marked("That took longer than half an hour; begin anew."),
    "INVALID_RECOVERY_CODE": marked("That is none of your codes, or it was used before."),
    "REAUTHENTICATION_REQUIRED": marked("This needs your password once more."),
    "REAUTHENTICATION_SUCCESSFUL": marked("Thank you. Go on."),
    "INVALID_REDIRECT": marked("That address is not one of this dashboard."),
    "API_ERROR": marked("That did not work. Begin anew."),
    "WEBAUTHN_NAME_REQUIRED": marked("Give it a name, such as the device it is on."),
    "WEBAUTHN_NAME_INUSE": marked("You have a passkey of that name."),
    "WEBAUTHN_NAME_NOT_FOUND": marked("There is no passkey of that name."),
    "WEBAUTHN_REGISTER_SUCCESSFUL": marked("Kept: the new passkey."),
    "WEBAUTHN_CREDENTIAL_DELETED": marked("Removed: the passkey."),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": marked("That passkey is here already."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": marked("That passkey opens nothing here."),
    "WEBAUTHN_NO_VERIFY": marked("That passkey was not accepted."),
    "WEBAUTHN_EXPIRED": marked("That took too long; begin anew."),
}
"""What Flask-Security says, in our words."""


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
    app.config.update(_settings(desk, clock))
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
    security.i18n_domain = Voice()  # type: ignore[assignment]  # all of it that is asked for

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

    @user_logged_out.connect_via(app)  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def end(_app: Flask, **_: object) -> None:
        """End the visit as well, so that a copy of the cookie opens nothing any more."""
        if token := session.pop(VISIT, None):
            desk.visits.close(token)
        after_this_request(_clear_pages)

    app.extensions["hipwatch_signals"] = begin, end  # a signal keeps no hold of whom it calls


def _clear_pages(response: Response) -> Response:
    """Have the browser let go of the pages that it kept, so that "back" shows none of them."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _settings(desk: AccountDesk, clock: Callable[[], datetime]) -> dict[str, Any]:
    chosen = {
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": desk.cost.memory_kib,
            "argon2__time_cost": desk.cost.passes,
            "argon2__parallelism": 1,
        },
        "PASSWORD_LENGTH_MIN": PASSWORD_AT_LEAST,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": tidy_name, "case_insensitive": True}}],
        "RETURN_GENERIC_RESPONSES": True,
        "DATETIME_FACTORY": clock,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": base64.urlsafe_b64encode(desk.key("app")).decode()},
        "TOTP_ISSUER": "Hipwatch",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "WEBAUTHN": True,
        "WAN_ALLOW_USER_HINTS": False,
        "WAN_ALLOW_AS_VERIFY": ["first"],
        "WAN_RP_NAME": "Hipwatch",
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": FRESH,
        "API_ENABLED_METHODS": ["session"],
        "STATIC_FOLDER": None,
        "CACHE_CONTROL": None,  # what says nothing of caching is never stored anyway
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        **ADDRESSES,
        **TEMPLATES,
    }
    words = {f"SECURITY_MSG_{key}": (words, "message") for key, words in WORDS.items()}
    return (
        {f"SECURITY_{key}": value for key, value in chosen.items()}
        | words
        | {
            "PERMANENT_SESSION_LIFETIME": LONGEST,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "SESSION_COOKIE_SECURE": desk.https,
            "SESSION_COOKIE_NAME": "__Host-hipwatch" if desk.https else "hipwatch",
        }
    )
