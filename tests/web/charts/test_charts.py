"""The charts of training and form: what their captions say, and that their tables say the same."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from alerts.detectors.cadence import CadenceShift
from alerts.text.i18n import use_language
from alerts.text.units import IMPERIAL
from alerts.views.form_view import Form, matched_cadence, measured
from alerts.views.training import HardWeek, LoadWeek, Ratio, Training
from html_outline import Outline
from overview_samples import CADENCE, FakeHistoryViews, FakeSource, clock, explained, weeks
from training_days_builder import Outing, every, history, on, rule
from web.app import create_app
from web.charts.svg_plot import round_ticks, rounded_out, thinned
from web.pages.runs.form import form_page
from web.pages.runs.training import training_page

DAYS = history(
    [*every(2, 120, cadence_spm=174.0), *(Outing(day, cadence_spm=166.0) for day in range(120, 140, 2))]
)
CADENCE_RULE = rule(CadenceShift)


def made_form(**facts: object) -> Form:
    return Form(on(138), on(0), matched_cadence(DAYS.runs, CADENCE_RULE, on(0)), **facts)  # type: ignore[arg-type]


def made_training() -> Training:
    shown = weeks()
    hard = tuple(HardWeek(w.first_day, None if i == 4 else 10.0 + i) for i, w in enumerate(shown))
    days = [date(2024, 3, 1) + timedelta(days=i) for i in range(70)]
    values = np.where(np.arange(70) < 20, np.nan, 1.1)
    load = tuple(
        LoadWeek(w.first_day, None if i == 4 else 300.0 + i, None if i == 4 else 150.0 + i)
        for i, w in enumerate(shown)
    )
    ratio = Ratio(days, values)
    return Training(date(2024, 5, 12), shown, (), hard, ratio, ratio, load=load)


def test_every_comparable_run_is_a_dot_and_a_row() -> None:
    plot, _ = form_page(made_form()).plots[0]

    assert plot.table is not None
    assert [len(p.dots) for p in plot.pictures] == [len(DAYS.runs)] * 2
    assert len(plot.table.rows) == len(DAYS.runs)


def test_runs_outside_their_band_are_hollow() -> None:
    plot, _ = form_page(made_form()).plots[0]
    hollow = [dot.title for dot in plot.pictures[0].dots if "dot-outside" in dot.kind]

    assert hollow[0].startswith("30\xa0April: 166")


def test_a_change_is_said_with_its_day() -> None:
    page = form_page(made_form(changes=(explained(CADENCE),)))

    assert page.sentence == "Your cadence is 3\xa0% lower since 27\xa0April."


def test_a_change_is_said_in_the_language_that_is_spoken() -> None:
    with use_language("de"):
        page = form_page(made_form(changes=(explained(CADENCE),)))

    assert page.sentence == "Deine Schrittfrequenz ist seit 27.\xa0Apr. 3\xa0% niedriger."


def test_cadence_is_compared_at_one_speed() -> None:
    """Runs at two paces on the rule's own slope lie on one level."""
    slope = CADENCE_RULE.slope_spm_per_mps
    runs = [
        Outing(
            day, speed_mps=2.8 + 0.2 * (day % 4 == 0), cadence_spm=170 + slope * (2.8 + 0.2 * (day % 4 == 0))
        )
        for day in range(0, 100, 2)
    ]
    cadence = matched_cadence(history(runs).runs, CADENCE_RULE, on(0))

    assert cadence is not None
    assert np.ptp([point.cadence_spm for point in cadence.points]) < 0.01


def test_two_runs_are_too_few_for_a_chart() -> None:
    assert matched_cadence(history([Outing(0), Outing(2)]).runs, CADENCE_RULE, on(0)) is None
    assert form_page(Form(on(2), on(0))).plots == ()


def test_balance_and_fade_are_drawn_where_they_were_measured() -> None:
    values = np.linspace(49.0, 51.0, len(DAYS.runs))
    shown = measured(DAYS.runs, values, on(60))
    page = form_page(made_form(balance=shown, fade=shown))

    assert [plot.name for plot, _ in page.plots] == ["cadence", "balance", "fade"]
    assert page.plots[1][0].caption.startswith("The left foot has 51.0\xa0%")


def test_what_was_not_measured_is_left_out() -> None:
    assert measured(DAYS.runs, np.full(len(DAYS.runs), np.nan), on(0)) == ()


def test_a_week_of_unknown_intensity_has_no_bar() -> None:
    page = training_page(made_training())

    assert page is not None
    assert page.hard is not None
    assert [len(p.blocks) for p in page.hard.pictures] == [11, 11]


def test_a_week_of_unknown_load_has_no_bar_and_breaks_the_line() -> None:
    page = training_page(made_training())

    assert page is not None
    assert page.load is not None
    assert [len(p.blocks) for p in page.load.pictures] == [11, 11]
    assert [p.strokes[-1].d.count("M") for p in page.load.pictures] == [2, 2]


def test_both_loads_stand_in_the_table() -> None:
    page = training_page(made_training())

    assert page is not None
    assert page.load is not None
    assert page.load.table is not None
    assert [row[1:] for row in page.load.table.rows[:1]] == [("311", "161")]


def test_without_a_heart_rate_there_is_no_load() -> None:
    page = training_page(dataclasses.replace(made_training(), load=()))

    assert page is not None
    assert page.load is None


def test_bars_stand_on_zero() -> None:
    page = training_page(made_training())

    assert page is not None
    assert page.hard is not None
    assert {round(b.y + b.height, 1) for b in page.hard.pictures[0].blocks} == {page.hard.pictures[0].base}


def test_ratios_come_with_what_speaks_against_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeHistoryViews, "training", lambda *_, **__: made_training())
    page = Outline(
        create_app(FakeSource(), clock=clock).test_client().get("/training").get_data(as_text=True)
    )

    assert "Hipwatch never alerts on them" in page.text
    assert (page.misplaced, page.open) == ([], [])
    assert len(page.values("id")) == len(set(page.values("id")))


def test_the_form_page_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = made_form(changes=(explained(CADENCE),))
    monkeypatch.setattr(FakeHistoryViews, "form", lambda *_, **__: shown)
    page = Outline(create_app(FakeSource(), clock=clock).test_client().get("/form").get_data(as_text=True))

    assert (page.misplaced, page.open) == ([], [])
    assert len(page.values("id")) == len(set(page.values("id")))


@pytest.mark.parametrize("path", ["/training", "/form"])
def test_without_runs_the_page_says_how_to_begin(path: str) -> None:
    assert create_app(FakeSource(), clock=clock).test_client().get(path).status_code == 200


def test_miles_are_kept_to() -> None:
    form = Form(on(138), on(0), matched_cadence(DAYS.runs, CADENCE_RULE, on(0)), units=IMPERIAL)

    assert "min/mi" in form_page(form).plots[0][0].caption


def test_thinning_keeps_the_highest_and_the_lowest() -> None:
    values = np.random.default_rng(2).normal(size=5_000)
    values[1_234], values[3_210] = 99.0, -99.0
    kept = thinned(values, 300)

    assert len(kept) <= 310
    assert {1_234, 3_210} <= set(kept.tolist())


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.4), (3.0, 3.0), (0.0, 21.1), (-2.3, 4.1), (0.0, 98_765.0)])
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    ticks = round_ticks(low, high)

    assert 1 <= len(ticks) <= 6
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)


def test_an_axis_is_never_narrower_than_it_may_be() -> None:
    low, high = rounded_out(150.0, 150.0, least=20)

    assert low <= 140
    assert high >= 160
