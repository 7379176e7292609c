"""Files that are dropped onto their page: taken at once, or named; how far it is, told where one stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app_fixtures import days_before, lay_into, open_house, ordinary_run
from browser_page import OpenPage, complaints, dropped, heading, serving
from config.composition.services import Services
from dashboard_client import dashboard
from exports import zip_of
from keyboard import focused, pressed_to

pytestmark = pytest.mark.browser

FIELD = "Choose files or drop them here"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    """Open an empty house."""
    with open_house(tmp_path / "home") as services:
        yield services


@pytest.fixture
def address(house: Services) -> Iterator[str]:
    """Serve it."""
    with serving(dashboard(house)) as served:
        yield served


def run(days_ago: int) -> bytes:
    return ordinary_run(days_before(days_ago))


def in_inbox(house: Services) -> list[str]:
    """The names under which files lie in the inbox, each behind a name of ours."""
    return sorted(path.name.partition("-")[2] for path in house.home.inbox.iterdir())


@pytest.mark.parametrize("where", ["form[data-drop]", "header"])
def test_files_that_are_dropped_anywhere_are_handed_over_at_once(
    page: Page, address: str, house: Services, where: str
) -> None:
    seen = complaints(page)
    page.goto(f"{address}/files")
    gone_on = dropped(page, ("a.fit", run(1)), ("B.FIT", run(3)), ("c.fit", run(5)), where=where)
    page.wait_for_url("**/files/progress**")
    message = page.locator(".flash").inner_text()
    report = house.runner_service.tick(days_before(0))

    assert gone_on[1:] == [False, False]
    assert re.sub(r"\s", " ", message).startswith("3 files uploaded.")
    assert report.intake.added == 3
    assert seen == []


def test_an_archive_that_is_dropped_is_taken_in_whole(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/files")
    dropped(page, ("export.zip", zip_of({"a/1.fit": run(1), "a/2.fit": run(3)})))
    page.wait_for_url("**/files/progress**")

    assert in_inbox(house) == ["export.zip"]
    assert house.runner_service.tick(days_before(0)).intake.added == 2


def test_a_wrong_file_is_named_and_nothing_is_sent_before_somebody_says_so(
    page: Page, address: str, house: Services
) -> None:
    page.goto(f"{address}/files")
    dropped(page, ("plan.pdf", b"%PDF"), ("a.fit", run(1)), ("<b>x</b>", b"x"))
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    words, before = alert.inner_text(), in_inbox(house)
    left: list[str] = page.get_by_label(FIELD).evaluate("one => [...one.files].map(file => file.name)")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/files/progress**")

    assert words.splitlines()[::2] == [
        "plan.pdf is not a .fit, .tcx, .gpx, .gz or .zip file.",
        "<b>x</b> is not a .fit, .tcx, .gpx, .gz or .zip file.",
        "Nothing was uploaded yet; the files that can be read are in the field.",
    ]
    assert (before, left, in_inbox(house)) == ([], ["a.fit"], ["a.fit"])


def test_nothing_but_a_wrong_file_leaves_the_page_as_it_is(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/files")
    dropped(page, ("plan.pdf", b"%PDF"))
    expect(page.get_by_role("alert")).to_contain_text("Nothing was uploaded.")

    assert page.url == f"{address}/files"
    assert in_inbox(house) == []


def test_the_next_drop_takes_the_complaint_away(page: Page, address: str, house: Services) -> None:
    page.goto(f"{address}/files")
    dropped(page, ("plan.pdf", b"%PDF"))
    expect(page.get_by_role("alert")).to_be_visible()
    dropped(page, ("a.fit", run(1)))
    page.wait_for_url("**/files/progress**")

    assert in_inbox(house) == ["a.fit"]


@pytest.mark.parametrize(
    ("limit", "names", "words"),
    [
        ("all", ("a.fit", "b.fit"), "more than anyone’s runs"),
        ("fileBytes", ("a.fit",), "a.fit is larger than 32"),
        ("archiveBytes", ("a.zip",), "a.zip is larger than 2"),
    ],
)
def test_what_is_too_much_is_said_before_it_is_sent(
    page: Page, address: str, limit: str, names: tuple[str, ...], words: str
) -> None:
    page.goto(f"{address}/files")
    page.locator("form[data-drop]").evaluate("(one, limit) => { one.dataset[limit] = 1 }", limit)
    dropped(page, *((name, b"xx") for name in names))
    expect(page.get_by_role("alert")).to_contain_text(words)

    assert page.url == f"{address}/files"


def limited_to(page: Page, most: int) -> None:
    """Let no more files than that go in one request."""
    page.locator("form[data-drop]").evaluate("(one, most) => { one.dataset.most = most }", most)


def test_more_than_one_request_may_bring_goes_in_turns(page: Page, address: str, house: Services) -> None:
    seen = complaints(page)
    page.goto(f"{address}/files")
    limited_to(page, 2)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    dropped(page, *((f"{n}.fit", run(n)) for n in range(1, 6)))
    page.wait_for_url("**/files/progress**")
    told = [re.sub(r"\s", " ", text) for text in page.locator(".flash").all_inner_texts()]

    assert in_inbox(house) == [f"{n}.fit" for n in range(1, 6)]
    assert told == ["5 files uploaded. You can leave this page; the import continues."]
    assert sent.count("POST") == 3
    assert seen == []


def test_where_sending_breaks_off_the_rest_stands_in_the_field_and_goes_on_by_a_press(
    page: Page, address: str, house: Services
) -> None:
    page.goto(f"{address}/files")
    limited_to(page, 2)
    answers = iter(["go on", "break"])
    page.route("**/files", lambda route: route.abort() if next(answers, "") == "break" else route.continue_())
    dropped(page, *((f"{n}.fit", run(n)) for n in range(1, 6)))
    expect(page.get_by_role("alert")).to_contain_text("The upload stopped here.")
    between = in_inbox(house)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/files/progress**")
    told = re.sub(r"\s", " ", page.locator(".flash").inner_text())

    assert between == ["4.fit", "5.fit"]  # the newest
    assert in_inbox(house) == [f"{n}.fit" for n in range(1, 6)]
    assert told.startswith("5 files uploaded.")


def test_what_a_turn_could_not_take_is_said_before_the_next(
    page: Page, address: str, house: Services
) -> None:
    page.goto(f"{address}/files")
    limited_to(page, 1)
    shutil.rmtree(house.home.inbox)
    house.home.inbox.write_bytes(b"in the way")
    dropped(page, ("a.fit", run(1)), ("b.fit", run(3)))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The upload stopped here.")

    assert alert.inner_text().startswith("Not imported: ")
    assert page.get_by_label(FIELD).evaluate("one => [...one.files].map(file => file.name)") == ["a.fit"]


def test_a_drop_breaks_off_nothing_that_is_on_the_way(page: Page, address: str, house: Services) -> None:
    """A form that is sent again is sent in place of what was under way."""
    page.goto(f"{address}/files")
    form = page.locator("form[data-drop]")
    form.evaluate("one => one.addEventListener('submit', event => event.preventDefault(), { once: true })")
    dropped(page, ("a.fit", run(1)))
    expect(page.get_by_text("Uploading; this page")).to_be_visible()
    dropped(page, ("b.fit", run(3)))
    expect(page.get_by_role("alert")).to_contain_text("Other files are still uploading.")

    assert in_inbox(house) == []
    assert page.get_by_label(FIELD).evaluate("one => [...one.files].map(file => file.name)") == ["a.fit"]


def test_a_text_that_is_dragged_is_left_to_the_browser(page: Page, address: str) -> None:
    page.goto(f"{address}/files")
    gone_on = page.evaluate(
        """() => {
            const carried = new DataTransfer();
            carried.setData("text/plain", "a word");
            return document.body.dispatchEvent(
                new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
        }"""
    )

    assert gone_on is True


def test_a_folder_that_is_dropped_gives_what_can_be_read_in_it(
    page: Page, address: str, house: Services, tmp_path: Path
) -> None:
    runner_service = tmp_path / "GARMIN"
    lay_into(runner_service / "Activity", [run(1), run(3)])
    lay_into(runner_service / ".Trashes", [run(7)])
    (runner_service / "DEVICE.XML").write_text("<Device/>")
    (runner_service / "Activity" / "._run-0000.fit").write_bytes(b"what macOS keeps beside a file")
    page.goto(f"{address}/files")
    drop_from_disk(page, runner_service)
    page.wait_for_url("**/files/progress**")

    assert in_inbox(house) == ["run-0000.fit", "run-0001.fit"]


def drop_from_disk(page: Page, *paths: Path) -> None:
    """Drag files and folders in as a file manager does."""
    box = page.get_by_label(FIELD).bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    carried = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": carried}
        session.send("Input.dispatchDragEvent", event)


def test_an_empty_folder_is_named(page: Page, address: str, tmp_path: Path) -> None:
    (tmp_path / "Holidays").mkdir()
    page.goto(f"{address}/files")
    drop_from_disk(page, tmp_path / "Holidays")

    expect(page.get_by_role("alert")).to_contain_text("The folder Holidays has no files that can be read.")


def test_what_is_chosen_is_looked_at_like_what_is_dropped(page: Page, address: str) -> None:
    page.goto(f"{address}/files")
    field = page.get_by_label(FIELD)
    field.set_input_files(
        [
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"},
            {"name": "a.fit", "mimeType": "application/octet-stream", "buffer": run(1)},
        ]
    )
    expect(page.get_by_role("alert")).to_contain_text("plan.pdf is not a .fit")

    assert field.evaluate("one => [...one.files].map(file => file.name)") == ["a.fit"]


def test_without_a_script_the_plain_form_does_the_same(
    open_page: OpenPage, address: str, house: Services
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/files")
    page.get_by_label(FIELD).set_input_files(
        [
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"},
            {"name": "a.fit", "mimeType": "application/octet-stream", "buffer": run(1)},
        ]
    )
    page.get_by_role("button", name="Upload").click()
    told = page.locator(".flash").all_inner_texts()

    assert in_inbox(house) == ["a.fit"]
    assert told[1] == "Not imported: plan.pdf is not a .fit, .tcx, .gpx, .gz or .zip file."


def test_progress_is_told_where_one_stands(page: Page, address: str, house: Services) -> None:
    page.clock.install()
    (house.home.inbox / "a.fit").write_bytes(run(1))
    page.goto(f"{address}/files/progress")
    waiting = heading(page)
    link = pressed_to(page, "Stop refreshing")
    with page.expect_response("**/files/progress"):
        page.clock.run_for(3_000)
    stayed = focused(page)
    house.runner_service.inbox.scan()
    house.runner_service.tick(days_before(0))
    page.clock.run_for(3_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("All up to date.")
    expect(page.get_by_text("Stop refreshing")).to_have_count(0)

    assert waiting == "1 file is waiting."
    assert stayed == link
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_progress_without_a_script_comes_anew_by_itself(
    open_page: OpenPage, address: str, house: Services
) -> None:
    page = open_page(java_script_enabled=False)
    (house.home.inbox / "a.fit").write_bytes(run(1))
    page.goto(f"{address}/files/progress")
    house.runner_service.inbox.scan()
    house.runner_service.tick(days_before(0))

    expect(page.get_by_role("heading", level=1)).to_have_text("All up to date.", timeout=20_000)
