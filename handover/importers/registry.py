"""Every foreign format that can be brought into a project, by the table that it fills.

Role: the one list that a new format adds a line to, with its module's record or declared columns; `handover import
--formats`, the tests and the documentation derive from it. How a table's formats are tried, its own package says.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from handover.importers import credentials, metrics, pending


class Format(Protocol):
    """What every line of a registry says of its format."""

    @property
    def name(self) -> str:
        """What commands call it."""

    @property
    def title(self) -> str:
        """The program or programs that write it, as people know them."""

    @property
    def help(self) -> str:
        """How one gets such a file."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """What such files are called."""


TABLES: Final[Mapping[str, tuple[Format, ...]]] = {
    "metrics": metrics.IMPORTERS,
    "pending": pending.IMPORTERS,
    "credentials": (*credentials.FORMATS, *credentials.CSV_FORMATS),
}
"""Table → its formats, in the order in which a file is asked whether it is one."""
