"""The Atom feed: whoever knows the secret in its address may read it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort

from alerts.pages.feed_desk import FeedDesk


def feed_blueprint(desk: FeedDesk, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the feed; a wrong secret looks like a page that is not there."""
    blueprint = Blueprint("feed", __name__)

    @blueprint.get("/feed/<token>.atom")
    def atom(token: str) -> Response:
        written = desk.read(token, clock())
        if written is None:
            abort(404)
        return Response(written, content_type="application/atom+xml; charset=utf-8")

    return blueprint
