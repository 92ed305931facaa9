"""`handover.yaml` as models: the whole of it, and choices about looks and delivery.

Role: the shape and meaning of every key, with `parties`, `contract` and `reporting`; each attribute's docstring is its
documentation, in the JSON Schema and in docs/project.md. Rules that need several keys at once (an end before a start)
are in `handover.project.check`, which knows the line of each.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handover.model.base import Colour, Currency, Line, MetricId, Model, ProjectPath, Word
from handover.model.contract import Contract, Letter, Transition
from handover.model.message import msg
from handover.model.parties import Agency, Client, Keeper, Owner
from handover.model.reporting import Metric, Periods, Report
from handover.model.selection import MAX_PATTERNS, MAX_PLACES, Selection, pattern_problem, too_many

FormatVersion = Annotated[Literal[1], BeforeValidator(lambda v: 1 if v == "1" else v)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}_[A-Z]{2}$", examples=["en_GB", "en_US", "fr_FR", "fr_BE"])]


class Channel(Word):
    """How the client gets the passphrase; never the e-mail that carries the zip."""

    PHONE = "phone"
    SMS = "sms"
    IN_PERSON = "in-person"
    POST = "post"


class Beside(Word):
    """In which files the credentials are delivered."""

    BOTH = "both"
    WORKBOOK = "workbook"


class Brand(Model):
    """The agency's looks."""

    colour: Colour = "#1F4E79"
    """The one accent colour; a dark and a tint are derived from it."""
    logo: ProjectPath | None = Field(None, examples=["brand/logo.png"])
    """Logo for the letterhead (PNG or JPEG)."""


def _pattern(value: str) -> str:
    if problem := pattern_problem(value):
        raise PydanticCustomError("path.pattern", "{problem}", {"problem": problem})
    return value


Pattern = Annotated[Line, AfterValidator(_pattern)]
"""A pattern as `.gitignore` has them, relative to assets/."""


def _few(value: tuple[str, ...]) -> tuple[str, ...]:
    if too_many(value):
        problem = msg(
            "has more than {most} patterns with wildcards, or more than {places} places like /raw/film.mp4",
            most=MAX_PATTERNS, places=MAX_PLACES,
        )  # fmt: skip
        raise PydanticCustomError("path.pattern", "{problem}", {"problem": problem})
    return value


class AssetOptions(Model):
    """Which of the client's files are delivered. System files, locks, caches and version control aren't by default."""

    include: tuple[Pattern, ...] = Field((), max_length=MAX_PATTERNS, examples=[[".git/"]])
    """Patterns as in .gitignore, relative to assets/: what is delivered although it would be left out by default."""
    exclude: Annotated[tuple[Pattern, ...], AfterValidator(_few)] = Field((), examples=[["raw/", "*.psd"]])
    """Patterns as in .gitignore: what is left out besides; they have the last word. At most 50 with wildcards, and
    5,000 that are the place of one file or folder, like `/raw/film.mp4`."""
    allow_leaks: tuple[Line, ...] = Field((), examples=[["assets/site/.env"]])
    """Files that are delivered although they look secret or internal, each by its name as the finding gives it, and
    other clients' names that may occur."""

    @property
    def selection(self) -> Selection:
        """Which files that means."""
        return Selection(self.include, self.exclude)


class Options(Model):
    """Choices about the delivery."""

    assets: AssetOptions = AssetOptions.model_construct()
    currency: Currency = "EUR"
    """Currency (ISO 4217 code) where a table names none."""
    passphrase_by: Channel = Channel.PHONE
    """How the client gets the passphrase: `phone`, `sms`, `in-person` or `post`."""
    passphrase_from: Keeper | None = None
    """Who gives it: a person who can open the vault. The first owner when absent."""
    credentials: Beside = Beside.BOTH
    """`both`: the credentials are in the inventory and, under the same passphrase, in a KeePass file (.kdbx) beside it.
    `workbook`: in the inventory alone."""
    on_receipt: tuple[Line, ...] = ()
    """Further steps for the inventory's list of what to do on receipt."""
    late_fee_note: Line | None = None
    """A sentence under the outstanding payments, where the contract or the law asks for one."""


class ClientFiles(Model):
    """Where the client's files are, if not in the project's own folder assets/."""

    from_: Line | None = Field(None, alias="from", max_length=1_000, examples=["../Client - Acme"])
    """A folder outside of the project, seen from it or from the disk's top. You are asked once, on each computer,
    whether its files may be delivered; what is put there later comes along too, but for what `options.assets` says."""


class Settings(Model):
    """The whole of `handover.yaml`."""

    format: FormatVersion = 1
    """Version of this file's format."""
    language: Language
    """Language of every document: a folder in `templates/` (`fr`, `en`)."""
    locale: Locale | None = None
    """Country variant for dates, numbers and paper (`en_US` prints on Letter); `fr_FR` or `en_GB` when absent."""
    agency: Agency
    owners: tuple[Owner, ...] = Field(min_length=1, max_length=8)
    """Who signs the letter, each with a key of their own; the first is whom the client calls."""
    client: Client
    contract: Contract
    letter: Letter
    transition: Transition = Transition.model_construct()
    periods: Periods | None = None
    """What the report compares; needed where there are figures."""
    metrics: dict[MetricId, Metric] = {}
    """Metrics by identifier, in the order of the report. A rate that follows from other metrics is computed when it's
    named here, in `report.headline`, or by a count that serves nothing else; never otherwise, and never above 100 %."""
    report: Report = Report.model_construct()
    brand: Brand = Brand.model_construct()
    assets: ClientFiles = ClientFiles.model_construct()
    options: Options = Options.model_construct()

    @property
    def spans(self) -> Periods:
        """The two periods. Raises ValueError where there are none: figures without them are an error of the project."""
        if self.periods is None:
            raise ValueError("figures without periods")
        return self.periods

    @property
    def owner(self) -> Owner:
        """The first owner: whom the client calls."""
        return self.owners[0]

    @property
    def keeper(self) -> Keeper:
        """Who gives the passphrase, with a number and an address where the project knows any."""
        given = self.options.passphrase_from or Keeper(
            name=self.owner.name, phone=self.owner.phone, email=self.owner.email
        )
        return given.model_copy(
            update={"phone": given.phone or self.agency.phone, "email": given.email or self.agency.email}
        )
