"""What the command line lists of care: plain dictionaries for scripts, short lines for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from alerts.care.catalogue.catalogue import Routine
from alerts.care.plan.shoes import ShoeMileage
from alerts.journal.body_sites import body_site_text
from alerts.journal.entries import PainEntry
from alerts.service.care_service import CarePage
from alerts.text.units import Units, distance, short_date

Listing = list[dict[str, Any]]


def list_routines(routines: Iterable[Routine], planned: Iterable[str]) -> Listing:
    """Every routine with its dose, stop rule, source and strength; ``planned`` marks those of the plan."""
    chosen = set(planned)
    return [
        asdict(routine) | {"strength_words": routine.strength_words, "planned": routine.id in chosen}
        for routine in routines
    ]


def routine_lines(listed: Listing) -> str:
    """The routines, one line each, those of the plan marked."""
    return "\n".join(
        f"{'*' if row['planned'] else ' '} {row['id']:<13} {row['title']:<42} "
        f"{row['strength']}  {row['source'].split(';')[0]}"
        for row in listed
    )


def list_pain(page: CarePage) -> dict[str, Any]:
    """What the diary says of the last 14 days, and what follows."""
    return {
        "verdict": page.pain.verdict.value,
        "reason": page.pain.reason.value,
        "sentence": page.pain.sentence,
        "act": page.pain.act,
        "silenced": page.red_flag_lock is not None,
        "entries": [of_entry(entry) for entry in page.entries],
    }


def of_entry(entry: PainEntry) -> dict[str, Any]:
    """One report for a script."""
    report = entry.report
    return {
        "id": entry.id,
        "reported_at": entry.reported_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "day": report.day.isoformat(),
        "place": report.place.value,
        "side": report.side.value,
        "during": report.during,
        "after": report.after,
        "next_morning": report.next_morning,
        "limped": report.limped,
        "red_flags": list(report.flags),
        "note": report.note,
        "activity_id": entry.activity_id,
    }


def pain_lines(page: CarePage) -> str:
    """The verdict, and one line for each report."""
    lines = [f"{page.pain.verdict.value}: {page.pain.sentence}", f"    → {page.pain.act}"]
    for entry in page.entries:
        told = (("during", entry.report.during), ("after", entry.report.after))
        scores = [f"{name} {score}" for name, score in told if score is not None]
        if entry.report.next_morning is not None:
            scores.append(f"next morning {entry.report.next_morning}")
        where = body_site_text(entry.report.place, entry.report.side)
        lines.append(f"{entry.id:>5}  {short_date(entry.report.day)}  {where}: {', '.join(scores)}")
    return "\n".join(lines)


def list_shoes(mileages: Iterable[ShoeMileage]) -> Listing:
    """Every pair with its distance."""
    return [
        {
            "id": one.shoe.id,
            "name": one.shoe.name,
            "first_day": one.shoe.first_day.isoformat(),
            "retired_on": one.shoe.retired_on and one.shoe.retired_on.isoformat(),
            "default_for": one.shoe.default_for,
            "note_at_m": one.shoe.note_at_m,
            "distance_m": one.distance_m,
            "runs": one.runs,
            "note": one.note,
        }
        for one in mileages
    ]


def shoe_lines(listed: Listing, units: Units) -> str:
    """The pairs, one line each."""
    if not listed:
        return "No pairs yet."
    return "\n".join(
        f"{row['id']:>5}  {distance(row['distance_m'], units, digits=0):>9}  {row['name']}"
        f"{'  (retired)' if row['retired_on'] else ''}{'  — ' + row['note'] if row['note'] else ''}"
        for row in listed
    )
