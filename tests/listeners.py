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


@contextmanager
def listening(*answers: tuple[int, str]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    heard: list[tuple[dict[str, str], bytes]] = []
    handler = type("One", (Listener,), {"heard": heard, "answers": list(answers)})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?for=ada", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
