"""Pictures are believed by their bytes, never by their label."""

import base64
import binascii
import struct

MAX_PIXELS = 40_000_000
_SOF_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG segments that hold the picture's size


def valid_image(mime: object, data: object, limit: int) -> bool:
    """Whether `data` is base64 text of at most `limit` characters that holds a picture of the type `mime`.

    PNG, JPEG and GIF only: SVG is a document that may hold scripts. A picture that would unpack to more than
    MAX_PIXELS is refused.
    """
    if mime not in _SIZES or not isinstance(data, str) or len(data) > limit:
        return False
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
        width, height = _SIZES[mime](raw)
    except (binascii.Error, ValueError, struct.error, IndexError):
        return False
    return 0 < width * height <= MAX_PIXELS


def _png_size(raw: bytes) -> tuple[int, int]:
    if not raw.startswith(b"\x89PNG\r\n\x1a\n") or raw[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    return struct.unpack(">II", raw[16:24])


def _gif_size(raw: bytes) -> tuple[int, int]:
    if not raw.startswith((b"GIF87a", b"GIF89a")):
        raise ValueError("not a GIF")
    return struct.unpack("<HH", raw[6:10])


def _jpeg_size(raw: bytes) -> tuple[int, int]:
    """Walk the segments up to the one that holds the size."""
    if not raw.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    at = 2
    while raw[at] == 0xFF:
        marker, length = raw[at + 1], struct.unpack(">H", raw[at + 2 : at + 4])[0]
        if marker in _SOF_MARKERS:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise ValueError("no size in this JPEG")


_SIZES = {"image/png": _png_size, "image/jpeg": _jpeg_size, "image/gif": _gif_size}
