"""One grammar of entry names (docs/format.md, section 3), used by plan, pack, archive, verify and unpack.

Role: says whether a name can travel to every system, which two names clash there, and what a safe
spelling would be. Pure functions on strings. It does *not* look at the file system, decide what is packed,
or know which names a bundle must have; `names` says only what a name may be.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from handover.model.errors import AssetError
from handover.model.message import joined, msg

MIMETYPE_ENTRY: Final = "mimetype"
MIMETYPE: Final = b"application/vnd.etsi.asic-e+zip"
"""Content of the first entry (ETSI EN 319 162-1, clause A.1; docs/format.md, clause 2.8)."""
ASSETS_PREFIX: Final = "assets/"

MAX_PART_BYTES: Final = 255
"""Longest part in UTF-8 bytes: NAME_MAX of ext4, XFS and APFS's UTF-8 form; NTFS takes 255 UTF-16 units."""
MAX_NAME_UNITS: Final = 200
"""Longest whole name in UTF-16 units: leaves 60 of Windows' MAX_PATH (260) and 18 of Excel's 218 for the
folder into which the client extracts."""

_SEPARATOR: Final = "/"
_WINDOWS_FORBIDDEN: Final = frozenset('<>:"|?*')
_UNSAFE_CATEGORIES: Final = {
    "Cc": msg("a control character"),
    "Cf": msg("an invisible or direction-changing character"),
    "Co": msg("a private-use character"),
    "Cs": msg("a byte that isn't UTF-8"),
    "Zl": msg("a line separator"),
    "Zp": msg("a paragraph separator"),
}
# "Naming Files, Paths, and Namespaces" (Microsoft): also with an extension, and with superscript digits.
_SPELT = re.compile("[\ud800-\udfff]|\\\\x[0-9a-f]{2}")
_DEVICES: Final = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"]
)
# What most names are once in lower case: ASCII parts without a forbidden character, a final dot or space, or a
# device's name.
_ORDINARY_PART: Final = (
    r"(?![cpanl](?:on|rn|ux|ul|onin\$|onout\$|lock\$|om[0-9]|pt[0-9]) *(?:[./]|\Z))"
    r"[a-z0-9 !#$%&'()+,\-.;=@\[\]^_`{}~]++(?<![. ])"
)
_ORDINARY: Final = re.compile(rf"{_ORDINARY_PART}(?:/{_ORDINARY_PART})*+", re.ASCII)
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_NAME_PART_FALLBACK: Final = "unnamed"
# Letters that have no canonical decomposition into an ASCII letter and marks.
_TRANSLITERATION: Final = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "ħ": "h", "ŋ": "n", "ŧ": "t", "ĸ": "k",
    }
)  # fmt: skip
_SLUG_LENGTH: Final = 60


def violations(name: str) -> list[tuple[str, str]]:
    """Say what keeps `name` from being an entry name: pairs of a clause of docs/format.md and a reason.

    An empty list means that the name is good. Reasons complete the sentence "the name can't travel: …".
    """
    if not name:
        return [("3.1", msg("it is empty"))]
    if ordinary_key(name) is not None:
        return []
    found = _path_violations(name)
    found += _character_violations(name)
    for part in dict.fromkeys(name.split(_SEPARATOR)):
        found += _part_violations(part)
    units = len(name.encode("utf-16-le", "surrogatepass")) // 2
    if units > MAX_NAME_UNITS:
        found.append(
            (
                "3.4",
                msg(
                    "it is {units} characters long with its folders, at most {most} travel",
                    units=units,
                    most=MAX_NAME_UNITS,
                ),
            )
        )
    return found


def problems(name: str) -> list[str]:
    """Every reason why `name` can't be an entry name, in words a person understands; empty when it's good."""
    return [reason for _, reason in violations(name)]


def ordinary_key(name: str) -> str | None:
    """The `collision_key` of a name in plain ASCII that has no problems, as most names are; None for any other.

    One look for both questions, as every file of a bundle is asked them several times.
    """
    if len(name) > MAX_NAME_UNITS or not name.isascii():
        return None
    folded = name.lower()
    return folded if _ORDINARY.fullmatch(folded) else None


def check_entry_name(name: str) -> None:
    """Refuse a name that can't travel.

    Raises `AssetError` with all the reasons at once.
    """
    if found := problems(name):
        raise AssetError.at(
            printable(name),
            msg("this name can't travel: {found}", found=joined("; ", found)),
            hint=msg("rename the file, or build with --rename-unsafe"),
        )


def printable(name: str) -> str:
    """`name` for a message: what a terminal would hide, turn around or obey is spelt `\\u202e`."""
    return "".join(
        char if char.isprintable() and unicodedata.category(char) not in _UNSAFE_CATEGORIES else _escape(char)
        for char in name
    )


