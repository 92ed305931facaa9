"""The child: reads one request, gives up everything, renders, answers, ends.

Role: runs as a process of its own (`handover.stranger.parent` starts it) with an empty environment, an empty folder and
no descriptor but three. Everything that rendering may import is imported before the template's first byte is looked at:
afterwards nothing can be opened any more. It is never imported by the program itself.
"""

import importlib
import os
import sys
from typing import BinaryIO, Final

from handover.errors import DamagedFile, HandoverError, TemplateError
from handover.stranger.confine import confine
from handover.stranger.limits import Limits
from handover.stranger.message import Reply, Request, read_request, write_reply
from handover.stranger.screen import check_images

_NEEDED: Final = (
    "ctypes", "platform", "resource", "unicodedata", "encodings.cp437", "encodings.ascii", "encodings.latin_1",
    "encodings.unicode_escape", "encodings.utf_8_sig", "encodings.utf_16",
    "zlib", "jinja2.debug", "lxml.etree", "docx.api", "docxtpl", "handover.office.docx_fill",
    "handover.office.sandbox",
)  # fmt: skip
"""What rendering imports on its way, some of it only for an error."""

_FOR_PICTURES: Final = (
    "PIL.Image", "PIL.ImageOps", "PIL.ImageFile", "PIL.PngImagePlugin", "PIL.JpegImagePlugin", "PIL.MpoImagePlugin",
    "PIL.TiffImagePlugin", "PIL.ExifTags",
)  # fmt: skip


def main() -> None:
    """Answer one request on standard input and end the process."""
    answer = sys.stdout.buffer
    # What a library prints must not end up in the answer.
    sys.stdout = sys.stderr
    try:
        _import(_NEEDED)
        request = read_request(sys.stdin.buffer.read())
        if any(request.finish.pictures.values()):
            _import(_FOR_PICTURES)
    except Exception as error:  # noqa: BLE001 — whatever it is, the parent must hear of it
        _end(answer, Reply(code="unready", message=f"{type(error).__name__}: {error}"))
    else:
        enforced = confine(request.limits)
        _end(answer, _answered(request, enforced))


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            if name != "resource":  # Windows has none
                raise
    if names is _FOR_PICTURES:
        from PIL import Image

        Image.preinit()


def _answered(request: Request, enforced: tuple[str, ...]) -> Reply:
    from handover.office.docx import render

    try:
        check_images(request.template, request.place)
        content = render(request.template, request.context, request.finish, place=request.place)
    except MemoryError:
        return _too_large(request.limits, enforced)
    except (TemplateError, DamagedFile) as error:
        return Reply(code=error.code, message=error.message, hint=error.hint, enforced=enforced)
    except HandoverError as error:
        return Reply(code=TemplateError.code, message=str(error), hint=error.hint, enforced=enforced)
    except (RecursionError, SyntaxError):  # Python, too, has a limit for blocks in blocks
        message = f"{request.place}: can't be filled in: its tags or tables are nested too deeply"
        return Reply(code=TemplateError.code, message=message, enforced=enforced)
    except Exception as error:  # noqa: BLE001 — any failure of a library on hostile input is the template's
        message = f"{request.place}: can't be filled in ({type(error).__name__}: {error})"
        return Reply(code=TemplateError.code, message=message[:1000], enforced=enforced)
    return Reply(content, enforced=enforced)


def _too_large(limits: Limits, enforced: tuple[str, ...]) -> Reply:
    return Reply(code="memory", message=f"{limits.memory >> 20}", enforced=enforced)


def _end(answer: BinaryIO, reply: Reply) -> None:
    answer.write(write_reply(reply))
    answer.flush()
    # Nothing is left to be tidied, and an interpreter that ends in order wants calls that are no longer ours.
    os._exit(0)
