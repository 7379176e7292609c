"""Every word of the gate: what a flagged activity still counts for, and how the runner is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ingest.formats.recording import Flag
from ingest.i18n import gettext_noop


@dataclass(frozen=True, slots=True)
class FlagPolicy:
    """What a flag lets an activity count for, and how the runner is told.

    ``because`` ends the sentence "it is held back because …" where something does not count, and ``act`` is
    what the runner can do about it; both are empty where everything counts and nothing is to be done.
    """

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool
    sentence: str
    because: str = ""
    act: str = ""


_SPORT = gettext_noop("If it was no run, change its sport where you export it and bring the file in again.")
_EXPORT = gettext_noop("If your watch’s own app shows it right, export it anew and bring that file in.")

FLAG_POLICIES: Mapping[str, FlagPolicy] = MappingProxyType(
    {
        # Nothing of it can be a run's.
        "impossible_speed": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("Faster than anybody runs so far: perhaps a drive, or poor reception."),
            gettext_noop("it is faster than anybody runs so far"),
            _EXPORT,
        ),
        "ride": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("Fast, and hardly a step counted: it looks like a ride."),
            gettext_noop("it looks like a ride"),
            _SPORT,
        ),
        "partly_ridden": FlagPolicy(
            False,
            False,
            True,
            gettext_noop(
                "A part of it is fast and without steps, as when the watch goes home by car or bike."
            ),
            gettext_noop("a part of it was ridden"),
            gettext_noop("Trim the ride off where you export it and bring the file in again."),
        ),
        "walking": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("By pace and steps this was a walk nearly throughout, and walks are no mileage."),
            gettext_noop("by pace and steps it was a walk"),
            _SPORT,
        ),
        "clock": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("The watch had the wrong date, so this belongs to no day."),
            gettext_noop("the watch had the wrong date"),
            gettext_noop("Let the watch find satellites or its phone, which set the clock."),
        ),
        "future": FlagPolicy(
            False,
            False,
            False,
            gettext_noop(
                "It starts after the day on which it was read, so its date is wrong, or this computer’s was."
            ),
            gettext_noop("its date lies in the future"),
            gettext_noop(
                "Set the watch’s clock for the runs to come; this one is kept and stays out of every sum."
            ),
        ),
        # The distance is wrong, and with it every speed.
        "doubled_distance": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("The distance is twice what was recorded on the way."),
            gettext_noop("its distance is counted twice"),
            _EXPORT,
        ),
        "recorded_twice": FlagPolicy(
            False,
            False,
            False,
            gettext_noop("A part of the file is in it twice."),
            gettext_noop("a part of it is in the file twice"),
            _EXPORT,
        ),
        "long_steps": FlagPolicy(
            False,
            False,
            False,
            gettext_noop(
                "Every step would be longer than runners step, so the distance is too long, or "
                "this was a ride."
            ),
            gettext_noop("its steps would be longer than runners step"),
            gettext_noop(
                "Calibrate the foot pod or the treadmill distance; if it was a ride, change its sport."
            ),
        ),
        # The distance is wrong in places, which every other measure leaves out.
        "distance_jump": FlagPolicy(
            False,
            True,
            True,
            gettext_noop("The distance leaps in places, so it is left out of your mileage."),
            gettext_noop("its distance leaps"),
            _EXPORT,
        ),
        "distance_unlike_records": FlagPolicy(
            False,
            True,
            True,
            gettext_noop(
                "The total is not the distance that was recorded on the way, and which is right "
                "cannot be told."
            ),
            gettext_noop("its total is not what was recorded on the way"),
            _EXPORT,
        ),
        "timer_beyond_records": FlagPolicy(
            False,
            True,
            True,
            gettext_noop(
                "Its totals are of a longer time than was recorded, so what they say is not borne out."
            ),
            gettext_noop("its totals are of a longer time than was recorded"),
            _EXPORT,
        ),
        "no_distance": FlagPolicy(
            False,
            True,
            False,
            gettext_noop("No distance was recorded, so it adds none to your mileage."),
            gettext_noop("it has no distance"),
            gettext_noop("Indoors, a foot pod or the watch’s indoor profile measures distance."),
        ),
        # Heart rate.
        "heart_rate_dropouts": FlagPolicy(
            True,
            False,
            True,
            gettext_noop("Heart rate is missing or doubtful for long, so intensity is not judged."),
            gettext_noop("its heart rate is missing or doubtful for long"),
            gettext_noop("Wear the watch higher and tighter, or moisten the strap."),
        ),
        "heart_rate_flat": FlagPolicy(
            True,
            False,
            True,
            gettext_noop("Heart rate stands still while the pace does not, so intensity is not judged."),
            gettext_noop("its heart rate stands still while the pace does not"),
            gettext_noop("Restart the sensor; an old strap may need a battery."),
        ),
        "cadence_lock": FlagPolicy(
            True,
            False,
            True,
            gettext_noop(
                "Heart rate follows the steps for long, as when an optical sensor mistakes them "
                "for the pulse."
            ),
            gettext_noop("its heart rate follows the steps"),
            gettext_noop("Wear the watch higher and tighter, or use a strap."),
        ),
        "heart_rate_like_cadence": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("Heart rate and steps are equal for long; in a steady race that may well be."),
        ),
        # Cadence.
        "cadence_unclear": FlagPolicy(
            True,
            True,
            False,
            gettext_noop("Steps and speed do not fit each other, so its cadence is not compared."),
            gettext_noop("its steps and its speed do not fit each other"),
            gettext_noop(
                "Look up whether your app writes steps or strides, and calibrate a treadmill’s distance."
            ),
        ),
        "cadence_in_steps": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The file counts steps where the format counts strides; this was put right."),
        ),
        # Worth knowing.
        "treadmill": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("Run on a treadmill: its cadence is compared with other treadmill runs only."),
        ),
        "no_position": FlagPolicy(
            True,
            True,
            True,
            gettext_noop(
                "No position was recorded, so the distance comes from the steps; its cadence is "
                "compared with "
                "such runs only."
            ),
        ),
        "position_jumps": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The positions leap about, though the distance does not follow them."),
        ),
        "elapsed_much_longer": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The watch was paused for long; the time in motion is what counts."),
        ),
        "timer_beyond_elapsed": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("More time in motion than went by: one of the file’s two times is wrong."),
        ),
        "several_per_second": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The file holds several records a second; the last of each is taken."),
        ),
        # What the decoder found.
        "truncated": FlagPolicy(True, True, True, gettext_noop("The file ends early; what is there counts.")),
        "unterminated": FlagPolicy(
            True, True, True, gettext_noop("The watch never finished the file; what is there counts.")
        ),
        "undefined_message": FlagPolicy(
            True, True, True, gettext_noop("The file is damaged in the middle; what can be read counts.")
        ),
        "checksum": FlagPolicy(
            True, True, True, gettext_noop("The file’s checksum is wrong, though it can be read.")
        ),
        "trailing_bytes": FlagPolicy(
            True, True, True, gettext_noop("Something strange follows the end of the file; the run is whole.")
        ),
        "bad_field_size": FlagPolicy(
            True,
            True,
            True,
            gettext_noop("The watch broke the format in one place, without harm to the run."),
        ),
        "clock_not_set": FlagPolicy(
            True, True, True, gettext_noop("The watch did not know the time at first.")
        ),
    }
)
"""Every word that decides something; a flag of another word lets everything count."""


def flag_sentence(flag: Flag) -> str:
    """What a flag means, for the runner; a word without a rule is told as it came."""
    rule = FLAG_POLICIES.get(flag.code)
    return rule.sentence if rule else flag.detail or flag.code.replace("_", " ")


@dataclass(frozen=True, slots=True)
class CountsFor:
    """What an activity may stand for."""

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool


def counts_for(flags: Sequence[Flag]) -> CountsFor:
    """Let an activity count for what each of its flags allows."""
    rules = [FLAG_POLICIES[flag.code] for flag in flags if flag.code in FLAG_POLICIES]
    return CountsFor(
        all(rule.counts_distance for rule in rules),
        all(rule.counts_intensity for rule in rules),
        all(rule.counts_cadence for rule in rules),
    )
