"""The picture of a letter: small, right to the pixel, and told in words."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from alerts.notifications.compose.week_chart_png import (
    HEIGHT_PX,
    PALETTE,
    WIDTH_PX,
    WeekChart,
    draw_week_chart,
)
from alerts.text.units import IMPERIAL, METRIC, Units
from overview_samples import MONDAY, TODAY, weeks

MARKED = 2


def drawn(units: Units = METRIC) -> WeekChart:
    picture = draw_week_chart(weeks(), marked=TODAY, units=units, today=TODAY)
    assert picture is not None
    return picture


def pixels(png: bytes) -> npt.NDArray[np.uint8]:
    """Read the image as any reader does: chunk by chunk, every check sum looked at."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(name + data),)
        chunks[name], at = data, at + 12 + length
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    assert len(chunks[b"PLTE"]) == 3 * len(PALETTE)
    return rows[:, 1:]


def test_the_picture_is_a_png_of_its_size_and_weighs_next_to_nothing() -> None:
    picture = drawn()

    assert (pixels(picture.png).shape, len(picture.png) < 10_000) == ((HEIGHT_PX, WIDTH_PX), True)


def test_bars_are_as_tall_as_their_weeks_are_long() -> None:
    shown = pixels(drawn().png)
    pitch = WIDTH_PX / 12
    tall = [int((shown[:, round((n + 0.5) * pitch)] == 1).sum()) for n in range(11)]
    ran = [week.run_m for week in weeks()][:11]

    assert np.corrcoef(tall, ran)[0, 1] > 0.999


def test_only_the_marked_week_has_the_colour_of_the_mark() -> None:
    columns = np.flatnonzero((pixels(drawn().png) == MARKED).any(axis=0))

    assert columns.min() >= round(11 * WIDTH_PX / 12)


def test_the_words_name_the_marked_week_in_the_units_of_the_runner() -> None:
    told = [drawn(units).alternative.replace("\N{NO-BREAK SPACE}", " ") for units in (METRIC, IMPERIAL)]

    assert ["Marked: the week of Mon 6 May, 33.4 km" in told[0], "20.8 mi" in told[1]] == [True, True]


def test_a_week_without_running_and_without_a_usual_range_can_be_drawn() -> None:
    bare = [dataclasses.replace(w, run_m=0.0, usual_low_m=None, usual_high_m=None) for w in weeks()[:-1]]
    picture = draw_week_chart(
        [*bare, weeks()[-1]], marked=MONDAY - timedelta(weeks=1), units=METRIC, today=TODAY
    )

    assert picture is not None
    assert "0.0" in picture.alternative


def test_nothing_to_compare_is_no_picture() -> None:
    still = [dataclasses.replace(week, run_m=0.0) for week in weeks()]
    pictures = [draw_week_chart(w, marked=TODAY, units=METRIC, today=TODAY) for w in (weeks()[:1], still)]

    assert pictures == [None, None]
