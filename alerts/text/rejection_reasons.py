"""Translates reasons that were stored in English.

Why a file was quarantined, and what was odd about a run, is kept as it was found: a finished sentence. Here
stand the patterns that such sentences are made by; what fits none is told as it was kept.
"""

from __future__ import annotations

import functools
import re

from alerts.text.i18n import SOURCE, current_language, gettext, gettext_noop
from alerts.text.units import NBSP, number

PATTERNS = (
    # where, and then what again
    gettext_noop("{what}, at byte {offset} in line {line}"),
    gettext_noop("{what}, at byte {offset}"),
    gettext_noop("cannot be read: {what}"),
    # files
    gettext_noop("empty file"),
    gettext_noop("no FIT header"),
    gettext_noop("no complete message"),
    gettext_noop("no XML element"),
    gettext_noop("an encoding that can’t be read"),
    gettext_noop("a single tag larger than one megabyte"),
    gettext_noop("a document type declaration, which could expand entities or read files"),
    gettext_noop("elements nested more than {n} deep"),
    gettext_noop("more than {n} points"),
    gettext_noop("the gzip file is cut off"),
    gettext_noop("is not a regular file"),
    gettext_noop("{name} is not a .fit, .tcx, .gpx, .gz or .zip file"),
    gettext_noop("is larger than {size}"),
    gettext_noop("{name} is larger than {size}"),
    gettext_noop("unpacks to more than {n} times its size"),
    gettext_noop("its table of contents is larger than {size}"),
    gettext_noop("archives are nested more than {n} deep"),
    gettext_noop("is encrypted; {remedy}"),
    gettext_noop("uses a compression that Hipwatch can’t read; {remedy}"),
    gettext_noop("holds more than {n} files; {remedy}"),
    gettext_noop("more than {n} archives within one; {remedy}"),
    gettext_noop("the archive unpacks to more than {size}; {remedy}"),
    gettext_noop("the archives within it unpack to more than {size}; {remedy}"),
    gettext_noop("unpack it yourself and import the folder"),
    gettext_noop("The file says neither how long this took nor what was recorded."),
    gettext_noop("The watch’s clock was never set, so the day of this activity is unknown."),
    gettext_noop("The file names no sport; the list in the export says {sport}."),
    gettext_noop("The file doesn’t name a sport, so this doesn’t count as a run."),
    # what keeps any from being imported
    gettext_noop("the disk is full: {place}; {remedy}"),
    gettext_noop("database or disk is full: {place}; {remedy}"),
    gettext_noop("the disk quota is used up: {place}; {remedy}"),
    gettext_noop("the disk is read-only: {place}; {remedy}"),
    gettext_noop("no permission to write: {place}; {remedy}"),
    gettext_noop("the disk reports an error: {place}; {remedy}"),
    gettext_noop("free some space"),
    gettext_noop("make it writable, or set HIPWATCH_HOME to another folder"),
    gettext_noop("give Hipwatch’s user permission to write there, or set HIPWATCH_HOME to another folder"),
    gettext_noop("check the disk and your backup"),
    gettext_noop("fix that"),
    gettext_noop("another process has been writing to the database for a minute"),
    gettext_noop("the import process was stopped; the files are still waiting"),
    # runs
    gettext_noop("average {speed} m/s over {distance} m"),
    gettext_noop("{distance} m in {time} s"),
    gettext_noop("{share} of the positions lie too far apart"),
    gettext_noop("{counted} m along {way} m of positions"),
    gettext_noop("{counted} m in all, {recorded} m in the records"),
    gettext_noop("heart rate is the cadence for {share} of the time"),
    gettext_noop("heart rate equals the cadence for {share} of the time"),
    gettext_noop("no usable heart rate for {share} of the time"),
    gettext_noop("{rate} heartbeats for {time} minutes"),
    gettext_noop("{time} minutes at cycling speed, without steps"),
    gettext_noop("walking for {share} of the moving time"),
    gettext_noop("{rate} steps a minute at running pace"),
    gettext_noop("{rate} steps a minute, each {length} m long"),
    gettext_noop("starts in {year}"),
    gettext_noop("starts on {day}, which was in the future on {today}"),
    gettext_noop("paused for {time} minutes"),
    gettext_noop("{moved} s moving within {elapsed} s"),
    gettext_noop("{moved} s moving, {recorded} s of records"),
    gettext_noop("{share} of the records share their second with another"),
    gettext_noop("{share} of the records repeat others"),
)
"""Each with the names of its values; the first that fits is taken."""

AGAIN = frozenset({"what", "remedy"})
"""Values that are sentences of the same kind."""

NUMBER = re.compile(r"\d+(?:\.\d+)?%?", re.ASCII)


def translate_reason(kept: str) -> str:
    """A stored English reason in the current language."""
    if current_language() == SOURCE or not kept:
        return kept
    known = gettext(kept)
    if known != kept:
        return known
    for message, pattern in _compiled():
        if found := pattern.fullmatch(kept):
            values = {name: _value(name, text) for name, text in found.groupdict().items()}
            return gettext(message, **values)
    return kept


def _value(name: str, text: str) -> str:
    """Translate nested sentences, reformat numbers, leave everything else."""
    if name in AGAIN:
        return translate_reason(text)
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
