"""Flag policies: what a flagged activity still counts for, and how it is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ingest.formats.recording import Flag
from ingest.i18n import gettext_noop


@dataclass(frozen=True, slots=True)
class FlagPolicy:
    """What an activity with this flag counts for, and its explanation.

    ``because`` completes "it is held back because …" where something does not count, and ``act`` is what the
    runner can do about it; both are empty where everything counts.
    """

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool
    sentence: str
    because: str = ""
    act: str = ""


_SPORT = gettext_noop("If this wasn’t a run, change its sport where you export it and import the file again.")
_EXPORT = gettext_noop("If your watch’s own app shows it correctly, export it again and import that file.")

FLAG_POLICIES: Mapping[str, FlagPolicy] = MappingProxyType(
    {
        # Excluded from everything.
        "impossible_speed": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("Faster than anyone can run: perhaps a car ride, or poor reception."),
            gettext_noop("it is faster than anyone can run"),
            _EXPORT,
        ),
        "ride": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("Fast, with hardly a step counted: it looks like a bike ride."),
            gettext_noop("it looks like a bike ride"),
            _SPORT,
        ),
        "partly_ridden": FlagPolicy(
            False,
            False,
            True,
            gettext_noop(
                "Part of it is fast and without steps, as when you ride home with the watch still recording."
            ),
            gettext_noop("part of it was ridden"),
            gettext_noop("Trim the ride off where you export it and import the file again."),
        ),
        "walking": FlagPolicy(
            False,
            False,
            False,
            gettext_noop(
                "By pace and steps this was a walk almost throughout, and walks don’t count as mileage."
            ),
            gettext_noop("by pace and steps it was a walk"),
            _SPORT,
        ),
        "clock": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("The watch had the wrong date, so this can’t be placed on a day."),
            gettext_noop("the watch had the wrong date"),
            gettext_noop("Let the watch find satellites or its phone, which set its clock."),
        ),
        "future": FlagPolicy(
            False,
            False,
            False,
            gettext_noop(
                "It starts after the day it was imported, so its date is wrong, or this computer’s clock was."
            ),
            gettext_noop("its date is in the future"),
            gettext_noop(
                "Set the watch’s clock for the runs to come; this one is kept but left out of every total."
            ),
        ),
        # Wrong distance, and therefore wrong speeds.
        "doubled_distance": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("The distance is twice what was recorded along the way."),
            gettext_noop("its distance is counted twice"),
            _EXPORT,
        ),
        "recorded_twice": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("Part of the file is in it twice."),
            gettext_noop("part of it is in the file twice"),
            _EXPORT,
        ),
        "long_steps": FlagPolicy(
            False,
            False,
            False,
            gettext_noop(
                "Every step would be longer than runners’ steps are, so the distance is too long, or "
                "this was a bike ride."
            ),
            gettext_noop("its steps would be longer than runners’ steps"),
            gettext_noop(
                "Calibrate the foot pod or the treadmill distance; if it was a ride, change its sport."
            ),
        ),
        # Distance wrong in places, which the other measures exclude.
        "distance_jump": FlagPolicy(
            False,
            True,
            True,
            gettext_noop("The distance jumps in places, so it isn’t counted in your mileage."),
            gettext_noop("its distance jumps"),
            _EXPORT,
        ),
        "distance_unlike_records": FlagPolicy(
            False,
            True,
            True,
            gettext_noop(
                "The total isn’t the distance recorded along the way, and it’s unclear which is right."
            ),
            gettext_noop("its total isn’t what was recorded along the way"),
            _EXPORT,
        ),
        "timer_beyond_records": FlagPolicy(
            False,
            True,
            True,
            gettext_noop("Its totals cover a longer time than was recorded, so they can’t be confirmed."),
            gettext_noop("its totals cover a longer time than was recorded"),
            _EXPORT,
        ),
        "no_distance": FlagPolicy(
            False,
            True,
            False,
            gettext_noop("No distance was recorded, so it adds nothing to your mileage."),
            gettext_noop("it has no distance"),
            gettext_noop("Indoors, use a foot pod or the watch’s indoor profile to measure distance."),
        ),
        # Heart rate.
        "heart_rate_dropouts": FlagPolicy(
            True,
            False,
            True,
            gettext_noop("Heart rate is missing or doubtful for long stretches, so intensity isn’t judged."),
            gettext_noop("its heart rate is missing or doubtful for long stretches"),
            gettext_noop("Wear the watch higher and tighter, or moisten the strap."),
        ),
        "heart_rate_flat": FlagPolicy(
            True,
            False,
            True,
            gettext_noop("Heart rate stays flat while pace changes, so intensity isn’t judged."),
            gettext_noop("its heart rate stays flat while pace changes"),
            gettext_noop("Restart the sensor; an old strap may need a new battery."),
        ),
        "cadence_lock": FlagPolicy(
            True,
            False,
            True,
            gettext_noop(
                "Heart rate follows cadence for long stretches, as when an optical sensor mistakes "
                "steps for the pulse."
            ),
            gettext_noop("its heart rate follows cadence"),
            gettext_noop("Wear the watch higher and tighter, or use a strap."),
        ),
        "heart_rate_like_cadence": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("Heart rate equals cadence for long stretches; in a steady race that can be real."),
        ),
        # Cadence.
        "cadence_unclear": FlagPolicy(
            True,
            True,
            False,
            gettext_noop("Cadence and speed don’t fit together, so its cadence isn’t compared."),
            gettext_noop("its cadence and speed don’t fit together"),
            gettext_noop(
                "Check whether your app writes steps or strides, and calibrate the treadmill’s distance."
            ),
        ),
        "cadence_in_steps": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The file counts steps where the format counts strides; this was corrected."),
        ),
        # For information.
        "treadmill": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("Run on a treadmill: its cadence is compared only with other treadmill runs."),
        ),
        "no_position": FlagPolicy(
            True,
            True,
            True,
            gettext_noop(
                "No position was recorded, so the distance comes from the step count; its cadence is "
                "compared only with such runs."
            ),
        ),
        "position_jumps": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The positions jump around, though the distance doesn’t follow them."),
        ),
        "elapsed_much_longer": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The watch was paused for a long time; the moving time counts."),
        ),
        "timer_beyond_elapsed": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("More moving time than elapsed time: one of the file’s two times is wrong."),
        ),
        "several_per_second": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The file holds several records a second; the last of each is used."),
        ),
        # Found by the decoder.
        "truncated": FlagPolicy(True, True, True, gettext_noop("The file ends early; what’s there counts.")),
        "unterminated": FlagPolicy(
            True, True, True, gettext_noop("The watch never finished the file; what’s there counts.")
        ),
        "undefined_message": FlagPolicy(
            True, True, True, gettext_noop("The file is damaged in the middle; what can be read counts.")
        ),
        "checksum": FlagPolicy(
            True, True, True, gettext_noop("The file’s checksum is wrong, but it can be read.")
        ),
        "trailing_bytes": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("There is extra data after the end of the file; the run is complete."),
        ),
        "bad_field_size": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The file breaks the format in one place; the run isn’t affected."),
        ),
        "clock_not_set": FlagPolicy(
            True, True, True, gettext_noop("The watch didn’t know the time at first.")
        ),
    }
)
"""Policy by flag code; a flag with another code lets everything count."""


def flag_sentence(flag: Flag) -> str:
    """Explanation of a flag for the runner; the details of a code without a policy."""
    rule = FLAG_POLICIES.get(flag.code)
    return rule.sentence if rule else flag.detail or flag.code.replace("_", " ")


@dataclass(frozen=True, slots=True)
class CountsFor:
    """What an activity counts for."""

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool


def counts_for(flags: Sequence[Flag]) -> CountsFor:
    """What an activity with these flags counts for: only what each of them allows.

    Examples
    --------
    >>> counts_for([Flag("distance_jump")])
    CountsFor(counts_distance=False, counts_intensity=True, counts_cadence=True)
    """
    rules = [FLAG_POLICIES[flag.code] for flag in flags if flag.code in FLAG_POLICIES]
    return CountsFor(
        all(rule.counts_distance for rule in rules),
        all(rule.counts_intensity for rule in rules),
        all(rule.counts_cadence for rule in rules),
    )
