"""A dashboard with accounts in front of it, and somebody who logs in as a browser does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app_fixtures import NOW, open_house
from config.composition.services import Services
from dashboard_client import SECRET, send
from web.accounts.account_service import AccountService, HashCost
from web.accounts.account_store import AccountKind
from web.app import create_app

PASSWORD = "three green herons walk"
CHEAP = HashCost(memory_kib=64, passes=1)
"""Tests hash many passwords; what a hash costs in earnest has a test of its own."""


@contextmanager
def house_with_accounts(
    folder: Path, *, address: str = "http://localhost", proxies: int = 0
) -> Iterator[tuple[Services, AccountService]]:
    """Open an empty house and the desk of its accounts."""
    with open_house(folder) as services:
        runner_id = services.runner_service.runner.id
        yield services, AccountService(services.database, runner_id, SECRET, address, proxies, CHEAP)


def guarded(
    services: Services,
    account_service: AccountService,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    closed: bool = False,
    hosts: tuple[str, ...] = (),
) -> Flask:
    """Put the pages together as serving does."""
    return create_app(
        services.dashboard,
        clock=clock,
        hosts=hosts,
        care_service=services.care_service,
        secret=SECRET,
        answers=services.answer_service,
        feed=services.feed_service,
        accounts=account_service,
        closed=closed,
    )


def enroll(
    app: Flask,
    account_service: AccountService,
    name: str = "ada",
    *,
    kind: AccountKind = AccountKind.ADMINISTRATOR,
    hides: tuple[str, ...] = (),
    now: datetime = NOW,
) -> int:
    """Make an account and set its password as its owner would, by the one-time link."""
    number = account_service.register.add(name, kind, now=now, hides=hides)
    path = path_of(account_service.link(number, now=now))
    answer = send(app.test_client(), path, path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 303
    return number


def path_of(link: str) -> str:
    """The part of a link that a test client asks for."""
    return re.sub(r"^https?://[^/]+", "", link)


def log_in(client: FlaskClient, name: str = "ada", password: str = PASSWORD, **more: object) -> TestResponse:
    """Send the login form."""
    return send(client, "/login", "/login", {"username": name, "password": password}, **more)
