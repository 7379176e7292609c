"""Templates say what they say in the language that is being spoken: ``{{ say("Up to {most}", most=m) }}``."""

from __future__ import annotations

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from alerts.words.language import LANGUAGES, say, say_many, spoken


def teach(environment: Environment) -> None:
    """Give templates their voice."""
    environment.globals.update(
        say=_say, say_many=_say_many, language=spoken, languages=tuple(LANGUAGES.items())
    )


@pass_eval_context
def _say(context: EvalContext, message: str, /, **values: object) -> str:
    """Where markup is made, messages may hold markup and values are escaped."""
    if not context.autoescape:
        return say(message, **values)
    return Markup(say(message)).format(**values) if values else Markup(say(message))  # noqa: S704 - our own words


@pass_eval_context
def _say_many(context: EvalContext, one: str, many: str, n: int, /, **values: object) -> str:
    if not context.autoescape:
        return say_many(one, many, n, **values)
    chosen = Markup(say_many(one, many, n, **{name: f"{{{name}}}" for name in ("n", *values)}))  # noqa: S704
    return chosen.format(**{"n": n, **values})
