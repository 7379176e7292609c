"""Static files: read once at the start, answered compressed and to be kept for good.

The address of a file holds the digest of its bytes, so that a browser may keep it for ever and yet never
shows an old style sheet after an upgrade.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request, url_for

STATIC_FOLDER = Path(__file__).parents[1] / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    mimetype: str
    body: bytes
    packed: bytes
    digest: str


def read_assets(folder: Path = STATIC_FOLDER) -> dict[str, Asset]:
    """Files of a known type below the folder, by their relative name."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES)
    return {path.relative_to(folder).as_posix(): _asset(path) for path in paths}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(TYPES[path.suffix], body, gzip.compress(body, mtime=0), digest)


def assets_blueprint(assets: dict[str, Asset]) -> Blueprint:
    """Answer each file at the address that holds its digest, and at no other."""
    blueprint = Blueprint("assets", __name__)

    @blueprint.get("/static/<digest>/<path:name>")
    def asset(digest: str, name: str) -> Response:
        found = assets.get(name)
        if found is None or found.digest != digest:
            abort(404)
        response = Response(found.body, mimetype=found.mimetype)
        if request.accept_encodings["gzip"]:
            response.set_data(found.packed)
            response.content_encoding = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = FOR_GOOD
        return response

    return blueprint


def asset_url(assets: dict[str, Asset]) -> Callable[[str], str]:
    """Make the function by which templates address a file; an unknown name is a bug and raises."""

    def address(name: str) -> str:
        return url_for("assets.asset", digest=assets[name].digest, name=name)

    return address
