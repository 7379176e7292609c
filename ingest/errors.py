"""What can go wrong while files are taken in, sorted by what the caller can do about it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Literal, Self


class IngestError(Exception):
    """Base of everything that this package raises on purpose."""


class DecodeError(IngestError):
    """Nothing in these bytes can be read as a recording."""


class FitDecodeError(DecodeError):
    """Nothing in these bytes can be read as FIT.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without a full stop.
    offset : int
        The byte at which it is wrong. [bytes from the start]
    """

    def __init__(self, what: str, *, offset: int) -> None:
        super().__init__(f"{what}, at byte {offset}")
        self.what = what
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process in spite of the keyword."""
        return (_rebuild_decode_error, (self.what, self.offset))


def _rebuild_decode_error(what: str, offset: int) -> FitDecodeError:
    return FitDecodeError(what, offset=offset)


class TrackDecodeError(DecodeError):
    """Nothing in these bytes can be read as TCX or GPX.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without a full stop.
    line : int, optional
        The line in which it is wrong, from 1; without it the whole is.
    offset : int
        The byte at which it is wrong. [bytes from the first that is no white space]
    """

    def __init__(self, what: str, *, line: int | None = None, offset: int = 0) -> None:
        super().__init__(what if line is None else f"{what}, at byte {offset} in line {line}")
        self.what = what
        self.line = line
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process in spite of the keyword."""
        return (_rebuild_track_error, (self.what, self.line, self.offset))


def _rebuild_track_error(what: str, line: int | None, offset: int) -> TrackDecodeError:
    return TrackDecodeError(what, line=line, offset=offset)


class UnreadableSourceError(IngestError):
    """A file or archive could not be opened, or is larger than the limits allow."""


class UnavailableSourceError(UnreadableSourceError):
    """The system would not hand a file over; it says nothing about the file, which may be read later."""


class StoreError(IngestError):
    """The database refused; nothing of the attempted change stays."""


class WorkerLostError(IngestError):
    """A process that decodes was ended from outside; what was settled stays."""


class DiskError(IngestError):
    """The disk refused to keep something; what was committed before stays, and the next start goes on."""

    @classmethod
    def about(cls, error: OSError, path: Path) -> Self:
        """Say what is wrong, where, and how to mend it."""
        number = error.errno or 0
        cause = _CAUSES.get(number) or error.strerror or str(error) or type(error).__name__
        return cls(f"{cause}: {error.filename or path}; {remedy_for(number)}")


_CAUSES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk can only be read",
    errno.EACCES: "there is no right to write",
    errno.EPERM: "there is no right to write",
    errno.EIO: "the disk reports an error",
}
_REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EROFS: "make it writable, or set HIPWATCH_HOME to another folder",
    errno.EACCES: "give Hipwatch’s user permission to write there, or set HIPWATCH_HOME to another folder",
    errno.EPERM: "give Hipwatch’s user permission to write there, or set HIPWATCH_HOME to another folder",
    errno.EIO: "check the disk and your backup",
}


def remedy_for(number: int) -> str:
    """What a person can do about an error of the system; nothing that was committed is lost by it."""
    return _REMEDIES.get(number, "fix that")


Outcome = Literal["activity", "ignored", "rejected"]


def would_lose_data(after: Outcome, before: Outcome) -> bool:
    """Whether a file would be lost that was known: then what was known of it stays."""
    return before != "rejected" and (after == "rejected" or (before == "activity" and after == "ignored"))
