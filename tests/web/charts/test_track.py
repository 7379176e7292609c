"""The way of a run as a line: where its ends are named."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.text.units import METRIC
from alerts.views.run_view import Track
from web.charts.route_outline import draw_route


@pytest.mark.parametrize("end_degrees", [60, 75, 90, 105, 120, 240, 270, 300])
def test_the_name_of_the_end_stands_clear_of_the_way(end_degrees: int) -> None:
    angle = np.radians(np.linspace(end_degrees - 330, end_degrees, 2_000))
    picture = draw_route(Track(600 * np.cos(angle), 400 * np.sin(angle)), METRIC)
    assert picture is not None
    label = picture.labels[-1]
    points = np.array([pair.split() for pair in picture.d.replace("M", "L").split("L")[1:]], float)
    left, right = (label.x - 21, label.x) if label.kind == "left" else (label.x, label.x + 21)
    x, y = points.T

    assert label.text == "end"
    assert not np.any((x > left) & (x < right) & (y > label.y - 10) & (y < label.y))
