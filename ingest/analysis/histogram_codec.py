"""Histogram codec: compressed intensity histograms for the database and for memory."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ingest.analysis.intensity import (
    BEST_EFFORT_MIN,
    HEART_RATE_BINS,
    SPEED_BINS,
    Histogram,
    IntensityHistograms,
)
from ingest.formats.recording import Column

_INTEGERS = 2 * HEART_RATE_BINS + SPEED_BINS


@dataclass(frozen=True, slots=True)
class CompressedHistograms:
    """Zlib-compressed intensity histograms of one activity; every access decompresses them again."""

    data: bytes

    def decompressed(self) -> IntensityHistograms:
        """Decompress all histograms."""
        data = zlib.decompress(self.data)
        whole = np.frombuffer(data, "<i4", count=_INTEGERS)
        return IntensityHistograms(
            heart_rate_s=whole[:HEART_RATE_BINS],
            median_heart_rate_s=whole[HEART_RATE_BINS : 2 * HEART_RATE_BINS],
            speed_s=whole[2 * HEART_RATE_BINS :],
            best_effort_m=np.frombuffer(data, "<f8", count=len(BEST_EFFORT_MIN), offset=4 * _INTEGERS),
        )

    @property
    def heart_rate_s(self) -> Histogram:
        """As in ``IntensityHistograms``. [s]"""
        return self.decompressed().heart_rate_s

    @property
    def median_heart_rate_s(self) -> Histogram:
        """As in ``IntensityHistograms``. [s]"""
        return self.decompressed().median_heart_rate_s

    @property
    def speed_s(self) -> Histogram:
        """As in ``IntensityHistograms``. [s]"""
        return self.decompressed().speed_s

    @property
    def best_effort_m(self) -> npt.NDArray[np.float64]:
        """As in ``IntensityHistograms``. [m]"""
        return self.decompressed().best_effort_m


Histograms: TypeAlias = IntensityHistograms | CompressedHistograms


def compress_histograms(histograms: Histograms) -> CompressedHistograms:
    """Compress histograms; compressed ones are returned as they are."""
    if isinstance(histograms, CompressedHistograms):
        return histograms
    parts = (histograms.heart_rate_s, histograms.median_heart_rate_s, histograms.speed_s)
    whole = np.concatenate(parts).astype("<i4").tobytes()
    return CompressedHistograms(zlib.compress(whole + histograms.best_effort_m.astype("<f8").tobytes(), 6))


@dataclass(frozen=True, slots=True, eq=False)
class StackedHistograms:
    """Histograms of m activities as rows; 0 seconds and NaN efforts where an activity has none.

    Parameters
    ----------
    heart_rate_s, median_heart_rate_s : ndarray of int, shape (m, 256)
        As in ``IntensityHistograms``. [s]
    speed_s : ndarray of int, shape (m, 160)
        As in ``IntensityHistograms``. [s]
    best_effort_m : ndarray, shape (m, 4)
        As in ``IntensityHistograms``. [m]
    """

    heart_rate_s: Histogram
    median_heart_rate_s: Histogram
    speed_s: Histogram
    best_effort_m: Column

    @classmethod
    def of(cls, histograms: Sequence[Histograms | None]) -> StackedHistograms:
        """Stack the histograms of several activities."""
        m = len(histograms)
        stacked = cls(
            np.zeros((m, HEART_RATE_BINS), np.int32),
            np.zeros((m, HEART_RATE_BINS), np.int32),
            np.zeros((m, SPEED_BINS), np.int32),
            np.full((m, len(BEST_EFFORT_MIN)), np.nan),
        )
        for row, one in enumerate(histograms):
            if one is not None:
                known = one.decompressed() if isinstance(one, CompressedHistograms) else one
                stacked.heart_rate_s[row] = known.heart_rate_s
                stacked.median_heart_rate_s[row] = known.median_heart_rate_s
                stacked.speed_s[row] = known.speed_s
                stacked.best_effort_m[row] = known.best_effort_m
        return stacked
