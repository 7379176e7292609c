"""Flask-Security's forms with rate limits on every check of a secret, and fewer fields."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import current_app, request, session
from flask_security import current_user
from flask_security.forms import (
    ChangePasswordForm,
    Form,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.webauthn import WebAuthnRegisterForm, WebAuthnSigninForm
from werkzeug.exceptions import TooManyRequests
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import Length

from web.accounts.password_policy import MAX_NAME_LENGTH, PASSWORD_AT_MOST, normalised_name
from web.accounts.rate_limit import (
    NONE,
    RateLimiter,
    RateLimitKey,
    account_key,
    address_key,
    browser_key,
    code_key,
    confirmation_key,
)
from web.accounts.trusted_devices import trusted_device_id

log = logging.getLogger(__name__)

TOO_LONG = 4 * PASSWORD_AT_MOST


class TooManyAttemptsError(TooManyRequests):
    """Too many attempts; nothing was checked."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class RateLimitedForm(Form):
    """A form that checks a secret, with attempts rate-limited."""

    def subjects(self) -> list[RateLimitKey]:
        """The keys that the attempt counts against."""
        return [address_key(request.remote_addr or "")]

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401
        """Check the secret unless the lockout still runs."""
        rate_limiter: RateLimiter = current_app.extensions["hipwatch_throttle"]
        now: datetime = current_app.extensions["hipwatch_clock"]()
        subjects = self.subjects()
        wait = rate_limiter.begin(subjects, now=now)
        if wait > NONE:
            log.warning("too many attempts at %s from %s", request.endpoint, request.remote_addr)
            raise TooManyAttemptsError(wait)
        is_right = bool(super().validate(**kwargs))
        if is_right:
            rate_limiter.succeed(subjects)
        else:
            log.warning("refused at %s from %s", request.endpoint, request.remote_addr)
        return is_right


class UsernameLoginForm(RateLimitedForm, LoginForm):
    """Name and password; the login ends with the session."""

    email = HiddenField()  # by which nobody is looked up
    remember = None
    username: ClassVar[StringField] = StringField(validators=[Length(max=4 * MAX_NAME_LENGTH)])

    def subjects(self) -> list[RateLimitKey]:
        """The account that is named, or this browser where the account knows it, and the address."""
        known = trusted_device_id(self.user.id) if self.user else None
        named = browser_key(known) if known else account_key(normalised_name(self.username.data or ""))
        return [named, *super().subjects()]

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401
        """Find the account, then check the password, whether or not the account exists."""
        self.ifield = self.username
        name = self.username.data or ""
        if len(self.password.data or "") > TOO_LONG:
            self.password.data = ""
        self.user = current_app.extensions["hipwatch_members"].find_user(username=name)
        return bool(super().validate(**kwargs))


class CodeForm(RateLimitedForm, TwoFactorVerifyCodeForm):
    """The code of the app, at a login and when the app is set up."""

    def subjects(self) -> list[RateLimitKey]:
        """The account whose second factor is asked for."""
        return [code_key(_account_id(self.user)), *super().subjects()]


class AuthenticatorAppForm(TwoFactorSetupForm):
    """Buttons to set up an authenticator app or to remove it."""

    setup = HiddenField()


class DisabledRescueForm(TwoFactorRescueForm):
    """A disabled form; Flask-Security builds it although its page is not served."""

    help_setup = RadioField(choices=[SelectChoice("help", "")])


class RecoveryForm(RateLimitedForm, MfRecoveryForm):
    """A recovery code instead of the app's."""

    def subjects(self) -> list[RateLimitKey]:
        """The account whose second factor is asked for."""
        return [code_key(_account_id(self.user)), *super().subjects()]


class ConfirmPasswordForm(RateLimitedForm, VerifyForm):
    """The password again, before a sensitive change."""

    def subjects(self) -> list[RateLimitKey]:
        """The account that is logged in."""
        return [confirmation_key(_account_id(self.user)), *super().subjects()]


class NewPasswordForm(RateLimitedForm, ChangePasswordForm):
    """The old password and a new one."""

    def subjects(self) -> list[RateLimitKey]:
        """The account that is logged in."""
        return [confirmation_key(_account_id(current_user)), *super().subjects()]


class PasskeyForm(WebAuthnRegisterForm):
    """A name for a new passkey, which is always one to log in with."""

    usage = HiddenField()

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401
        """Allow the one use there is."""
        self.usage.data = "first"
        return bool(super().validate(**kwargs))


class PasskeyLoginForm(WebAuthnSigninForm):
    """Login by passkey, which names its account."""

    def validate(self, **kwargs: Any) -> bool:  # noqa: ANN401
        """Validate without a name; the login ends with the session."""
        self.identity.data, self.remember.data = "", False
        return bool(super().validate(**kwargs))


def _account_id(user: Any) -> str:  # noqa: ANN401
    return str(getattr(user, "id", None) or session.get("tf_user_id", ""))
