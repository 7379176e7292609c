"""The four figures under the verdict."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from alerts.views.overview import Overview
from overview_samples import ALLOWED, RETURNING, STEADY, STEADY_STATUS, TOO_LITTLE
from web.pages.today.key_figures import GAUGE_WIDTH, KeyFigure, key_figures, range_gauge


def figures_of(overview: Overview) -> list[KeyFigure]:
    """Put an overview that has a standing into its figures."""
    assert overview.training_status is not None
    return list(key_figures(overview, overview.training_status))


def lines(overview: Overview) -> list[tuple[str, str, str]]:
    """Give the figures as plain text."""
    return [
        (row.name, row.value.replace("\N{NO-BREAK SPACE}", " "), row.note.replace("\N{NO-BREAK SPACE}", " "))
        for row in figures_of(overview)
    ]


def test_a_steady_runner_reads_four_figures_with_their_comparison() -> None:
    assert lines(STEADY) == [
        ("This week", "25.1 km", "usual 24–29 km"),
        ("Longest in 30 days", "10.6 km", "Fri 3 May; limit 11.6 km"),
        ("Cadence at easy pace", "171 spm", "usual 168–175 at 6:00 min/km"),
        ("Rest days", "2 of 7", "5 of the last 14"),
    ]


def test_what_cannot_be_compared_yet_says_so() -> None:
    assert [note for _, _, note in lines(TOO_LITTLE)][:3] == [
        "it takes a few more weeks to know what’s typical",
        "Thu 9 May; too few runs for a limit",
        "too few steady runs to know what’s typical",
    ]


def test_what_cannot_be_compared_has_no_gauge() -> None:
    assert [row.gauge for row in figures_of(RETURNING)] == [None] * 4


def test_a_runner_without_recent_runs_has_no_longest() -> None:
    bare = dataclasses.replace(STEADY_STATUS, longest_m=None, longest_day=None, ceiling_m=None)

    row = figures_of(dataclasses.replace(STEADY, training_status=bare))[1]

    assert (row.value, row.note) == ("–", "no run in the 30 days before today")


def test_after_today_s_run_the_longest_is_said_to_be_older() -> None:
    ran = dataclasses.replace(STEADY_STATUS, ran_today_m=14_210.0)

    assert figures_of(dataclasses.replace(STEADY, training_status=ran))[1].name == "Longest before today"


def test_a_long_run_that_is_held_shows_no_ceiling_beyond_it() -> None:
    none = dataclasses.replace(ALLOWED, easy_up_to_m=None, long_up_to_m=None)

    row = figures_of(dataclasses.replace(STEADY, allowed=none))[1]

    assert (row.note.replace("\N{NO-BREAK SPACE}", " "), row.gauge) == (
        "Fri 3 May; don’t go longer yet",
        None,
    )


amounts = st.integers(0, 1_000_000).map(float)


@given(amounts, amounts, amounts)
def test_a_gauge_keeps_value_and_band_on_its_line(value: float, low: float, span: float) -> None:
    placed = range_gauge(value, low, low + span, start=0.0)

    assert 0 <= placed.band_x <= placed.band_x + placed.band_width <= GAUGE_WIDTH
    assert 0 <= placed.value_x <= GAUGE_WIDTH


def test_a_gauge_tells_in_words_where_the_value_lies() -> None:
    told = [range_gauge(value, 10.0, 20.0, start=0.0).text for value in (9.0, 15.0, 21.0)]

    assert told == ["below", "within", "above"]
