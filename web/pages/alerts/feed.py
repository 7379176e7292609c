"""The Atom feed: whoever knows the secret in its address may read it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from alerts.views.feed_service import FeedService


def feed_blueprint(service: FeedService, clock: Callable[[], datetime]) -> Blueprint:
    """Answer the feed; a wrong secret looks like a page that is not there."""
    blueprint = Blueprint("feed", __name__)

    @blueprint.get("/feed/<token>.atom")
    def atom(token: str) -> BaseResponse:
        written = service.read(token, clock())
        if written is None:
            abort(404)
        answer = Response(written, content_type="application/atom+xml; charset=utf-8")
        answer.headers["Cache-Control"] = "private, no-cache"  # a reader asks every few minutes for years
        answer.add_etag()
        return answer.make_conditional(request)

    return blueprint
