"""Links that answer a letter do one thing, for a while, and cannot be made by anybody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.notifications.compose.signed_links import LIFE, TOKEN_AT_MOST, Links, Purpose

NOW = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
LINKS = Links(b"k" * 32, 1, "https://run.example.org/")
TOKEN = LINKS.token(Purpose.SNOOZE, "7", "single_run_spike", now=NOW)


def test_an_address_holds_its_purpose_and_nothing_twice() -> None:
    address = LINKS.make(Purpose.SNOOZE, "7", "single_run_spike", now=NOW)

    assert address == f"https://run.example.org/answer/snooze/{TOKEN}"


def test_what_was_written_is_read() -> None:
    assert LINKS.read(Purpose.SNOOZE, TOKEN, now=NOW) == ("7", "single_run_spike")


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.SNOOZE])
def test_a_link_is_good_for_nothing_else(purpose: Purpose) -> None:
    assert LINKS.read(purpose, TOKEN, now=NOW) is None


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_ends_when_its_time_is_over(purpose: Purpose) -> None:
    token = LINKS.token(purpose, "x", now=NOW)
    reads = [LINKS.read(purpose, token, now=NOW + LIFE[purpose] + timedelta(seconds=s)) for s in (-1, 1)]

    assert reads == [("x",), None]


def test_another_house_and_another_runner_read_nothing() -> None:
    others = [Links(b"o" * 32, 1, LINKS.base_url), Links(LINKS.secret, 2, LINKS.base_url)]

    assert [other.read(Purpose.SNOOZE, TOKEN, now=NOW) for other in others] == [None, None]


@given(at=st.integers(0, len(TOKEN) - 1), other=st.sampled_from("abcXYZ019-_.~"))
def test_a_link_with_one_letter_changed_is_refused(at: int, other: str) -> None:
    changed = TOKEN[:at] + other + TOKEN[at + 1 :]

    # the last letter of a part holds bits that no byte needs
    assert changed == TOKEN or LINKS.read(Purpose.SNOOZE, changed, now=NOW) in {
        None,
        LINKS.read(Purpose.SNOOZE, TOKEN, now=NOW) if at == len(TOKEN) - 1 else None,
    }


@given(st.text())
def test_no_made_up_token_is_read(token: str) -> None:
    assert all(LINKS.read(purpose, token, now=NOW) is None for purpose in Purpose)


def test_a_token_of_any_length_costs_nothing() -> None:
    assert LINKS.read(Purpose.DONE, "a" * (TOKEN_AT_MOST + 1), now=NOW) is None


def test_the_key_is_not_shown() -> None:
    assert "k" * 32 not in repr(LINKS)
