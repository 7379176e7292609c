"""Trusted devices: browsers that logged in before are not locked out by others' guesses."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask, Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from web.accounts.account_service import AccountService

TRUSTED_FOR = timedelta(days=365)


def init_trusted_devices(app: Flask, account_service: AccountService) -> None:
    """Sign the cookie by which a browser is known again; it opens nothing."""
    app.extensions["hipwatch_known"] = (
        URLSafeSerializer(account_service.key("known")),
        account_service.https,
    )


def trusted_device_id(account_id: int) -> str | None:
    """What this browser is called, if the account has logged in by it before."""
    serializer, https = current_app.extensions["hipwatch_known"]
    try:
        number, name = serializer.loads(request.cookies.get(_cookie(https=https), ""))
    except (BadSignature, TypeError, ValueError):
        return None
    return str(name) if number == account_id else None


def trust_device(account_id: int) -> None:
    """Know this browser from now on as one of the account's."""
    serializer, https = current_app.extensions["hipwatch_known"]
    name = trusted_device_id(account_id) or secrets.token_urlsafe(16)

    @after_this_request
    def write(response: Response) -> Response:
        response.set_cookie(
            _cookie(https=https),
            serializer.dumps([account_id, name]),
            max_age=TRUSTED_FOR,
            secure=https,
            httponly=True,
            samesite="Lax",
        )
        return response


def _cookie(*, https: bool) -> str:
    return "__Host-hipwatch-known" if https else "hipwatch-known"
