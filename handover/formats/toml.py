"""TOML from strangers: read within bounds, and whatever is wrong with it in one kind of error.

Role: what `tomllib` gives for a text, after a look at what takes it time out of proportion, and without what it raises
beside its own error. It knows no words and no tables.
"""

import re
import tomllib
from typing import Any, Final

from handover.model.errors import TemplateError
from handover.model.message import msg

MAX_PARTS: Final = 16
"""Parts of a dotted key: the time of `tomllib` grows with their square. Ours have three."""

_DOTTED: Final = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % MAX_PARTS  # noqa: UP031 — braces
)


def read_toml(text: str, place: str) -> dict[str, Any]:
    """The tables of a TOML text; `place` names it in messages. Raises TemplateError."""
    if found := _DOTTED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise TemplateError.at(place, msg("line {line}: a key of more than {most} parts", line=line, most=MAX_PARTS))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError.at(place, msg("not valid TOML: {error}", error=error)) from None
    except RecursionError:
        raise TemplateError.at(place, msg("not valid TOML: brackets are nested too deep")) from None
    except ValueError:  # a number of more digits than Python reads
        raise TemplateError.at(place, msg("not valid TOML: a value that can't be read")) from None
