"""The twelve weeks: caption, table and where everything stands."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.evaluation.training_status import Week
from alerts.text.units import IMPERIAL, METRIC
from overview_samples import CADENCE, MONDAY, RAMP, TODAY, after_a_break, explained, spike, weeks
from web.charts.weekly_chart import WeeklyChart, weekly_chart
from web.charts.weekly_chart_svg import NARROW, WIDE

SEASON = (explained(RAMP), explained(CADENCE), explained(spike()))


def chart_of(shown: tuple[Week, ...], *, imperial: bool = False) -> WeeklyChart:
    """Draw weeks that there are."""
    chart = weekly_chart(shown, SEASON, IMPERIAL if imperial else METRIC)
    assert chart is not None
    return chart


def plain(text: str) -> str:
    """Give the text with ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_no_weeks_make_no_chart() -> None:
    assert weekly_chart((), (), METRIC) is None


@pytest.mark.parametrize(
    ("last_km", "caption"),
    [
        (33.4, "This week’s 33.4 km is above your usual 24–29 km."),
        (25.1, "This week’s 25.1 km is within your usual 24–29 km."),
        (0.0, "No run yet this week; your usual week has 24–29 km."),
        (6.0, "6.0 km so far this week; your usual week has 24–29 km."),
    ],
)
def test_the_caption_states_what_the_picture_shows(last_km: float, caption: str) -> None:
    assert plain(chart_of(weeks(last_km)).caption) == caption


def test_without_a_usual_range_the_caption_says_so() -> None:
    assert "more weeks" in chart_of(after_a_break()).caption


def test_the_table_holds_the_same_twelve_weeks() -> None:
    rows = chart_of(weeks()).rows
    last = [plain(text) for text in (rows[-1].week, rows[-1].distance, rows[-1].usual, rows[-1].ceiling)]

    assert len(rows) == 12
    assert last == ["6 May", "33.4 km", "24–29 km", "11.7 km"]


def test_a_finding_stands_in_the_week_of_its_day() -> None:
    named = {plain(row.week): row.alerts for row in chart_of(weeks()).rows if row.alerts != "none"}

    assert named == {
        "1 April": "Notice: Two weeks of more running",
        "29 April": "Notice: Cadence lower at the same pace",
        "6 May": "Caution: One run much longer",
    }


def test_of_several_findings_in_a_week_the_gravest_is_drawn_and_the_rest_counted() -> None:
    second = explained(dataclasses.replace(CADENCE, day=TODAY))

    chart = weekly_chart(weeks(), (second, explained(spike())), METRIC)

    assert chart is not None
    assert [(mark.state.word, mark.more) for mark in chart.drawings[0].marks] == [("Caution", "+1")]


def test_the_axis_is_in_the_runner_s_unit() -> None:
    chart = chart_of(weeks(), imperial=True)

    assert (chart.unit, chart.drawings[0].y_ticks[-1].text) == ("mi", "25")


def test_bars_stand_on_zero() -> None:
    drawing = chart_of(weeks()).drawings[0]

    assert drawing.y_ticks[0].text == "0"
    assert [bar.y + bar.height for bar in drawing.bars] == pytest.approx([drawing.y_ticks[0].y] * 12)


def test_a_young_history_stands_at_the_right_in_bars_of_the_usual_width() -> None:
    whole, young = chart_of(weeks()).drawings[0], chart_of(weeks()[-2:]).drawings[0]

    assert [(bar.x, bar.width) for bar in young.bars] == [(bar.x, bar.width) for bar in whole.bars[-2:]]


def test_a_week_without_a_run_has_no_number_on_its_bar() -> None:
    assert "current" not in {label.kind for label in chart_of(weeks(0.0)).drawings[0].labels}


def test_only_the_current_week_is_accented() -> None:
    assert [bar.is_current for bar in chart_of(weeks()).drawings[0].bars] == [False] * 11 + [True]


def test_the_ceiling_line_ends_where_there_is_no_ceiling() -> None:
    weeks_apart = tuple(
        dataclasses.replace(week, ceiling_m=None) if i == 5 else week for i, week in enumerate(weeks())
    )

    assert chart_of(weeks_apart).drawings[0].ceiling.count("M") == 2


def test_a_chart_without_usual_range_draws_no_band() -> None:
    bare = tuple(dataclasses.replace(week, usual_low_m=None, usual_high_m=None) for week in weeks())

    assert chart_of(bare).drawings[0].band == ""


distances = st.floats(0.0, 400_000.0)


@given(
    st.lists(st.tuples(distances, st.none() | distances, st.none() | distances), min_size=1, max_size=12),
    st.sampled_from((METRIC, IMPERIAL)),
)
def test_whatever_is_run_stays_inside_the_frame(
    rows: list[tuple[float, float | None, float | None]], units: object
) -> None:
    shown = tuple(
        Week(MONDAY + timedelta(weeks=i), run_m, low_m, None if low_m is None else low_m * 1.3, ceiling_m)
        for i, (run_m, low_m, ceiling_m) in enumerate(rows)
    )

    chart = weekly_chart(shown, (), units)  # type: ignore[arg-type]

    assert chart is not None
    for drawing, frame in zip(chart.drawings, (WIDE, NARROW), strict=True):
        ys = [float(y) for y in re.findall(r"[ V](-?[\d.]+)", drawing.band + drawing.ceiling)]
        ys += [bar.y for bar in drawing.bars] + [tick.y for tick in drawing.y_ticks]
        assert all(frame.top <= y <= frame.height - frame.bottom for y in ys)
        assert all(frame.left <= bar.x <= drawing.plot_right - bar.width for bar in drawing.bars)
        assert len(drawing.y_ticks) <= 6


@given(distances, distances)
def test_the_labels_of_band_and_line_never_touch(usual_m: float, ceiling_m: float) -> None:
    week = Week(MONDAY, 10_000.0, usual_m, usual_m, ceiling_m)

    labels = {label.kind: label.y for label in chart_of((week,)).drawings[1].labels}

    assert abs(labels["usual"] - labels["ceiling"]) >= 14.9
