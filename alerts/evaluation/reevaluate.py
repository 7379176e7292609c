"""Re-evaluates the history after a settings change: new alerts are stored, but nobody is notified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from alerts.alert.alert import Alert
from alerts.alert.alert_store import AlertStore
from alerts.evaluation.criteria import EvaluationCriteria, criteria_from_json, keys_from_criteria_change
from ingest.storage.stored_activity import StoredActivity

NEIGHBOURING_DAYS = 1
"""So far another time zone can move a run. [days]"""


def reevaluate(  # noqa: PLR0913 - one look at one history
    connection: Connection,
    alert_store: AlertStore,
    criteria: EvaluationCriteria,
    *,
    activities: Sequence[StoredActivity],
    alerts: Sequence[Alert],
    now: datetime,
) -> frozenset[str]:
    """Keys of alerts that only a settings change brought; empty if nothing changed.

    What the old settings would have found as well stays news, so that a run that came in the same minute is
    told. Alerts that another time zone moved to a neighbouring day keep what was said of them.
    """
    written, before = criteria.to_json(), alert_store.last_criteria(connection)
    if written == before:
        return frozenset()
    alert_store.save_criteria(connection, written)
    old = criteria_from_json(before) if before is not None else None
    if old is None:  # the first look ever, or settings of a Hipwatch that nobody knows any more
        return frozenset()
    if old.time_zone != criteria.time_zone:
        alert_store.rename(connection, _moved(alert_store.all(connection), alerts))
    return keys_from_criteria_change(old, activities, alerts, now)


def _moved(known: Sequence[Alert], alerts: Sequence[Alert]) -> Mapping[str, Alert]:
    """Map old keys to alerts that the same running now produces on a neighbouring day."""
    keys = {alert.key for alert in known}
    given = {alert.key for alert in alerts}
    fresh = [alert for alert in alerts if alert.key not in keys]
    moved: dict[str, Alert] = {}
    for one in known:
        if one.key in given:
            continue
        same = next((f for f in fresh if _is_same(f, one) and f not in moved.values()), None)
        if same is not None:
            moved[one.key] = same
    return moved


def _is_same(one: Alert, other: Alert) -> bool:
    return (
        one.kind == other.kind
        and one.activity_id == other.activity_id
        and abs((one.day - other.day).days) <= NEIGHBOURING_DAYS
    )
