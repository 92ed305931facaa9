"""What our languages call the metrics that are built in, for whoever writes a name instead of an identifier.

Role: every language's labels together → identifiers. How a document prints a label is `handover.documents`'s.
"""

from functools import cache

from handover.languages import files
from handover.languages.registry import language
from handover.languages.words import Words
from handover.model.characters import folded
from handover.model.metrics import BUILTIN


@cache
def labels() -> dict[str, str]:
    """The names of the built-in metrics in our languages → their identifiers."""
    found: dict[str, str] = {}
    for code in sorted(files.languages()):
        texts = Words.load(code, language(code).locale, "metrics").texts
        found |= {texts[f"label.{name}"]: name for name in BUILTIN if f"label.{name}" in texts}
    return found


def metric_called(name: str) -> str:
    """The identifier of the built-in metric that one of our languages calls so; empty for none."""
    return next((metric for label, metric in labels().items() if folded(label) == folded(name)), "")
