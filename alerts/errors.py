"""What can go wrong between training days and advice, sorted by what the caller can do about it."""

from __future__ import annotations


class AlertsError(Exception):
    """Base of everything that this package raises on purpose."""


class CareError(AlertsError):
    """The care data is not as it must be; the message names file, entry and what to mend."""


class EmailError(AlertsError):
    """An email cannot be addressed as asked; nothing of it was sent."""


class JournalError(AlertsError):
    """What was typed cannot be meant, or names nothing that is there; the message is for the runner."""


class ReplayError(AlertsError):
    """A rule or a parameter is not known, or a value cannot be; the message names the nearest."""
