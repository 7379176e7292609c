"""What can become of a file; apart from the store, which processes that decode do not load."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["activity", "ignored", "rejected"]
