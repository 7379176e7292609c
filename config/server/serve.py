"""`hipwatch serve`: dashboard and schedule in one process, stopped cleanly by a signal."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from types import FrameType
from typing import Never
from urllib.parse import urlsplit

from waitress.server import BaseWSGIServer, MultiSocketServer

from alerts.service.uptime_ping import UptimePingLog
from config.composition.accounts import build_account_service
from config.composition.services import Services
from config.output.data_export import InstallationSettings
from config.server.import_process import ImportSubprocess
from config.server.request_limits import open_server
from config.server.schedule import JobRunStore, Jobs, Schedule, build_scheduler
from config.server.uptime_ping import UptimePing, ping_after
from config.settings.errors import ServingError
from config.settings.schema import Settings, WebSettings
from config.settings.secret import load_secret
from ingest.errors import WorkerLostError
from web.accounts.access_control import upload_check
from web.accounts.account_service import AccountService
from web.app import create_app
from web.http.security import LOOPBACK

NOT_STALE = timedelta(days=7)
"""A start tries letters again that were given up lately; older ones only on `hipwatch mail retry`."""

REMEMBERED = timedelta(days=60)
"""So long the words of a letter are kept once it was sent."""


def serve_forever(
    services: Services, *, host: str, port: int, echo: Callable[[str], None], set_up: bool = False
) -> None:
    """Serve until the process is told to stop (SIGTERM, Ctrl-C); a job under way is finished first.

    With ``set_up``, as long as there is no account, nothing opens but the one-time link that is told here.
    """
    account_service = build_account_service(services)
    has_accounts = account_service.register.exist()
    is_closed = has_accounts or set_up
    ensure_can_listen(host, port, is_closed=is_closed)
    ensure_nobody_forwards(services.settings.web, host, is_closed=is_closed)
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # that passes wait in line is no news
    app = create_app(
        services.dashboard,
        clock=_now,
        hosts=_names(services.settings, host),
        care_service=services.care_service,
        secret=load_secret(services.home.secret),
        answers=services.answer_service,
        feed=services.feed_service,
        accounts=account_service,
        settings=InstallationSettings(services),
        closed=is_closed,
    )
    server = open_server(app, host=host, port=port, may_bring_much=upload_check(app, account_service, _now))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    schedule = schedule_of(services)
    services.dashboard.heartbeat.is_scheduled = True
    services.dashboard.heartbeat.started_at = _now()
    services.runner_service.outbox.requeue_dead(_now(), written_since=_now() - NOT_STALE)
    services.dashboard.retry_requests.run_soon = schedule.run_soon
    schedule.start()
    shown = f"[{host}]" if ":" in host else host
    echo(f"Hipwatch is at http://{shown}:{_port_of(server)}/ (Ctrl-C ends it).")
    for line in _cautions(account_service, host, is_set_up=has_accounts or not set_up):
        echo(line)
    try:
        server.run()  # returns when told to stop
        echo("Hipwatch is ending; a job under way is finished first.")
    finally:
        server.close()
        schedule.shutdown()


def ensure_can_listen(host: str, port: int, *, is_closed: bool = False) -> None:
    """Find out before any work is done whether the dashboard could listen there.

    Raises
    ------
    ServingError
        If it could not, or should not: unless it is closed to whoever has no account, nobody else's
        computer may reach the dashboard.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ServingError(f"--host {host}: {error.strerror}") from error
    family, kind, protocol, _, address = found[0]
    if not is_closed and not ipaddress.ip_address(address[0]).is_loopback:
        raise ServingError(
            f"--host {host}: the dashboard has no accounts yet and shows health data; make one with "
            "hipwatch accounts add NAME, or start with --set-up and open the link that it tells"
        )
    with socket.socket(family, kind, protocol) as probe:
        if os.name != "nt":  # there it would let two listen at once
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise ServingError(
                f"port {port} cannot be used ({error.strerror}); choose another with --port"
            ) from error


def ensure_nobody_forwards(web: WebSettings, host: str, *, is_closed: bool) -> None:
    """Refuse to stand open behind a reverse proxy: to listen on loopback is no protection there.

    Raises
    ------
    ServingError
        If the settings tell of a proxy, or of a name that only a proxy could answer to, and nobody has an
        account.
    """
    named = urlsplit(web.url).hostname
    if not is_closed and (web.proxies or named not in {None, host, *LOOPBACK, "::1"}):
        told = "web.proxies" if web.proxies else "web.url"
        raise ServingError(
            f"{told}: others can reach the dashboard, it has no accounts yet and shows health data; make one "
            "with hipwatch accounts add NAME, or start with --set-up and open the link that it tells"
        )


def _cautions(account_service: AccountService, host: str, *, is_set_up: bool) -> Iterator[str]:
    """Warnings and links printed at the start."""
    if not is_set_up:
        yield "There is no account yet. Make the first one here, within half an hour:"
        yield f"  {account_service.link(None, now=_now())}"
    is_own = ipaddress.ip_address(socket.getaddrinfo(host, 0)[0][4][0]).is_loopback
    if not is_own and not account_service.https:
        yield "Passwords cross the network unencrypted; docs/operating.md says how to have HTTPS."


def tick_of(services: Services) -> Callable[[datetime], None]:
    """The pass of the scheduled job; what would keep pages waiting is taken in by another process."""
    runner_service, heartbeat, retry_requests = (
        services.runner_service,
        services.dashboard.heartbeat,
        services.dashboard.retry_requests,
    )
    apart = ImportSubprocess(services.home, services.layers.base)

    def take_in_apart(now: datetime) -> None:
        try:
            apart.take_in(runner_service.inbox, now=now)
        except WorkerLostError:
            runner_service.deliver(now)  # whatever it dies of, time and again perhaps, keeps no letter here
            raise

    def tick(now: datetime) -> None:
        with heartbeat.beating(now):
            while apart.is_wanted(runner_service.inbox):  # as much may have come meanwhile
                take_in_apart(now)
            runner_service.tick(now)
            runner_service.history.days(
                now
            )  # read here where it has changed, so that no page need wait for it
            retry_requests.do_retry(lambda: (runner_service.retry(now=now), runner_service.evaluate(now)))

    return tick


def schedule_of(services: Services) -> Schedule:
    """The jobs of one installation, wired to its watch."""
    runner_service = services.runner_service

    def nightly(now: datetime) -> None:
        services.home.sweep(now=now)
        runner_service.outbox.forget(before=now - REMEMBERED)
        runner_service.evaluate(now)
        runner_service.deliver(now)

    chosen = services.settings.schedule
    ping, watcher = UptimePing(chosen.ping_url) if chosen.ping_url else None, UptimePingLog(services.database)

    def note(now: datetime, was_told: bool) -> None:  # noqa: FBT001 - what a ping answers
        watcher.note(now, was_told=was_told)

    if ping is None:
        watcher.note(_now(), was_told=True)  # what an address that is set no more did not hear is over
    return build_scheduler(
        Jobs(
            tick=ping_after(tick_of(services), ping, note=note), nightly=ping_after(nightly, ping, note=note)
        ),
        zone_of_runner=lambda: runner_service.runner.time_zone,
        ledger=JobRunStore(services.database),
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
