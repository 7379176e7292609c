"""Rules for passwords and account names; none about digits or capitals."""

from __future__ import annotations

import re
import unicodedata

from alerts.text.i18n import gettext

PASSWORD_AT_LEAST = 10
PASSWORD_AT_MOST = 128
MAX_NAME_LENGTH = 40

_NAME = re.compile(r"[^\W_][\w.@-]*")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "azertyuiop")
_WORDS = (
    "abc", "admin", "administrator", "baseball", "changeme", "default", "dragon", "football", "geheim",
    "garmin", "hallo", "hello", "hipwatch", "iloveyou", "letmein", "login", "marathon", "master", "monkey",
    "passwd", "passwort", "password", "princess", "qwerty", "qwertz", "running", "secret", "shadow",
    "sommer", "starwars", "strava", "summer", "sunshine", "superman", "test", "trustno", "user", "welcome",
    "willkommen", "winter",
)  # fmt: skip


def normalised_name(typed: str) -> str:
    """The normalised form of a name."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def is_valid_name(name: str) -> bool:
    """Whether an account may be called that: letters and digits, with dots, dashes and @ within."""
    return len(name) <= MAX_NAME_LENGTH and _NAME.fullmatch(name) is not None


def password_problem(password: str, name: str) -> str | None:
    """Why a password is too weak and what to do; None if it is fine."""
    if len(password) < PASSWORD_AT_LEAST:
        return gettext(
            "Use at least {least} characters; a few words in a row are easy to remember.",
            least=PASSWORD_AT_LEAST,
        )
    if len(password) > PASSWORD_AT_MOST:
        return gettext("Use at most {most} characters.", most=PASSWORD_AT_MOST)
    plain = password.casefold()
    if _is_repeated(plain) or _is_sequence(plain):
        return gettext("That repeats one pattern; use a few unrelated words.")
    rest = plain
    for word in (normalised_name(name), *sorted(_WORDS, key=len, reverse=True)):
        rest = rest.replace(word, "")
    if len(rest) < PASSWORD_AT_LEAST / 2:
        return gettext("That’s one of the first passwords anyone would guess; use a few unrelated words.")
    return None


def _is_repeated(text: str) -> bool:
    """Whether up to four characters are all there is, again and again."""
    return any((text[:size] * len(text)).startswith(text) for size in range(1, 5))


def _is_sequence(text: str) -> bool:
    """Whether it is a run along the keyboard or the alphabet, in either direction."""
    rows = [row * 3 for row in _ROWS]
    return any(text in row or text[::-1] in row for row in rows)


class AccountsError(Exception):
    """Something about accounts that cannot be done; the message says why and what would help."""
