"""Uploads: size limits of a request, and its temporary storage."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO

from flask import Flask, Request, request

from alerts.text.i18n import gettext_noop
from ingest.files.limits import ARCHIVE_LIMIT_BYTES
from ingest.files.uploads import FILE_LIMIT_BYTES

UPLOAD = "files.upload"
MOST_FILES = 200
"""In one request. A browser with scripts sends more in several; without, an archive holds more."""

OTHER_FIELDS = 4
"""The token, and what a script tells of the turns before and after."""

MOST_IN_ALL = 10_000
"""In all of them: more than anybody ran, so that whoever drops a whole disk is stopped."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What one hand may bring, as the page of files tells it before anything is sent."""

    files: int
    files_in_all: int
    file_bytes: int
    archive_bytes: int


LIMITS = UploadLimits(MOST_FILES, MOST_IN_ALL, FILE_LIMIT_BYTES, ARCHIVE_LIMIT_BYTES)

ROOM_FOR_FORM_BYTES = 1024 * 1024
LARGEST_UPLOAD_BYTES = ARCHIVE_LIMIT_BYTES + ROOM_FOR_FORM_BYTES
SPOOLS = "hipwatch.spools"
IN_MEMORY_BYTES = 256 * 1024
"""What is larger goes to the disk as it comes in. [bytes]"""


TOO_MUCH_AT_ONCE = (
    gettext_noop("That’s more than can be uploaded at once."),
    gettext_noop(
        "Nothing was imported. Upload up to {most} files and 2 GiB at a time; put more into one archive."
    ),
)


class SpoolingRequest(Request):
    """A request whose files go to the disk beyond a quarter of a megabyte, unnamed and gone with it."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's own signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the request
        self.environ.setdefault(SPOOLS, []).append(spool)
        return spool

    def close(self) -> None:
        """Let go of every file, those of a request that was refused halfway too."""
        super().close()
        for spool in self.environ.pop(SPOOLS, ()):
            spool.close()


def init_uploads(app: Flask) -> None:
    """Let the page of files take more than other forms; this comes before anybody reads a form."""
    app.request_class = SpoolingRequest
    app.before_request(_raise_limits)


def _raise_limits() -> None:
    if request.endpoint == UPLOAD:
        request.max_content_length = LARGEST_UPLOAD_BYTES
        request.max_form_memory_size = ROOM_FOR_FORM_BYTES  # holds the pieces in which files are read, too
        request.max_form_parts = MOST_FILES + OTHER_FIELDS
