"""What every page shows: the navigation, and an open red flag before everything else."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request

from alerts.care.pain.red_flag_lock import RedFlagLock
from alerts.service.care_service import CareService
from alerts.text.i18n import gettext, gettext_noop
from web.http.visitor import Role, current_visitor

NAVIGATION = (
    ("today.today", gettext_noop("Today")),
    ("pain.diary_page", gettext_noop("Pain")),
    ("care.care", gettext_noop("Care")),
    ("plan.plan", gettext_noop("Plan")),
    ("calendar.current", gettext_noop("Calendar")),
    ("training.page", gettext_noop("Training")),
    ("form.page", gettext_noop("Technique")),
    ("alert_list.page", gettext_noop("Alerts")),
    ("rules.page", gettext_noop("Rules")),
    ("shoes.shoes", gettext_noop("Shoes")),
    ("files.page", gettext_noop("Files")),
    ("settings.page", gettext_noop("Settings")),
)
"""The pages that every page leads to, in their order; those that are not served are left out."""


def add_page_context(app: Flask, care_service: CareService | None) -> None:
    """Give every template the navigation and the open red flag."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        one = current_visitor()
        known = [(name, gettext(title)) for name, title in NAVIGATION if name in app.view_functions]
        served = known if one.role is Role.OWNER else []
        return {
            "navigation": served if len(served) > 1 else [],
            "here": (request.endpoint or "").partition(".")[0],
            "red_flag_lock": visible_red_flag_lock(care_service),
            "visitor": one,
            "takes_forms": care_service is not None,
        }


def visible_red_flag_lock(care_service: CareService | None) -> RedFlagLock | None:
    """The open red flag if the visitor is the owner.

    The error page asks for none, as asking may be what failed.
    """
    if care_service is None or g.get("has_failed", False) or current_visitor().role is not Role.OWNER:
        return None
    return care_service.red_flag_lock()
