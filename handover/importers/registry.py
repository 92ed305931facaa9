"""Every foreign format that can be brought into a project, by the table that it fills.

Role: the one list that a new format adds a line to, with its module's record or declared columns; `handover import
--formats`, the tests and the documentation derive from it. How a table's formats are tried, its own package says.
"""

from collections.abc import Mapping
from typing import Any, Final

from handover.importers import credentials, metrics, pending
from handover.importers.credentials.base import CsvFormat
from handover.importers.credentials.formats import FORMATS as CSV_FORMATS
from handover.importers.importer import Importer

Format = Importer[Any, Any] | CsvFormat
"""What a line of the registry says of its format."""

TABLES: Final[Mapping[str, tuple[Format, ...]]] = {
    "metrics": metrics.IMPORTERS,
    "pending": pending.IMPORTERS,
    "credentials": (*credentials.FORMATS, *CSV_FORMATS),
}
"""Table → its formats, in the order in which a file is asked whether it is one."""
