"""The dashboard's factory: one small step after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, render_template
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from web.assets import asset_url, assets_blueprint, read_assets
from web.findings import findings_blueprint
from web.health import health_blueprint
from web.present import capital
from web.run import run_blueprint
from web.security import harden, trusted_hosts
from web.source import DashboardSource
from web.today import today_blueprint

ERRORS = {
    404: ("There is no such page.", "The address may be mistyped, or the finding is no longer kept."),
    405: ("That cannot be done here.", "These pages can only be read; nothing was changed."),
    500: (
        "This page could not be made.",
        "Your runs and findings are kept. The log of the service says what happened.",
    ),
}


def create_app(source: DashboardSource, *, clock: Callable[[], datetime], hosts: Sequence[str] = ()) -> Flask:
    """Put the dashboard together.

    ``clock`` tells the aware time of a request. ``hosts`` are the names under which the dashboard may be
    reached besides this machine's own; every other name is refused.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(TRUSTED_HOSTS=trusted_hosts(hosts), PROVIDE_AUTOMATIC_OPTIONS=False)
    _setup_templates(app)
    _setup_pages(app, source, clock)
    _setup_errors(app)
    app.after_request(harden)
    return app


def _setup_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(capital)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _setup_pages(app: Flask, source: DashboardSource, clock: Callable[[], datetime]) -> None:
    assets = read_assets()
    app.add_template_global(asset_url(assets), "asset")
    app.register_blueprint(assets_blueprint(assets))
    app.register_blueprint(today_blueprint(source, clock))
    app.register_blueprint(findings_blueprint(source, clock))
    app.register_blueprint(run_blueprint(source, clock))
    app.register_blueprint(health_blueprint(source, clock))


def _setup_errors(app: Flask) -> None:
    for status in ERRORS:
        app.register_error_handler(status, _error_page)
    app.register_error_handler(400, _refusal)


def _error_page(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    sentence, reason = ERRORS[status]
    return render_template("error.html", sentence=sentence, reason=reason), status


def _refusal(_: HTTPException) -> tuple[str, int, dict[str, str]]:
    """Refuse in plain text: where the host name is not trusted, no address can be built for a page."""
    return (
        "Hipwatch does not answer to this name. If it should, set url under [web] in hipwatch.toml.\n",
        400,
        {"Content-Type": "text/plain"},
    )
