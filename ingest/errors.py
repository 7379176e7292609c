"""Exceptions raised during import, grouped by what the caller can do about them."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Literal, Self


class IngestError(Exception):
    """Base of all exceptions raised on purpose by this package."""


class DecodeError(IngestError):
    """The bytes cannot be read as a recording."""


class FitDecodeError(DecodeError):
    """The bytes cannot be read as FIT.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without a full stop.
    offset : int
        Position of the error. [bytes from the start]
    """

    def __init__(self, what: str, *, offset: int) -> None:
        super().__init__(f"{what}, at byte {offset}")
        self.what = what
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        """Make the exception picklable despite its keyword argument."""
        return (_rebuild_decode_error, (self.what, self.offset))


def _rebuild_decode_error(what: str, offset: int) -> FitDecodeError:
    return FitDecodeError(what, offset=offset)


class TrackDecodeError(DecodeError):
    """The bytes cannot be read as TCX or GPX.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without a full stop.
    line : int, optional
        Line of the error, from 1; None if the whole file is wrong.
    offset : int
        Position of the error. [bytes from the first that is no white space]
    """

    def __init__(self, what: str, *, line: int | None = None, offset: int = 0) -> None:
        super().__init__(what if line is None else f"{what}, at byte {offset} in line {line}")
        self.what = what
        self.line = line
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        """Make the exception picklable despite its keyword argument."""
        return (_rebuild_track_error, (self.what, self.line, self.offset))


def _rebuild_track_error(what: str, line: int | None, offset: int) -> TrackDecodeError:
    return TrackDecodeError(what, line=line, offset=offset)


class UnreadableSourceError(IngestError):
    """A file or archive cannot be opened, or is larger than the limits allow."""


class UnavailableSourceError(UnreadableSourceError):
    """The operating system refused access; the file itself may be fine and can be read later."""


class StoreError(IngestError):
    """The database refused; the attempted change was rolled back."""


class WorkerLostError(IngestError):
    """A worker process was killed; files with a reported outcome stay imported."""


class DiskError(IngestError):
    """The disk refused a write; committed data is safe and the next start continues."""

    @classmethod
    def about(cls, error: OSError, path: Path) -> Self:
        """Describe what is wrong, where, and how to fix it."""
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
    """What a person can do about an ``errno``; no committed data is lost by it."""
    return _REMEDIES.get(number, "fix that")


Outcome = Literal["activity", "ignored", "rejected"]


def would_lose_data(after: Outcome, before: Outcome) -> bool:
    """True if reprocessing would turn an accepted file into a rejected one; keep the old result then."""
    return before != "rejected" and (after == "rejected" or (before == "activity" and after == "ignored"))