def as_text(name: str) -> str:
    """`name` as text of any file, distinct for distinct names: a byte that isn't UTF-8 is spelt `\\xe9`.

    Only where it is needed are backslashes spelt, `\\x5c`: in such names, and in those that look like them.
    """
    if not _SPELT.search(name):
        return name
    return "".join(
        _escape(char) if "\ud800" <= char <= "\udfff" else "\\x5c" if char == "\\" else char for char in name
    )


def collision_key(name: str) -> str:
    """What a case-insensitive, Unicode-folding file system would take `name` for (docs/format.md, 3.5).

    Two names with the same key are one file on Windows or macOS. Per part: format characters dropped, NFKC,
    full case folding, NFKC again (folding can undo it; Unicode 5.18, D146), trailing dots and spaces dropped.
    """
    if name.isascii():  # the usual case, and nothing of Unicode applies
        folded = name.lower()
        if "./" not in folded and " /" not in folded and folded[-1:] not in {".", " "}:
            return folded
    return _SEPARATOR.join(_fold(part) for part in name.split(_SEPARATOR))


def find_clashes(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that can't be in one folder on Windows or macOS, the earlier one first.

    That is: equal under `collision_key`, or a file whose name is another's folder (`logo`, `Logo/a.png`).
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    clashes: list[tuple[str, str]] = []
    for name in names:
        key = collision_key(name)
        if (other := files.setdefault(key, name)) is not name:
            clashes.append((other, name))
            continue
        if key in folders:
            clashes.append((folders[key], name))
        if key.rpartition(_SEPARATOR)[0] in folders:
            continue  # the usual case, without looking at the folders above
        for folder in _ancestors(key):
            if folder in folders:
                break  # this folder was entered before, and so were those above it
            folders[folder] = name
            if folder in files:
                clashes.append((files[folder], name))
    return clashes


def to_entry(path: str, prefix: str = "") -> str:
    """The entry name of a relative path that uses `/`: NFC, under `prefix`. It may still have `problems`."""
    return prefix + (path if path.isascii() else unicodedata.normalize("NFC", path))


def safe_name(path: str) -> str:
    """A name without `problems` that resembles `path`, for `--rename-unsafe`; safe names stay as they are.

    It ignores other files: two paths may get one safe name. `safe_names` keeps them apart.
    """
    parts = [_safe_part(part) for part in re.split(r"[/\\]", to_entry(path)) if part not in {"", ".", ".."}]
    safe = _SEPARATOR.join(parts) or _NAME_PART_FALLBACK
    return safe if not problems(safe) else _shorten(parts)


def safe_names(paths: Sequence[str]) -> dict[str, str]:
    """A safe name for each path, all different under `collision_key`; clashing ones get `-2`, `-3`, ….

    Paths that are safe as they are keep their names, but for a file named like another's folder; the result
    depends on the paths alone, not on their order.
    """
    chosen: dict[str, str] = {}
    files: set[str] = set()
    folders = {folder for path in paths for folder in _ancestors(collision_key(safe_name(path)))}
    for path in sorted(paths, key=lambda path: (safe_name(path) != path, path)):
        base = candidate = safe_name(path)
        count = 1
        while (key := collision_key(candidate)) in files or key in folders:
            count += 1
            candidate = _numbered(base, count)
        chosen[path] = candidate
        files.add(key)
    return {path: chosen[path] for path in paths}


def slug(text: str) -> str:
    """An ASCII word for file names out of any text: `Société d'Œuvres` → `societe-d-oeuvres`.

    Lower case letters, digits and single hyphens, at most 60 characters, never empty and never a Windows
    device; text without a Latin letter or digit gives `client`.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_TRANSLITERATION))
    ascii_text = "".join(char for char in folded if not unicodedata.combining(char)).translate(_TRANSLITERATION)
    words = re.findall(r"[a-z0-9]+", ascii_text.casefold())
    joined = "-".join(words)[:_SLUG_LENGTH].strip("-") or "client"
    return f"{joined}-client" if joined in _DEVICES else joined


def _path_violations(name: str) -> list[tuple[str, str]]:
    found = []
    if name.startswith(_SEPARATOR):
        found.append(("3.1", msg("it starts with “/”, so it is an absolute path")))
    elif _DRIVE.match(name):
        found.append(("3.1", msg("it starts with a drive letter ({name})", name=name[:2])))
    parts = name.strip(_SEPARATOR).split(_SEPARATOR) if name.strip(_SEPARATOR) else []
    if "" in parts or name.endswith(_SEPARATOR):
        found.append(("3.1", msg("a folder or file in it has no name (“//” or a final “/”)")))
    if "\\" in name:
        found.append(("3.1", msg("it contains a backslash, which Windows takes for a folder separator")))
    anywhere = re.split(r"[/\\]", name)
    return found + [
        ("3.1", msg("it has a part “{dots}”, which leads to another folder", dots=dots))
        for dots in (".", "..")
        if dots in anywhere
    ]


def _character_violations(name: str) -> list[tuple[str, str]]:
    found = []
    for char in dict.fromkeys(name):
        if char.isascii() and char.isalnum():
            continue
        if char in _WINDOWS_FORBIDDEN:
            if not (char == ":" and _DRIVE.match(name) and name.count(":") == 1):
                found.append(("3.2", msg("it contains “{char}”, which Windows refuses", char=char)))
        elif kind := _UNSAFE_CATEGORIES.get(unicodedata.category(char)):
            found.append(("3.2", msg("it contains {kind} ({char})", kind=kind, char=_code_point(char))))
        elif _is_noncharacter(char):
            found.append(("3.2", msg("it contains {char}, which isn't a character", char=_code_point(char))))
    if not name.isascii() and unicodedata.normalize("NFC", name) != name:
        found.append(("3.2", msg("its accents aren't composed (Unicode NFC)")))
    return found


def _part_violations(part: str) -> list[tuple[str, str]]:
    found = []
    if part.strip(".") and part[-1:] in {".", " "}:
        found.append(("3.3", msg("“{part}” ends with a dot or a space, which Windows drops", part=printable(part))))
    elif len(part) > len("..") and not part.strip("."):
        found.append(("3.3", msg("a part of it has only dots, which Windows drops")))
    if _is_device(part):
        found.append(("3.3", msg("“{part}” is a device's name on Windows", part=printable(part))))
    size = len(part.encode("utf-8", "surrogatepass"))
    if size > MAX_PART_BYTES:
        found.append(
            (
                "3.4",
                msg(
                    "“{part}…” is {size} bytes long, at most {most} travel",
                    part=printable(part[:20]),
                    size=size,
                    most=MAX_PART_BYTES,
                ),
            )
        )
    return found


def _is_device(part: str) -> bool:
    return part.partition(".")[0].rstrip(" ").lower() in _DEVICES


def _is_noncharacter(char: str) -> bool:
    # Unicode 23.7: U+FDD0–U+FDEF and the last two code points of every plane.
    code = ord(char)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _code_point(char: str) -> str:
    # Undecodable bytes reach Python as lone surrogates U+DC80–U+DCFF (PEP 383): show the byte itself.
    code = ord(char)
    return msg("byte 0x{code:02X}", code=code - 56320) if 0xDC80 <= code <= 0xDCFF else msg("U+{code:04X}", code=code)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _fold(part: str) -> str:
    kept = "".join(char for char in part if unicodedata.category(char) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    return folded.rstrip(" .")


def _ancestors(key: str) -> Iterable[str]:
    """Folders of a key, the nearest first."""
    end = key.rfind(_SEPARATOR)
    while end > 0:
        yield key[:end]
        end = key.rfind(_SEPARATOR, 0, end)


def _safe_part(part: str) -> str:
    cleaned = "".join("_" if _is_unsafe_char(char) else char for char in part)
    cleaned = unicodedata.normalize("NFC", cleaned).rstrip(" .") or _NAME_PART_FALLBACK
    return f"_{cleaned}" if _is_device(cleaned) else cleaned


def _is_unsafe_char(char: str) -> bool:
    return char in _WINDOWS_FORBIDDEN or unicodedata.category(char) in _UNSAFE_CATEGORIES or _is_noncharacter(char)


def _shorten(parts: Sequence[str]) -> str:
    """Cut long parts, each to an equal share of the length that travels, keeping the file's extension."""
    kept = list(parts)
    while len(kept) > MAX_NAME_UNITS // 8:  # too deep to keep a legible share each: drop the middle
        del kept[len(kept) // 2]
    share = MAX_NAME_UNITS // len(kept) - 1
    return _SEPARATOR.join(_cut(part, share) for part in kept)


def _cut(part: str, units: int, suffix: str = "") -> str:
    """At most `units` UTF-16 units and `MAX_PART_BYTES` bytes of `part`, with `suffix` before its extension."""
    stem, dot, extension = part.rpartition(".")
    if not stem or len(extension) > 10 or not extension.isascii():
        stem, dot, extension = part, "", ""
    if len(f"{suffix}{dot}{extension}") >= units:
        stem, dot, extension = part, "", ""
    ending = f"{suffix}{dot}{extension}"
    room = max(units - len(ending), 1)
    while stem and (
        len(stem.encode("utf-16-le", "surrogatepass")) // 2 > room
        or len(f"{stem}{ending}".encode("utf-8", "surrogatepass")) > MAX_PART_BYTES
    ):
        stem = stem[:-1]
    cut = f"{stem.rstrip(' .') or '_'}{ending}".rstrip(" .")
    return f"_{cut[1:]}" if _is_device(cut) else cut


def _numbered(name: str, count: int) -> str:
    folder, slash, part = name.rpartition(_SEPARATOR)
    used = len(f"{folder}{slash}".encode("utf-16-le")) // 2
    numbered = f"{folder}{slash}{_cut(part, MAX_NAME_UNITS - used, f'-{count}')}"
    return numbered if not problems(numbered) else _numbered(_cut(part, MAX_NAME_UNITS // 2), count)
