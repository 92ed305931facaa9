"""English typography: its quotes, and the abbreviations that stay with what follows. All else is in `templates/en/`."""

import re
from typing import Final

from handover.languages.typography import NO_BREAK_SPACE, Typography

TYPOGRAPHY: Final = Typography(
    typed=(
        (re.compile(r"(?<![\w\"])\"([^\s\"](?:[^\"\n]*?[^\s\"])?)\"(?!\w)"), r"“\1”"),
        (re.compile(r"(?<![^\s(“])'(?=(?:tis|twas|til|em|cause|n)\b)", re.IGNORECASE), "’"),
        (re.compile(r"(?<![\w'’])'([^\s'](?:[^'\n]*[^\s'])?)'(?![\w'])"), r"‘\1’"),
        (re.compile(r"(?<=s)'(?=[\s.,;:!?)]|$)"), "’"),
        (re.compile(r"\b(Mr|Mrs|Ms|Dr|No\.|p\.|pp\.)[ ](?=[\w])"), rf"\1{NO_BREAK_SPACE}"),
    ),
)
