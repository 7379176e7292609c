"""Alerts as signed JSON, posted to one URL."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import urlsplit

from alerts.alert.alert import Alert
from alerts.care.explained_alert import ExplainedAlert
from alerts.notifications.compose.email_content import Email
from alerts.notifications.delivery.mailer import MailError

ANSWERED = range(200, 300)
WORTH_ANOTHER_TRY = frozenset({408, 425, 429})
WORDS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts alerts as signed JSON to one URL, which only the operator sets.

    The header ``Hipwatch-Signature`` is ``sha256=`` and the HMAC-SHA256 of the body under the secret;
    ``Hipwatch-Id`` names the event and is the same on every attempt.
    """

    url: str
    secret: bytes = field(repr=False)
    timeout_s: float = 15.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or not self.url.isascii():
            raise ValueError(f"{self.url!r} is no plain address that begins with http:// or https://")
        if "@" in parts.netloc or parts.port == 0:  # a port beyond 65535 raises by itself
            raise ValueError("the address holds a user or a port that cannot be used; the body is signed")
        if len(self.secret) < 16:
            raise ValueError("the secret needs 16 characters at least")

    def send(self, message: EmailMessage) -> None:
        """Return when the receiver has accepted the request; redirects are not followed."""
        part = message.get_body(("plain",))
        body = (str(part.get_content()) if part else "").strip().encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Hipwatch",
            "Hipwatch-Id": str(message["Message-ID"]).strip("<>"),
            "Hipwatch-Signature": f"sha256={hmac.new(self.secret, body, hashlib.sha256).hexdigest()}",
        }
        host = urlsplit(self.url).hostname
        try:
            status, words = self._post(body, headers)
        except (OSError, http.client.HTTPException) as error:
            said = getattr(error, "strerror", None) or error
            raise MailError(f"the webhook at {host} cannot be reached: {said}", permanent=False) from error
        if status not in ANSWERED:
            is_final = 400 <= status < 500 and status not in WORTH_ANOTHER_TRY
            raise MailError(f"the webhook at {host} answered {status} {words}".strip(), permanent=is_final)

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            trust = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, parts.port, timeout=self.timeout_s, context=trust)
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=self.timeout_s)
        try:
            path = parts.path or "/"
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
            answer = connection.getresponse()
            return answer.status, " ".join(answer.read(WORDS_AT_MOST).decode("utf-8", "replace").split())
        finally:
            connection.close()


def as_event(
    explained: ExplainedAlert, *, lead: Alert | None = None, runner_id: int, dashboard_url: str
) -> Email:
    """An alert as JSON for other programs; its text has passed the advice gate.

    ``lead`` is the alert that it is told with where another leads its story.
    """
    alert, alert_text = explained.alert, explained.alert_text
    event = {
        "event": "finding",
        "key": alert.key,
        "told_with": lead and lead.key,
        "kind": alert.kind,
        "day": alert.day.isoformat(),
        "level": alert.level.word,
        "runner": runner_id,
        "observed": alert.observed,
        "expected": alert.expected,
        "unit": alert.unit,
        "title": alert_text.title,
        "sentence": alert_text.sentence,
        "act": alert_text.act,
        "url": f"{dashboard_url.rstrip('/')}/findings/{alert.key}",
    }
    return Email(f"Hipwatch: {alert.key}", json.dumps(event), "")
