"""Templates say what they say in the language that is being spoken: ``{{ say("Up to {most}", most=m) }}``."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from alerts.words.language import LANGUAGES, say, say_many, spoken


def teach(environment: Environment) -> None:
    """Give templates their voice; what ``say`` says is escaped like any other text."""
    environment.globals.update(
        say=say, say_many=say_many, say_html=say_html, language=spoken, languages=tuple(LANGUAGES.items())
    )


def say_html(message: str, /, **values: object) -> Markup:
    """A message with markup in it, written out in a template and never a variable; values are escaped."""
    return Markup(say(message)).format(**values)  # noqa: S704 - the catalogue's and the template's own words
