"""What a document must print: each deliverable's own list against what the template's tags and pictures give.

Role: compares `Deliverable.required` with the paths that `variables` saw printed and the names of the template's
drawings. It reads no tag itself.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from handover.formats.word.ooxml import w
from handover.formats.word.pictures import called
from handover.model.message import msg, one_of
from handover.templating.report import Report
from handover.templating.stories import Document

_PICTURE = "picture:"


class Required(NamedTuple):
    """Something that a document's template must print, or be warned about."""

    what: str
    """In people's words: "the last working day"."""
    any_of: tuple[str, ...]
    """The variables that print it, one of which is enough: `owner.name`, `figures[].sentence` for something that is
    printed for each item of a list, `picture:signature` for a picture's placeholder."""
    always: bool = True
    """False for what an agency may leave out knowingly: a warning."""


def check_content(required: Sequence[Required], printed: Collection[str], document: Document, report: Report) -> None:
    """Report what isn't printed anywhere in the document."""
    drawings = (drawing for story in document.stories for drawing in story.root.iter(w("drawing")))
    given = {*printed, *(f"{_PICTURE}{name}" for drawing in drawings for name in called(drawing))}
    for item in required:
        if not given.isdisjoint(item.any_of):
            continue
        rule = "content.required" if item.always else "content.expected"
        report.whole(rule, msg("doesn't print {what}", what=item.what), _hint(item))


def _hint(item: Required) -> str:
    """How to put it in: the variables, or how a placeholder is made."""
    first = item.any_of[0]
    if first.startswith(_PICTURE):
        name = first.removeprefix(_PICTURE)
        return msg("insert any picture in Word and write {name} as its alternative text", name=name)
    lists = [path for path in item.any_of if "[]" in path]
    if lists:
        owner, _, rest = lists[0].partition("[]")
        inside = f"item{rest.replace('[]', '')}" if rest else "item"
        return msg(
            "add {{%p for item in {owner} %}}, {{{{ {inside} }}}} and {{%p endfor %}}", owner=owner, inside=inside
        )
    return msg("add {tags}", tags=one_of(f"{{{{ {path} }}}}" for path in item.any_of))
