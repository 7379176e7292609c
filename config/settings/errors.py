"""What can go wrong while Hipwatch is put together and started."""

from __future__ import annotations


class ConfigError(Exception):
    """Base of everything that this package raises on purpose."""


class SettingsError(ConfigError):
    """A setting says something that cannot be meant; the message names file, key and remedy.

    ``setting`` is its dotted name where one is to blame, ``what`` the message without name and place.
    """

    def __init__(self, what: str, *, setting: str = "", origin: str = "") -> None:
        super().__init__(": ".join(part for part in (origin, setting, what) if part))
        self.what = what
        self.setting = setting


class ServingError(ConfigError):
    """The dashboard cannot listen where it was told to; the message says why and what to do."""
