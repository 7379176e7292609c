"""The heartbeat of the scheduled job: chance is passed over, what goes on is told."""

from __future__ import annotations

from contextlib import suppress

from alerts.service.job_heartbeat import UNFORESEEN, Heartbeat
from app_fixtures import NOW
from ingest.errors import DiskError


def beat(heartbeat: Heartbeat, error: Exception | None = None) -> None:
    with suppress(DiskError, ZeroDivisionError), heartbeat.beating(NOW):
        if error:
            raise error


def test_one_failure_may_be_chance() -> None:
    heartbeat = Heartbeat()
    beat(heartbeat, DiskError("the disk is full"))

    assert heartbeat.trouble == ""


def test_what_fails_again_is_told_with_its_last_reason() -> None:
    heartbeat = Heartbeat()
    beat(heartbeat, DiskError("the disk reports an error"))
    beat(heartbeat, DiskError("the disk is full"))

    assert (heartbeat.trouble, heartbeat.last_tick_at) == ("the disk is full", None)


def test_trouble_is_told_as_long_as_the_next_pass_is_under_way() -> None:
    heartbeat = Heartbeat()
    beat(heartbeat, DiskError("the disk is full"))
    beat(heartbeat, DiskError("the disk is full"))
    with heartbeat.beating(NOW):
        meanwhile = heartbeat.trouble

    assert meanwhile == "the disk is full"


def test_a_mistake_of_the_program_is_told_without_its_words() -> None:
    heartbeat = Heartbeat()
    beat(heartbeat, ZeroDivisionError("division by zero"))
    beat(heartbeat, ZeroDivisionError("division by zero"))

    assert heartbeat.trouble == UNFORESEEN


def test_a_pass_that_goes_through_ends_the_trouble() -> None:
    heartbeat = Heartbeat()
    beat(heartbeat, DiskError("the disk is full"))
    beat(heartbeat, DiskError("the disk is full"))
    beat(heartbeat)
    beat(heartbeat, DiskError("the disk is full"))

    assert (heartbeat.trouble, heartbeat.last_tick_at) == ("", NOW)
