"""Project + registry → the whole bundle on paper: every name, template and asset, before any work starts.

Role: decides what the zip will be called, what is in it, in which order it is read and written, and refuses
names that clash. Pure: it renders nothing, opens nothing, and knows no secret.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from handover.bundle import names
from handover.documents.base import Content, Deliverable
from handover.documents.typed import typeset_project
from handover.languages.words import Words
from handover.model.artifact import AssetSource, Role
from handover.model.errors import AssetError, TemplateError
from handover.model.message import counted, joined, msg
from handover.model.project import Project
from handover.model.settings import Beside
from handover.seal.recipient import EXTENSION
from handover.templating.own import own_template

ASSETS_ID = "assets"
"""What the table of contents calls the folder of the client's files."""

Templates = Mapping[str, bytes]


class Copies(Enum):
    """Whether the client gave a public key, and so gets a copy of the inventory that opens with their own key."""

    NONE = "none"
    BESIDE = "beside"
    """Beside the inventory that opens with the passphrase."""
    ONLY = "only"
    """In its place: there is no passphrase."""


class PlannedDocument(NamedTuple):
    """One document to render: its registry line, its entry name, its words and its template."""

    deliverable: Deliverable
    name: str
    words: Words
    entries: tuple[Content, ...]
    """What is stored of it: itself, a copy for the client's key beside it, or that copy alone."""
    template: bytes | None
    place: str = ""
    """The project's own template as messages name it: its path in the project; empty for ours."""


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before work starts."""

    project: Project
    today: dt.date
    draft: bool
    bundle_name: str
    """The zip's file name."""
    documents: tuple[PlannedDocument, ...]
    """In registry order, which is also reading order."""
    assets: tuple[AssetSource, ...]
    contents: tuple[Content, ...]
    """The client's table of contents, in reading order."""
    renamed: Mapping[str, str]
    """Asset paths that were stored under a safer name → that entry."""

    @property
    def early(self) -> tuple[PlannedDocument, ...]:
        """Documents that need nothing from the assets: rendered first."""
        return tuple(d for d in self.documents if not d.deliverable.needs_assets)

    @property
    def late(self) -> tuple[PlannedDocument, ...]:
        """Documents that list the assets: rendered after these are packed."""
        return tuple(d for d in self.documents if d.deliverable.needs_assets)

    @cached_property
    def typeset(self) -> Project:
        """The project as documents print it."""
        return typeset_project(self.project)

    def without(self, role: Role) -> "Plan":
        """The same bundle without the entries of one role."""
        documents = tuple(
            d._replace(entries=tuple(entry for entry in d.entries if entry.role is not role)) for d in self.documents
        )
        contents = tuple(line for line in self.contents if line.role is not role)
        return replace(self, documents=documents, contents=contents)

    def all_names(self) -> list[str]:
        """Every entry that this plan will store, sealing's own entries excepted, in the zip's order."""
        return [
            names.MIMETYPE_ENTRY,
            *(entry.name for d in self.early for entry in d.entries),
            *(a.entry for a in self.assets),
            *(entry.name for d in self.late for entry in d.entries),
        ]


def plan(
    project: Project,
    registry: Sequence[Deliverable],
    *,
    today: dt.date,
    standard_templates: Templates,
    draft: bool = False,
    copies: Copies = Copies.NONE,
    credentials: bool = False,
) -> Plan:
    """Decide the whole bundle.

    `standard_templates` holds our templates for the project's language by deliverable id; the project's own win.
    `copies` says how the inventory is encrypted, `credentials` whether there may be any; a draft has neither.

    Raises TemplateError when a deliverable has no template in the language, and AssetError naming every
    asset whose name can't travel or clashes.
    """
    # It opens with the passphrase: there is none where the client's own key alone opens the inventory.
    kdbx = credentials and not draft and copies is not Copies.ONLY
    kdbx = kdbx and project.settings.options.credentials is Beside.BOTH
    documents = []
    number = 0
    for deliverable in (one for one in registry if one.has_content(project, today)):
        number += deliverable.numbered
        prefix = f"{number:02d}-" if deliverable.numbered else ""
        document = planned_document(deliverable, project, standard_templates, prefix)
        beside = f"{prefix}{document.words.text('credentials_name')}.kdbx" if kdbx and deliverable.uses_vault else ""
        entries = _entries(deliverable, document.name, Copies.NONE if draft else copies, beside)
        documents.append(document._replace(entries=entries))
    result = Plan(
        project=project,
        today=today,
        draft=draft,
        bundle_name=_bundle_name(project, today, draft=draft),
        documents=tuple(documents),
        assets=project.assets,
        contents=_contents(documents, has_assets=bool(project.assets)),
        renamed=_renamed(project.assets),
    )
    _refuse_bad_names(result.all_names())
    return result


