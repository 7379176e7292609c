"""A rule made of numbers that somebody chose: each must be one that a rule about running can mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import msgspec

from alerts.findings import Detector

MOST_COUNTED = 3_660
"""Days, weeks, runs: ten years of days. A rule that counts further says no more, and takes for ever."""

MOST_MEASURED = 1e6
"""Metres, minutes, percent, ratios: a thousand kilometres of running in two weeks."""


def make_rule(kind: type[Detector], numbers: Mapping[str, Any]) -> Detector:
    """A rule of that kind with these numbers, which may be words for numbers.

    Raises
    ------
    ValueError
        If a number is missing, is none, or lies beyond what any runner can do; the message names it.
    """
    try:
        rule = msgspec.convert(numbers, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        value = getattr(rule, field.name)
        most = MOST_COUNTED if isinstance(value, int) else MOST_MEASURED
        if not 0 <= value <= most:
            raise ValueError(f"{field.name} is {value:,}; it can be from 0 to {most:,.0f}")
    return rule
