"""What every answer of the dashboard carries, and what none of them does."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import jinja2
import pytest
from flask.testing import FlaskClient

from overview_samples import FakeSource, clock, spike
from web.app import create_app
from web.http.assets import STATIC_FOLDER, TYPES, read_assets

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "script-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
STYLE = "hipwatch.css"
VENDORED = STATIC_FOLDER / "vendor"
EXAMPLES = {
    "today.today": "/",
    "alerts.one": f"/findings/{spike().key}",
    "health.healthz": "/healthz",
    "runs.one": "/runs/12",
    "alert_list.page": "/findings",
    "rules.page": "/rules",
    "rules.one": "/rules/single_run_spike",
    "runs.closer": "/runs/12/closer",
    "training.page": "/training",
    "training.closer": "/training/closer",
    "form.page": "/form",
    "form.closer": "/form/closer",
    "calendar.current": "/calendar",
    "calendar.month": "/calendar/2024-02",
    "assets.asset": f"/static/{read_assets()[STYLE].digest}/{STYLE}",
}
PRIVATE = [path for name, path in EXAMPLES.items() if name != "assets.asset"]
EVERY = [*EXAMPLES.values(), "/nothing-here"]


@pytest.fixture
def client() -> FlaskClient:
    """Open the dashboard."""
    return create_app(FakeSource(), clock=clock).test_client()


def test_every_route_has_an_example_here() -> None:
    app = create_app(FakeSource(), clock=clock)

    assert {rule.endpoint for rule in app.url_map.iter_rules()} == EXAMPLES.keys()


def test_every_route_only_reads() -> None:
    app = create_app(FakeSource(), clock=clock)

    assert {method for rule in app.url_map.iter_rules() for method in rule.methods or ()} == {"GET", "HEAD"}


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_no_route_can_be_written_to(client: FlaskClient, path: str, method: str) -> None:
    assert client.open(path, method=method).status_code in (404, 405)


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_carries_the_strict_policy(client: FlaskClient, path: str) -> None:
    assert set(client.get(path).headers["Content-Security-Policy"].split("; ")) == POLICY


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_every_answer_is_hardened(client: FlaskClient, path: str, name: str, value: str) -> None:
    assert client.get(path).headers[name] == value


@pytest.mark.parametrize("path", EVERY)
def test_no_answer_may_use_the_machine_s_senses(client: FlaskClient, path: str) -> None:
    assert "geolocation=()" in client.get(path).headers["Permissions-Policy"]


@pytest.mark.parametrize("path", EVERY)
def test_no_answer_sets_a_cookie(client: FlaskClient, path: str) -> None:
    assert "Set-Cookie" not in client.get(path).headers


@pytest.mark.parametrize("path", [*PRIVATE, "/nothing-here"])
def test_what_is_private_is_never_stored(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_for_good(client: FlaskClient) -> None:
    assert "immutable" in client.get(EXAMPLES["assets.asset"]).headers["Cache-Control"]


def test_even_a_failure_is_hardened() -> None:
    class Broken(FakeSource):
        def overview(self, now: object) -> object:  # type: ignore[override]
            raise RuntimeError(now)

    response = create_app(Broken(), clock=clock).test_client().get("/")

    assert response.status_code == 500
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1"]
)
def test_a_foreign_name_is_refused(client: FlaskClient, path: str, host: str) -> None:
    response = client.get(path, headers={"Host": host})

    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers
    assert b"14.2" not in response.data


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000"])
def test_this_machine_s_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_name_that_the_owner_gave_is_answered() -> None:
    client = create_app(FakeSource(), clock=clock, hosts=["runs.home.example"]).test_client()

    assert client.get("/", headers={"Host": "runs.home.example:8443"}).status_code == 200


def test_a_forwarded_name_does_not_pass_for_the_real_one(client: FlaskClient) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "localhost"}

    assert client.get("/", headers=headers).status_code == 400


def test_templates_escape_and_know_no_undefined_name() -> None:
    environment = create_app(FakeSource(), clock=clock).jinja_env

    assert environment.undefined is jinja2.StrictUndefined
    assert callable(environment.autoescape)
    assert environment.autoescape("any.html")


def test_no_template_lifts_the_escaping() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (STATIC_FOLDER.parent / "templates").glob("*")]

    assert sources
    own_script = r"<script(?! src=\"\{\{ asset\()"
    lifts = rf"\|\s*safe|autoescape|\sstyle=|\son\w+=\"|{own_script}|<style"
    assert not [s for s in sources if re.search(lifts, s)]


def test_a_static_file_comes_compressed_and_whole(client: FlaskClient) -> None:
    response = client.get(EXAMPLES["assets.asset"], headers={"Accept-Encoding": "gzip"})

    assert response.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.data) == (STATIC_FOLDER / STYLE).read_bytes()


def test_a_static_file_comes_plain_to_who_asks_for_it(client: FlaskClient) -> None:
    response = client.get(EXAMPLES["assets.asset"], headers={"Accept-Encoding": "identity"})

    assert response.data == (STATIC_FOLDER / STYLE).read_bytes()
    assert response.mimetype == "text/css"


@pytest.mark.parametrize(
    "path",
    [
        f"/static/000000000000/{STYLE}",
        "/static/x/../../app.py",
        "/static/x/%2e%2e/app.py",
        "/static/x/vendor/README.md",
    ],
)
def test_nothing_else_is_served_as_a_static_file(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [p for p in VENDORED.iterdir() if p.suffix in TYPES], ids=lambda p: p.name)
def test_what_is_vendored_is_what_is_documented(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    assert f"`{path.name}`" in (VENDORED / "README.md").read_text(encoding="utf-8")
    assert digest in (VENDORED / "README.md").read_text(encoding="utf-8")


def test_a_failure_is_logged_without_the_secret_of_its_address(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(FakeSource(), clock=clock)
    app.add_url_rule("/secret/<token>", "secret", lambda token: int(token[:0]))
    answer = app.test_client().get("/secret/of-mine")

    assert (answer.status_code, "of-mine" in caplog.text) == (500, False)
    assert "failed at /secret/<token> [GET]" in caplog.text
