"""What can go wrong while files are taken in, sorted by what the caller can do about it."""

from __future__ import annotations


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
    line : int
        The line in which it is wrong, from 1.
    """

    def __init__(self, what: str, *, line: int) -> None:
        super().__init__(f"{what}, in line {line}")
        self.what = what
        self.line = line

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process in spite of the keyword."""
        return (_rebuild_track_error, (self.what, self.line))


def _rebuild_track_error(what: str, line: int) -> TrackDecodeError:
    return TrackDecodeError(what, line=line)


class UnreadableSourceError(IngestError):
    """A file or archive could not be opened, or is larger than the limits allow."""


class StoreError(IngestError):
    """The database refused; nothing of the attempted change stays."""
