"""What e-mails hold, decoded: what the child process does (`handover.formats.confined`).

Role: an e-mail, or a mailbox of them (RFC 4155), → its parts with their names. It runs in the child alone, and judges
nothing that they say.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

_SUBJECT: Final = "subject"
_NEXT: Final = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each part's name and decoded content."""
    for one in _NEXT.split(data):
        message = email.message_from_bytes(one, policy=email.policy.compat32)
        subject = _subject(message["Subject"])
        if subject:
            yield _SUBJECT, subject
        for part in message.walk():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                yield (part.get_filename() or part.get_content_type())[:1_000], content


def _subject(value: object) -> bytes:
    """An e-mail's subject without its encoded words (RFC 2047)."""
    if value is None:
        return b""
    try:
        return str(make_header(decode_header(str(value)))).encode("utf-8", "replace")
    except (LookupError, ValueError, HeaderParseError):
        return b""
