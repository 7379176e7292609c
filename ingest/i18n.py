"""Words for runners that stand here and are said by whoever speaks to them, in their language."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """A message for the catalogues of other languages; it is looked up where it is said."""
    return message
