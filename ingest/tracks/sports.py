"""Sports as GPX and TCX name them, in the words of the FIT profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ingest.fit import profile

UNKNOWN = "generic"

_NAMES: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "run": ("running", None),
        "jogging": ("running", None),
        "streetrunning": ("running", "street"),
        "trailrun": ("running", "trail"),
        "trailrunning": ("running", "trail"),
        "trackrunning": ("running", "track"),
        "treadmill": ("running", "treadmill"),
        "treadmillrunning": ("running", "treadmill"),
        "indoorrunning": ("running", "indoor_running"),
        "virtualrun": ("running", "virtual_activity"),
        "virtualrunning": ("running", "virtual_activity"),
        # Strava wrote numbers into GPX for years.
        "9": ("running", None),
        "1": ("cycling", None),
        "ride": ("cycling", None),
        "biking": ("cycling", None),
        "roadbiking": ("cycling", "road"),
        "mountainbiking": ("cycling", "mountain"),
        "walk": ("walking", None),
        "hike": ("hiking", None),
        "swim": ("swimming", None),
        "lapswimming": ("swimming", "lap_swimming"),
        "openwaterswimming": ("swimming", "open_water"),
    }
)


def fit_sport(named: str) -> tuple[str, str | None]:
    """Sport and sub-sport of the FIT profile; "generic" for what it does not know."""
    plain = re.sub(r"[\W_]+", "", named).lower()
    if plain in _NAMES:
        return _NAMES[plain]
    known = {name.replace("_", ""): name for name in profile.numbers("sport")}
    return known.get(plain, UNKNOWN), None
