"""The Flask application factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from alerts.service.answer_service import AnswerService
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext, gettext_noop
from alerts.views.feed_service import FeedService
from web.accounts.access_control import require_login
from web.accounts.account_service import AccountService
from web.http.assets import asset_url, assets_blueprint, read_assets
from web.http.formatting import capitalize_first
from web.http.forms import protect_forms
from web.http.health import health_blueprint
from web.http.language import init_languages
from web.http.navigation import add_page_context
from web.http.page_cache import cache_pages
from web.http.ports import DashboardSource
from web.http.security import HipwatchFlask, harden, trusted_hosts
from web.http.uploads import MOST_FILES, TOO_MUCH_AT_ONCE, UPLOAD, init_uploads
from web.http.view_cache import CachedSource
from web.pages.alerts.alert_list import alert_list_blueprint
from web.pages.alerts.alert_page import alerts_blueprint
from web.pages.alerts.email_answers import init_email_answers
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
from web.pages.settings.ports import SettingsService
from web.pages.settings.settings import settings_blueprint
from web.pages.today.test_email import mail_trial_blueprint
from web.pages.today.today import today_blueprint

ERRORS = {
    404: (
        gettext_noop("Page not found."),
        gettext_noop("Check the address, or the alert may no longer exist."),
    ),
    403: (gettext_noop("That request came from another site."), gettext_noop("Nothing was changed.")),
    405: (gettext_noop("That can’t be done here."), gettext_noop("Nothing was changed.")),
    413: (
        gettext_noop("That’s more than this form accepts."),
        gettext_noop("Nothing was changed; shorten it and send it again."),
    ),
    500: (
        gettext_noop("This page couldn’t be shown."),
        gettext_noop("Your runs and alerts are safe. The server log says what happened."),
    ),
}


def create_app(  # noqa: PLR0913 - the parts of a house, all but one by keyword
    source: DashboardSource,
    *,
    clock: Callable[[], datetime],
    hosts: Sequence[str] = (),
    care_service: CareService | None = None,
    secret: bytes = b"",
    answers: AnswerService | None = None,
    feed: FeedService | None = None,
    accounts: AccountService | None = None,
    closed: bool = False,
    settings: SettingsService | None = None,
) -> Flask:
    """Create the dashboard's application.

    ``clock`` tells the aware time of a request. ``hosts`` are the names under which the dashboard may be
    reached besides this machine's own; others are refused. ``care_service`` stores what the runner reports;
    without one nothing can be written, and there is no page of care. ``secret`` signs the tokens of forms.
    ``answers`` takes what is pressed in letters, ``feed`` shows findings behind secret addresses; without
    them, there are no such pages. ``accounts`` knows who may open the dashboard; as soon as there is one,
    nobody else may. With ``closed`` nobody may before there is one either. ``settings`` keeps what the runner
    chooses; without it there is no such page, and rules can be tried but not kept.
    """
    source = CachedSource(source)
    app = HipwatchFlask(__name__, static_folder=None)
    app.config.update(TRUSTED_HOSTS=trusted_hosts(hosts), PROVIDE_AUTOMATIC_OPTIONS=False)
    _setup_templates(app)
    init_languages(app, lambda: care_service.runner_service.runner.language if care_service else "")
    _setup_pages(app, source, clock, care_service)
    app.register_blueprint(
        rules_blueprint(source, clock, settings.chooser if settings and care_service else None)
    )
    add_page_context(app, care_service)
    if care_service is not None:
        if accounts is not None:
            require_login(app, accounts, clock, always=closed)  # before whatever else looks at a request
        init_uploads(app)
        protect_forms(app, secret)
        _setup_care(app, source, care_service, clock)
        if settings is not None:
            app.register_blueprint(settings_blueprint(settings, clock))
        if accounts is not None:
            _setup_accounts(app, accounts, clock, lambda: care_service.runner_service.runner.time_zone)
    if answers is not None:
        init_email_answers(app, answers, clock)
    if feed is not None:
        app.register_blueprint(feed_blueprint(feed, clock))
    cache_pages(app, source, clock)
    _setup_errors(app)
    app.after_request(harden)
    return app


def _setup_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(capitalize_first)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _setup_pages(
    app: Flask, source: DashboardSource, clock: Callable[[], datetime], care_service: CareService | None
) -> None:
    assets = read_assets()
    app.add_template_global(asset_url(assets), "asset")
    app.register_blueprint(assets_blueprint(assets))
    app.register_blueprint(today_blueprint(source, clock, care_service))
    app.register_blueprint(alerts_blueprint(source, clock, care_service))
    app.register_blueprint(alert_list_blueprint(source, clock))
    app.register_blueprint(calendar_blueprint(source, clock))
    app.register_blueprint(training_blueprint(source, clock))
    app.register_blueprint(form_blueprint(source, clock))
    app.register_blueprint(run_blueprint(source, clock))
    app.register_blueprint(health_blueprint(source, clock))


def _setup_care(
    app: Flask, source: DashboardSource, care_service: CareService, clock: Callable[[], datetime]
) -> None:
    app.register_blueprint(files_blueprint(source, clock))
    app.register_blueprint(care_blueprint(source, care_service, clock))
    app.register_blueprint(pain_blueprint(care_service, clock))
    app.register_blueprint(plan_blueprint(care_service, clock))
    app.register_blueprint(shoes_blueprint(care_service, clock))
    app.register_blueprint(physio_blueprint(source, care_service, clock))
    app.register_blueprint(mail_trial_blueprint(care_service, clock))


def _setup_accounts(
    app: Flask,
    accounts: AccountService,
    clock: Callable[[], datetime],
    zone_of_runner: Callable[[], ZoneInfo],
) -> None:
    # Flask-Security takes a second to load, which only a dashboard that is served needs
    from web.accounts.flask_security import init_flask_security  # noqa: PLC0415
    from web.accounts.pages import account_blueprint, add_account_context  # noqa: PLC0415

    init_flask_security(app, accounts, clock)
    app.register_blueprint(account_blueprint(accounts, clock, zone_of_runner))
    add_account_context(app)


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
    said = gettext(sentence), gettext(reason, most=MOST_FILES)
    return render_template("error.html", sentence=said[0], reason=said[1]), status


def _refusal(_: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Refuse in plain text: where the host name is not trusted, no address can be built for a page."""
    return (
        "Hipwatch does not answer to this name. If it should, set url under [web] in hipwatch.toml.\n",
        400,
        {"Content-Type": "text/plain"},
    )
