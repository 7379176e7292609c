"""`hipwatch serve`: the dashboard and the schedule in one process, ended cleanly by a signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from types import FrameType
from typing import Never
from urllib.parse import urlsplit

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from config.schedule import Jobs, Ledger, Schedule, build_scheduler
from config.services import Services
from config.settings import Settings
from web.app import create_app

THREADS = 6
REQUEST_LIMIT_BYTES = 1024 * 1024


def serve_forever(services: Services, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (SIGTERM, Ctrl-C); a job under way is finished first."""
    app = create_app(services.dashboard, clock=_now, hosts=_names(services.settings, host))
    server = create_server(
        app, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=REQUEST_LIMIT_BYTES
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    schedule = schedule_of(services)
    services.dashboard.heartbeat.is_scheduled = True
    services.dashboard.heartbeat.started_at = _now()
    schedule.start()
    say(f"Hipwatch is at http://{host}:{_port_of(server)}/ (Ctrl-C ends it).")
    try:
        server.run()
    except SystemExit:
        say("Hipwatch is ending; a job under way is finished first.")
    finally:
        server.close()
        schedule.shutdown()


def schedule_of(services: Services) -> Schedule:
    """The jobs of one installation, wired to its watch."""
    watch, heartbeat = services.watch, services.dashboard.heartbeat

    def tick(now: datetime) -> None:
        watch.tick(now)
        heartbeat.last_tick_at = now

    def nightly(now: datetime) -> None:
        services.home.sweep(now=now)
        watch.evaluate(now)
        watch.deliver(now)

    chosen = services.settings.schedule
    return build_scheduler(
        Jobs(tick=tick, nightly=nightly),
        time_zone=watch.runner.time_zone,
        ledger=Ledger(services.database),
        every_s=chosen.scan_every_s,
        nightly_at=time.fromisoformat(chosen.nightly_at),
    )


def _names(settings: Settings, host: str) -> list[str]:
    """The names under which the dashboard is reached: where it listens, and where it says it is."""
    named = urlsplit(settings.web.address).hostname
    return [name for name in (host, named) if name]


def _port_of(server: MultiSocketServer | BaseWSGIServer) -> int:
    """The port that is listened on, where 0 asked for any."""
    if isinstance(server, MultiSocketServer):  # a name with several addresses, such as localhost
        return int(server.effective_listen[0][1])
    return int(server.effective_port)  # type: ignore[attr-defined]  # the stubs lack it


def _leave(_number: int, _frame: FrameType | None) -> Never:
    sys.exit(0)


def _now() -> datetime:
    return datetime.now(UTC)
