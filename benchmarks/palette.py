"""Writes pictures of pages as PNG with a palette: a page has few colours, so the file is a third as large."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

COLOURS = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"

READ_PIXELS = """async data => {
    const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const brush = canvas.getContext("2d");
    brush.drawImage(picture, 0, 0);
    const bytes = brush.getImageData(0, 0, picture.width, picture.height).data;
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return [picture.height, picture.width, btoa(text)];
}"""


def with_palette(picture: bytes, blank: Page) -> bytes:
    """Write a PNG anew with at most 256 colours; the browser of an empty page reads the old one."""
    height, width, encoded = blank.evaluate(READ_PIXELS, base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(height, width, 4)[..., :3]
    palette, indices = quantised(pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.pad(indices, ((0, 0), (1, 0))).tobytes()  # each row begins with its filter, none
    parts = (b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return SIGNATURE + b"".join(_chunk(name, body) for name, body in parts)


def quantised(pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The most frequent colours, and for each pixel the nearest of them."""
    whole = pixels.astype(np.uint32)
    packed = whole[..., 0] << 16 | whole[..., 1] << 8 | whole[..., 2]
    found, inverse, times = np.unique(packed, return_inverse=True, return_counts=True)
    kept = found[np.argsort(-times)[:COLOURS]]
    nearest = np.abs(_split(found)[:, None].astype(np.int16) - _split(kept)[None].astype(np.int16))
    index_of = nearest.sum(axis=2, dtype=np.int32).argmin(axis=1).astype(np.uint8)
    return _split(kept), index_of[inverse].reshape(packed.shape)


def _split(colours: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.uint8)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
