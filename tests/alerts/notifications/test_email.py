"""The letter: its order, its two parts, its subject, and what hostile text cannot do to it."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from alert_factory import KINDS, SUNDAY, alert, tell
from alerts.alert.alert import Level
from alerts.care.catalogue.catalogue import CareCatalogue
from alerts.care.catalogue.loading import load_care
from alerts.errors import EmailError
from alerts.notifications.compose import email_content as letter_module
from alerts.notifications.compose.email_content import (
    COLUMNS,
    NAME_AT_MOST,
    PICTURE_ID,
    Email,
    EmailAlert,
    plain_name,
    to_message,
    write_email,
)
from alerts.notifications.compose.email_parts import Answering, AnswerLink, Opening
from alerts.notifications.compose.week_chart_png import draw_week_chart
from alerts.text.units import IMPERIAL, METRIC, NBSP, Units
from forbidden_words import forbidden_in
from overview_samples import weeks

CARE: CareCatalogue = load_care()
TO, SENDER, DASHBOARD = "ada@example.org", "hipwatch@example.org", "https://run.example.org/"
NOW = datetime(2024, 5, 12, 18, 30, tzinfo=UTC)

EVERY_LETTER = [
    pytest.param(kind, level, units, id=f"{kind}-{level.word}-{units.abbreviation}")
    for kind in KINDS
    for level in Level
    for units in (METRIC, IMPERIAL)
]


def email_about(
    *told: EmailAlert, name: str = "Ada", url: str | None = DASHBOARD, to: str = TO, units: Units = METRIC
) -> Email:
    """A letter to Ada, with what is given changed."""
    return write_email(
        told, to=to, sender=SENDER, runner_name=name, dashboard_url=url, units=units, today=SUNDAY
    )


def about(kind: str, level: Level = Level.CAUTION, units: Units = METRIC) -> EmailAlert:
    return tell(CARE, alert(kind, level), units=units, today=SUNDAY)


class _Page(HTMLParser):
    """What a person reads of a page, and what its tags are."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] and self.tags[-1][0] not in ("style", "title"):
            self.words.append(data)


def page(email: Email) -> _Page:
    parsed = _Page()
    parsed.feed(email.html)
    return parsed


def words(text: str) -> str:
    """A text on one line with ordinary spaces, so that wrapping does not matter."""
    return " ".join(text.replace(NBSP, " ").split())


def parts(email: Email) -> tuple[str, str]:
    return words(email.text), words("".join(page(email).words))


@pytest.mark.parametrize(("kind", "level", "units"), EVERY_LETTER)
def test_both_parts_say_everything_in_its_order(kind: str, level: Level, units: Units) -> None:
    told = about(kind, level, units)
    first = told.advice.routines[0]
    evidence = told.advice.evidence
    expected = [
        *(told.alert_text.title, told.alert_text.sentence, told.alert_text.act),
        *(first.title, first.dose, first.stop_own or told.advice.stop),
        *(told.alert_text.study, evidence.effect, evidence.against, evidence.not_shown, evidence.source),
        *(told.alert_text.quiet, "enabled = false under [mail]", "not medical advice"),
    ]

    for part in parts(email_about(told, units=units)):
        places = [part.find(words(text)) for text in expected]
        assert -1 not in places
        assert all(earlier < later for earlier, later in pairwise(places))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
def test_every_routine_comes_with_dose_and_stop_rule(kind: str, level: Level) -> None:
    told = about(kind, level)

    for part in parts(email_about(told)):
        for routine in told.advice.routines:
            assert words(routine.title) in part
            assert words(routine.dose) in part
            assert words(routine.stop_own) in part
            assert not routine.shares_stop or words(told.advice.stop) in part


@pytest.mark.parametrize(("kind", "level", "units"), EVERY_LETTER)
def test_not_medical_advice_stands_once(kind: str, level: Level, units: Units) -> None:
    email = email_about(about(kind, level, units), units=units)

    assert [part.count("not medical advice") for part in parts(email)] == [1, 1]


@pytest.mark.parametrize(("kind", "level", "units"), EVERY_LETTER)
def test_a_letter_says_nothing_forbidden(kind: str, level: Level, units: Units) -> None:
    email = email_about(about(kind, level, units), units=units)

    assert [forbidden_in(part) for part in (email.subject, *parts(email))] == [[], [], []]


