"""The care catalogue in the current language."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.text.i18n import SOURCE, current_language


@dataclass(frozen=True, slots=True)
class CareLibrary:
    """The English catalogue, loaded at start, and translations, loaded on first use.

    What a runner wrote themselves is the same in every language.
    """

    source: CareCatalogue
    _others: dict[str, CareCatalogue] = field(default_factory=dict, repr=False, compare=False)

    @property
    def current(self) -> CareCatalogue:
        """The catalogue in the current language."""
        language = current_language()
        if language == SOURCE:
            return self.source
        if language not in self._others:  # read twice at worst, where two ask at once: both read the same
            self._others[language] = _with_own_of(self.source, load_care(language=language))
        return self._others[language]


def load_library(*, own: Path | None = None) -> CareLibrary:
    """Load the packaged catalogue with the runner's own entries.

    Raises
    ------
    CareError
        If anything is missing, unknown or contradictory; the message names file, entry and what to mend.
    """
    return CareLibrary(load_care(own=own))


def _with_own_of(source: CareCatalogue, care: CareCatalogue) -> CareCatalogue:
    """Add a runner's own entries to a translation, with its translated stop rule."""
    own = {
        name: dataclasses.replace(one, stop=f"{care.stop} {one.stop_own}".strip()) if one.shares_stop else one
        for name, one in source.routines.items()
        if one.is_own
    }
    return dataclasses.replace(care, routines={**care.routines, **own})
