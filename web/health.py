"""Whether the service works, for monitors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify

from web.source import DashboardSource


def health_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer 200 while the work is done in time, 503 when it is late."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> tuple[Response, int]:
        health = source.health(clock())
        body = jsonify(
            status="late" if health.is_late else "ok",
            last_tick_at=health.last_tick_at.isoformat() if health.last_tick_at else None,
            mail_queued=health.mail_queued,
            mail_dead=health.mail_dead,
        )
        return body, 503 if health.is_late else 200

    return blueprint
