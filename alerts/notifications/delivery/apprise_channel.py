"""Notifications through Apprise (ntfy, Telegram, Matrix and many more), an optional dependency."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING

from alerts.notifications.delivery.mailer import MailError

if TYPE_CHECKING:
    from apprise import Apprise

MISSING = "the extra is missing: install it with pip install 'hipwatch[notify]'"
UNKNOWN = "its url is none that Apprise understands"

_STATUS = re.compile(r"\berror=(\d{3})\b")
_QUOTED = re.compile(r"'[^']*'")
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends notifications to the service named by an Apprise URL, which only the operator sets.

    The address holds the token of an account, so it is shown and logged nowhere.
    """

    name: str
    url: str = field(repr=False)

    def complaint(self) -> str:
        """Why notifications cannot be sent, found without sending one; empty if they can."""
        try:
            self._service()
        except MailError as error:
            return str(error)
        return ""

    def send(self, message: EmailMessage) -> None:
        """Return when the service has accepted the notification."""
        part = message.get_body(("plain",))
        body = str(part.get_content()).strip() if part else ""
        service = self._service()
        with _overheard() as words:
            if service.notify(title=str(message["Subject"]), body=body, body_format="text"):
                return
        said = " ".join(words)
        status = _STATUS.search(said)
        code = int(status[1]) if status else 0
        is_final = 400 <= code < 500 and code not in _WORTH_ANOTHER_TRY
        raise self._error(_in_one_line(said) or "it was not taken", permanent=is_final)

    def _service(self) -> Apprise:
        try:
            # A quarter of a second to load, and needed only where something is sent.
            from apprise import Apprise, AppriseAsset  # noqa: PLC0415
        except ImportError as error:
            raise self._error(MISSING) from error
        # Without the address of a picture: each phone would fetch it from somebody else's server.
        asset = AppriseAsset(app_id="Hipwatch", async_mode=False, image_url_mask="", image_url_logo="")
        service = Apprise(asset=asset)
        with _overheard():
            is_known = service.add(self.url)
        if not is_known:
            raise self._error(UNKNOWN)
        return service

    def _error(self, said: str, *, permanent: bool = False) -> MailError:
        return MailError(f"{self.name}: {said}", permanent=permanent)


class _Ears(logging.Handler):
    def __init__(self, words: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.words = words

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Hear what Apprise logs, as it answers no more than yes or no; addresses in it reach no other log."""
    words: list[str] = []
    ears, logger = _Ears(words), logging.getLogger("apprise")
    passes_on, logger.propagate = logger.propagate, False
    logger.addHandler(ears)
    try:
        yield words
    finally:
        logger.removeHandler(ears)
        logger.propagate = passes_on


def _in_one_line(said: str) -> str:
    """A service's answer on one line without quoted parts: topics and chats are as good as passwords."""
    return " ".join(_QUOTED.sub("", said).split())
