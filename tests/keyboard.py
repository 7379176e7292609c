"""A visitor who has nothing but a keyboard, and sees at each step where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

FOCUS = """async () => {
    await new Promise(requestAnimationFrame);
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const drawn = getComputedStyle(one).opacity === "0" ? one.nextElementSibling : one;
    const style = getComputedStyle(drawn);
    const box = one.getBoundingClientRect();
    const labels = [...(one.labels || [])].map(label => label.textContent);
    const group = one.closest("fieldset")?.querySelector("legend")?.textContent;
    return {
        html: one.cloneNode(false).outerHTML,
        place: [...document.querySelectorAll("*")].indexOf(one),
        names: [one.getAttribute("aria-label"), ...labels, one.textContent, group]
            .filter(Boolean).map(text => text.trim().replace(/\\s+/g, " ")),
        isRinged: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1,
        isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""
"""What has the focus, by what it is called, and whether anybody sees that it has it.

A window scrolls to it with the next frame. A number of the scale of pain is drawn by what follows it; the
button itself is seen through.
"""

WANTED = """() => [...document.querySelectorAll("*")].map((one, place) => [one, place])
    .filter(([one]) => one.matches("a[href], button, input, select, textarea, summary, [tabindex]")
        && one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
    .map(([one, place]) => ({
        html: one.cloneNode(false).outerHTML,
        place,
        group: one.type === "radio" ? `${one.form.action} ${one.name}` : "",
    }))"""
"""Everything that takes the focus; of radio buttons that belong together the tabulator visits one."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the focus stands: which element of the page, what it is called, and whether that is seen."""

    html: str
    place: int
    names: tuple[str, ...]
    is_ringed: bool
    is_in_view: bool

    @property
    def is_seen(self) -> bool:
        """Whether somebody who looks at the window knows that the focus is here."""
        return self.is_ringed and self.is_in_view

    def is_called(self, name: str) -> bool:
        """Whether it, or the group that it belongs to, is called that, or something that begins so."""
        return any(known.startswith(name) for known in self.names)


def focused(page: Page) -> Stop | None:
    """Where the focus stands; None where nothing has it."""
    found: dict[str, Any] | None = page.evaluate(FOCUS)
    if found is None:
        return None
    return Stop(found["html"], found["place"], tuple(found["names"]), found["isRinged"], found["isInView"])


def tabbed(page: Page, key: str = "Tab") -> Stop | None:
    """Press the tabulator once, and see where that leads."""
    page.keyboard.press(key)
    stop = focused(page)
    assert stop is None or stop.is_seen, f"nobody sees where the focus is: {stop}"
    return stop


def pressed_to(page: Page, name: str, *, most: int = 120) -> Stop:
    """Press the tabulator until what has the focus is called that, or belongs to a group that is."""
    seen = []
    for _ in range(most):
        stop = tabbed(page)
        if stop is not None and stop.is_called(name):
            return stop
        seen.append(stop and stop.names)
    raise AssertionError(f"the tabulator never came to {name!r}, only to {seen}")


def pressed(page: Page, name: str, key: str = "Enter") -> Stop:
    """Come to something and press it."""
    stop = pressed_to(page, name)
    page.keyboard.press(key)
    return stop


def followed(page: Page, name: str) -> Stop:
    """Come to a link or a button that leads to a page, and wait until one is there."""
    stop = pressed_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return stop


def typed(page: Page, name: str, text: str) -> None:
    """Come to a field and type into it, in place of what it holds."""
    pressed_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def walked(page: Page, *, most: int = 400) -> list[Stop]:
    """Press the tabulator until it leads once around the page, wherever that puts the focus at first."""
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop is None:  # out of the page; the next press leads to its beginning
            continue
        if stops and stop.place == stops[0].place != stops[-1].place:
            return stops
        stops.append(stop)
    raise AssertionError(f"the tabulator never leaves the page, and stands at {stops[-1].html}")


def passed_over(page: Page, stops: list[Stop]) -> list[str]:
    """Name what takes the focus and was at none of the stops, nor belongs to what was."""
    visited = {stop.place for stop in stops}
    wanted: list[dict[str, Any]] = page.evaluate(WANTED)
    groups = {one["group"] for one in wanted if one["place"] in visited} - {""}
    return [one["html"] for one in wanted if one["place"] not in visited and one["group"] not in groups]