def test_the_shared_stop_rule_is_said_once_for_three_routines() -> None:
    email = email_about(about("single_run_spike"))

    assert [part.count("Stop if pain is sharp") for part in parts(email)] == [1, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_is_one_line_without_health(kind: str) -> None:
    subject = email_about(about(kind, Level.HIGH)).subject

    assert re.fullmatch(r"Hipwatch: about (Sunday’s run|(your|this week’s) [a-z ]+)", subject)


def test_the_subject_of_several_findings_singles_none_out() -> None:
    email = email_about(about("single_run_spike"), about("two_week_ramp"))

    assert email.subject == "Hipwatch: about your recent running"


def test_the_gravest_finding_comes_first() -> None:
    told = [about("cadence_shift", Level.INFO), about("two_week_ramp", Level.HIGH)]
    titles = [told[1].alert_text.title, told[0].alert_text.title]

    for part in parts(email_about(*told)):
        assert part.find(titles[0]) < part.find(titles[1])


def test_only_the_first_act_is_what_to_do() -> None:
    text, html = parts(email_about(*(about(kind) for kind in KINDS)))

    assert [part.count("What to do") for part in (text, html)] == [1, 1]


def test_several_findings_share_three_routines() -> None:
    """Each finding's first comes before any finding's second."""
    email = email_about(about("single_run_spike", Level.HIGH), about("two_week_ramp"))

    listed = re.findall(r"^\d\. (.+)$", email.text, re.MULTILINE)

    assert listed == ["Two quiet days", "A lighter week", "Go back to the length before"]


def test_no_routine_is_told_twice() -> None:
    email = email_about(about("single_run_spike", Level.HIGH), about("single_run_spike", Level.NOTICE))

    assert email.text.count("Go back to the length before") == 1


@pytest.mark.parametrize(
    ("level", "mark"),
    [
        (Level.INFO, "● For information"),
        (Level.NOTICE, "◆ Notice"),
        (Level.CAUTION, "▲ Caution"),
        (Level.HIGH, "▲ High caution"),
    ],
)
def test_a_state_is_a_shape_and_a_word(level: Level, mark: str) -> None:
    assert all(f"{mark}" in part for part in parts(email_about(about("two_week_ramp", level))))


@pytest.mark.parametrize(("kind", "level", "units"), EVERY_LETTER)
def test_no_line_of_the_text_is_wider_than_a_terminal(kind: str, level: Level, units: Units) -> None:
    lines = email_about(about(kind, level, units), units=units).text.splitlines()

    assert [line for line in lines if len(line) > COLUMNS] == []


def test_text_paragraphs_are_parted_by_one_empty_line() -> None:
    text = email_about(*(about(kind) for kind in KINDS)).text

    assert "\n\n\n" not in text
    assert text.endswith("advice.\n")


def test_an_address_of_the_dashboard_is_never_broken() -> None:
    url = f"https://run.example.org/{'a' * 90}"

    assert f"\n{url}\n" in email_about(about("two_week_ramp"), url=url).text


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", 'http://x/"onload="y', "http://x/\nBcc: y"])
def test_what_is_no_web_address_becomes_no_link(url: str | None) -> None:
    email = email_about(about("two_week_ramp"), url=url)

    assert "dashboard" not in email.text
    assert [tag for tag, _ in page(email).tags if tag == "a"] == []


def widths(email: Email) -> list[str]:
    return re.findall(r'class="bar(?: now)?"[^>]*[ ;"]width: (\d+)%', email.html)


def test_bars_start_at_zero() -> None:
    email = email_about(about("single_run_spike"))
    drawn = [len(bar) for bar in re.findall("=+", email.text) if len(bar) > 3]

    assert drawn[1] / drawn[0] == pytest.approx(10_600 / 14_200, abs=1 / drawn[0])
    assert widths(email) == ["100", "75"]


def test_a_finding_without_anything_before_has_a_bar_that_can_be_seen() -> None:
    told = tell(CARE, alert("hard_minutes_spike", expected=0.0))

    assert widths(email_about(told)) == ["100", "1"]


def test_html_keeps_dark_mode_and_carries_its_style_inline() -> None:
    email = email_about(about("single_run_spike"))

    assert "@media (prefers-color-scheme: dark)" in email.html
    assert 'class="act" style="' in email.html


def test_html_asks_nobody_for_anything() -> None:
    told = [about(kind) for kind in KINDS]
    asking = {"img", "script", "link", "iframe", "object", "embed", "form", "video", "audio"}

    email = email_about(*told, url=None)

    assert asking.isdisjoint(tag for tag, _ in page(email).tags)
    assert not re.search(r"url\(|@import|https?:|src=", email.html)


def test_the_largest_letter_is_shown_whole() -> None:
    """Some mail services cut a letter off after 100 kB; in one letter each rule speaks once."""
    email = email_about(*(about(kind) for kind in KINDS))

    assert len(email.html.encode()) < 100_000


def test_a_letter_about_nothing_is_not_written() -> None:
    with pytest.raises(EmailError, match="finding"):
        email_about()


def test_a_template_that_asks_for_too_much_fails_loudly() -> None:
    template = letter_module._environment().from_string("{{ unheard_of }}")

    with pytest.raises(UndefinedError):
        template.render()


@given(name=st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_no_name_changes_what_the_page_is_made_of(name: str) -> None:
    told = about("single_run_spike")
    expected = page(email_about(told, name="Ada")).tags

    email = email_about(told, name=name)

    assert page(email).tags == expected
    assert plain_name(name) in "".join(page(email).words)
    assert max(len(line) for line in email.text.splitlines()) <= COLUMNS


@given(name=st.text(alphabet=st.characters(), max_size=200))
@settings(deadline=None)
def test_a_name_stays_on_its_line_and_can_be_seen(name: str) -> None:
    shown = plain_name(name)

    assert len(shown) <= NAME_AT_MOST
    assert len(shown.splitlines()) <= 1
    assert shown.encode().decode() == shown
    assert not set(shown) & set("\u202e\u2066\u200b\x00\x1b\r\n")


def test_markup_in_a_name_is_shown_as_text() -> None:
    email = email_about(about("two_week_ramp"), name="<script>alert(1)</script>&amp;")

    assert "<script>" not in email.html
    assert "Hello <script>alert(1)</script>&amp;," in words("".join(page(email).words))


def test_a_nameless_runner_is_greeted_without_a_gap() -> None:
    assert email_about(about("two_week_ramp"), name=" \n").text.startswith("Hello,\n")


def envelope(
    email: Email, *, to: str = TO, sender: str = SENDER, message_id: str = "<1@example.org>"
) -> bytes:
    return to_message(email, to=to, sender=sender, message_id=message_id, date=NOW).as_bytes()


def test_a_message_survives_the_journey() -> None:
    email = email_about(about("single_run_spike"), name="Åsa Ünlü 走")

    arrived = message_from_bytes(envelope(email), policy=policy.default)

    assert arrived.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in arrived.iter_parts()] == [email.text, email.html]
    assert (arrived["To"], arrived["From"], arrived["Subject"]) == (TO, SENDER, email.subject)
    assert arrived["Date"].datetime == NOW
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_a_message_passes_servers_of_seven_bits() -> None:
    raw = envelope(email_about(about("single_run_spike"), name="Åsa"))

    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 998


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", "ada@example.org\r\nBcc: eve@example.org"),
        ("to", "ada@example.org, eve@example.org"),
        ("to", ""),
        ("sender", "hipwatch@example.org\nX-Evil: 1"),
        ("sender", ""),
        ("message_id", "<1@example.org>\nBcc: eve@example.org"),
    ],
)
def test_no_address_brings_a_header_of_its_own(field: str, value: str) -> None:
    email = email_about(about("two_week_ramp"))

    with pytest.raises(EmailError):
        envelope(email, **{field: value})


