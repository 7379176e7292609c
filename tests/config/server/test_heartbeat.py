"""The sign of life to a watcher outside: given after work, never in its way."""

from __future__ import annotations

import logging
import socket
import threading
from datetime import UTC, datetime

import pytest

from config.server.uptime_ping import UptimePing, ping_after
from config.settings.errors import SettingsError
from http_server import watching

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_watcher_is_asked_after_the_work() -> None:
    order: list[str] = []
    with watching() as (url, asked):
        ping_after(lambda _now: order.append(f"work, {len(asked)} asked"), UptimePing(url))(NOW)

    assert (order, asked) == (["work, 0 asked"], ["/ping"])


def test_work_that_fails_gives_no_sign_of_life() -> None:
    def fail(_now: datetime) -> None:
        raise ZeroDivisionError

    with watching() as (url, asked), pytest.raises(ZeroDivisionError):
        ping_after(fail, UptimePing(url))(NOW)

    assert asked == []


@pytest.mark.parametrize("status", [404, 500])
def test_a_watcher_that_refuses_is_no_matter_of_the_work(status: int) -> None:
    with watching(status) as (url, _):
        assert not UptimePing(url)()


def test_a_watcher_that_is_gone_is_logged_once_and_its_return_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with watching() as (url, _):
        ping = UptimePing(url)
    outcomes = [ping() for _ in range(3)]

    assert (outcomes, len(caplog.records)) == ([False] * 3, 1)


def test_no_redirect_leads_off_the_web() -> None:
    with watching(302, "ftp://127.0.0.1/etc/passwd") as (url, asked):
        assert not UptimePing(url)()

    assert asked == ["/ping"]


def test_a_watcher_that_speaks_no_http_is_no_matter_of_the_work() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(4_096)
                caller.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        was_told = UptimePing(f"http://127.0.0.1:{server.getsockname()[1]}/")()
        thread.join()

    assert not was_told


def test_it_is_noted_whether_the_watcher_was_told() -> None:
    noted: list[bool] = []
    with watching() as (url, _):
        ping_after(lambda _now: None, UptimePing(url), note=lambda _now, was_told: noted.append(was_told))(
            NOW
        )
    ping_after(lambda _now: None, UptimePing(url), note=lambda _now, was_told: noted.append(was_told))(NOW)

    assert noted == [True, False]


UNFIT = [
    *("file:///etc/passwd", "ftp://x/", "run.example.org", "javascript:1", "http://", "https:///ping"),
    *("http://h:port/", "http://h:0/", "http://[::1", "http://h/a b", "http://h/\u00e4"),
]


@pytest.mark.parametrize("url", UNFIT)
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(SettingsError, match="ping_url"):
        UptimePing(url)
