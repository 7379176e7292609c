"""Configuration of Flask-Security: addresses, templates, messages and options."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from alerts.text.i18n import gettext_noop
from web.accounts.account_service import AccountService
from web.accounts.login_sessions import LONGEST
from web.accounts.password_policy import PASSWORD_AT_LEAST, normalised_name

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
    "GENERIC_AUTHN_FAILED": gettext_noop("Wrong name or password."),
    "USERNAME_NOT_PROVIDED": gettext_noop("Enter your name."),
    "PASSWORD_NOT_PROVIDED": gettext_noop("Enter your password."),
    "INVALID_PASSWORD": gettext_noop("Wrong password."),
    "RETYPE_PASSWORD_MISMATCH": gettext_noop("The passwords don’t match."),
    "PASSWORD_IS_THE_SAME": gettext_noop("That’s your current password."),
    "PASSWORD_CHANGE": gettext_noop("Password changed. Other browsers have been logged out."),
    "TWO_FACTOR_INVALID_TOKEN": gettext_noop(
        "That code is wrong or was already used. Wait for the next one."
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": gettext_noop("You’re logged in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": gettext_noop(
        "From now on, logging in needs a code from your app."
    ),
    "TWO_FACTOR_DISABLED": gettext_noop("Logging in no longer needs a code."),
    "TWO_FACTOR_PERMISSION_DENIED": gettext_noop("Log in with your name and password first."),
    "TWO_FACTOR_SETUP_EXPIRED": gettext_noop("That took longer than half an hour; please start again."),
    "INVALID_RECOVERY_CODE": gettext_noop("That isn’t one of your codes, or it was already used."),
    "REAUTHENTICATION_REQUIRED": gettext_noop("Enter your password again to do this."),
    "REAUTHENTICATION_SUCCESSFUL": gettext_noop("Thanks. Please continue."),
    "INVALID_REDIRECT": gettext_noop("That address isn’t part of this dashboard."),
    "API_ERROR": gettext_noop("That didn’t work. Please start again."),
    "WEBAUTHN_NAME_REQUIRED": gettext_noop("Give it a name, such as the device it’s on."),
    "WEBAUTHN_NAME_INUSE": gettext_noop("You already have a passkey with that name."),
    "WEBAUTHN_NAME_NOT_FOUND": gettext_noop("There’s no passkey with that name."),
    "WEBAUTHN_REGISTER_SUCCESSFUL": gettext_noop("Passkey saved."),
    "WEBAUTHN_CREDENTIAL_DELETED": gettext_noop("Passkey removed."),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": gettext_noop("That passkey is already here."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": gettext_noop("That passkey doesn’t work here."),
    "WEBAUTHN_NO_VERIFY": gettext_noop("That passkey was not accepted."),
    "WEBAUTHN_EXPIRED": gettext_noop("That took too long; please start again."),
}
"""What Flask-Security says, in our words."""


def flask_security_settings(account_service: AccountService, clock: Callable[[], datetime]) -> dict[str, Any]:
    """The configuration of Flask-Security and of the session cookie."""
    chosen = {
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": account_service.cost.memory_kib,
            "argon2__time_cost": account_service.cost.passes,
            "argon2__parallelism": 1,
        },
        "PASSWORD_LENGTH_MIN": PASSWORD_AT_LEAST,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": normalised_name, "case_insensitive": True}}],
        "RETURN_GENERIC_RESPONSES": True,
        "DATETIME_FACTORY": clock,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": base64.urlsafe_b64encode(account_service.key("app")).decode()},
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
            "SESSION_COOKIE_SECURE": account_service.https,
            "SESSION_COOKIE_NAME": "__Host-hipwatch" if account_service.https else "hipwatch",
        }
    )
