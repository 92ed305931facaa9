"""Documents outside the bundle, rendered: for the agency alone, or for the client and prospects.

Role: takes a registry line, its input and its template to the type that its audience has. An internal one is marked on
every page. It writes no file, and knows no single document.
"""

import re
from typing import Any

from handover.documents.base import Audience, ClientInput, InternalInput, Outside, WorkspaceInput
from handover.documents.typed import typeset_given
from handover.documents.word import logo
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.formats.word.pictures import Picture
from handover.languages.words import Words
from handover.model.artifact import ClientArtifact, InternalArtifact
from handover.model.settings import Brand
from handover.templating.template import rendered

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def outside(
    document: Outside[Any], given: Any, template: bytes, place: str, colour: str = ""
) -> ClientArtifact | InternalArtifact:
    """The document, of the type that its audience has. Raises TemplateError when its template can't be filled in."""
    given = typeset_given(given)
    words: Words = given.words
    content = document.render(given) if document.render else _filled(document, given, template, place, colour)
    name = f"{words.text('file_name')}.{document.extension}"
    internal = document.audience is Audience.INTERNAL
    return InternalArtifact(name, content) if internal else ClientArtifact(name, content)


def _filled(document: Outside[Any], given: Any, template: bytes, place: str, colour: str) -> bytes:
    words: Words = given.words
    internal = document.audience is Audience.INTERNAL
    client, author = _named(given)
    looks = Finish(
        language=words.tag,
        paper=words.paper,
        palette=palette(colour if _COLOUR.fullmatch(colour) else Brand().colour),
        pictures={"logo": _logo(given)},
        draft=words.text("internal") if internal else None,
        title=" – ".join(filter(None, (words.text("title"), client))),
        author=author,
    )
    shown = document.view(given) if document.view else None
    return rendered(template, shown, looks, place=place, join=words.joined)


def _logo(given: Any) -> Picture | None:
    if isinstance(given, WorkspaceInput) and given.logo:
        return Picture(given.logo, given.words.text("logo_alt", agency=given.agency))
    return logo(given) if isinstance(given, ClientInput) else None


def _named(given: Any) -> tuple[str, str]:
    """The client whom a document is about, and the agency whose work it is, for its properties; empty where unknown."""
    if isinstance(given, ClientInput):
        return given.project.settings.client.name, given.project.settings.agency.name
    return (given.dossier.client, given.dossier.agency) if isinstance(given, InternalInput) else ("", given.agency)
