"""The profile: fitparse's, with what is newer than it."""

from __future__ import annotations

import fitdecode.profile
import fitparse.profile
import pytest

from ingest.formats.fit import profile

FITPARSE_MESSAGES = sorted(fitparse.profile.MESSAGE_TYPES)


@pytest.mark.parametrize("message", FITPARSE_MESSAGES)
def test_every_field_that_fitparse_knows_keeps_its_scale(message: int) -> None:
    ours = profile.fields(message)

    for number, field in fitparse.profile.MESSAGE_TYPES[message].fields.items():
        assert (ours[number].scale, ours[number].offset) == (field.scale, field.offset), field.name


@pytest.mark.parametrize("message", [profile.SESSION, profile.RECORD, 19, 21, 23])
def test_the_supplement_fills_what_fitdecode_knows_beyond_fitparse(message: int) -> None:
    ours = profile.fields(message)

    for number, field in fitdecode.profile.MESSAGE_TYPES[message].fields.items():
        assert (ours[number].name, ours[number].scale) == (field.name, field.scale)


def test_newer_sports_and_watches_have_names() -> None:
    names = (
        profile.names("sport")[62],
        profile.names("garmin_product")[4315],
        profile.names("manufacturer")[294],
    )

    assert names == ("hiit", "fr965", "coros")


def test_an_unknown_message_is_named_by_its_number() -> None:
    assert profile.message_name(233) == "unknown_233"
