"""A dashboard with a care desk behind it, and a visitor who sends its forms as a browser does."""

from __future__ import annotations

import ast
import atexit
import copy
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport, PlannedRun, RunKind, Shoe
from app_fixtures import NOW, RecordingMailer, days_before, lay_into, open_house, ordinary_run, steady_weeks
from config.composition.services import Services
from config.output.data_export import InstallationSettings
from pain_diaries import NOES
from web.app import create_app

SECRET = b"0123456789abcdef0123456789abcdef"
TODAY = NOW.date()


@contextmanager
def furnished(
    folder: Path, *, mailer: RecordingMailer | None = None, **tables: dict[str, Any]
) -> Iterator[Services]:
    """Open a Hipwatch with ten steady weeks, a long run of yesterday, and the alerts of them.

    The data folder is a copy of one that was filled once in this process for the same settings.
    """
    filled, emails = _filled(repr(tables), with_mail=mailer is not None)
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    if mailer is not None:
        mailer.emails.extend(copy.deepcopy(emails))
    with open_house(folder, mailer=mailer, **tables) as services:
        yield services


@cache
def _filled(tables: str, *, with_mail: bool) -> tuple[Path, list[EmailMessage]]:
    """A data folder in which the runs were imported and evaluated, and the emails sent meanwhile."""
    root = tempfile.TemporaryDirectory(prefix="hipwatch-filled-")
    atexit.register(root.cleanup)
    folder = Path(root.name) / "home"
    mailer = RecordingMailer() if with_mail else None
    with open_house(folder, mailer=mailer, **ast.literal_eval(tables)) as services:
        long_run = ordinary_run(days_before(1), distance_m=14_200.0, duration_s=4_800)
        lay_into(services.home.inbox, [*steady_weeks(last_days_ago=3), long_run])
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
    return folder, mailer.emails if mailer else []


def dashboard(services: Services, *, clock: Callable[[], datetime] = lambda: NOW) -> Flask:
    """Put the pages of a house together, as serving does."""
    return create_app(services.dashboard, clock=clock, care_service=services.care_service, secret=SECRET)


def whole(services: Services) -> Flask:
    """The same with everything that a house has: settings, feed, answers to letters."""
    return create_app(
        services.dashboard,
        clock=lambda: NOW,
        care_service=services.care_service,
        secret=SECRET,
        answers=services.answer_service,
        feed=services.feed_service,
        settings=InstallationSettings(services),
    )


def token_in(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def send(
    client: FlaskClient, page: str, path: str, form: Mapping[str, str | list[str]], **more: object
) -> TestResponse:
    """Open a page and send a form of it."""
    fields = {"csrf_token": token_in(client.get(page).text), **form}
    return client.post(path, data=fields, **more)  # type: ignore[arg-type]


def raise_flag(services: Services, flag: str = "groin-night") -> None:
    """Let the runner report a pain in the groin with a yes."""
    report = PainReport(TODAY, BodySite.GROIN, Side.LEFT, during=4, answers={**NOES, flag: True})
    services.care_service.report_pain(report, NOW - timedelta(minutes=5))


def live_in(services: Services) -> None:
    """Fill a furnished house with what a runner tells in some weeks."""
    care_service = services.care_service
    journal = care_service.journal
    old = Shoe("Blue road pair", TODAY - timedelta(days=200), before_m=120_000.0, note_at_m=400_000.0)
    trail = Shoe("Grey trail pair", TODAY - timedelta(days=10), default_for="trail")
    for shoe in (old, trail):
        journal.shoes.add(shoe, now=NOW)
    for days_ago, during, morning in ((9, 2, 1), (6, 3, 1), (1, 2, None)):
        told_at = NOW - timedelta(days=days_ago)
        note = "On the hill only" if during == 3 else ""
        report = PainReport(
            told_at.date(),
            BodySite.OUTER,
            Side.LEFT,
            during=during,
            after=during - 1,
            next_morning=morning,
            answers=NOES,
            note=note,
        )
        care_service.report_pain(report, told_at)
    for days_ago in (0, 1, 3, 5):
        journal.routines.done("GLU-ISO", TODAY - timedelta(days=days_ago), now=NOW)
    race = PlannedRun(TODAY + timedelta(days=12), 21_097.0, RunKind.RACE, "Spring half")
    journal.planned.add(race, now=NOW)