def planned_document(
    deliverable: Deliverable, project: Project, standard_templates: Templates, prefix: str = ""
) -> PlannedDocument:
    """One document by itself: its words and template, and the name that follows from them. Raises TemplateError."""
    words = Words.load(
        project.settings.language, project.locale, *deliverable.words_of, deliverable.id, own=project.words
    )
    template, place = _template(deliverable, project, standard_templates)
    return PlannedDocument(
        deliverable=deliverable,
        name=f"{prefix}{words.text('file_name')}.{deliverable.extension}",
        words=words,
        entries=(),
        template=template,
        place=place,
    )


def _entries(deliverable: Deliverable, name: str, copies: Copies, kdbx: str) -> tuple[Content, ...]:
    """A document as it will be stored, once it is sealed; `kdbx` is the name of the KeePass file beside it, if any."""
    itself = Content(name=name, role=deliverable.role, deliverable=deliverable.id)
    if deliverable.role is not Role.INVENTORY:
        return (itself,)
    beside = (Content(name=kdbx, role=Role.CREDENTIALS, deliverable=deliverable.id),) if kdbx else ()
    if copies is Copies.NONE:
        return (itself, *beside)
    copy = Content(name=name + EXTENSION, role=Role.RECIPIENT_COPY, deliverable=deliverable.id)
    return (copy,) if copies is Copies.ONLY else (itself, *beside, copy)


def _template(deliverable: Deliverable, project: Project, standard: Templates) -> tuple[bytes | None, str]:
    """A document's template, and its path where it is the project's own; the language's folder comes first."""
    if deliverable.view is None:
        return None, ""
    language = project.settings.language
    if own := own_template(deliverable.id, language, project.templates):
        place, content = own
        return content, f"../{place}" if place in project.from_workspace else place
    if deliverable.id in standard:
        return standard[deliverable.id], ""
    raise TemplateError(
        msg("templates/{language}/{id}.docx: there is no such template", language=language, id=deliverable.id),
        hint=msg(
            "write `language: en` or `language: fr`, or put {id}.docx into the project's templates/", id=deliverable.id
        ),
    )


def _bundle_name(project: Project, today: dt.date, *, draft: bool) -> str:
    common = Words.load(project.settings.language, project.locale, own=project.words)
    kind = common.text("bundle_name")
    mark = f"-{names.slug(common.text('draft'))}" if draft else ""
    return f"{names.slug(project.settings.client.id)}-{kind}-{today.isoformat()}{mark}.zip"


def to_sign_name(planned: Plan) -> str:
    """The zip's file name while it waits for an owner's signature: nobody sends it by mistake."""
    mark = names.slug(planned.documents[0].words.text("to_sign"))
    return f"{planned.bundle_name.removesuffix('.zip')}-{mark}.zip"


def _renamed(sources: Sequence[AssetSource]) -> dict[str, str]:
    """What `--rename-unsafe` changed: the entry that a file would have had → the entry that it has."""
    spelt = {source: names.to_entry(source.path, names.ASSETS_PREFIX) for source in sources}
    return {names.as_text(was): source.entry for source, was in spelt.items() if was != source.entry}


def _contents(documents: Sequence[PlannedDocument], *, has_assets: bool) -> tuple[Content, ...]:
    lines = [entry for document in documents for entry in document.entries]
    # What the client opens first stands first; the machine-readable copies stand last.
    first = [line for line in lines if line.role is Role.START_HERE]
    last = [line for line in lines if line.role is Role.DATA]
    middle = [line for line in lines if line not in first and line not in last]
    folder = [Content(name=names.ASSETS_PREFIX, role=Role.ASSET, deliverable=ASSETS_ID)] if has_assets else []
    return (*first, *middle, *folder, *last)


def _refuse_bad_names(entries: Sequence[str]) -> None:
    lines = [
        msg("{name}: {reasons}", name=names.printable(name), reasons=joined(", ", reasons))
        for name in entries
        if (reasons := names.problems(name))
    ]
    lines += [
        msg("{a} and {b}: the same name on Windows or macOS", a=names.printable(a), b=names.printable(b))
        for a, b in names.find_clashes(entries)
    ]
    if lines:
        raise AssetError(
            counted(
                "{count} name can't travel to every computer:\n",
                "{count} names can't travel to every computer:\n",
                len(lines),
            )
            + joined("\n", lines),
            hint=msg("rename the files, or build with --rename-unsafe to store them under safe names"),
        )
