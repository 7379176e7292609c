"""What surrounds every page: the way to the others, and what goes before all else under a red flag."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request

from alerts.care.pain.red_flag_lock import Silence
from alerts.service.care_service import CareDesk
from alerts.text.i18n import marked, say
from web.http.visitor import Role, visitor

NAVIGATION = (
    ("today.today", marked("Today")),
    ("pain.diary_page", marked("Pain")),
    ("care.care", marked("Care")),
    ("plan.plan", marked("Plan")),
    ("calendar.current", marked("Calendar")),
    ("training.page", marked("Training")),
    ("form.page", marked("Form")),
    ("finding_list.page", marked("Findings")),
    ("rules.page", marked("Rules")),
    ("shoes.shoes", marked("Shoes")),
    ("files.page", marked("Files")),
    ("settings.page", marked("Settings")),
)
"""The pages that every page leads to, in their order; those that are not served are left out."""


def frame_pages(app: Flask, desk: CareDesk | None) -> None:
    """Give every template the navigation, and the silence where there is one."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        one = visitor()
        known = [(name, say(title)) for name, title in NAVIGATION if name in app.view_functions]
        served = known if one.role is Role.OWNER else []
        return {
            "navigation": served if len(served) > 1 else [],
            "here": (request.endpoint or "").partition(".")[0],
            "silence": _silence(desk) if one.role is Role.OWNER else None,
            "visitor": one,
            "takes_forms": desk is not None,
        }


def _silence(desk: CareDesk | None) -> Silence | None:
    """What is open at this moment; the page of a failure asks nobody, as the asking may be what failed."""
    if desk is None or g.get("has_failed", False):
        return None
    return desk.silence()
