"""What was written down in English, said again in the language that is being spoken.

Why a file was set aside, and what was odd about a run, is kept as it was found: a finished sentence. Here
stand the patterns that such sentences are made by; what fits none is told as it was kept.
"""

from __future__ import annotations

import functools
import re

from alerts.text.i18n import SOURCE, marked, say, spoken
from alerts.text.units import NBSP, number

PATTERNS = (
    # where, and then what again
    marked("{what}, at byte {offset} in line {line}"),
    marked("{what}, at byte {offset}"),
    marked("cannot be read: {what}"),
    # files
    marked("empty file"),
    marked("no FIT header"),
    marked("no whole message"),
    marked("no element at all"),
    marked("an encoding that cannot be read"),
    marked("a single tag of more than a megabyte"),
    marked("a document type declaration, which could name entities to expand or files to read"),
    marked("elements more than {n} deep"),
    marked("more than {n} points"),
    marked("the gzip file is cut off"),
    marked("is no regular file"),
    marked("{name} is no .fit, .tcx, .gpx, .gz or .zip file"),
    marked("is larger than {size}"),
    marked("{name} is larger than {size}"),
    marked("unpacks to more than {n} times its size"),
    marked("its list of contents is longer than {size}"),
    marked("archives are nested more than {n} deep"),
    marked("is encrypted; {remedy}"),
    marked("is packed in a way that Hipwatch does not read; {remedy}"),
    marked("holds more than {n} files; {remedy}"),
    marked("more than {n} archives within one; {remedy}"),
    marked("the archive unpacks to more than {size}; {remedy}"),
    marked("the archives within it unpack to more than {size}; {remedy}"),
    marked("unpack it yourself and import the folder"),
    marked("The file says neither how long this took nor what was recorded."),
    marked("The clock of the watch was never set, so the day of this is unknown."),
    marked("The file names no sport; the list in the export says {sport}."),
    marked("The file does not say which sport this was, so it counts as no run."),
    # what keeps any from being taken in
    marked("the disk is full: {place}; {remedy}"),
    marked("database or disk is full: {place}; {remedy}"),
    marked("the disk quota is used up: {place}; {remedy}"),
    marked("the disk can only be read: {place}; {remedy}"),
    marked("there is no right to write: {place}; {remedy}"),
    marked("the disk reports an error: {place}; {remedy}"),
    marked("free some space"),
    marked("make it writable, or set HIPWATCH_HOME to another folder"),
    marked("give Hipwatch's user the right, or set HIPWATCH_HOME to another folder"),
    marked("check the disk, and your backup"),
    marked("mend that"),
    marked("another process has been writing to the database for a minute"),
    marked("the process that took files in was ended; they still wait"),
    # runs
    marked("average {speed} m/s over {distance} m"),
    marked("{distance} m in {time} s"),
    marked("{share} of the positions lie too far apart"),
    marked("{counted} m along {way} m of positions"),
    marked("{counted} m in all, {recorded} m in the records"),
    marked("heart rate is the cadence for {share} of the time"),
    marked("heart rate equals the cadence for {share} of the time"),
    marked("no usable heart rate for {share} of the time"),
    marked("{rate} beats for {time} minutes"),
    marked("{time} minutes at the pace of a ride, without steps"),
    marked("walked for {share} of the time in motion"),
    marked("{rate} steps a minute at the pace of a run"),
    marked("{rate} steps a minute of {length} m"),
    marked("starts in {year}"),
    marked("starts on {day}, which was still to come on {today}"),
    marked("paused for {time} minutes"),
    marked("{moved} s in motion within {elapsed} s"),
    marked("{moved} s in motion, {recorded} s of records"),
    marked("{share} of the records share their second with another"),
    marked("{share} of the records repeat others"),
)
"""Each with the names of its values; the first that fits is taken."""

AGAIN = frozenset({"what", "remedy"})
"""Values that are sentences of the same kind."""

NUMBER = re.compile(r"\d+(?:\.\d+)?%?", re.ASCII)


def retold(kept: str) -> str:
    """A sentence that was kept, in the language that is being spoken."""
    if spoken() == SOURCE or not kept:
        return kept
    known = say(kept)
    if known != kept:
        return known
    for message, pattern in _compiled():
        if found := pattern.fullmatch(kept):
            values = {name: _value(name, text) for name, text in found.groupdict().items()}
            return say(message, **values)
    return kept


def _value(name: str, text: str) -> str:
    """A sentence is said again, a number written as it is written here, anything else left alone."""
    if name in AGAIN:
        return retold(text)
    if not NUMBER.fullmatch(text):
        return text
    digits, _, decimals = text.removesuffix("%").partition(".")
    written = number(float(f"{digits}.{decimals or 0}"), f".{len(decimals)}f")
    return f"{written}{NBSP}%" if text.endswith("%") else written


@functools.cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((message, re.compile(_as_pattern(message), re.DOTALL)) for message in PATTERNS)


def _as_pattern(message: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(message))
