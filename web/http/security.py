"""Security headers of every response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request

LOOPBACK = ("localhost", "127.0.0.1")

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class HipwatchFlask(Flask):
    """A Flask whose log names the route where something failed, never the address: some are secrets."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 - as Flask has it
        """Note what went wrong, and where."""
        self.logger.error("failed at %s [%s]", request.url_rule, request.method, exc_info=exc_info)


def harden(response: Response) -> Response:
    """Add the security headers; what says nothing of caching is private and never stored."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def trusted_hosts(names: Sequence[str]) -> list[str]:
    """Host names that are answered: this machine's own and those that the owner named.

    A foreign page can point its own name at a loopback address and read what answers there (DNS
    rebinding); refusing its name is what stops it.
    """
    return [*LOOPBACK, *names]
