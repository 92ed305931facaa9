"""What a document is, and everything it may see when it is rendered.

Role: the contract between `plan`, `pipeline` and the modules beside this one. Rendering is a pure function of
`RenderInput`: no clock, no disk, no randomness. Only a deliverable whose registry line says `uses_vault` is
given the credentials. A document outside the bundle is an `Outside`; only an internal one, which renders to another
type, is given a dossier or a vetting list.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar, get_type_hints

from handover.bundle.names import ASSETS_PREFIX
from handover.languages.words import Words
from handover.life.dossier import Dossier
from handover.model.artifact import AssetRecord, Role, Seal
from handover.model.life import Moment, VettingRow, Wave
from handover.model.project import Project, Vault
from handover.model.rows import CredentialRow
from handover.templating.content import Required


class Content(NamedTuple):
    """One line of the bundle's table of contents: the entry (or folder) name, its role, and what it is for."""

    name: str
    role: Role
    deliverable: str
    """The deliverable's id, or `assets` for the folder of the client's files."""


class Signer(NamedTuple):
    """Who signs, as far as documents may say it."""

    name: str
    fingerprint: str
    """SHA-256 of the certificate, 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class RenderInput:
    """Everything a document is made from. Two equal inputs give the same bytes (before sealing)."""

    project: Project
    """As it was typed, until `typeset` takes its place: only copies for machines are made of it."""
    words: Words
    today: dt.date
    """The bundle's date (`--date`)."""
    template: bytes | None = field(default=None, repr=False)
    """The Word template: the project's own or ours; None for a deliverable without one."""
    place: str = ""
    """The template as messages name it."""
    ours: bool = False
    """Whether the template ships with the program, whose tests have judged it."""
    contents: tuple[Content, ...] = ()
    """The planned bundle, in reading order."""
    draft: bool = False
    """True marks every page DRAFT / BROUILLON and leaves credentials out."""
    alone: bool = False
    """True for a letter that is sent by itself, before there is a bundle: nothing comes with it."""
    preview: bool = False
    """True shows a document as it will be once it's signed, for people who design its template."""
    bundle_id: str = ""
    signers: tuple[Signer, ...] = ()
    """Whose keys sign: every owner, of whom the last to sign seals the bundle."""
    second_sha256: str = ""
    """SHA-256 of the second zip of a split bundle, in lower-case hexadecimal; else empty."""
    assets: tuple[AssetRecord, ...] = ()
    """The packed assets; empty unless the deliverable declares `needs_assets`."""
    vault: Vault | None = field(default=None, repr=False)
    typeset: Project | None = field(default=None, repr=False)
    """The project as documents print it, where it's known already."""

    @property
    def credentials(self) -> tuple[CredentialRow, ...]:
        """What may be shown of the vault: nothing in a draft, even should it be given one."""
        return self.vault.credentials if self.vault and not self.draft else ()

    def named(self, role: Role) -> str:
        """The name of the first entry with this role, or an empty text."""
        return next((line.name for line in self.contents if line.role is role), "")

    @property
    def second_zip(self) -> str:
        """The file name of a split bundle's second zip, which holds the client's files; else empty."""
        name = self.named(Role.ASSET)
        return "" if name == ASSETS_PREFIX else name

    @property
    def key_only(self) -> bool:
        """Whether the inventory opens with the client's own key alone: there is no passphrase then."""
        return bool(self.named(Role.RECIPIENT_COPY)) and not self.named(Role.INVENTORY)


class InternalInput(NamedTuple):
    """Everything that a document for the agency alone is made from."""

    dossier: Dossier
    words: Words
    today: dt.date
    targets: tuple[bool, ...] | None = None
    """Of each figure that had a target and can be compared, whether it was met; None where nothing can be read."""


class WorkspaceInput(NamedTuple):
    """Everything that a document about no single client is made from."""

    vetting: tuple[VettingRow, ...]
    agency: str
    words: Words
    today: dt.date
    logo: bytes = b""


class Sent(NamedTuple):
    """A bundle that was signed, as documents beside it name it."""

    name: str
    """The zip's file name."""
    size: int
    """In bytes."""
    sha256: str
    bundle_id: str
    documents: tuple[Content, ...]
    """What is in it for people to read."""


class ClientInput(NamedTuple):
    """Everything that a document for the client outside the bundle is made from: nothing internal."""

    project: Project
    words: Words
    today: dt.date
    sent: Sent | None = None
    wave: Wave = Wave.END


OfProject = RenderInput | ClientInput
"""What every document for the client is made from, in the bundle or outside it."""


class Audience(StrEnum):
    """Who reads a document."""

    BUNDLE = "bundle"
    """The client, in the bundle."""
    CLIENT = "client"
    """The client, or a prospect, beside any bundle."""
    INTERNAL = "internal"
    """The agency alone: it can't be packed or sent."""


Given = TypeVar("Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Generic[Given]):
    """One document, as the registry lists it."""

    id: str
    """Names its words (`templates/<lang>/<id>.toml`) and its template (`templates/<lang>/<id>.docx`)."""
    audience: Audience
    moment: Moment
    extension: str = "docx"
    view: Callable[[Given], object] | None = None
    """What the template may say; None for what isn't made from a Word template."""
    required: tuple[Required, ...] = ()
    """What the template must print."""
    reads: frozenset[str] = frozenset()
    """The project's tables that it is made from by itself, outside a bundle; what others hold doesn't matter."""

    @property
    def view_type(self) -> type[object] | None:
        """The frozen dataclass that `view` gives: its fields are all that the template may use."""
        return get_type_hints(self.view)["return"] if self.view else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Document[Given]):
    """A document outside the bundle: `handover write ID` makes it from its Word template."""

    help: str
    """What it is, in a line, for the command line and the documentation."""
    given: type[Given]
    """What it is made from: a dossier, a checked project, or a workspace's vetting list."""
    render: Callable[[Given], bytes] | None = None
    """What makes it, where no Word template does."""
    shares: str = ""
    """The id of the document whose words and file name it has, where it has none of its own."""
    lacks: Callable[[Given, Dossier], str] = lambda _given, _dossier: ""
    """What is missing before it can be written, in words, or why it shouldn't be; an empty text for nothing."""

    @property
    def words_id(self) -> str:
        """Names its words."""
        return self.shares or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable(Document[RenderInput]):
    """One document of the bundle."""

    role: Role
    render: Callable[[RenderInput], bytes]
    seal: Seal = Seal.NONE
    numbered: bool = True
    """True: `NN-<file_name>.<extension>` in registry order; False: `<file_name>.<extension>` as it is."""
    needs_assets: bool = False
    uses_vault: bool = False
    words_of: tuple[str, ...] = ()
    """Ids of documents whose words it uses beside its own."""
    audience: Audience = Audience.BUNDLE
    moment: Moment = Moment.LAST_DAY
    has_content: Callable[[Project, dt.date], bool] = lambda _project, _today: True
    """Whether a project has anything to put into it on the bundle's date; else nothing refers to it."""
