"""Sport names of GPX, TCX and exports, mapped to those of the FIT profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ingest.formats.fit import profile

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
        "mountainbikeride": ("cycling", "mountain"),
        "gravelride": ("cycling", "gravel_cycling"),
        "virtualride": ("cycling", "virtual_activity"),
        "ebikeride": ("e_biking", None),
        "weighttraining": ("training", "strength_training"),
        "nordicski": ("cross_country_skiing", None),
        "swim": ("swimming", None),
        "lapswimming": ("swimming", "lap_swimming"),
        "openwaterswimming": ("swimming", "open_water"),
        # Exports use their owner's language.
        "lauf": ("running", None),
        "laufen": ("running", None),
        "radfahrt": ("cycling", None),
        "radfahren": ("cycling", None),
        "spaziergang": ("walking", None),
        "wanderung": ("hiking", None),
        "wandern": ("hiking", None),
        "schwimmen": ("swimming", None),
        "courseàpied": ("running", None),
        "vélo": ("cycling", None),
        "marche": ("walking", None),
        "randonnée": ("hiking", None),
        "natation": ("swimming", None),
        "carrera": ("running", None),
        "ciclismo": ("cycling", None),
        "caminata": ("walking", None),
        "senderismo": ("hiking", None),
        "natación": ("swimming", None),
        "corsa": ("running", None),
        "camminata": ("walking", None),
        "escursione": ("hiking", None),
        "nuoto": ("swimming", None),
        "hardlopen": ("running", None),
        "fietsen": ("cycling", None),
        "wandelen": ("walking", None),
        "zwemmen": ("swimming", None),
        "corrida": ("running", None),
        "caminhada": ("walking", None),
        "natação": ("swimming", None),
    }
)


def fit_sport(named: str) -> tuple[str, str | None]:
    """Sport and sub-sport of the FIT profile; "generic" if unknown."""
    plain = re.sub(r"[\W_]+", "", named).lower()
    if plain in _NAMES:
        return _NAMES[plain]
    known = {name.replace("_", ""): name for name in profile.numbers("sport")}
    return known.get(plain, UNKNOWN), None
