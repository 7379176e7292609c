"""Marker for translatable messages of this package."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a message for extraction; it is translated where it is displayed."""
    return message
