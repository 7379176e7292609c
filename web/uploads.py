"""Uploads: how much one request may bring, and where it is kept while it comes in."""

from __future__ import annotations

import tempfile
from typing import IO

from flask import Flask, Request, request

from ingest.limits import ARCHIVE_LIMIT_BYTES

UPLOAD = "files.upload"
MOST_FILES = 200
"""At once; whoever has more hands over one archive of them."""

ROOM_FOR_FORM_BYTES = 1024 * 1024
LARGEST_UPLOAD_BYTES = ARCHIVE_LIMIT_BYTES + ROOM_FOR_FORM_BYTES
IN_MEMORY_BYTES = 256 * 1024
"""What is larger goes to the disk as it comes in. [bytes]"""


class SpoolingRequest(Request):
    """A request whose files go to the disk beyond a quarter of a megabyte, unnamed and gone with it."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's own signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)


def admit_uploads(app: Flask) -> None:
    """Let the page of files take more than other forms; this comes before anybody reads a form."""
    app.request_class = SpoolingRequest
    app.before_request(_raise_limits)


def _raise_limits() -> None:
    if request.endpoint == UPLOAD:
        request.max_content_length = LARGEST_UPLOAD_BYTES
        request.max_form_parts = MOST_FILES + 2
