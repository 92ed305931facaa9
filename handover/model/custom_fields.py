"""A credential's own fields in one cell, and back: `name: value` a line.

Role: the one form in which the vault, its imports and the KeePass file hold them. It judges no value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count


def write_fields(fields: Iterable[tuple[str, str]]) -> str:
    """Custom fields as a cell holds them: `name: value` a line, further lines of a value behind a tab.

    A name becomes one line without `: `; one that is there already is numbered. Blank values are left out.
    """
    lines: dict[str, str] = {}
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    for name, value in fields:
        if not value.strip():
            continue
        called = first = " ".join(name.split()).replace(": ", " ").rstrip(":") or "field"
        while called in lines:
            called = f"{first} {next(numbers[first])}"
        lines[called] = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\n\t")
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def read_fields(text: str) -> tuple[tuple[str, str], ...]:
    """The custom fields that a cell holds, by name. Raises ValueError for a line that names none."""
    found: list[tuple[str, str]] = []
    for line in text.removesuffix("\n").split("\n"):
        name, colon, value = line.partition(": ") if ": " in line else line.partition(":")
        if line.startswith("\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line[1:]}")
        elif colon and name.strip():
            found.append((name.strip(), value))
        else:
            raise ValueError("a line isn't `name: value`")
    return tuple(found)
