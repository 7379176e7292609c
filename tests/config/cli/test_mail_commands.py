"""`hipwatch mail`: each step is said, with the server's own words where one fails."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app_fixtures import create_home
from config.cli.main import main
from config.settings.data_folder import DataFolder
from http_server import listening
from smtp_server import serving


class Refusing:
    """A server that takes letters for one address only."""

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: object, envelope: object, address: str, _options: object
    ) -> str:
        """Note the recipient, or refuse."""
        if address != "ada@example.org":
            return f"550 5.1.1 <{address}> is nobody here"
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "250 OK"


def hipwatch(home: Path, *arguments: str, settings: str = "", **environment: str) -> Result:
    create_home(DataFolder(home))
    (home / "hipwatch.toml").write_text(settings)
    return CliRunner().invoke(main, arguments, env={"HIPWATCH_HOME": str(home), "TZ": "UTC", **environment})


def settings(port: int, **mail: str) -> str:
    lines = "".join(f'{name} = "{value}"\n' for name, value in mail.items())
    return (
        f'[runner]\nemail = "ada@example.org"\n[mail]\nhost = "127.0.0.1"\nport = {port}\n'
        f'tls = "none"\n{lines}'
    )


def test_without_a_server_the_trial_says_where_the_letter_lies(tmp_path: Path) -> None:
    result = hipwatch(tmp_path / "home", "mail", "test")

    assert (result.exit_code, str(tmp_path / "home" / "mail") in result.stdout) == (0, True)


def test_every_step_is_said_until_the_letter_is_accepted(tmp_path: Path) -> None:
    with serving(Refusing()) as port:
        result = hipwatch(tmp_path / "home", "mail", "test", settings=settings(port))

    assert (result.exit_code, result.stdout.count("●")) == (0, 3)
    assert "the server accepted the letter" in result.stdout


def test_a_refusal_is_told_in_the_servers_own_words(tmp_path: Path) -> None:
    with serving(Refusing()) as port:
        result = hipwatch(
            tmp_path / "home", "mail", "test", "bob@example.org", "--json", settings=settings(port)
        )

    told = json.loads(result.stdout)
    assert (result.exit_code, len(told["steps"])) == (1, 2)
    assert "550 5.1.1 <bob@example.org> is nobody here" in told["error"]


def test_a_server_that_is_not_there_is_told_with_what_to_look_at(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    result = hipwatch(tmp_path / "home", "mail", "test", settings=settings(port))

    assert result.exit_code == 1
    assert "Connection refused" in result.stdout
    assert f"Is port {port} right" in result.stdout


@pytest.mark.parametrize("mail", ["[mail]\nenabled = false\n"])
def test_mail_that_is_off_cannot_be_tried(tmp_path: Path, mail: str) -> None:
    assert hipwatch(tmp_path / "home", "mail", "test", settings=mail).exit_code == 2


def test_an_address_that_would_bring_a_header_is_refused(tmp_path: Path) -> None:
    result = hipwatch(tmp_path / "home", "mail", "test", "a@example.org\r\nBcc: b@example.org")

    assert (result.exit_code, "cannot be addressed" in result.stderr) == (2, True)


@pytest.mark.parametrize("sender", ["Hipwatch", "a@example.org, b@example.org", "hipwatch@exa mple.org"])
def test_a_sender_that_is_no_address_is_told_before_any_letter_is_given_up(
    tmp_path: Path, sender: str
) -> None:
    result = hipwatch(tmp_path / "home", "tick", settings=settings(25, sender=sender))

    assert (result.exit_code, "mail.sender" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "sender", ["Hipwatch <h@example.org>", "'Läufe, leise' <h@example.org>", "hipwatch@localhost"]
)
def test_a_sender_may_have_a_name(tmp_path: Path, sender: str) -> None:
    written = settings(25, sender=sender.replace("'", '\\"'))

    assert hipwatch(tmp_path / "home", "tick", settings=written).exit_code == 0


def test_nothing_given_up_is_nothing_to_send_again(tmp_path: Path) -> None:
    told = json.loads(hipwatch(tmp_path / "home", "mail", "retry", "--json").stdout)

    assert told == {"revived": 0, "queued": 0, "dead": 0}


def ways(url: str) -> str:
    return (
        f'[webhook]\nurl = "{url}"\nsecret = "a secret of enough letters"\n'
        f'[notify.phone]\nurl = "{url.replace("http", "json", 1)}"\n'
    )


def test_each_other_way_is_tried_once(tmp_path: Path) -> None:
    with listening() as (url, heard):
        result = hipwatch(tmp_path / "home", "mail", "ways", settings=ways(url))

    assert (result.exit_code, result.stdout.count("●")) == (0, 2)
    assert [json.loads(body).get("event") or json.loads(body)["title"] for _, body in heard] == [
        "trial",
        "Hipwatch",
    ]


def test_a_way_that_refuses_is_told_and_the_others_are_tried(tmp_path: Path) -> None:
    with listening((404, "no such hook")) as (url, heard):
        result = hipwatch(tmp_path / "home", "mail", "ways", "--json", settings=ways(url))

    told = json.loads(result.stdout)
    assert (result.exit_code, len(heard), told["phone"]["error"]) == (1, 2, None)
    assert "answered 404 no such hook" in told["webhook"]["error"]


def test_without_another_way_there_is_nothing_to_try(tmp_path: Path) -> None:
    assert hipwatch(tmp_path / "home", "mail", "ways").exit_code == 2


def test_the_address_of_a_way_may_stand_in_the_environment(tmp_path: Path) -> None:
    with listening() as (url, heard):
        given = {"HIPWATCH_NOTIFY_MY_PHONE": url.replace("http", "json", 1)}
        result = hipwatch(tmp_path / "home", "mail", "ways", settings="[notify.my-phone]\n", **given)

    assert (result.exit_code, len(heard)) == (0, 1)
