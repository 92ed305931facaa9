"""The XML inside a KDBX file, which KeePass also exports as it is: groups, and entries with their texts.

Role: XML → entries and entries → XML. Of an entry it keeps its group, texts, tags and the names of its attachments;
earlier versions, icons and settings are passed over. What the texts mean, whoever reads them says.
"""

import base64
import binascii
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from handover.formats.kdbx.header import AGAIN, FEWER, refused
from handover.model.errors import DamagedFile
from handover.model.message import msg

if TYPE_CHECKING:
    from lxml import etree

MAX_XML: Final = 64 * 1024 * 1024
MAX_ENTRIES: Final = 10_000
"""Of one file, whoever's they are; of any other export too."""
_MAX_MARKUP: Final = 2_000_000
"""Tags and attributes: 2,000 entries with ten earlier versions each."""
_FREE_MARKUP: Final = 500_000
"""As many a small file may have; each takes up to 250 bytes of memory. More need a file of 4 bytes for each."""
_REFERENCE: Final = re.compile(r"\{REF:([TUPAN])@I:([0-9A-Fa-f]{32})\}", re.IGNORECASE)
_REFERRED: Final = {"T": "Title", "U": "UserName", "P": "Password", "A": "URL", "N": "Notes"}
_TURNS: Final = 5
"""How often a reference may lead to another: more is a circle."""
_MAX_BORROWED: Final = 10_000_000
"""Characters that references may bring in altogether: as many as credentials have at most."""
_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `Title`, `UserName`, `Password`, `URL`, `Notes` and whatever other texts it has."""

    path: tuple[str, ...]
    """The names of its groups, from the outermost on, without the file's own."""
    fields: Mapping[str, str] = field(repr=False)
    protected: frozenset[str] = frozenset()
    """Names of the texts that are hidden even inside the file."""
    tags: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    recycled: bool = False
    """Whether it lies in the recycle bin."""
    earlier: int = 0
    """How many earlier versions of it are kept."""
    lenders: "tuple[Entry, ...]" = field(default=(), repr=False)
    """Other entries of the file whose texts it shows as its own."""


