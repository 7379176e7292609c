"""Every word of the gate: what a flagged activity still counts for, and how the runner is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ingest.formats.recording import Flag
from ingest.i18n import marked


@dataclass(frozen=True, slots=True)
class Rule:
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


_SPORT = marked("If it was no run, change its sport where you export it and bring the file in again.")
_EXPORT = marked("If your watch’s own app shows it right, export it anew and bring that file in.")

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        # Nothing of it can be a run's.
        "impossible_speed": Rule(
            False,
            False,
            False,
            marked("Faster than anybody runs so far: perhaps a drive, or poor reception."),
            marked("it is faster than anybody runs so far"),
            _EXPORT,
        ),
        "ride": Rule(
            False,
            False,
            False,
            marked("Fast, and hardly a step counted: it looks like a ride."),
            marked("it looks like a ride"),
            _SPORT,
        ),
        "partly_ridden": Rule(
            False,
            False,
            True,
            marked("A part of it is fast and without steps, as when the watch goes home by car or bike."),
            marked("a part of it was ridden"),
            marked("Trim the ride off where you export it and bring the file in again."),
        ),
        "walking": Rule(
            False,
            False,
            False,
            marked("By pace and steps this was a walk nearly throughout, and walks are no mileage."),
            marked("by pace and steps it was a walk"),
            _SPORT,
        ),
        "clock": Rule(
            False,
            False,
            False,
            marked("The watch had the wrong date, so this belongs to no day."),
            marked("the watch had the wrong date"),
            marked("Let the watch find satellites or its phone, which set the clock."),
        ),
        "future": Rule(
            False,
            False,
            False,
            marked(
                "It starts after the day on which it was read, so its date is wrong, or this computer’s was."
            ),
            marked("its date lies in the future"),
            marked(
                "Set the watch’s clock for the runs to come; this one is kept and stays out of every sum."
            ),
        ),
        # The distance is wrong, and with it every speed.
        "doubled_distance": Rule(
            False,
            False,
            False,
            marked("The distance is twice what was recorded on the way."),
            marked("its distance is counted twice"),
            _EXPORT,
        ),
        "recorded_twice": Rule(
            False,
            False,
            False,
            marked("A part of the file is in it twice."),
            marked("a part of it is in the file twice"),
            _EXPORT,
        ),
        "long_steps": Rule(
            False,
            False,
            False,
            marked(
                "Every step would be longer than runners step, so the distance is too long, or "
                "this was a ride."
            ),
            marked("its steps would be longer than runners step"),
            marked("Calibrate the foot pod or the treadmill distance; if it was a ride, change its sport."),
        ),
        # The distance is wrong in places, which every other measure leaves out.
        "distance_jump": Rule(
            False,
            True,
            True,
            marked("The distance leaps in places, so it is left out of your mileage."),
            marked("its distance leaps"),
            _EXPORT,
        ),
        "distance_unlike_records": Rule(
            False,
            True,
            True,
            marked(
                "The total is not the distance that was recorded on the way, and which is right "
                "cannot be told."
            ),
            marked("its total is not what was recorded on the way"),
            _EXPORT,
        ),
        "timer_beyond_records": Rule(
            False,
            True,
            True,
            marked("Its totals are of a longer time than was recorded, so what they say is not borne out."),
            marked("its totals are of a longer time than was recorded"),
            _EXPORT,
        ),
        "no_distance": Rule(
            False,
            True,
            False,
            marked("No distance was recorded, so it adds none to your mileage."),
            marked("it has no distance"),
            marked("Indoors, a foot pod or the watch’s indoor profile measures distance."),
        ),
        # Heart rate.
        "heart_rate_dropouts": Rule(
            True,
            False,
            True,
            marked("Heart rate is missing or doubtful for long, so intensity is not judged."),
            marked("its heart rate is missing or doubtful for long"),
            marked("Wear the watch higher and tighter, or moisten the strap."),
        ),
        "heart_rate_flat": Rule(
            True,
            False,
            True,
            marked("Heart rate stands still while the pace does not, so intensity is not judged."),
            marked("its heart rate stands still while the pace does not"),
            marked("Restart the sensor; an old strap may need a battery."),
        ),
        "cadence_lock": Rule(
            True,
            False,
            True,
            marked(
                "Heart rate follows the steps for long, as when an optical sensor mistakes them "
                "for the pulse."
            ),
            marked("its heart rate follows the steps"),
            marked("Wear the watch higher and tighter, or use a strap."),
        ),
        "heart_rate_like_cadence": Rule(
            True,
            True,
            True,
            marked("Heart rate and steps are equal for long; in a steady race that may well be."),
        ),
        # Cadence.
        "cadence_unclear": Rule(
            True,
            True,
            False,
            marked("Steps and speed do not fit each other, so its cadence is not compared."),
            marked("its steps and its speed do not fit each other"),
            marked("Look up whether your app writes steps or strides, and calibrate a treadmill’s distance."),
        ),
        "cadence_in_steps": Rule(
            True,
            True,
            True,
            marked("The file counts steps where the format counts strides; this was put right."),
        ),
        # Worth knowing.
        "treadmill": Rule(
            True,
            True,
            True,
            marked("Run on a treadmill: its cadence is compared with other treadmill runs only."),
        ),
        "no_position": Rule(
            True,
            True,
            True,
            marked(
                "No position was recorded, so the distance comes from the steps; its cadence is "
                "compared with "
                "such runs only."
            ),
        ),
        "position_jumps": Rule(
            True, True, True, marked("The positions leap about, though the distance does not follow them.")
        ),
        "elapsed_much_longer": Rule(
            True, True, True, marked("The watch was paused for long; the time in motion is what counts.")
        ),
        "timer_beyond_elapsed": Rule(
            True,
            True,
            True,
            marked("More time in motion than went by: one of the file’s two times is wrong."),
        ),
        "several_per_second": Rule(
            True, True, True, marked("The file holds several records a second; the last of each is taken.")
        ),
        # What the decoder found.
        "truncated": Rule(True, True, True, marked("The file ends early; what is there counts.")),
        "unterminated": Rule(
            True, True, True, marked("The watch never finished the file; what is there counts.")
        ),
        "undefined_message": Rule(
            True, True, True, marked("The file is damaged in the middle; what can be read counts.")
        ),
        "checksum": Rule(True, True, True, marked("The file’s checksum is wrong, though it can be read.")),
        "trailing_bytes": Rule(
            True, True, True, marked("Something strange follows the end of the file; the run is whole.")
        ),
        "bad_field_size": Rule(
            True, True, True, marked("The watch broke the format in one place, without harm to the run.")
        ),
        "clock_not_set": Rule(True, True, True, marked("The watch did not know the time at first.")),
    }
)
"""Every word that decides something; a flag of another word lets everything count."""


def sentence_of(flag: Flag) -> str:
    """What a flag means, for the runner; a word without a rule is told as it came."""
    rule = RULES.get(flag.word)
    return rule.sentence if rule else flag.detail or flag.word.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an activity may stand for."""

    counts_distance: bool
    counts_intensity: bool
    counts_cadence: bool


def verdict(flags: Sequence[Flag]) -> Verdict:
    """Let an activity count for what each of its flags allows."""
    rules = [RULES[flag.word] for flag in flags if flag.word in RULES]
    return Verdict(
        all(rule.counts_distance for rule in rules),
        all(rule.counts_intensity for rule in rules),
        all(rule.counts_cadence for rule in rules),
    )
