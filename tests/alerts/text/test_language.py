"""The catalogues hold every message of code and templates, whole, with the values it is filled with."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from alerts.text.i18n import (
    LANGUAGES,
    SOURCE,
    current_language,
    gettext,
    gettext_html,
    ngettext,
    use_language,
)

ROOT = Path(__file__).parents[3]
KEYWORDS = {"gettext": None, "gettext_html": None, "gettext_noop": None, "ngettext": (1, 2)}
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})


@cache
def messages_of_the_code() -> dict[str, str]:
    """Every message, or pair of them, with one place where it stands."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(pattern, mapping["method"]) for mapping in mappings for pattern in mapping["pattern"]]
    found = {}
    for package in ("ingest", "alerts", "web", "config"):
        inside = [(pattern.removeprefix(f"{package}/"), method) for pattern, method in methods]
        for name, line, message, _, _ in extract_from_dir(ROOT / package, inside, keywords=KEYWORDS):
            found[message] = f"{package}/{name}:{line}"
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / f"alerts/text/catalogues/{language}.po").open(encoding="utf-8") as file:
        return read_po(file, locale=language)


def names(text: str) -> set[str]:
    """The values that a message is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def tags(text: str) -> list[str]:
    """The markup of a message, in any order."""
    return sorted(re.findall(r"<[^>]+>", text))


def texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def mistakes(message: Message) -> list[str]:
    """What is wrong with a translation: unsure, empty, other values, other markup."""
    if message.fuzzy:
        return ["marked as unsure"]
    source, said = texts(message.id), texts(message.string)
    if not all(text.strip() for text in said):
        return ["empty"]
    wanted = names(source[-1])
    may_lack = {"n"} if len(source) == 2 else set()
    return [
        *("other values" for text in said if not wanted - may_lack <= names(text) <= wanted | may_lack),
        *("other markup" for text in said if tags(text) != tags(source[-1])),
    ]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_has_a_translation(language: str) -> None:
    known = catalogue(language)
    missing = {
        f"{place}: {message}" for message, place in messages_of_the_code().items() if message not in known
    }

    assert missing == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_that_nobody_says(language: str) -> None:
    said = {texts(message)[0] for message in messages_of_the_code()}

    assert [one.id for one in catalogue(language) if one.id and texts(one.id)[0] not in said] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_is_whole(language: str) -> None:
    wrong = {str(one.id): found for one in catalogue(language) if one.id and (found := mistakes(one))}

    assert wrong == {}


def test_english_is_said_as_it_stands() -> None:
    assert gettext("Up to {most} of {what}", most=3, what="it") == "Up to 3 of it"


def test_what_is_in_no_catalogue_is_said_in_english() -> None:
    with use_language("de"):
        assert gettext("Nobody ever wrote {this}", this="x") == "Nobody ever wrote x"


@pytest.mark.parametrize(("n", "said"), [(0, "0 of them"), (1, "one"), (2, "2 of them")])
def test_a_number_chooses_between_two_messages(n: int, said: str) -> None:
    assert ngettext("one", "{n} of them", n) == said


@pytest.mark.parametrize(("day", "said"), [("27. Apr.", "Seit 27. Apr."), ("4. Mai", "Seit 4. Mai.")])
def test_an_abbreviation_ends_its_sentence_with_one_full_stop(day: str, said: str) -> None:
    with use_language("de"):
        assert gettext("Since {day}.", day=day) == said


def test_a_language_is_spoken_for_a_while_and_within_another() -> None:
    with use_language("de"):
        with use_language("en"):
            inner = current_language()
        outer = current_language()

    assert (inner, outer, current_language()) == ("en", "de", "en")


def test_a_language_that_nobody_knows_is_spoken_as_english() -> None:
    with use_language("../xx"):
        assert current_language() == "en"


def looked_up(path: Path) -> list[ast.expr]:
    """What one module hands to whatever looks a message up."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    by_name = [call for call in calls if isinstance(call.func, ast.Name) and call.args]
    return [
        call.args[0] for call in by_name if ast.unparse(call.func) in {"gettext", "ngettext", "gettext_noop"}
    ]


def test_no_message_is_put_together_where_it_is_said() -> None:
    """What is chosen or filled in before it is looked up is in no catalogue."""
    modules = [path for package in ("ingest", "alerts", "web") for path in (ROOT / package).rglob("*.py")]
    made = (ast.JoinedStr, ast.IfExp, ast.BinOp)

    assert [path.name for path in modules for said in looked_up(path) if isinstance(said, made)] == []


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "web/templates").glob("*.html")))
def test_markup_is_said_only_where_it_is_written_out(name: str) -> None:
    """A variable could be what somebody typed."""
    template = (ROOT / "web/templates" / name).read_text("utf-8")
    calls = Environment(autoescape=True).parse(template).find_all(nodes.Call)
    said = [one for one in calls if isinstance(one.node, nodes.Name) and one.node.name == "gettext_html"]

    assert [call for call in said if not isinstance(call.args[0], nodes.Const)] == []


def test_a_value_is_escaped_where_markup_is_said() -> None:
    assert gettext_html("<b>{name}</b>", name="<i>") == "<b>&lt;i&gt;</b>"
