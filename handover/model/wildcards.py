"""A table of file names and wildcards, looked up fast: most of 100,000 names are none of them.

Role: what `handover.model.selection` and `handover.project.leaks` have in common. It judges names alone, in any case,
and opens nothing.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from typing import Final, Generic, TypeVar

K = TypeVar("K")
_WILD: Final = re.compile(r"[*?\[]")


class NameTable(Generic[K]):
    """What a name is, by names (`thumbs.db`), endings (`*.gdoc`) and other wildcards (`~$*`); the first line wins."""

    def __init__(self, table: Mapping[K, Iterable[str]]) -> None:
        self._whole: dict[str, K] = {}
        self._endings: dict[str, K] = {}
        self._others: list[K] = []
        expressions = []
        for key, names in table.items():
            for name in map(str.lower, names):
                ending = name.removeprefix("*.")
                if not _WILD.search(name):
                    self._whole.setdefault(name, key)
                elif name.startswith("*.") and not _WILD.search(ending):
                    self._endings.setdefault(ending, key)
                else:
                    expressions.append((name[0], f"({translate(name)})"))
                    self._others.append(key)
        self._first = {first for first, _ in expressions}
        self._anywhere = bool(self._first & set("*?["))
        self._expression = re.compile("|".join(expression for _, expression in expressions) or "(?!)")
        self._dots = max((ending.count(".") for ending in self._endings), default=-1) + 1

    def get(self, name: str) -> K | None:
        """What a file or folder of this name is, or None. `name` is the last part of its path."""
        name = name.lower()
        found = self._whole.get(name) or self._by_ending(name)
        if found is not None or (name[:1] not in self._first and not self._anywhere):
            return found
        match = self._expression.match(name)
        return self._others[(match.lastindex or 1) - 1] if match else None

    def _by_ending(self, name: str) -> K | None:
        _, dot, ending = name.rpartition(".")
        if dot and (found := self._endings.get(ending)) is not None:
            return found
        for dots in range(2, self._dots + 1):
            parts = name.rsplit(".", dots)
            if len(parts) > dots and (found := self._endings.get(".".join(parts[1:]))) is not None:
                return found
        return None
