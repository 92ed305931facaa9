"""What e-mails hold, decoded: what the child process does (`handover.formats.confined`).

Role: an e-mail, or a mailbox of them (RFC 4155), → its parts with their names. It runs in the child alone, and judges
nothing that they say.
"""

import email
import email.policy
import re
import struct
from collections.abc import Iterator
from typing import Final

_HEAD: Final = struct.Struct(">HQ")
_NEXT: Final = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


def parts(data: bytes) -> Iterator[bytes]:
    """Each part's name and decoded content, with their lengths before them."""
    for one in _NEXT.split(data):
        for part in email.message_from_bytes(one, policy=email.policy.compat32).walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                name = (part.get_filename() or part.get_content_type()).encode("utf-8", "replace")[:1_000]
                yield _HEAD.pack(len(name), len(content)) + name + content


def read(answer: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents in an answer of the child; one that was cut is left out."""
    at = 0
    while at + _HEAD.size <= len(answer):
        name, content = _HEAD.unpack_from(answer, at)
        at += _HEAD.size
        if at + name + content > len(answer):
            return
        yield answer[at : at + name].decode("utf-8", "replace"), answer[at + name : at + name + content]
        at += name + content
