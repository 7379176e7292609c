"""The runner's feedback on an alert: useful or not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Opinion = Literal["useful", "not useful"]
"""What a runner may say of an alert. It is counted, and changes no rule by itself."""


USEFUL: Opinion = "useful"


NOT_USEFUL: Opinion = "not useful"


OPINIONS: Mapping[str, Opinion] = MappingProxyType({USEFUL: USEFUL, NOT_USEFUL: NOT_USEFUL})
