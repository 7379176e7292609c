"""Whether the service works, for monitors; strangers hear no more than a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify

from web.http.ports import DashboardSource
from web.http.visitor import Role, current_visitor


def health_blueprint(source: DashboardSource, clock: Callable[[], datetime]) -> Blueprint:
    """Answer 200 while the work is done in time, 503 when it is late or letters do not leave."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> tuple[Response, int]:
        health = source.health(clock())
        is_well = not health.is_late and not health.mail_stuck
        status = 200 if is_well else 503
        if current_visitor().role is not Role.OWNER:
            return jsonify(status="ok" if is_well else "not well"), status
        body = jsonify(
            status="ok" if is_well else "late" if health.is_late else "mail is stuck",
            last_tick_at=health.last_tick_at.isoformat() if health.last_tick_at else None,
            mail_queued=health.mail_queued,
            mail_dead=health.mail_dead,
            mail_stuck=health.mail_stuck,
        )
        return body, status

    return blueprint
