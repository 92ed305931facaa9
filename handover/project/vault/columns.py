"""Credentials as columns and cells of a workbook: the vault's, and the delivered inventory's.

Role: the one place that says in which order, under which look and how wide a credential is shown. It writes no file.
"""

from urllib.parse import quote, urlsplit

from handover.formats.excel import Cell, Column, Link, Look, Value
from handover.languages.words import Words
from handover.model.rows import CredentialRow, YesNo

_MAX_URL = 2_000
"""Characters of a link that Excel still follows (2,083 less a margin)."""

_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"
"""RFC 3986, clause 2.2 and 2.4: what stands as it is in a URL that people typed."""


def credential_columns(words: Words, answers: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of credentials, in the order of `CredentialRow`; `words` are those of `vault`, read back."""
    looks = {
        "service": (Look.TEXT, 16, 32),
        "url": (Look.TEXT, 16, 52),
        "user_name": (Look.MONO, 16, 36),
        "password": (Look.MONO, 16, 40),
        "totp_secret": (Look.MONO, 16, 40),
        "recovery_codes": (Look.MONO, 18, 30),
        "fields": (Look.MONO, 18, 40),
        "other_urls": (Look.TEXT, 16, 44),
        "folder": (Look.TEXT, 12, 24),
        "owner": (Look.TEXT, 14, 24),
        "note": (Look.TEXT, 16, 44),
        "change_after_receipt": (Look.TEXT, 13, 22),
    }
    return tuple(
        Column(words.text(f"header.{name}"), look, least, most, answers if name == "change_after_receipt" else ())
        for name, (look, least, most) in looks.items()
    )


def credential_cells(row: CredentialRow, answers: dict[YesNo, str], *, links: bool = True) -> tuple[Value, ...]:
    """One credential as cells for `credential_columns`; the web address can be clicked where it is one."""
    change = answers.get(row.change_after_receipt, answers[YesNo.YES])
    shown = {"url": web_link(row.url) if links else row.url, "change_after_receipt": change}
    return tuple(shown.get(name, getattr(row, name)) for name in CredentialRow.model_fields)


def web_link(url: str | None) -> Value:
    """A web address as a link that leads there; anything else (`ftp.example`, an app's name) as text."""
    if url is None or len(url) > _MAX_URL or url != url.strip():
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return url
    return Cell(Link(url, quote(url, safe=_URL_SAFE)), Look.LINK)
