"""Pages taken apart: what tests ask of them."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


class Outline(HTMLParser):
    """What a page is built of: its tags, ids, links and text, and whether every tag is closed in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.misplaced: list[str] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Note a tag that closes, and whether it was its turn."""
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text with single, ordinary spaces."""
        return " ".join(" ".join(self.words).split())

    def values(self, attribute: str, tag: str | None = None) -> list[str]:
        """Give every value of an attribute, of one tag or of all."""
        return [a[attribute] or "" for t, a in self.tags if attribute in a and tag in (None, t)]

    def count(self, tag: str) -> int:
        """Count a tag."""
        return sum(t == tag for t, _ in self.tags)
