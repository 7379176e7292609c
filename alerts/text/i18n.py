"""Translation: English is the source language, other languages are gettext catalogues.

What a person reads passes ``gettext``, which looks the English text up in the catalogue of the language that
is being spoken and fills in the values. Who speaks sets the language: a page that of its request, an email
that of its runner. Text that stands in a module, before anybody speaks, is ``gettext_noop`` there and
said where it is used.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

from jinja2 import Environment
from markupsafe import Markup

from ingest.i18n import gettext_noop

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "capitalize_first",
    "current_language",
    "gettext",
    "gettext_noop",
    "lower_first",
    "ngettext",
    "use_language",
]

SOURCE = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch"})
"""Languages by their code, each named in itself."""

_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")

_spoken: ContextVar[str] = ContextVar("current_language", default=SOURCE)


def current_language() -> str:
    """The code of the current language."""
    return _spoken.get()


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Use a language within a ``with`` block; an unknown one falls back to English."""
    token = _spoken.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str, /, **values: object) -> str:
    """Translate a message into the current language and fill in its ``{names}``."""
    # the empty message is a catalogue's own head
    is_source = _spoken.get() == SOURCE or not message
    said = message if is_source else _catalogue(_spoken.get()).gettext(message)
    return _filled(said, values) if values else said


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate with plural forms, chosen by ``n``; ``{n}`` is the number."""
    if _spoken.get() == SOURCE:
        said = one if n == 1 else many
    else:
        said = _catalogue(_spoken.get()).ngettext(one, many, n)
    return _filled(said, {"n": n, **values})


def _filled(said: str, values: Mapping[str, object]) -> str:
    """Fill in values; an abbreviation's full stop at the end also ends the sentence."""
    filled = said.format(**values)
    return filled if _spoken.get() == SOURCE else _TWO_STOPS.sub(".", filled)


def capitalize_first(text: str) -> str:
    """Capitalise the first letter only."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A heading used within a sentence; German keeps its capital."""
    return text[:1].lower() + text[1:] if _spoken.get() == SOURCE else text


@functools.cache
def _catalogue(language: str) -> NullTranslations:
    return load_catalogue(language, resources.files("alerts.text").joinpath("catalogues"))


def load_catalogue(language: str, folder: Traversable) -> GNUTranslations:
    """The catalogue of a language: compiled as a wheel has it, else read from its ``.po`` source.

    A checkout has no compiled catalogue, so that none can fall behind its source.
    """
    compiled = folder.joinpath(f"{language}.mo")
    if compiled.is_file():
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    return _from_source(folder.joinpath(f"{language}.po").read_text("utf-8"), language)


def _from_source(source: str, language: str) -> GNUTranslations:
    """A catalogue compiled in memory; takes about a tenth of a second."""
    # Babel is slow to import and not needed where the catalogue is compiled
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def install_gettext(environment: Environment) -> None:
    """Register the translation functions with a template environment."""
    environment.globals.update(
        gettext=gettext,
        ngettext=ngettext,
        gettext_html=gettext_html,
        language=current_language,
        languages=tuple(LANGUAGES.items()),
    )


def gettext_html(message: str, /, **values: object) -> Markup:
    """Translate a message that contains markup; values are escaped. Only for template literals."""
    return Markup(gettext(message)).format(**values)  # noqa: S704 - the catalogue's and the template's own words
