"""The chart of twelve weeks in an email, drawn as a small PNG with NumPy only.

There are no words in it. Emails are read on paper-white and on black, enlarged and read aloud, so what the
picture shows is said in its alternative text and in the line below it. Its ground is transparent and its
colours hold on both.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from alerts.evaluation.training_status import Week
from alerts.text.i18n import gettext
from alerts.text.units import Units, distance, short_date

WIDTH_PX, HEIGHT_PX = 1120, 300
"""Twice the size at which it is shown, for screens of fine grain."""

GAP = 0.28
LEAST_PX = 4
MARK_PX = 22

# palette: transparent, other weeks, the marked week, the usual range, the base line
PALETTE = ((0, 0, 0), (138, 148, 156), (46, 125, 208), (120, 140, 150), (120, 130, 138))
ALPHA = (0, 255, 255, 70, 255)
_WEEK, _MARKED, _USUAL, _LINE = 1, 2, 3, 4

Canvas = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class WeekChart:
    """A PNG with its text alternative and caption."""

    png: bytes
    alternative: str
    caption: str


def draw_week_chart(weeks: Sequence[Week], *, marked: date, units: Units, today: date) -> WeekChart | None:
    """Draw weekly distances with the week of a day marked; None if there is nothing to compare."""
    if len(weeks) < 2 or not any(week.run_m > 0 for week in weeks):
        return None
    canvas: Canvas = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    top_m = max(max(week.run_m, week.usual_high_m or 0.0) for week in weeks)
    pitch = WIDTH_PX / len(weeks)
    for at, week in enumerate(weeks):
        left, right = round(at * pitch), round((at + 1) * pitch)
        if week.usual_low_m is not None and week.usual_high_m is not None:
            canvas[_row(week.usual_high_m, top_m) : _row(week.usual_low_m, top_m), left:right] = _USUAL
        side = round(pitch * GAP / 2)
        colour = _MARKED if _holds(week, marked) else _WEEK
        if week.run_m > 0:
            row = min(_row(week.run_m, top_m), HEIGHT_PX - 2 - LEAST_PX)
            canvas[row:, left + side : right - side] = colour
        if colour == _MARKED:
            _mark(canvas, (left + right) // 2, _row(week.run_m, top_m))
    canvas[-2:] = _LINE
    return WeekChart(_png(canvas), _in_words(weeks, marked, units, today), _caption(weeks, marked, today))


def _caption(weeks: Sequence[Week], marked: date, today: date) -> str:
    if _holds(weeks[-1], marked):
        said = gettext(
            "Distance in each of the last {weeks} weeks, including this one so far.", weeks=len(weeks)
        )
    else:
        day = short_date(next((w.first_day for w in weeks if _holds(w, marked)), marked), today=today)
        said = gettext(
            "Distance in each of the last {weeks} weeks; the week of {day} is marked.",
            weeks=len(weeks),
            day=day,
        )
    has_band = any(week.usual_low_m is not None for week in weeks)
    return f"{said} {gettext('The pale band is what was usual then.')}" if has_band else said


def _row(distance_m: float, top_m: float) -> int:
    """The pixel row at which a distance ends, with room for the marker above the longest."""
    head = MARK_PX + 8
    return round(head + (HEIGHT_PX - 2 - head) * (1 - distance_m / top_m))


def _mark(canvas: Canvas, column: int, row: int) -> None:
    """Mark a week with a triangle, so that it does not depend on colour."""
    tip = row - 6
    for up in range(MARK_PX):
        if tip - up >= 0:
            canvas[tip - up, max(column - up // 2, 0) : column + up // 2 + 1] = _MARKED


def _holds(week: Week, day: date) -> bool:
    return week.first_day <= day < week.first_day + timedelta(days=7)


def _in_words(weeks: Sequence[Week], marked: date, units: Units, today: date) -> str:
    longest = max(weeks, key=lambda week: week.run_m)
    words = [
        gettext("Bars: distance run in each of the last {weeks} weeks.", weeks=len(weeks)),
        gettext(
            "Most: {distance}, week of {day}.",
            distance=distance(longest.run_m, units),
            day=short_date(longest.first_day, today=today),
        ),
    ]
    for week in weeks:
        if _holds(week, marked):
            usual = ""
            if week.usual_low_m is not None and week.usual_high_m is not None:
                low, high = distance(week.usual_low_m, units), distance(week.usual_high_m, units)
                usual = gettext("; usual then: {low} to {high} (shaded)", low=low, high=high)
            words.append(
                gettext(
                    "Marked: the week of {day}, {distance}{usual}.",
                    day=short_date(week.first_day, today=today),
                    distance=distance(week.run_m, units),
                    usual=usual,
                )
            )
    return " ".join(words)


def _png(canvas: Canvas) -> bytes:
    """Encode a palette image with transparency (PNG, third edition, colour type 3)."""
    height, width = canvas.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = canvas
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(value for colour in PALETTE for value in colour)),
        (b"tRNS", bytes(ALPHA)),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
