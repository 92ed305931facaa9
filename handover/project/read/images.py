"""Whether the bytes of a picture are one that Word can show.

Role: judges the files that the settings name (logo, signature) before a document is made from them. It keeps
the bytes as they are and converts nothing.
"""

import io
import warnings

from handover.model.message import msg

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDE = 10_000
"""Pixels: a page's width at 1,200 dots per inch."""
MAX_PIXELS = 12_500_000
"""Of all pixels: a phone's photograph has twelve million. A decoder keeps up to ten bytes for each."""
MAX_SCANNED = 400_000_000
"""Pixels times scans: a progressive JPEG (ITU-T T.81, G) is decoded once over for each of its scans, ten as a rule, and
a scan that changes nothing takes a few bytes of the file."""
_SCAN = b"\xff\xda"
"""Start of scan (T.81, table B.1); in compressed data no byte 0xFF is followed by another than 0 or a marker's."""

_TOO_LARGE = msg(
    "this is larger than {most:,} pixels a side or {most_2} million pixels", most=MAX_SIDE, most_2=MAX_PIXELS / 1000000
)
_SMALLER = msg("export it smaller; 2,000 pixels are plenty")


def image_problem(content: bytes) -> tuple[str, str] | None:
    """What is wrong with the picture and what to do, or None for a whole PNG or JPEG of a sane size."""
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return msg("this is neither a PNG nor a JPEG picture"), msg("export it as PNG")
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow only warns of bombs; the size is checked here before any pixel is decoded.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
                pixels = image.width * image.height
                if max(image.size) > MAX_SIDE or pixels > MAX_PIXELS:
                    return _TOO_LARGE, _SMALLER
                scans = content.count(_SCAN)
                if image.format == "JPEG" and pixels * scans > MAX_SCANNED:
                    message = msg("this JPEG has {scan:,} scans of {pixels:,} pixels", scan=scans, pixels=pixels)
                    return message, msg("save it as PNG")
                # For a PNG this checks the checksum of every chunk, but leaves the image unusable.
                image.verify()
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
                image.load()
    except Image.DecompressionBombError:
        # Raised on opening where the header names far more pixels than Pillow would decode.
        return _TOO_LARGE, _SMALLER
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError):
        return msg("this is a damaged picture"), msg("export it again")
    return None