@given(name=st.text(max_size=80))
@settings(max_examples=25, deadline=None)
def test_no_name_reaches_a_header(name: str) -> None:
    told = about("two_week_ramp")

    arrived = message_from_bytes(envelope(email_about(told, name=name)), policy=policy.default)

    assert arrived.keys() == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type"),
    ]
    assert arrived["Subject"] == "Hipwatch: about your last two weeks"


OPENING = Opening(
    "before you run this week", "Before you run", ("One line.", "Another line."), "as you asked."
)
STOP = "https://run.example.org/answer/stop/" + "a" * 150
ANSWERS = Answering(
    (AnswerLink("Done today: a routine", "https://run.example.org/answer/done/abc"),),
    AnswerLink("Stop digest emails", STOP),
    AnswerLink("Stop all emails", STOP + "b"),
)


def opened(
    *told: EmailAlert, opening: Opening | None = OPENING, answers: Answering | None = ANSWERS
) -> Email:
    picture = draw_week_chart(weeks(), marked=SUNDAY, units=METRIC, today=SUNDAY)
    return write_email(
        told,
        to=TO,
        sender=SENDER,
        runner_name="Ada",
        dashboard_url=None,
        units=METRIC,
        today=SUNDAY,
        opening=opening,
        picture=picture,
        answers=answers,
    )


