"""A web server on this machine that keeps what is posted to it, and answers as it is told to."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Listener(http.server.BaseHTTPRequestHandler):
    """Keeps what is posted, and answers as it is told to."""

    heard: list[tuple[dict[str, str], bytes]]
    answers: list[tuple[int, str]]

    def do_POST(self) -> None:
        """Keep and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((dict(self.headers), body))
        status, words = self.answers.pop(0) if self.answers else (204, "")
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_: object) -> None:
        pass


class UptimePingLog(http.server.BaseHTTPRequestHandler):
    """Keeps which addresses were asked for, and answers as it is told to."""

    asked: list[str]
    status: int
    location: str

    def do_GET(self) -> None:
        """Keep and answer."""
        self.asked.append(self.path)
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening(*answers: tuple[int, str]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Take what is posted; give the address for it, and what was heard."""
    heard: list[tuple[dict[str, str], bytes]] = []
    with _serving(type("One", (Listener,), {"heard": heard, "answers": list(answers)})) as address:
        yield f"{address}/hook?for=ada", heard


@contextmanager
def watching(status: int = 200, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """Wait for signs of life; give the address for them, and what was asked for."""
    asked: list[str] = []
    told = {"asked": asked, "status": status, "location": location}
    with _serving(type("One", (UptimePingLog,), told)) as address:
        yield f"{address}/ping", asked


@contextmanager
def _serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    with running(http.server.HTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address


@contextmanager
def running(server: http.server.HTTPServer) -> Iterator[str]:
    """Let a server answer for a while; give its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
