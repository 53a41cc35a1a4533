"""What a joined file is, by its first bytes; a photo without where it was taken. Pure.

A phone writes in its photos their place, hour and model: nobody asked for it. The picture itself
is left untouched; the only thing kept is how to turn it upright.
"""

import re
import struct

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_TYPES = (
    (_JPEG, "image/jpeg"),
    (_PNG, "image/png"),
    (b"%PDF-", "application/pdf"),
)
UNKNOWN = "application/octet-stream"
_ORIENTATION = 0x0112
_EXIF = b"Exif\0\0"
# What ends the drawing of a JPEG: a marker that is neither a stuffed byte, a restart nor a fill.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Chunks of a PNG that only draw it; the others are texts, dates, places.
_DRAWING = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs",
     b"sBIT", b"bKGD")
)  # fmt: skip


def type_of(data: bytes) -> str:
    """`image/jpeg`, `image/png`, `application/pdf`, or the type that no browser opens."""
    return next((kind for start, kind in _TYPES if data.startswith(start)), UNKNOWN)


def without_place(data: bytes) -> bytes:
    """The same picture without what the phone wrote beside it; anything else as it is.

    A picture whose structure cannot be followed comes back as it is.
    """
    try:
        if data.startswith(_JPEG):
            return _clean_jpeg(data)
        if data.startswith(_PNG):
            return _clean_png(data)
    except (struct.error, IndexError, ValueError):
        return data
    return data


def _clean_jpeg(data: bytes) -> bytes:
    """Drop the segments of metadata (APP1 and above, comments), but colours (APP2, APP14).

    What follows the end of the picture goes too: phones put there a second one, with its place.
    """
    kept, orientation, place, drawn = [data[:2]], 0, 2, False
    while place < len(data):
        if data[place] != 0xFF:
            raise ValueError("no marker where one is due")
        marker = data[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker == 0xD9:  # the end
            kept.append(data[place : place + 2])
            break
        length = struct.unpack_from(">H", data, place + 2)[0]
        segment = data[place : place + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise ValueError("cut segment")
        if marker == 0xE1 and segment[4:10] == _EXIF:
            orientation = orientation or _orientation(segment[10:])
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE2, 0xEE):
            kept.append(segment)
        place += 2 + length
        if marker == 0xDA:  # what is drawn follows its header
            found = _AFTER_SCAN.search(data, place)
            end = found.start() if found else len(data)
            kept.append(data[place:end])
            place, drawn = end, True
    if not drawn:
        raise ValueError("no picture")
    if orientation > 1:
        kept.insert(1, _upright(orientation))
    return b"".join(kept)


def _orientation(tiff: bytes) -> int:
    """How to turn the picture (1 to 8), 0 when the camera does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    for rank in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
        tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * rank)
        if (tag, kind, count) == (_ORIENTATION, 3, 1):
            return int(value) if 1 <= value <= 8 else 0
    return 0


def _upright(orientation: int) -> bytes:
    """A segment that says the orientation and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM" + struct.pack(">HIH", 42, 8, 1) + entry + struct.pack(">I", 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _clean_png(data: bytes) -> bytes:
    kept, place = [_PNG], len(_PNG)
    while place < len(data):
        length = struct.unpack_from(">I", data, place)[0]
        end = place + 12 + length
        if end > len(data):
            raise ValueError("cut chunk")
        kind = data[place + 4 : place + 8]
        if kind in _DRAWING:
            kept.append(data[place:end])
        if kind == b"IEND":
            break
        place = end
    return b"".join(kept)