def entries_in(
    xml: bytes, stream: Callable[[bytes], bytes] | None, *, name: str, size: int, header_digest: bytes = b""
) -> tuple[Entry, ...]:
    """The entries of the XML of a KDBX file of `size` bytes, or of a plain export, which has no stream.

    `header_digest` is what a file of version 3.1 may hold of its header. Raises DamagedFile.
    """
    from handover.formats.package.opc import parse_xml

    if len(xml) > MAX_XML:
        raise refused(name, msg("holds more than {most} MB", most=MAX_XML >> 20), FEWER)
    root = parse_xml(xml, name, min(_MAX_MARKUP, _FREE_MARKUP + size // 4))
    tops = root.findall("Root/Group")
    if root.tag != "KeePassFile" or not tops:
        raise DamagedFile.at(name, msg("isn't KeePass's XML"))
    if len(tops) > 1:  # KeePass's programs show the first alone, or refuse it too
        raise DamagedFile.at(name, msg("has {count} groups at its root, and KeePass writes one", count=len(tops)))
    said = root.findtext("Meta/HeaderHash")
    if header_digest and said and said.strip() != base64.b64encode(header_digest).decode():
        raise refused(name, msg("is damaged or was altered"), AGAIN)
    # In the document's order, and every one: the stream runs through all of them.
    hidden = {
        element: _shown(element.text or "", stream, name)
        for element in root.iter("Value")
        if element.get("Protected") == "True"
    }
    bin_ = root.findtext("Meta/RecycleBinUUID") if root.findtext("Meta/RecycleBinEnabled") != "False" else None
    found = tuple(islice(_entries(tops[0], (), bin_ or "", hidden, recycled=False), MAX_ENTRIES + 1))
    if len(found) > MAX_ENTRIES:
        raise refused(name, msg("has more than {most:,} entries", most=MAX_ENTRIES), FEWER)
    return _resolved(found, name)


def _shown(text: str, stream: Callable[[bytes], bytes] | None, name: str) -> str:
    try:
        hidden = base64.b64decode(text)
        # A binary's value may be no text; it isn't looked at.
        return stream(hidden).decode("utf-8", "replace") if stream else text
    except (ValueError, binascii.Error):
        raise DamagedFile.at(name, msg("is damaged: a hidden value isn't one")) from None


def _entries(
    group: "etree._Element", path: tuple[str, ...], bin_: str, hidden: "Mapping[etree._Element, str]", *, recycled: bool
) -> Iterator[tuple[str, Entry]]:
    """The group's entries and those of the groups in it, each with its identifier in hexadecimal digits."""
    for element in group.iterchildren("Entry"):
        texts: dict[str, str] = {}
        protected = set()
        for pair in element.findall("String"):
            key, value = pair.findtext("Key") or "", pair.find("Value")
            if value is not None:
                texts[key] = hidden.get(value, value.text or "")
                if value in hidden or value.get("ProtectInMemory") == "True":
                    protected.add(key)
        tags = (tag.strip() for tag in re.split("[;,]", element.findtext("Tags") or ""))
        yield (
            _hexadecimal(element.findtext("UUID") or ""),
            Entry(
                path=path,
                fields=texts,
                protected=frozenset(protected),
                tags=tuple(tag for tag in tags if tag),
                attachments=tuple(binary.findtext("Key") or "" for binary in element.findall("Binary")),
                recycled=recycled,
                earlier=len(element.findall("History/Entry")),
            ),
        )
    for inner in group.iterchildren("Group"):
        binned = recycled or (bool(bin_) and inner.findtext("UUID") == bin_)
        yield from _entries(inner, (*path, inner.findtext("Name") or ""), bin_, hidden, recycled=binned)


def _hexadecimal(uuid: str) -> str:
    try:
        return base64.b64decode(uuid).hex().upper()
    except (ValueError, binascii.Error):
        return ""


def _resolved(entries: Iterable[tuple[str, Entry]], name: str) -> tuple[Entry, ...]:
    """The entries with the texts that they borrow from others (`{REF:P@I:…}`), counted before they are put in."""
    entries = tuple(entries)
    known = dict(reversed(entries))
    left = _MAX_BORROWED
    lenders: dict[int, Entry] = {}

    def borrowed(match: re.Match[str]) -> str:
        nonlocal left
        if (other := known.get(match[2].upper())) is None:
            return match[0]
        lenders[id(other)] = other
        text = other.fields.get(_REFERRED[match[1].upper()], "")
        if (left := left - len(text)) < 0:
            what = msg("its entries borrow more than {most:,} characters from one another", most=_MAX_BORROWED)
            raise refused(name, what, FEWER)
        return text

    found = []
    for _, entry in entries:
        lenders.clear()
        fields = dict(entry.fields)
        for _ in range(_TURNS):
            fields = {key: _REFERENCE.sub(borrowed, text) if "{" in text else text for key, text in fields.items()}
        others = tuple(other for other in lenders.values() if other is not entry)
        found.append(replace(entry, fields=fields, lenders=others))
    return tuple(found)


def inner_xml(
    entries: Sequence[Entry],
    stream: Callable[[bytes], bytes],
    *,
    title: str,
    at: datetime,
    random: Callable[[int], bytes],
) -> bytes:
    """The XML of a new file called `title`: a group for each path, everything dated `at`."""
    from lxml import etree
    from lxml.builder import E

    moment = base64.b64encode(struct.pack("<q", int((at - _EPOCH).total_seconds()))).decode()
    dates = dict.fromkeys(("LastModificationTime", "CreationTime", "LastAccessTime", "ExpiryTime"), moment)
    times = {**dates, "Expires": "False", "UsageCount": "0", "LocationChanged": moment}
    guarded = {f"Protect{key}": str(key == "Password") for key in ("Title", "UserName", "Password", "URL", "Notes")}
    root = E.KeePassFile(
        E.Meta(
            *_texts(Generator="handover", DatabaseName=title, DatabaseNameChanged=moment, RecycleBinEnabled="False"),
            E.MemoryProtection(*_texts(**guarded)),
        ),
        E.Root(),
    )
    groups: dict[tuple[str, ...], etree._Element] = {}
    inside: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        inside.setdefault(entry.path, []).append(entry)
    for path in _paths(entries):
        called = {"Name": path[-1] if path else title, "IconID": "48", "IsExpanded": "True"}
        groups[path] = E.Group(*_texts(UUID=_identifier(random), **called), E.Times(*_texts(**times)))
        (groups[path[:-1]] if path else root[-1]).append(groups[path])
        # A group's own entries stand before the groups in it, as the programs write them.
        for entry in inside.get(path, ()):
            kept = _texts(UUID=_identifier(random), IconID="0", Tags=";".join(entry.tags))
            element = E.Entry(*kept, E.Times(*_texts(**times)))
            for key, text in entry.fields.items():
                element.append(_string(key, text, stream if key in entry.protected else None))
            groups[path].append(element)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _paths(entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    """Every group that is needed, each after those around it, siblings in the entries' order."""
    found: dict[tuple[str, ...], None] = {(): None}
    for entry in entries:
        found |= dict.fromkeys(entry.path[:depth] for depth in range(1, len(entry.path) + 1))
    order = {path: number for number, path in enumerate(found)}
    return sorted(found, key=lambda path: [order[path[:depth]] for depth in range(1, len(path) + 1)])


def _identifier(random: Callable[[int], bytes]) -> str:
    return base64.b64encode(random(16)).decode()


def _string(key: str, text: str, stream: Callable[[bytes], bytes] | None) -> Any:
    """One of an entry's texts, hidden where there is a stream."""
    from lxml.builder import E

    if stream is None:
        return E.String(E.Key(key), E.Value(text))
    return E.String(E.Key(key), E.Value(base64.b64encode(stream(text.encode())).decode(), Protected="True"))


def _texts(**texts: str) -> "list[etree._Element]":
    from lxml.builder import E

    return [E(tag, text) for tag, text in texts.items()]
