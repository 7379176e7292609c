"""Every form of every page with Tab, Enter, Space and the arrows alone, and always seen where one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Page, expect

from alerts.journal.body_sites import BodySite, Side
from alerts.journal.entries import PainReport, Shoe
from alerts.notifications.compose.signed_links import Purpose
from alerts.schema import email_table
from app_fixtures import NOW, RecordingMailer
from browser_page import OpenPage, Scheme, serving
from config.composition.services import Services
from dashboard_client import TODAY, furnished, whole
from keyboard import focused, followed, pressed, pressed_to, tabbed, typed
from pain_diaries import NOES

pytestmark = pytest.mark.browser

URL = "https://run.example.org"
RULE = "single_run_spike"


SENT: set[str] = set()
"""Every form that a test of this file promises to send, by its name in the application."""

NOT_HERE = frozenset({"files.upload"})
"""Its field opens the browser's own window; what follows is in test_browser_drop."""


def sends(*forms: str) -> pytest.MarkDecorator:
    """Promise that a test sends these forms."""
    SENT.update(forms)
    return pytest.mark.parametrize("sent", [forms], ids=["+".join(forms)], indirect=True)


@pytest.fixture
def sent(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Note which forms are sent; in the end, those that were promised have been."""
    noted: list[str] = []
    yield noted
    assert set(getattr(request, "param", ())) <= set(noted)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    """Open a house with a finding, a pair of shoes, and a file that was set aside."""
    with furnished(tmp_path, mailer=RecordingMailer(), web={"url": URL}) as services:
        services.care_service.journal.shoes.add(Shoe("Blue road pair", TODAY - timedelta(days=60)), now=NOW)
        (services.home.inbox / "broken.fit").write_bytes(b"no recording at all")
        services.runner_service.inbox.scan()
        services.runner_service.tick(NOW)
        yield services


@pytest.fixture
def app(house: Services, sent: list[str]) -> Flask:
    """Put its pages together, with all that there is."""
    made = whole(house)

    @made.after_request
    def note(answer: Response) -> Response:
        if request.method == "POST":
            sent.append(request.endpoint or "")
        return answer

    return made


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Serve it."""
    with serving(app) as served:
        yield served


def test_no_form_is_forgotten(app: Flask) -> None:
    forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert forms - NOT_HERE == SENT


def said(page: Page) -> str:
    """What a page says was done; one has to see it without scrolling."""
    message = page.locator(".flash").first
    expect(message).to_be_in_viewport()
    return message.inner_text()


def beginning(page: Page) -> bool:
    """Whether the next stop is the way past the navigation, and that leads into the content."""
    first = tabbed(page)
    page.keyboard.press("Enter")
    second = tabbed(page)
    in_main = page.evaluate("document.activeElement.closest('main') !== null")
    return first is not None and first.is_called("Skip to the content") and second is not None and in_main


@sends("pain.report")
def test_pain_is_told_on_the_drawing(page: Page, address: str, house: Services) -> None:
    page.goto(address)
    followed(page, "Log pain")
    pressed_to(page, "Left front of the hip")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    lit = page.locator('[for="spot-groin-left"] path').evaluate("one => getComputedStyle(one).fill")
    dark = page.locator('[for="spot-front-left"] path').evaluate("one => getComputedStyle(one).fill")
    pressed_to(page, "During the run")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    pressed(page, "None of these", "Space")
    typed(page, "Note", "on the stairs")
    followed(page, "Save")
    message = said(page)
    [told] = [entry.report for entry in house.runner_service.journal.pain.since(TODAY)]

    assert lit != dark
    assert (told.place, told.side, told.during, told.note) == ("groin", "left", 2, "on the stairs")
    assert message == "Saved. Here’s what it means for you:"
    assert beginning(page)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(page: Page, address: str) -> None:
    page.goto(f"{address}/pain")
    pressed(page, "Left front of the hip", "Space")
    typed(page, "Note", "on the stairs")
    followed(page, "Save")
    expect(page.get_by_role("alert")).to_be_in_viewport()

    assert page.get_by_label("Left front of the hip").is_checked()
    assert page.get_by_label("Note (optional)").input_value() == "on the stairs"
    assert beginning(page)


@sends("pain.morning", "pain.withdraw")
def test_the_morning_after_is_told_and_a_report_taken_out(page: Page, address: str, house: Services) -> None:
    yesterday = NOW - timedelta(days=1)
    told = PainReport(yesterday.date(), BodySite.OUTER, Side.LEFT, during=2, after=1, answers=NOES)
    house.care_service.report_pain(told, yesterday)
    page.goto(f"{address}/pain")
    pressed_to(page, "Left side of the hip")
    page.keyboard.press("ArrowDown")
    followed(page, "Save; none of the above applies")
    message = said(page)
    [entry] = house.runner_service.journal.pain.since(yesterday.date())
    followed(page, "Remove")

    assert (entry.report.next_morning, message[:5]) == (1, "Saved")
    assert said(page)
    assert house.runner_service.journal.pain.since(yesterday.date()) == []


@sends("care.mark", "care.unmark")
def test_a_routine_is_done_and_taken_back(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/care")
    followed(page, "Done today")
    message = said(page)
    done = len(house.runner_service.journal.routines.since(TODAY))
    leads_on = beginning(page)
    followed(page, "Undo")

    assert (message[:10], done, said(page)) == ("Done today", 1, "Undone.")
    assert house.runner_service.journal.routines.since(TODAY) == []
    assert leads_on


@sends("rules.keep")
def test_a_threshold_is_tried_and_kept(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/rules/{RULE}")
    field = page.locator("label", has=page.locator("[name=notice_ratio]")).inner_text().split("\n")[0]
    typed(page, field.strip(), "1.25")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tried = page.locator("#past-title")
    expect(tried).to_be_in_viewport()
    title = tried.inner_text()
    after = tabbed(page)
    followed(page, "Save these numbers")

    assert title == "With these numbers"
    assert after is not None
    assert after.place > page.evaluate(
        "[...document.querySelectorAll('*')].indexOf(document.querySelector('#past'))"
    )
    assert said(page).startswith("Saved")
    assert house.choices.all()[f"detectors.{RULE}.notice_ratio"].value == 1.25


@sends("rules.keep", "rules.back", "rules.switch")
def test_a_deaf_rule_is_kept_given_up_and_switched_off(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/rules/{RULE}?notice_ratio=8&caution_ratio=9&high_ratio=10")
    pressed(page, "I understand that this rule will hardly ever be triggered.", "Space")
    followed(page, "Save these numbers")
    kept = set(house.choices.all())
    followed(page, "Back to the default numbers")
    followed(page, "Turn this rule off")
    off = house.choices.all()["rules.off"].value
    followed(page, "Turn this rule on")

    assert f"detectors.{RULE}.notice_ratio" in kept
    assert off == [RULE]
    assert said(page)
    assert house.choices.all()["rules.off"].value == []


@sends("answers.act", "settings.resume")
def test_a_finding_is_made_quiet_and_heard_again(page: Page, address: str, house: Services) -> None:
    page.goto(address + link(house, Purpose.SNOOZE, "7", RULE))
    followed(page, "Yes, mute it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Muted.")
    quiet = set(house.answers.snoozed(NOW))
    followed(page, "Go to Today")
    followed(page, "Settings")
    followed(page, "Turn on again")

    assert quiet == {RULE}
    assert said(page) == "Notifications are back on."
    assert house.answers.snoozed(NOW) == {}


@sends("alerts.answer")
def test_a_finding_is_called_useful_or_not(page: Page, address: str, house: Services) -> None:
    page.goto(address)
    followed(page, "Why?")
    followed(page, "Not useful")
    message, answered = said(page), list(house.answers.opinions().values())
    followed(page, "Undo")

    assert (message, len(answered)) == ("Thanks for your feedback.", 1)
    assert said(page) == "Undone."
    assert house.answers.opinions() == {}


def link(house: Services, purpose: Purpose, *about: str) -> str:
    """The path behind a link of a letter."""
    route = house.runner_service.route
    assert route is not None
    assert route.links is not None
    return route.links.make(purpose, *about, now=NOW).removeprefix(URL)


@sends("answers.report")
def test_pain_is_told_from_a_letter(page: Page, address: str, house: Services) -> None:
    page.goto(address + link(house, Purpose.HURTS))
    for name, presses in (("Place", 3), ("During the run", 2)):
        pressed_to(page, name)
        for _ in range(presses):
            page.keyboard.press("ArrowDown")
    pressed(page, "None of these", "Space")
    followed(page, "Save in the diary")
    expect(page.get_by_role("heading", level=1)).to_have_text("It’s in your diary.")
    [told] = [entry.report for entry in house.runner_service.journal.pain.since(TODAY)]

    assert (told.place, told.side, told.during) == ("groin", "left", 1)
    assert pressed_to(page, "Go to Today").is_seen


@sends("plan.look", "plan.add", "plan.withdraw")
def test_a_run_is_looked_at_and_put_in_the_plan(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/plan")
    typed(page, "Distance", "31")
    pressed_to(page, "Kind")
    page.keyboard.press("ArrowDown")
    typed(page, "Name", "Long one")
    followed(page, "Check")
    looked = page.locator(".checked")
    expect(looked).to_be_in_viewport()
    kept = page.get_by_label("Name (optional)").input_value()
    followed(page, "Add to plan")
    message = said(page)
    [planned] = house.runner_service.journal.planned.since(TODAY)
    followed(page, "Remove")

    assert (kept, planned.distance_m, planned.name) == ("Long one", 31_000.0, "Long one")
    assert message.startswith("Planned")
    assert said(page) == "Removed from the plan."


@sends("plan.issue", "plan.revoke")
def test_an_address_for_the_calendar_is_made_and_ended(page: Page, address: str) -> None:
    page.goto(f"{address}/plan")
    pressed(page, "Include", "Space")
    followed(page, "Create a link")
    message, made = said(page), page.locator(".address code").first
    expect(made).to_be_in_viewport()
    followed(page, "Remove")

    assert message == "Created. Copy the link now; it’s shown only this once."
    assert said(page).startswith("Removed")


@sends("shoes.add", "shoes.wear", "shoes.retire")
def test_shoes_are_added_worn_and_retired(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/shoes")
    typed(page, "Name", "Grey trail pair")
    followed(page, "Add")
    added = said(page)
    pressed_to(page, "Yesterday, 14.2")
    page.keyboard.press("End")
    followed(page, "Save")
    worn = said(page)
    followed(page, "Retire")

    assert (added, worn) == ("Added Grey trail pair.", "Saved the shoes for that run.")
    assert said(page).startswith("Retired")
    assert len(house.runner_service.journal.shoes.all()) == 2


@sends("shoes.change")
def test_a_pair_is_changed(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/shoes")
    followed(page, "Blue road pair")
    typed(page, "Name", "Green road pair")
    followed(page, "Save")

    assert said(page) == "Changed: Green road pair."
    assert [shoe.name for shoe in house.runner_service.journal.shoes.all()] == ["Green road pair"]


@sends("settings.save", "settings.back")
def test_settings_are_kept_and_let_go_of(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/settings")
    pressed_to(page, "Units")
    page.keyboard.press("ArrowDown")
    followed(page, "Save")
    message = said(page)
    units = house.choices.all()["runner.units"].value
    stays = tabbed(page)
    followed(page, "Back to")

    assert (message[:5], units) == ("Saved", "imperial")
    assert stays is not None
    assert stays.is_called("Name")
    assert said(page)
    assert house.choices.all()["runner.units"].value == "metric"


def test_a_setting_that_cannot_be_is_led_back_to(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    typed(page, "Time zone", "Atlantis")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    pressed(page, "Time zone")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")

    assert page.evaluate("document.activeElement.id") == "runner.time_zone"
    assert page.evaluate("document.activeElement.value") == "Atlantis"


@sends("settings.issue", "settings.revoke")
def test_the_feed_of_findings_is_opened_and_ended(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    pressed_to(page, "Alerts from level")
    page.keyboard.press("ArrowDown")
    followed(page, "Create a link")
    message = said(page)
    expect(page.locator(".address code").first).to_be_in_viewport()
    followed(page, "Remove")

    assert message.startswith("Created")
    assert said(page).startswith("Removed")


def test_another_language_is_chosen_in_the_foot(page: Page, address: str) -> None:
    page.goto(f"{address}/calendar")
    followed(page, "Deutsch")
    shown = page.locator("html").get_attribute("lang")
    followed(page, "English")

    assert (shown, page.locator("html").get_attribute("lang")) == ("de", "en")


def test_the_calendar_goes_from_month_to_month(page: Page, address: str) -> None:
    page.goto(f"{address}/calendar")
    followed(page, "‹ April")
    followed(page, "‹ March")
    followed(page, "April")
    followed(page, "Run 10.0 km")

    assert page.get_by_role("heading", level=1).is_visible()


def test_findings_are_narrowed_down(page: Page, address: str) -> None:
    page.goto(f"{address}/findings")
    pressed_to(page, "Level")
    page.keyboard.press("End")
    followed(page, "Show")

    assert pressed_to(page, "Level").is_seen


@sends("files.retry")
def test_what_was_set_aside_is_tried_again(page: Page, address: str) -> None:
    page.goto(f"{address}/files")
    chooser = pressed_to(page, "Choose files or drop them here")
    followed(page, "Retry all")

    assert chooser.is_seen
    assert said(page).startswith("Retrying the files that couldn’t be read.")


def test_the_page_for_the_physiotherapist_shows_what_is_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}/physio")
    shown = page.locator("#load-title").count()
    pressed(page, "You choose what the page shows", "Space")
    followed(page, "Show only these")

    assert (shown, page.locator("#load-title").count()) == (1, 0)


@sends("care.seen", "care.unseen")
def test_what_was_seen_to_is_recorded_and_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/care/seen")
    typed(page, "Who", "Dr Ruiz")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    message = said(page)
    page.goto(f"{address}/care/seen")
    followed(page, "Undo")

    assert (message, said(page)) == ("Saved. Return step by step.", "Undone.")


def test_the_other_pages_unfold_on_a_phone(phone: Page, address: str) -> None:
    phone.goto(address)
    pressed(phone, "More")
    followed(phone, "Shoes")

    assert beginning(phone)


@pytest.mark.parametrize(
    ("path", "button", "field"),
    [("/plan", "Add to plan", "Distance"), ("/shoes", "Add", "Name"), ("/care/seen", "I’ve seen", "Who")],
)
def test_what_a_form_misses_is_said_above_and_leads_to_its_field(
    phone: Page, address: str, path: str, button: str, field: str
) -> None:
    phone.goto(address + path)
    followed(phone, button)
    expect(phone.get_by_role("alert")).to_be_in_viewport()
    pressed(phone, "Go there")
    phone.keyboard.type("31")
    typed_into = focused(phone)

    assert typed_into is not None
    assert typed_into.is_called(field)
    assert phone.evaluate("document.activeElement.value") == "31"


@sends("mail_trial.send")
def test_a_trial_letter_is_sent(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    followed(page, "Send a test email")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()

    assert beginning(page)


@sends("mail_trial.retry")
def test_letters_that_were_given_up_are_sent_again(page: Page, address: str, house: Services) -> None:
    with house.database.writing() as connection:
        connection.execute(email_table.update().values(state="dead", last_error="550 no such user"))
    page.goto(address)
    followed(page, "Resend what couldn’t be sent")

    assert "resent within minutes" in said(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ring_stands_out_from_the_paper(open_page: OpenPage, address: str, scheme: Scheme) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(address)
    pressed_to(page, "Log pain")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineColor")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    assert contrast(ring, paper) >= 3


def contrast(one: str, other: str) -> float:
    """How far apart two colours of a page are, as WCAG 2 reckons. [1 to 21]"""
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of an opaque colour. [0 to 1]"""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
