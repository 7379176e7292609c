"""What the command line lists: plain dictionaries for scripts, a table for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from alerts.alert.alert import Alert, is_open
from alerts.care.catalogue.alert_rates import rate_for
from alerts.care.explained_alert import ExplainedAlert
from alerts.explanation.alert_basis import AlertBasis, look_up_grounds
from alerts.explanation.grouping import all_groups, lead_by_key, state_on
from alerts.service.runner_service import RunnerService
from alerts.text.units import distance, minutes
from alerts.views.overview import SuppressedAlert
from alerts.views.suppressed_alerts import suppressed_alerts
from ingest.storage.activity_store import StoredRecording
from ingest.storage.stored_activity import StoredActivity

SENTENCE_START = date(1970, 1, 1)

Listing = list[dict[str, Any]]


def list_activities(runner_service: RunnerService, *, everything: bool = False) -> Listing:
    """Every activity that counts, the newest last; or every recording, with what counts for it.

    An activity that was recorded several times names all of its recordings, the one that counts first.
    """
    recordings = runner_service.store.recordings()
    if everything:
        return [{**_of_activity(one.activity), "same_as": one.same_as} for one in recordings]
    copies: defaultdict[int | None, list[StoredRecording]] = defaultdict(list)
    for one in recordings:
        copies[one.same_as].append(one)
    return [_of_merged([one, *copies[one.activity.id]]) for one in copies[None]]


def list_alerts(runner_service: RunnerService, now: datetime, *, everything: bool) -> Listing:
    """The findings that are open, or all of them and those that are held back, the newest last.

    ``suppressed_alerts`` says why an alert is suppressed where a run behind it is in doubt; else it is null.
    ``quiet_until`` is the day until which the runner wants to hear nothing of the rule. It is listed all the
    same: whoever asks for the list asks for all of it. ``opinion`` is "useful" or "not useful" where the
    runner said so. ``lead_by_key`` is the key of the
    finding that leads its story on the pages, null for that one itself. ``rate`` is what its rule says in a
    year to made-up runners who run as often.
    """
    today, days = runner_service.runner.day_of(now), runner_service.history.days(now)
    found, gate = runner_service.alert_store.since(SENTENCE_START), runner_service.gate(today)
    quiet, opinions = runner_service.answers.snoozed(now), runner_service.answers.opinions()
    leads = lead_by_key(all_groups(found, state_on(today, quiet)))

    def row(alert: Alert) -> dict[str, Any]:
        explained = runner_service.explain(alert, today, gate=gate)
        grounds = look_up_grounds(alert, runner_service.detectors, days.runs, may_tell=gate.may_run)
        until = quiet.get(alert.kind)
        asked = {
            "quiet_until": until and runner_service.runner.day_of(until).isoformat(),
            "opinion": opinions.get(alert.key),
        }
        lead = leads.get(alert.key)
        rate = rate_for(alert.kind, days)
        around = {"told_with": lead and lead.key, "rate": rate and asdict(rate)}
        return _of_alert(explained) | _of_grounds(grounds) | asked | around

    if not everything:
        return [row(alert) for alert in found if is_open(alert, today)]
    withheld = suppressed_alerts(runner_service, days, found, since=SENTENCE_START, today=today)
    listed = [row(alert) for alert in found]
    listed += [row(one.alert) | _of_held_back(one) for one in withheld]
    return sorted(listed, key=lambda row: (row["day"], row["kind"]))


def activity_lines(runner_service: RunnerService, listed: Listing) -> str:
    """The activities as aligned columns."""
    rows = [
        (
            str(row["id"]),
            datetime.fromisoformat(row["started_at"])
            .astimezone(runner_service.runner.time_zone)
            .strftime("%Y-%m-%d %H:%M"),
            row["sport"],
            ""
            if row["distance_m"] is None
            else distance(row["distance_m"], runner_service.runner.units, digits=2),
            minutes(row["timer_s"] / 60),
            ", ".join(dict.fromkeys([*row["quality"], *_on_copies(row)])),
        )
        for row in listed
    ]
    return _aligned(("id", "start", "sport", "distance", "time", "remarks"), rows)


def alert_lines(listed: Listing) -> str:
    """The findings, a line for the level and one for the sentence; a part names what leads its story."""
    if not listed:
        return "No open alerts."
    return "\n".join(
        f"{row['day']}  {'held' if row['held_back'] else row['level']:<8} {row['title']}\n"
        f"    {row['held_back'] or row['sentence']}\n    → {_act(row)}{_story(row)}"
        for row in listed
    )


def _act(row: Mapping[str, Any]) -> str:
    until = row["quiet_until"]
    return f"{row['act']} (Quiet until {until}, as you asked.)" if until else str(row["act"])


def _story(row: Mapping[str, Any]) -> str:
    return f"\n    Told with {row['told_with']}." if row["told_with"] else ""


def _on_copies(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("sources"):
        yield f"{len(row['sources'])} recordings"
    if row.get("same_as"):
        yield f"counted as {row['same_as']}"


def _of_merged(recordings: Sequence[StoredRecording]) -> dict[str, Any]:
    counted = _of_activity(recordings[0].activity)
    if len(recordings) == 1:
        return counted
    sources = [
        {"id": one.activity.id, "name": one.name, "device": one.activity.summary.device} for one in recordings
    ]
    return {**counted, "sources": sources}


def _of_activity(activity: StoredActivity) -> dict[str, Any]:
    summary = activity.summary
    return {
        "id": activity.id,
        "sport": summary.sport,
        "sub_sport": summary.sub_sport,
        "started_at": summary.started_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "distance_m": summary.distance_m,
        "timer_s": summary.timer_s,
        "avg_heart_rate_bpm": summary.avg_heart_rate_bpm,
        "avg_cadence_spm": summary.avg_cadence_spm,
        "device": summary.device,
        "quality": [flag.code for flag in summary.flags],
    }


def _of_alert(explained: ExplainedAlert) -> dict[str, Any]:
    alert, alert_text = explained.alert, explained.alert_text
    return {
        "key": alert.key,
        "kind": alert.kind,
        "day": alert.day.isoformat(),
        "level": alert.level.word,
        "observed": alert.observed,
        "expected": alert.expected,
        "unit": alert.unit,
        "compared_day": alert.compared_day and alert.compared_day.isoformat(),
        "activity_id": alert.activity_id,
        "numbers": dict(alert.numbers),
        "title": alert_text.title,
        "sentence": alert_text.sentence,
        "act": alert_text.act,
        "quiet": alert_text.quiet,
        "evidence": asdict(explained.advice.evidence),
        "advice": list(explained.advice.ids),
        "held_back": None,
    }


def _of_grounds(known: AlertBasis) -> dict[str, Any]:
    other, band = known.compared_run, known.band
    return {
        "compared_run": other and (asdict(other) | {"day": other.day.isoformat()}),
        "band": band and asdict(band),
    }


def _of_held_back(one: SuppressedAlert) -> dict[str, Any]:
    """What is told in place of the advice; the finding is none."""
    return {"held_back": one.sentence, "act": one.act, "sentence": one.sentence, "advice": []}


def _aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    )
