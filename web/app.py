"""The dashboard's factory: one small step after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from alerts.service.answer_service import AnswerDesk
from alerts.service.care_service import CareDesk
from alerts.text.i18n import marked, say
from alerts.views.feed_service import FeedDesk
from web.accounts.access_control import stand_guard
from web.accounts.account_service import AccountDesk
from web.http.assets import asset_url, assets_blueprint, read_assets
from web.http.formatting import capital
from web.http.forms import protect_forms
from web.http.health import health_blueprint
from web.http.language import speak_languages
from web.http.navigation import frame_pages
from web.http.page_cache import keep_pages
from web.http.ports import DashboardSource
from web.http.security import Dashboard, harden, trusted_hosts
from web.http.uploads import MOST_FILES, TOO_MUCH_AT_ONCE, UPLOAD, admit_uploads
from web.http.view_cache import RememberingSource
from web.pages.alerts.alert_list import finding_list_blueprint
from web.pages.alerts.alert_page import findings_blueprint
from web.pages.alerts.email_answers import take_answers
from web.pages.alerts.feed import feed_blueprint
from web.pages.care.care import care_blueprint
from web.pages.care.pain import pain_blueprint
from web.pages.care.plan import plan_blueprint
from web.pages.care.shoes import shoes_blueprint
from web.pages.physio.physio import physio_blueprint
from web.pages.rules.rules import rules_blueprint
from web.pages.runs.calendar import calendar_blueprint
from web.pages.runs.files import files_blueprint
from web.pages.runs.form import form_blueprint
from web.pages.runs.run import run_blueprint
from web.pages.runs.training import training_blueprint
from web.pages.settings.ports import SettingsDesk
from web.pages.settings.settings import settings_blueprint
from web.pages.today.test_email import mail_trial_blueprint
from web.pages.today.today import today_blueprint

ERRORS = {
    404: (
        marked("There is no such page."),
        marked("The address may be mistyped, or the finding is no longer kept."),
    ),
    403: (marked("That was sent from another site."), marked("Nothing was changed.")),
    405: (marked("That cannot be done here."), marked("Nothing was changed.")),
    413: (
        marked("That is more than this form takes."),
        marked("Nothing was changed; shorten it and send it again."),
    ),
    500: (
        marked("This page could not be made."),
        marked("Your runs and findings are kept. The log of the service says what happened."),
    ),
}


def create_app(  # noqa: PLR0913 - the parts of a house, all but one by keyword
    source: DashboardSource,
    *,
    clock: Callable[[], datetime],
    hosts: Sequence[str] = (),
    desk: CareDesk | None = None,
    secret: bytes = b"",
    answers: AnswerDesk | None = None,
    feed: FeedDesk | None = None,
    accounts: AccountDesk | None = None,
    closed: bool = False,
    settings: SettingsDesk | None = None,
) -> Flask:
    """Put the dashboard together.

    ``clock`` tells the aware time of a request. ``hosts`` are the names under which the dashboard may be
    reached besides this machine's own; every other name is refused. ``desk`` keeps what the runner tells;
    without one nothing can be written, and there is no page of care. ``secret`` signs the tokens of forms.
    ``answers`` takes what is pressed in letters, ``feed`` shows findings behind secret addresses; without
    them, there are no such pages. ``accounts`` knows who may open the dashboard; as soon as there is one,
    nobody else may. With ``closed`` nobody may before there is one either. ``settings`` keeps what the runner
    chooses; without it there is no such page, and rules can be tried but not kept.
    """
    source = RememberingSource(source)
    app = Dashboard(__name__, static_folder=None)
    app.config.update(TRUSTED_HOSTS=trusted_hosts(hosts), PROVIDE_AUTOMATIC_OPTIONS=False)
    _setup_templates(app)
    speak_languages(app, lambda: desk.watch.runner.language if desk else "")
    _setup_pages(app, source, clock, desk)
    app.register_blueprint(rules_blueprint(source, clock, settings.chooser if settings and desk else None))
    frame_pages(app, desk)
    if desk is not None:
        if accounts is not None:
            stand_guard(app, accounts, clock, always=closed)  # before whatever else looks at a request
        admit_uploads(app)
        protect_forms(app, secret)
        _setup_care(app, source, desk, clock)
        if settings is not None:
            app.register_blueprint(settings_blueprint(settings, clock))
        if accounts is not None:
            _setup_accounts(app, accounts, clock, lambda: desk.watch.runner.time_zone)
    if answers is not None:
        take_answers(app, answers, clock)
    if feed is not None:
        app.register_blueprint(feed_blueprint(feed, clock))
    keep_pages(app, source, clock)
    _setup_errors(app)
    app.after_request(harden)
    return app


def _setup_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(capital)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _setup_pages(
    app: Flask, source: DashboardSource, clock: Callable[[], datetime], desk: CareDesk | None
) -> None:
    assets = read_assets()
    app.add_template_global(asset_url(assets), "asset")
    app.register_blueprint(assets_blueprint(assets))
    app.register_blueprint(today_blueprint(source, clock, desk))
    app.register_blueprint(findings_blueprint(source, clock, desk))
    app.register_blueprint(finding_list_blueprint(source, clock))
    app.register_blueprint(calendar_blueprint(source, clock))
    app.register_blueprint(training_blueprint(source, clock))
    app.register_blueprint(form_blueprint(source, clock))
    app.register_blueprint(run_blueprint(source, clock))
    app.register_blueprint(health_blueprint(source, clock))


def _setup_care(app: Flask, source: DashboardSource, desk: CareDesk, clock: Callable[[], datetime]) -> None:
    app.register_blueprint(files_blueprint(source, clock))
    app.register_blueprint(care_blueprint(source, desk, clock))
    app.register_blueprint(pain_blueprint(desk, clock))
    app.register_blueprint(plan_blueprint(desk, clock))
    app.register_blueprint(shoes_blueprint(desk, clock))
    app.register_blueprint(physio_blueprint(source, desk, clock))
    app.register_blueprint(mail_trial_blueprint(desk, clock))


def _setup_accounts(
    app: Flask, accounts: AccountDesk, clock: Callable[[], datetime], zone_of_runner: Callable[[], ZoneInfo]
) -> None:
    # Flask-Security takes a second to load, which only a dashboard that is served needs
    from web.accounts.flask_security import open_accounts  # noqa: PLC0415
    from web.accounts.pages import account_blueprint, frame_accounts  # noqa: PLC0415

    open_accounts(app, accounts, clock)
    app.register_blueprint(account_blueprint(accounts, clock, zone_of_runner))
    frame_accounts(app)


def _setup_errors(app: Flask) -> None:
    for status in ERRORS:
        app.register_error_handler(status, _error_page)
    app.register_error_handler(400, _refusal)


def _error_page(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    g.has_failed = status == 500
    sentence, reason = ERRORS[status]
    if status == 413 and request.endpoint == UPLOAD:
        sentence, reason = TOO_MUCH_AT_ONCE
    said = say(sentence), say(reason, most=MOST_FILES)
    return render_template("error.html", sentence=said[0], reason=said[1]), status


def _refusal(_: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Refuse in plain text: where the host name is not trusted, no address can be built for a page."""
    return (
        "Hipwatch does not answer to this name. If it should, set url under [web] in hipwatch.toml.\n",
        400,
        {"Content-Type": "text/plain"},
    )
