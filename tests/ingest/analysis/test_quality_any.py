"""Whatever a file holds, the gate answers: no exception, no verdict on NaN, no surprise."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.analysis.quality.flags import FLAG_POLICIES, counts_for
from ingest.analysis.summary import UnusableActivityError, summarise
from ingest.formats.recording import Recording, Samples, Session
from support import START

EXTREMES = (np.nan, np.nan, 0.0, 1e-300, 0.5, 3.0, 60.0, 90.0, 170.0, -180.0, 1e9, -1e12, 1e300, -1e300)
STEPS_S = (0.0, 1.0, 1.0, 1.0, 5.0, 400.0, -700.0, np.nan)

told = st.none() | st.sampled_from([0.0, 1e-9, 1.0, 600.0, 3_600.0, 42_195.0, 1e9, 1e300])


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Any samples at all, wild or tame, in any order of time, with a session that may say anything."""
    n = draw(st.sampled_from([0, 1, 2, 10, 700]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    pool = draw(st.lists(st.sampled_from(EXTREMES), min_size=1, max_size=4))
    tame = draw(st.floats(0.0, 50.0))
    columns = {
        name: np.where(chance.random(n) < 0.5, chance.choice(pool, n), tame * chance.random(n))
        for name in Samples.names()
    }
    step_s = chance.choice(draw(st.lists(st.sampled_from(STEPS_S), min_size=1, max_size=4)), n)
    columns["timestamp_s"] = START.timestamp() + np.nancumsum(step_s) + 0 * step_s
    session = Session(
        sport=draw(st.sampled_from(["running", "running", "walking", "cycling", "72"])),
        sub_sport=draw(st.sampled_from([None, "treadmill", "trail", "generic"])),
        started_at=START,
        timer_s=draw(told),
        elapsed_s=draw(told),
        distance_m=draw(told),
        avg_cadence_rpm=draw(told),
        stop=n,
    )
    return Recording(samples=Samples.of(n, **columns), sessions=(session,))


@settings(max_examples=150, deadline=None)
@given(recordings())
def test_no_samples_bring_the_gate_down(recording: Recording) -> None:
    try:
        summary = summarise(recording, now=START)
    except UnusableActivityError:
        return

    assert {flag.code for flag in summary.flags} <= FLAG_POLICIES.keys()
    assert "nan" not in " ".join(flag.detail for flag in summary.flags)


@settings(max_examples=50, deadline=None)
@given(recordings())
def test_what_counts_follows_from_the_flags(recording: Recording) -> None:
    try:
        summary = summarise(recording, now=START)
    except UnusableActivityError:
        return
    allowed = counts_for(summary.flags)

    assert (summary.counts_distance, summary.counts_intensity, summary.counts_cadence) == (
        allowed.counts_distance,
        allowed.counts_intensity,
        allowed.counts_cadence,
    )


@settings(max_examples=50, deadline=None)
@given(recordings())
def test_columns_without_a_value_are_not_judged(recording: Recording) -> None:
    """The same session without any sample's values: nothing that rests on samples may be said."""
    n = len(recording.samples)
    bare = Recording(
        samples=Samples.of(n, timestamp_s=recording.samples.timestamp_s), sessions=recording.sessions
    )
    rests_on_samples = {
        "position_jumps", "recorded_twice", "walking", "long_steps", "cadence_unclear", "distance_jump",
        "heart_rate_flat", "heart_rate_dropouts", "cadence_lock", "doubled_distance",
    }  # fmt: skip
    try:
        summary = summarise(bare)
    except UnusableActivityError:
        return

    assert not rests_on_samples & {flag.code for flag in summary.flags}
