"""Second factors and passkeys: codes work once and are stored as digests."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, current_app, request
from flask_security import MailUtil, MfRecoveryCodesUtil, PasswordUtil, Totp, UserMixin, WebauthnUtil
from flask_security.utils import check_and_get_token_status
from passlib.exc import UsedTokenError
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from alerts.text.i18n import gettext
from web.accounts.password_policy import password_problem
from web.accounts.user_datastore import AccountUserDatastore, recovery_digest

PASSKEY_NAME_AT_MOST = 64
RECOVERY_CODES = 8
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two that are not taken for each other: a letter is worth five bits."""


def user_datastore() -> AccountUserDatastore:
    """The accounts of the application that is answering."""
    found: AccountUserDatastore = current_app.extensions["hipwatch_members"]
    return found


class SingleUseTotp(Totp):
    """Codes of an app, each good for one login."""

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:  # noqa: ANN401 - passlib's own, without types
        """Note the half-minute of a code that is right; one that was noted before is refused.

        Raises
        ------
        UsedTokenError
            Where the code, or a later one, has been used; the caller refuses it as it does a wrong one.
        """
        if not user_datastore().use_counter(user.id, tmatch.counter):
            raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes for the day on which the phone is lost: shown once, kept as digests, gone once they are used."""

    def create_recovery_codes(self, user: UserMixin) -> list[str]:
        """Make new codes in place of the old ones."""
        codes = ["-".join(_group() for _ in range(4)) for _ in range(RECOVERY_CODES)]
        user_datastore().mf_set_recovery_codes(user, [recovery_digest(code) for code in codes])
        return codes

    def get_recovery_codes(self, user: UserMixin) -> list[str]:  # noqa: ARG002 - overrides
        """Nothing: what was shown once is not known any more."""
        return []

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use a code up; to look first and take it later would let it in twice."""
        return user_datastore().use_recovery_code(user.id, code)

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:  # noqa: ARG002 - overrides
        """It is gone already."""
        return True


class Passkeys(WebauthnUtil):
    """Passkeys that stand for name, password and second factor at once: the device asks who is there."""

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:  # noqa: ARG002
        """Ask for one that knows whose it is and checks who uses it."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:  # noqa: ARG002
        """The device has to check who is there, by finger, face or number."""
        return UserVerificationRequirement.REQUIRED

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        """A name for a passkey: anything that can be printed, as it is escaped wherever it is shown."""
        name = " ".join(value.split())
        if not name or len(name) > PASSKEY_NAME_AT_MOST or not name.isprintable():
            return gettext("Give it a name of up to {most} characters.", most=PASSKEY_NAME_AT_MOST), None
        return None, name


def refuse_other_challenges() -> None:
    """Let what a login is asked register no passkey: both are signed alike, and a login's names none."""
    if request.endpoint != "security.wan_register_response":
        return
    within = current_app.config["SECURITY_WAN_REGISTER_WITHIN"]
    _, is_forged, state = check_and_get_token_status((request.view_args or {})["token"], "wan", within)
    if not is_forged and "name" not in (state or {}):
        abort(400)


class PasswordPolicyUtil(PasswordUtil):
    """Checks new passwords by our policy."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:  # noqa: ANN401, ARG002, FBT001
        """Say what speaks against it."""
        plain = self.normalize(password)
        problem = password_problem(plain, kwargs["user"].username)
        return ([problem] if problem else None), plain


class NoMailUtil(MailUtil):
    """Flask-Security sends no letters here: links are made on the command line."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Send nothing."""


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))
