"""A value that must not be shown: its text can be had only by asking for it by name.

Role: wraps passphrases, passwords, recovery codes and key passwords so that printing, logging, formatting
or a traceback shows `Secret(…)`. It does not wipe memory: Python copies strings freely, and this project
does not claim otherwise (see docs/security.md).
"""

from typing import Any, Never, final


@final
class Secret:
    """Text that prints as `Secret(…)`; `reveal()` gives it. Compares by value in constant time."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Call it at the last moment, and never to build a message."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        return compare_digest(self._text.encode("utf-8", "surrogatepass"), other._text.encode("utf-8", "surrogatepass"))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> Never:
        # A pickle would carry the text into a file or another process.
        raise TypeError("a Secret can't be pickled")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Secret":
        return self
