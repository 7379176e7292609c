"""`hipwatch serve`: the dashboard and the schedule in one process, ended cleanly by a signal."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Never

import waitress

from config.schedule import Jobs, Ledger, build_scheduler
from config.services import Services
from web.app import create_app

log = logging.getLogger(__name__)

THREADS = 6
REQUEST_LIMIT_BYTES = 1024 * 1024


def serve_forever(services: Services, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (SIGTERM, Ctrl-C); jobs under way are finished first."""
    app = create_app(services.dashboard, clock=_now, host=host)
    server = waitress.create_server(
        app, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=REQUEST_LIMIT_BYTES
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    schedule = build_schedule(services)
    heartbeat = services.dashboard.heartbeat
    heartbeat.is_scheduled, heartbeat.started_at = True, _now()
    schedule.start()
    say(f"Hipwatch is at http://{host}:{server.effective_port}/  (Ctrl-C ends it)")
    try:
        server.run()
    finally:
        server.close()
        schedule.shutdown()
        say("Hipwatch has ended.")


def build_schedule(services: Services) -> object:
    """The jobs of one installation, wired to its watch."""
