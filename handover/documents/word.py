"""What every Word document of a bundle shares: its finish, and the contents it may refer to.

Role: takes language, paper, colours, draft mark and pictures from a `RenderInput` to what `formats.word.finish` asks
for, and says what each other document is for in the sender's voice. It holds no text and knows no single document.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from handover.documents.base import Content, OfProject, RenderInput
from handover.formats.chart.place import Placed
from handover.formats.palette import palette
from handover.formats.word.finish import Finish
from handover.formats.word.pictures import Picture
from handover.languages.typography import NO_BREAK_SPACE
from handover.languages.words import Words
from handover.model.artifact import Role
from handover.model.parties import Voice
from handover.model.project import Project
from handover.model.settings import Settings

FOOTER_NAME = 56
"""Characters of a client's name that leave room for title, date and page number on a footer's one line."""

_DOCUMENTS = frozenset(
    {
        Role.NOTICE, Role.INVENTORY, Role.CREDENTIALS, Role.RECIPIENT_COPY, Role.PENDING, Role.REPORT, Role.PLAN,
        Role.GUIDE, Role.ASSET,
    }
)  # fmt: skip


class When(StrEnum):
    """Where a day lies, seen from a document's own date: sentences about it have their tense from that."""

    AHEAD = "ahead"
    TODAY = "today"
    PAST = "past"

    @classmethod
    def of(cls, day: dt.date, today: dt.date) -> "When":
        """Where `day` lies on `today`."""
        return cls.TODAY if day == today else cls.AHEAD if day > today else cls.PAST


def rendering(view: Callable[[RenderInput], object]) -> Callable[[RenderInput], bytes]:
    """How a document is rendered that is all in its view and has its words' title. Raises as `made` does."""
    return lambda given: made(given, view(given), title=given.words.text("title"))


def made(
    given: RenderInput,
    view: object,
    *,
    title: str | None = None,
    mark: str | None = None,
    placed: Mapping[str, Picture | None] | None = None,
    charts: Mapping[str, Placed] | None = None,
) -> bytes:
    """The document's .docx: its template filled from the view and finished as the project wishes.

    `title` goes into its properties with the client's name, where it isn't a signed one; `mark` stands on every page of
    what is no draft; `placed` and `charts` are the pictures, beside the logo, and charts that the template may name.
    Raises TemplateError when the template can't be filled in.
    """
    from handover.templating.template import rendered

    looks = finish(given, title=title)
    pictures = {**looks.pictures, **(placed or {})}
    looks = replace(looks, pictures=pictures, charts=charts or {}, draft=looks.draft or mark)
    return rendered(given.template or b"", view, looks, place=given.place, join=given.words.joined, ours=given.ours)


def finish(given: RenderInput, *, title: str | None = None) -> Finish:
    """How a document of this project is finished; `title` goes into its properties, where it isn't a signed one.

    The placeholder `logo` is always known.
    """
    settings, words = given.project.settings, given.words
    return Finish(
        language=words.tag,
        paper=words.paper,
        palette=palette(settings.brand.colour),
        pictures={"logo": logo(given)},
        draft=words.text("draft") if given.draft else None,
        title=f"{title} – {settings.client.name}" if title else None,
        author=settings.agency.name,
    )


def documents(given: RenderInput) -> tuple[Content, ...]:
    """What the bundle holds for people to read beside its letter: its documents and the folder of files."""
    return tuple(content for content in given.contents if content.role in _DOCUMENTS)


def purpose_of(content: Content, given: RenderInput) -> str:
    """What an entry is for, as its own words say it, in the sender's voice."""
    if content.role is Role.ASSET:
        return voiced(given.words, "assets_purpose", given)
    words, project = given.words.other(content.deliverable), given.project
    if given.draft and words.has("purpose_draft"):
        return voiced(words, "purpose_draft", given)
    return voiced(words, purpose_key(words, content.role, project), given)


def purpose_key(words: Words, role: Role, project: Project) -> str:
    """Where a document's words say what it is for: a report without figures has words of its own."""
    if role in {Role.RECIPIENT_COPY, Role.CREDENTIALS}:
        return "purpose_key" if role is Role.RECIPIENT_COPY else "purpose_credentials"
    empty = role is Role.REPORT and not shows_figures(project) and words.has("purpose_empty")
    return "purpose_empty" if empty else "purpose"


def shows_figures(project: Project) -> bool:
    """Whether the report has a metric to show: one that it doesn't leave out."""
    hidden = {item.metric for item in project.settings.report.left_out}
    return any(row.metric not in hidden for row in project.metrics)


def voiced(words: Words, key: str, given: RenderInput, **values: str) -> str:
    """The text at `key` in the project's voice."""
    return spoken(words, key, given.project.settings.agency.voice, **values)


def spoken(words: Words, key: str, voice: Voice, **values: str) -> str:
    """The text at `key`, or at `key` + `_i` where a person speaks for themselves and the words make a difference."""
    mine = f"{key}_i"
    return words.text(mine if voice is Voice.I and words.has(mine) else key, **values)


def unended(said: str | None) -> str | None:
    """What a project says, without its full stop: the template's sentence has one."""
    return said.removesuffix(".") if said else None


def short_name(name: str) -> str:
    """A client's name for a footer: whole up to `FOOTER_NAME` characters, else cut at a word, with an ellipsis."""
    if len(name) <= FOOTER_NAME:
        return name
    cut = name[:FOOTER_NAME]
    return f"{(cut.rpartition(' ')[0] or cut[:-1]).rstrip(' ,;-–')}…"


def whom_to_call(settings: Settings) -> str:
    """Who answers questions, with a number and an address: the project's own words, else the first owner."""
    owner, agency = settings.owner, settings.agency
    phone = (owner.phone or agency.phone or "").replace(" ", NO_BREAK_SPACE)
    return settings.transition.contact or ", ".join(filter(None, [owner.name, phone, owner.email or agency.email]))


def logo(given: OfProject) -> Picture | None:
    """The brand's picture, or None where there is none."""
    agency, brand = given.project.settings.agency, given.project.settings.brand
    return picture(given, brand.logo, given.words.text("logo_alt", agency=agency.name))


def picture(given: OfProject, path: str | None, description: str) -> Picture | None:
    """A picture that the settings name, or None where they name none."""
    return None if path is None else Picture(given.project.images[path], description)
