"""What can go wrong with an account."""

from __future__ import annotations


class AccountsError(Exception):
    """Something about accounts that cannot be done; the message says why and what would help."""
