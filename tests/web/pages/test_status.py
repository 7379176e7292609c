"""Files and mail in one sentence each."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from alerts.text.i18n import use_language
from alerts.views.overview import FilesHealth, MailStatus
from overview_samples import NOW, STEADY
from web.pages.today.status import Status, statuses


def files(health: FilesHealth) -> Status:
    """Tell the state of the files."""
    return statuses(dataclasses.replace(STEADY, files=health))[0]


def mail(health: MailStatus) -> Status:
    """Tell the state of the mail."""
    return statuses(dataclasses.replace(STEADY, mail=health))[1]


@pytest.mark.parametrize(
    ("health", "state", "sentence"),
    [
        (FilesHealth(), "Fine", "None yet"),
        (FilesHealth(NOW, 2), "Fine", "2 today, last file: today at 16:20"),
        (
            FilesHealth(NOW - timedelta(days=1), 0),
            "Fine",
            "None today, last file: yesterday at 16:20",
        ),
        (FilesHealth(NOW, 1, waiting=3), "Fine", "1 today, last file: today at 16:20, 3 waiting"),
        (
            FilesHealth(NOW, 1, set_aside=2),
            "Notice",
            "1 today, last file: today at 16:20. 2 files couldn’t be read; see the reasons on Files.",
        ),
    ],
)
def test_files_say_what_came_and_what_became_of_it(health: FilesHealth, state: str, sentence: str) -> None:
    told = files(health)

    assert (told.state.word, told.sentence.replace("\N{NO-BREAK SPACE}", " ")) == (state, sentence)


@pytest.mark.parametrize(
    ("health", "state", "sentence"),
    [
        (MailStatus("off"), "For information", "Turned off; alerts appear only on this page."),
        (MailStatus("smtp"), "Fine", "Working; no email has been needed yet."),
        (
            MailStatus("smtp", queued=1, last_sent_at=NOW),
            "Fine",
            "Working; last email today at 16:20; 1 waiting.",
        ),
        (
            MailStatus("smtp", queued=2, stuck=2, last_error="454 TLS is out"),
            "Caution",
            (
                "2 emails have been waiting for hours; nothing is being sent. Run "
                "hipwatch mail test to find out why. Last error: “454 TLS is out”"
            ),
        ),
        (
            MailStatus("smtp", quiet=(("Two week ramp", date(2024, 5, 19)),), stopped=("digest emails",)),
            "Fine",
            (
                "Working; no email has been needed yet. As you asked: Two week ramp muted until Sun "
                "19 May; no digest emails."
            ),
        ),
        (
            MailStatus("folder"),
            "Fine",
            "Email isn’t set up yet: saved in a folder, not sent; no email has been needed yet.",
        ),
        (
            MailStatus("smtp", queued=2, last_error="no route"),
            "Notice",
            "2 emails are waiting to be retried. Last error: “no route”",
        ),
        (
            MailStatus("smtp", dead=1),
            "Caution",
            "1 email couldn’t be sent and won’t be retried. What they say is on this page.",
        ),
    ],
)
def test_mail_says_whether_letters_leave(health: MailStatus, state: str, sentence: str) -> None:
    told = mail(health)

    assert (told.state.word, told.sentence.replace("\N{NO-BREAK SPACE}", " ")) == (state, sentence)


def test_a_watcher_is_named_only_where_no_sign_of_life_gets_through() -> None:
    unheard = dataclasses.replace(STEADY, uptime_ping_failing_since=NOW - timedelta(hours=2))
    named = [[status.name for status in statuses(one)] for one in (STEADY, unheard)]

    assert named == [["Files", "Email"], ["Files", "Email", "Uptime monitor"]]
    assert statuses(unheard)[-1].is_trouble


def test_only_lost_letters_are_trouble() -> None:
    assert [mail(MailStatus("smtp", queued=1, dead=n)).is_trouble for n in (0, 1)] == [False, True]


def test_files_that_cannot_be_taken_in_are_trouble_and_say_why() -> None:
    full = "the disk is full: /srv/archive; free some space"
    told = files(FilesHealth(NOW, 1, waiting=3, trouble=full))
    with use_language("de"):
        german = files(FilesHealth(NOW, 1, waiting=3, trouble=full)).sentence

    assert told.is_trouble
    assert told.sentence.endswith(
        f"3 waiting. Nothing is being imported: {full}. It will be retried automatically."
    )
    assert "voll: /srv/archive; Platz schaffen. Sie wird" in german


@pytest.mark.parametrize(("waiting", "said"), [(1, "1 wartet"), (2, "2 warten")])
def test_one_file_that_waits_is_one_in_german_too(waiting: int, said: str) -> None:
    with use_language("de"):
        assert said in files(FilesHealth(NOW, 1, waiting=waiting)).sentence
