"""What can go wrong while Hipwatch is put together and started."""

from __future__ import annotations


class ConfigError(Exception):
    """Base of everything that this package raises on purpose."""


class SettingsError(ConfigError):
    """A settings file says something that cannot be meant; the message names file, key and remedy."""


class ServingError(ConfigError):
    """The dashboard cannot listen where it was told to; the message says why and what to do."""
