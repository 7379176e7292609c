"""The language in which words are said: English is the source, other languages are catalogues beside it.

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
    """The code of the language that is being spoken."""
    return _spoken.get()


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Speak a language for a while; one that is not known is spoken as English."""
    token = _spoken.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str, /, **values: object) -> str:
    """The message in the current language, with its values in place of ``{names}``."""
    # the empty message is a catalogue's own head
    is_source = _spoken.get() == SOURCE or not message
    said = message if is_source else _catalogue(_spoken.get()).gettext(message)
    return _filled(said, values) if values else said


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """One of two messages, by the number that ``n`` is in that language; ``{n}`` is the number as written."""
    if _spoken.get() == SOURCE:
        said = one if n == 1 else many
    else:
        said = _catalogue(_spoken.get()).ngettext(one, many, n)
    return _filled(said, {"n": n, **values})


def _filled(said: str, values: Mapping[str, object]) -> str:
    """The message with its values; where one ends in an abbreviation, its full stop is the sentence's too."""
    filled = said.format(**values)
    return filled if _spoken.get() == SOURCE else _TWO_STOPS.sub(".", filled)


def capitalize_first(text: str) -> str:
    """The text as the beginning of a line; the rest of it stays as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A heading as it stands within a sentence; German nouns keep their capital."""
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
    """Give templates their voice; what ``gettext`` says is escaped like any other text."""
    environment.globals.update(
        gettext=gettext,
        ngettext=ngettext,
        gettext_html=gettext_html,
        language=current_language,
        languages=tuple(LANGUAGES.items()),
    )


def gettext_html(message: str, /, **values: object) -> Markup:
    """A message with markup in it, written out in a template and never a variable; values are escaped."""
    return Markup(gettext(message)).format(**values)  # noqa: S704 - the catalogue's and the template's own words