def test_an_opening_alone_is_a_letter_without_advice_or_evidence() -> None:
    for part in parts(opened()):
        assert [word in part for word in ("Before you run", "One line.", "Another line.")] == [True] * 3
        assert [word.lower() in part.lower() for word in ("What to do", "How sure this is")] == [False] * 2


@pytest.mark.parametrize("told", [(), (about("single_run_spike"),)])
def test_an_opened_letter_has_no_gaps(told: tuple[EmailAlert, ...]) -> None:
    text = opened(*told).text

    assert "\n\n\n" not in text
    assert text.count("\nREPLY WITH ONE TAP\n\n") == 1


def test_every_link_stands_whole_on_a_line_of_its_own() -> None:
    lines = opened(about("single_run_spike")).text.splitlines()

    assert {ANSWERS.links[0].url, STOP, STOP + "b"} <= set(lines)


def test_the_picture_is_shown_once_with_its_words() -> None:
    email = opened(about("single_run_spike"), about("two_week_ramp"))
    [attributes] = [attributes for tag, attributes in page(email).tags if tag == "img"]

    assert (attributes["src"], "Marked:" in (attributes["alt"] or "")) == (f"cid:{PICTURE_ID}", True)


def test_the_way_to_stop_reaches_mail_programs_as_it_is() -> None:
    """A header that was folded into encoded words would be pressed by no mail program."""
    raw = to_message(opened(), to=TO, sender=SENDER, message_id="<a@x>", date=NOW).as_bytes()

    assert f"\nList-Unsubscribe: <{STOP}>\n".encode() in raw
    assert b"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw
    assert max(len(line) for line in raw.splitlines()) < 998


def test_the_one_press_of_a_mail_program_is_offered_over_https_alone() -> None:
    email = dataclasses.replace(opened(), stop_url="http://192.168.1.2:8080/answer/stop/token")
    message = to_message(email, to=TO, sender=SENDER, message_id="<a@x>", date=NOW)

    assert (message["List-Unsubscribe"] is None, message["List-Unsubscribe-Post"]) == (False, None)


def test_no_stop_brings_a_header_of_its_own() -> None:
    email = Email("s", "t", "<p>h</p>", None, "https://x.org/\r\nBcc: eve@example.org")

    with pytest.raises(EmailError):
        to_message(email, to=TO, sender=SENDER, message_id="<a@x>", date=NOW)


@pytest.mark.parametrize("picture", [None, b"\x89PNG"])
def test_each_attempt_at_a_letter_is_the_same_to_the_byte(picture: bytes | None) -> None:
    email = Email("Hipwatch", "Text\n", "<p>Words</p>\n", picture)
    attempts = {
        to_message(email, to=TO, sender=SENDER, message_id="<a@example.org>", date=NOW).as_bytes()
        for _ in range(3)
    }

    assert len(attempts) == 1


def test_what_looks_like_a_boundary_ends_no_part() -> None:
    plain = to_message(Email("s", "t\n", "<p>h</p>\n"), to=TO, sender=SENDER, message_id="<a@b>", date=NOW)
    text = f"before\n--{plain.get_boundary()}\nafter\n--{plain.get_boundary()}--\n"
    sent = to_message(Email("s", text, "<p>h</p>\n"), to=TO, sender=SENDER, message_id="<a@b>", date=NOW)
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)

    first, second = read.iter_parts()
    assert first.get_content() == text
    assert second.get_content() == "<p>h</p>\n"
