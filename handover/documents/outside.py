"""Documents outside the bundle, rendered: for the agency alone, or for the client and prospects.

Role: takes a registry line, its input and its template to the type that its audience has. An internal one is marked on
every page. It writes no file, and knows no single document.
"""

import re
from typing import Any

from handover.documents.base import Audience, Outside
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.languages.words import Words
from handover.model.artifact import ClientArtifact, InternalArtifact
from handover.model.settings import Brand
from handover.templating.template import rendered

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def outside(
    document: Outside[Any], given: Any, template: bytes, place: str, colour: str = ""
) -> ClientArtifact | InternalArtifact:
    """The document as a .docx, of the type that its audience has. Raises TemplateError when it can't be filled in."""
    words: Words = given.words
    internal = document.audience is Audience.INTERNAL
    looks = Finish(
        language=words.tag,
        paper=words.paper,
        palette=palette(colour if _COLOUR.fullmatch(colour) else Brand().colour),
        pictures={"logo": None},
        draft=words.text("internal") if internal else None,
        title=words.text("title"),
    )
    content = rendered(template, document.view(given), looks, place=place, join=words.joined)
    name = f"{words.text('file_name')}.docx"
    return InternalArtifact(name, content) if internal else ClientArtifact(name, content)
