"""What is refused before it is read, as somebody who fills disks would send it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from config.server.request_limits import LARGEST_OF_STRANGERS_BYTES, open_server
from web.http.uploads import LARGEST_UPLOAD_BYTES


@pytest.fixture
def server() -> Iterator[TcpWSGIServer]:
    """Listen for whoever knows the word."""
    opened = open_server(
        Flask(__name__),
        host="127.0.0.1",
        port=0,
        may_bring_much=lambda method, path, headers: (
            (method, path, headers.get("COOKIE")) == ("POST", "/files", "friend")
        ),
    )
    assert isinstance(opened, TcpWSGIServer)
    opened.adj.inbuf_overflow = LARGEST_UPLOAD_BYTES  # so that no file is left open here
    yield opened
    opened.close()


def received(server: TcpWSGIServer, head: str, body: bytes = b"") -> HTTPRequestParser:
    """Let a request arrive."""
    request: HTTPRequestParser = server.channel_class.parser_class(server.adj)
    rest = f"POST /files HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode() + body
    while rest and not request.completed:
        rest = rest[request.received(rest[: server.adj.recv_bytes]) :]
    return request


def is_refused(request: HTTPRequestParser) -> bool:
    return request.error is not None and request.error.code == 413


def test_a_large_body_is_refused_by_its_headers(server: TcpWSGIServer) -> None:
    assert is_refused(received(server, f"Content-Length: {LARGEST_OF_STRANGERS_BYTES}"))


def test_a_body_that_does_not_say_how_large_it_is_is_refused_on_the_way(server: TcpWSGIServer) -> None:
    piece = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"
    sent = received(server, "Transfer-Encoding: chunked", piece * 5)

    assert is_refused(sent)
    assert sent.body_bytes_received < LARGEST_OF_STRANGERS_BYTES + server.adj.recv_bytes


def test_a_form_is_taken_from_anybody(server: TcpWSGIServer) -> None:
    assert received(server, "Content-Length: 4", b"a=bc").error is None


def test_an_archive_is_taken_from_whoever_is_let_in(server: TcpWSGIServer) -> None:
    waiting = received(server, f"Cookie: friend\r\nContent-Length: {LARGEST_UPLOAD_BYTES - 1}")

    assert (waiting.error, waiting.completed) == (None, False)


def test_nobody_brings_more_than_an_archive(server: TcpWSGIServer) -> None:
    assert is_refused(received(server, f"Cookie: friend\r\nContent-Length: {LARGEST_UPLOAD_BYTES}"))
