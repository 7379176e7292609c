"""Request size limits of waitress: large for whoever may upload, small for everybody else.

A body lies on the disk before the application sees the first line of its request. A limit that only the
application knew would let strangers fill the disk.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, cast
from wsgiref.types import WSGIApplication

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, MultiSocketServer, TcpWSGIServer, create_server

from web.http.uploads import LARGEST_UPLOAD_BYTES

THREADS = 6
LARGEST_OF_STRANGERS_BYTES = 1024 * 1024
"""More than any form may have, so that what is somewhat too long is still refused by a page."""

Judge = Callable[[str, str, Mapping[str, str]], bool]
"""Says by method, path and headers (as ``SEC_FETCH_SITE``) who may bring an archive."""


def open_server(
    app: WSGIApplication, *, host: str, port: int, may_bring_much: Judge
) -> MultiSocketServer | BaseWSGIServer:
    """Listen there; nothing is answered before the server runs."""

    class Parser(HTTPRequestParser):
        """Looks who comes as soon as the headers are there, and before anything is kept of a large body."""

        path: str  # which the stubs forget

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            is_much = self.chunked or self.content_length >= LARGEST_OF_STRANGERS_BYTES
            method = cast("str", self.command)  # the stubs say bytes
            if is_much and not may_bring_much(method, self.path, self.headers):
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = LARGEST_OF_STRANGERS_BYTES

    class Channel(HTTPChannel):
        """A connection whose requests are looked at so."""

        parser_class = Parser

    listening: dict[int, Any] = {}
    server = create_server(
        app,
        map=listening,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=LARGEST_UPLOAD_BYTES,
        clear_untrusted_proxy_headers=False,  # ProxyFix believes as many proxies as are set, and reads them
    )
    for one in listening.values():
        if isinstance(one, TcpWSGIServer):
            one.channel_class = Channel
    return server
