"""The visitor of a request: the owner where there are no accounts, else whoever is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flask import g


class Role(Enum):
    """What a visitor may see."""

    OWNER = "everything"
    PHYSIOTHERAPIST = "the page for the physiotherapist"
    STRANGER = "what needs no login"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's visitor; ``name`` is empty where nobody has to log in."""

    role: Role
    name: str = ""
    hides: tuple[str, ...] = ()


OWNER = Visitor(Role.OWNER)
STRANGER = Visitor(Role.STRANGER)


def current_visitor() -> Visitor:
    """The visitor of this request; where nothing stands guard, whoever comes is the owner."""
    found: Visitor = g.get("visitor", OWNER)
    return found


def set_visitor(one: Visitor) -> None:
    """Note who the visitor of this request is."""
    g.visitor = one
