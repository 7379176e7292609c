"""Recordings that have anything to do with each other, as far as their times tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.matching import Trace


def clusters(traces: Iterable[Trace]) -> Iterator[list[Trace]]:
    """Recordings that overlap in time, directly or through others; no copies lie in two clusters."""
    cluster: list[Trace] = []
    until_s = float("-inf")
    for trace in sorted(traces, key=lambda trace: (trace.started_s, trace.key)):
        if cluster and trace.started_s >= until_s:
            yield cluster
            cluster, until_s = [], float("-inf")
        cluster.append(trace)
        until_s = max(until_s, trace.stopped_s)
    if cluster:
        yield cluster
