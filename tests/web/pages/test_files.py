"""Files handed over through a page: whole in the inbox, under our names, within limits."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app_fixtures import NOW, days_before, open_house
from config.composition.services import Services
from html_outline import Outline
from ingest.errors import UnreadableSourceError
from ingest.files import uploads as arrivals
from ingest.files.uploads import save_upload
from support import fit_run
from web.app import create_app
from web.http import uploads

EVIL = "../../<script>alert(1)</script>\x1b[31m.fit"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Services]:
    with open_house(tmp_path / "home") as services:
        yield services


@pytest.fixture
def client(house: Services) -> FlaskClient:
    app = create_app(house.dashboard, clock=lambda: NOW, care_service=house.care_service, secret=b"x" * 32)
    return app.test_client()


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/files").get_data(as_text=True))
    assert found is not None
    return found[1]


def hand_over(client: FlaskClient, *files: tuple[bytes, str]) -> TestResponse:
    handed = [(io.BytesIO(data), name) for data, name in files]
    form = {"csrf_token": token_of(client), "files": handed}
    return client.post("/files", data=form, content_type="multipart/form-data")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def zip_of(*files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, data in enumerate(files):
            archive.writestr(f"export/run-{number}.fit", data)
    return packed.getvalue()


def test_a_zip_that_is_handed_over_is_taken_in_by_the_next_pass(house: Services, client: FlaskClient) -> None:
    answer = hand_over(client, (zip_of(fit_run(days_before(2)), fit_run(days_before(1))), "export.zip"))
    report = house.runner_service.tick(NOW)

    assert (answer.status_code, answer.headers["Location"][:21]) == (303, "/files/progress?since")
    assert report.intake.added == 2


def test_the_job_is_asked_to_hurry(house: Services, client: FlaskClient) -> None:
    asked: list[str] = []
    house.dashboard.retry_requests.run_soon = lambda: asked.append("hurry")
    hand_over(client, (fit_run(), "run.fit"))

    assert asked == ["hurry"]


def test_a_file_lies_whole_in_the_inbox_and_nothing_beside_it(house: Services, client: FlaskClient) -> None:
    before = names_in(house.home.folder)
    hand_over(client, (fit_run(), "run.fit"))
    (laid,) = house.home.inbox.iterdir()

    assert laid.read_bytes() == fit_run()
    assert names_in(house.home.folder) == before


def test_the_name_of_a_file_decides_nothing_about_where_it_lies(house: Services, client: FlaskClient) -> None:
    hand_over(client, (fit_run(), EVIL))
    (laid,) = house.home.inbox.iterdir()

    assert re.fullmatch(r"[0-9a-f]{8}-[A-Za-z0-9._-]+\.fit", laid.name)


def test_two_files_of_one_name_are_two(house: Services, client: FlaskClient) -> None:
    hand_over(client, (fit_run(days_before(1)), "run.fit"), (fit_run(days_before(2)), "run.fit"))

    assert len(list(house.home.inbox.iterdir())) == 2


def test_what_is_no_recording_is_refused_by_its_name_and_the_others_go_on(
    house: Services, client: FlaskClient
) -> None:
    answer = hand_over(client, (b"MZ", "<b>x</b>.exe"), (fit_run(), "run.fit"))
    page = client.get(answer.headers["Location"]).get_data(as_text=True)

    assert len(list(house.home.inbox.iterdir())) == 1
    assert "is not a .fit" in page
    assert "<b>x" not in page


def test_what_a_full_disk_does_not_take_is_said_and_the_others_are_kept(
    house: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfileobj

    def refuse_large(stream: IO[bytes], file: IO[bytes], length: int) -> None:
        if stream.seek(0, os.SEEK_END) > len(fit_run()):
            raise OSError(errno.ENOSPC, "No space left on device")
        stream.seek(0)
        copy(stream, file, length)

    monkeypatch.setattr(arrivals.shutil, "copyfileobj", refuse_large)
    answer = hand_over(client, (fit_run() + b"more", "long.fit"), (fit_run(), "short.fit"))
    page = client.get(answer.location or "").get_data(as_text=True)

    assert "Not imported: the disk is full" in page
    assert [name.partition("-")[2] for name in names_in(house.home.inbox)] == ["short.fit"]


@pytest.mark.parametrize(("told", "said"), [("7", 8), ("99999", 10_001), ("-1", 1), ("x", 1), ("٣", 1)])
def test_what_went_before_is_counted_and_nonsense_is_not(client: FlaskClient, told: str, said: int) -> None:
    form = {"csrf_token": token_of(client), "handed": told, "more": "yes"}
    answer = client.post("/files", data=form | {"files": [(io.BytesIO(fit_run()), "run.fit")]})

    assert answer.json is not None
    assert (answer.json["handed"], answer.json["refused"]) == (said, [])


def test_without_the_forms_token_nothing_is_taken(house: Services, client: FlaskClient) -> None:
    answer = client.post("/files", data={"files": (io.BytesIO(fit_run()), "run.fit")})

    assert answer.status_code == 400
    assert names_in(house.home.inbox) == []


def test_too_many_files_at_once_are_refused_with_a_word(
    house: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    answer = hand_over(client, *[(b"x", f"{n}.fit") for n in range(9)])

    assert answer.status_code == 413
    assert "more than can be uploaded at once" in answer.get_data(as_text=True)
    assert names_in(house.home.inbox) == []


def test_as_many_files_as_the_page_tells_go_at_once_in_a_turn_too(
    house: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    form = {"csrf_token": token_of(client), "since": "", "handed": "", "more": "yes"}
    files = [(io.BytesIO(fit_run()), f"{n}.fit") for n in range(3)]
    answer = client.post("/files", data=form | {"files": files})

    assert answer.json is not None
    assert (answer.json["handed"], len(names_in(house.home.inbox))) == (3, 3)


def test_another_form_takes_no_more_than_before(client: FlaskClient) -> None:
    body = {"csrf_token": token_of(client), "note": "x" * 100_000}

    assert client.post("/pain", data=body).status_code in {404, 405, 413}


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inbox").mkdir()
    monkeypatch.setattr(arrivals, "FILE_LIMIT_BYTES", 10)

    with pytest.raises(UnreadableSourceError, match="is larger than"):
        save_upload(tmp_path / "inbox", io.BytesIO(b"x" * 11), "run.fit")
    assert names_in(tmp_path) == ["inbox"]


def test_what_was_set_aside_is_shown_with_its_reason_and_tried_again(
    house: Services, client: FlaskClient
) -> None:
    hand_over(client, (b"no recording", "broken.fit"))
    house.runner_service.tick(NOW)
    page = Outline(client.get("/files").get_data(as_text=True))
    client.post("/files/retry", data={"csrf_token": token_of(client)})
    tried: list[int] = []
    house.dashboard.retry_requests.do_retry(lambda: tried.append(1))
    house.dashboard.retry_requests.do_retry(lambda: tried.append(2))

    assert "broken.fit" in page.text
    assert "1 couldn’t be read" in page.text
    assert tried == [1]


def test_progress_looks_again_only_while_something_waits(client: FlaskClient) -> None:
    quiet = client.get("/files/progress")
    hand_over(client, (fit_run(), "run.fit"))
    busy = client.get("/files/progress")
    still = client.get("/files/progress?still=")

    assert ['http-equiv="refresh" content="3"' in page.text for page in (quiet, busy, still)] == [
        False,
        True,
        False,
    ]


def test_who_comes_by_without_having_handed_anything_over_is_told_of_the_day(
    house: Services, client: FlaskClient
) -> None:
    hand_over(client, (fit_run(), "run.fit"))
    house.runner_service.tick(NOW - timedelta(hours=1))
    page = Outline(client.get("/files/progress").get_data(as_text=True))

    assert "1 file with activities imported today" in page.text


@pytest.mark.parametrize("since", ["", "x", "-1", "99999999999999999999", "٣", "0"])
def test_a_moment_that_is_none_breaks_nothing(client: FlaskClient, since: str) -> None:
    assert client.get("/files/progress", query_string={"since": since}).status_code == 200


@pytest.mark.parametrize("path", ["/files", "/files/progress"])
def test_every_tag_is_closed_in_order(client: FlaskClient, path: str) -> None:
    page = Outline(client.get(path).get_data(as_text=True))

    assert (page.misplaced, page.open) == ([], [])
