"""French typography (Lexique des règles typographiques en usage à l'Imprimerie nationale).

U+202F before `;`, `!`, `?` and `»` and after `«`; U+00A0 before `:`, between a number and its unit, and after `n°`,
`M.`, `Mme`. All else that is French is data, in `templates/fr/`.
"""

import re
from typing import Final

from handover.languages.typography import NARROW_SPACE, NO_BREAK_SPACE, Typography

_SPACES: Final = "[ \u00a0\u202f]"
_COUNTED: Final = r"(?=[ \u00a0\u202f]?(?:[kM]?€|[$£%])|,\d|[ \u00a0][a-zà-ÿ])"

TYPOGRAPHY: Final = Typography(
    spacing=(
        # A space that is there, of whatever width, then one that was forgotten (never inside `12:30`, `https://`
        # or `&amp;`): the mark is moved only when a space or the end follows it.
        (re.compile(rf"{_SPACES}([;!?»])"), rf"{NARROW_SPACE}\1"),
        (re.compile(r"(?<![&\s])(?<!&\w)(?<=[\w)}»”\"’])([!?;»])(?=[\s.,:;!?»)]|$)"), rf"{NARROW_SPACE}\1"),
        (re.compile(rf"«{_SPACES}?"), f"«{NARROW_SPACE}"),
        (re.compile(rf"{_SPACES}:(?=[\s{NO_BREAK_SPACE}]|$)"), f"{NO_BREAK_SPACE}:"),
        (re.compile(r"(?<=[\w.)}»”’]):(?=\s|$)"), f"{NO_BREAK_SPACE}:"),
        (re.compile(r"(?<=\w)'(?=[\w{])"), "’"),
        # Between a number and its unit.
        (re.compile(rf"(?<=[0-9}}]){_SPACES}(?=[%‰€£$])"), NO_BREAK_SPACE),
        (re.compile(r"(?<=[0-9}])[ ](?=(?:octets?|o|ko|Ko|Mo|Go|To|mm|cm|m|km|px|h|min|s|ms)\b)"), NO_BREAK_SPACE),
        (re.compile(r"\b(n°|p\.|M\.|MM\.|Mme|Mmes|Mlle|Dr)[ ](?=[\w{])"), rf"\1{NO_BREAK_SPACE}"),
    ),
    typed=(
        (re.compile(r"(?<![\w\"])\"[ \u00a0\u202f]?([^\s\"](?:[^\"\n]*?[^\s\"])?)[ \u00a0\u202f]?\"(?!\w)"), r"«\1»"),
        (re.compile(r"(?<![\w'’])'([^\s'](?:[^'\n]*[^\s'])?)'(?![\w'])"), r"“\1”"),
        (re.compile(r"^([^«»“”]*)“([^«»“”]+)”(?=[^«»]*$)"), r"\1«\2»"),
        # A thousand's space where an amount, a percentage or a word follows; a lone row of digits may be an identifier.
        (re.compile(rf"(?<=\d)(?<!\d{{4}})[ \u00a0](?=\d{{3}}(?:[ \u00a0\u202f]\d{{3}})*{_COUNTED})"), NARROW_SPACE),
        (re.compile(r"(?<=\d)(?=(?:[kM]?€|[%‰])(?!\w))"), NO_BREAK_SPACE),
        (re.compile(r"(?<=\d[ \u00a0]h)[ ](?=\d)"), NO_BREAK_SPACE),
    ),
    quotes=(f"«{NARROW_SPACE}", f"{NARROW_SPACE}»"),
    ordinal=re.compile(r"(?<=\b1)[ \u00a0\u202f](?=(?:er|re|ère)\b)"),
)  # fmt: skip
