"""START-HERE.html: what this is, what to do first, how to open it, how to check it.

Role: gathers what the page says, in the client's language, and fills `templates/pages/start_here.html`. The page
stands alone: no script, no address outside the extracted folder, every value escaped; its colours are the brand's,
darkened or lightened where contrast asks for it, on white as on a dark screen. The commands are `checking`'s, the
figures `figures`'s, the markup of sentences `page_text`'s. It needs no credentials.
"""

from base64 import b64encode
from collections import Counter
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from handover.documents.answers import answers
from handover.documents.base import Content, Deliverable, RenderInput
from handover.documents.checking import COMMANDS, STEPS, SYSTEMS, second_zip_command
from handover.documents.figures import Analysis, analyse, report_words, value_of
from handover.documents.page_text import Paragraph, Whole, file, links, listed, paragraphs, reach, sentence
from handover.documents.word import logo, purpose_of
from handover.formats.palette import NIGHT, night, palette
from handover.formats.word.pictures import prepared
from handover.languages import files
from handover.languages.words import Words
from handover.model.artifact import Role

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

_GROUP = 4
"""Digits of a fingerprint that are read aloud together."""

_LARGEST_LOGO = 500_000
"""Bytes: the page, which holds the picture, should open at once on a phone."""

_Page = dict[str, Any]


def render(given: RenderInput) -> bytes:
    """The page as UTF-8. Raises TemplateError when a text is missing from the language's words."""
    colour = given.project.settings.brand.colour
    shades = {"day": palette(colour), "night": night(colour), "dark_page": NIGHT}
    return _template().render(page=_page(given), say=given.words.text, shades=shades).encode()


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    # Nothing of the project is a template: its values are only ever printed, escaped.
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(files.read_text("pages", "start_here.html"))


def _page(given: RenderInput) -> _Page:
    words, settings = given.words, given.project.settings
    date = words.date(given.today)
    results = _results(given)
    addresses = links(given)
    page: _Page = {
        "tag": words.tag,
        "paper": words.paper,
        "client": settings.client.name,
        "subtitle": words.text("subtitle", agency=settings.agency.name, client=settings.client.name, date=date),
        "draft": given.draft,
        "logo": _logo(given),
        "answers": answers(given),
        "files": [
            {"name": listed([Whole(line.name, addresses.get(line.name, ""))]), "purpose": _purpose(given, line)}
            for line in given.contents
            if line.role is not Role.START_HERE
        ],
        "first": _first(given),
        "results": results,
        "check": _check(given),
        "footer": sentence(words, "footer", agency=settings.agency.name, date=date, bundle_id=Whole(given.bundle_id)),
    }
    owner, agency, named = settings.owner, settings.agency, settings.transition.contact
    first = [Whole(owner.name), *reach(owner.phone or agency.phone, owner.email or agency.email)]
    # A number and an address among a named person's words can be touched, too.
    asked = [
        one
        for part in (named or "").split(", ")
        for one in (reach(None, part) if "@" in part and " " not in part else reach(part, None))
    ] or first
    texts = {"inventory": _inventory(given), "questions": [Paragraph(listed(asked))]}
    shown = ["answers", "first", "questions", "files", "inventory", *(["results"] if results else []), "check"]
    page["sections"] = [
        {"id": name, "text": texts.get(name, [])} for name in shown if name != "inventory" or texts[name]
    ]
    return page


def _logo(given: RenderInput) -> _Page | None:
    """The brand's picture inside the page, without what it tells about people; its size at most the layout's."""
    if (shown := logo(given)) is None:
        return None
    ready = prepared(shown, "logo")
    if len(ready.content) > _LARGEST_LOGO:
        return None
    source = f"data:image/{ready.extension};base64,{b64encode(ready.content).decode()}"
    return {"source": source, "alt": shown.description, "width": ready.width, "height": ready.height}


def _purpose(given: RenderInput, line: Content) -> str:
    text = purpose_of(line, given)
    if line.name == given.second_zip:
        text = f"{text} {given.words.text('files.second')}"
    return text


def _inventory(given: RenderInput) -> list[Paragraph]:
    words, name, copy = given.words, given.named(Role.INVENTORY), given.named(Role.RECIPIENT_COPY)
    if given.draft and name:
        return [Paragraph(sentence(words, "inventory.draft"))]
    keeper = given.project.settings.keeper
    owner, ways = keeper.name, reach(keeper.phone, keeper.email)
    found: list[Paragraph] = []
    if name:
        shown = file(given, name)
        channel = _channel(given)
        found += paragraphs(words, "inventory.text", file=shown, channel=channel, name=owner, contact=ways)
        if recipient := _named_recipient(given):
            found[1] = Paragraph(sentence(words, "inventory.given_to", name=recipient, channel=channel))
    if kdbx := given.named(Role.CREDENTIALS):
        found += paragraphs(words, "inventory.credentials", file=file(given, kdbx))
    if copy:
        key = "inventory.copy" if name else "inventory.key"
        opened = PurePosixPath(copy).stem
        found += paragraphs(words, key, copy=file(given, copy), opened=opened, name=owner, contact=ways)
    return found


def _first(given: RenderInput) -> list["Markup"]:
    words = given.words
    letter, inventory, pending = (given.named(role) for role in (Role.LETTER, Role.INVENTORY, Role.PENDING))
    steps = []
    if letter:
        steps.append(sentence(words, "first.letter", file=file(given, letter)))
    if inventory and not given.draft:
        recipient = _named_recipient(given)
        key, name = (
            ("first.passphrase_named", recipient)
            if recipient
            else ("first.passphrase", given.project.settings.keeper.name)
        )
        steps.append(sentence(words, key, channel=_channel(given), file=file(given, inventory), name=name))
    if given.key_only:
        steps.append(sentence(words, "first.key", file=file(given, given.named(Role.RECIPIENT_COPY))))
    if not given.draft and (inventory or given.key_only):
        steps.append(sentence(words, "first.inventory"))
    if pending and any(row.is_open for row in given.project.pending):
        steps.append(sentence(words, "first.pending", file=file(given, pending)))
    return [*steps, sentence(words, "first.keep_draft" if given.draft else "first.keep")]


def _results(given: RenderInput) -> _Page:
    """The headline figures with how each must be read; empty without a report or without figures."""
    report = given.named(Role.REPORT)
    analysis = analyse(given.project, report_words(given.words), given.today) if report else None
    if analysis is None or not analysis.headlines:
        return {}
    wording, figures = analysis.wording, list[_Page]()
    for one in analysis.headlines:
        known = one.change is not None
        figures.append(
            {
                "label": one.definition.label,
                "compared": known,
                "current": wording.value(one.definition, one.current.value, one.decimals),
                "when": wording.short_period(one.current),
                "change": wording.change(one) if known else "",
                "reading": ", ".join(filter(None, (wording.direction(one), wording.judgement(one)))) if known else "",
                "then": given.words.text("results.then", value=value_of(wording, one, one.baseline)),
                "then_when": wording.short_period(one.baseline),
            }
        )
    compared = Counter((one["when"], one["then_when"]) for one in figures if one["compared"])
    now, then = max(compared, key=lambda pair: compared[pair], default=("", ""))
    return {
        "figures": figures,
        "now": now,
        "then": then,
        "periods": given.words.text("results.periods", now=now, then=then) if compared else "",
        "notes": [*(analysis.notes if compared else ()), *_caveats(analysis, given.words)],
        "more": sentence(given.words, "results.more", file=file(given, report)),
    }


def _caveats(analysis: Analysis, words: Words) -> list[str]:
    """How the figures must be read: each caveat once, behind the figures that it's about, unless it's about all."""
    about: dict[str, list[str]] = {}
    for one in analysis.headlines:
        for caveat in analysis.wording.caveats(one):
            about.setdefault(caveat, []).append(one.definition.label)
    return [
        caveat
        if len(labels) == len(analysis.headlines)
        else words.text("results.note", figures=words.list(labels), caveat=caveat)
        for caveat, labels in about.items()
    ]


def _check(given: RenderInput) -> _Page:
    words, signers = given.words, given.signers
    if not signers:
        return {"text": [words.text("check.draft")], "signers": []}
    several = len(signers) > 1
    # Of several owners, whoever signs last seals: which of them, nobody knows yet.
    anyone = words.either([signer.name for signer in signers])
    everyone = words.list([signer.name for signer in signers])
    text = paragraphs(words, "check.text_several" if several else "check.text", name=everyone, one=anyone)
    return {
        "text": [paragraph.text for paragraph in text],
        "signers": [
            {
                "label": words.text("check.fingerprint_of", name=signer.name)
                if several
                else words.text("check.fingerprint"),
                "shown": several,
                "groups": [signer.fingerprint[at : at + _GROUP] for at in range(0, len(signer.fingerprint), _GROUP)],
            }
            for signer in signers
        ],
        "systems": [_system(given, system, anyone) for system in SYSTEMS],
        "meaning": [paragraph.text for paragraph in paragraphs(words, "check.meaning", name=anyone)],
    }


def _system(given: RenderInput, system: str, signer: str) -> _Page:
    words = given.words
    expected = {
        "fingerprint": words.text("check.expect.fingerprint", name=signer),
        "signature": words.text(f"check.expect.signature_{system}"),
        "sums": words.text("check.expect.sums"),
        "files": words.text("check.expect.files"),
    }
    steps: list[_Page] = [
        {"title": words.text(f"check.step.{step}"), "command": COMMANDS[system][step], "expect": expected[step]}
        for step in STEPS
    ]
    if given.second_zip:
        # The digest stands on this page, which the steps before have shown to be the signed one.
        command = second_zip_command(system, given.second_zip, given.second_sha256)
        title = sentence(words, "check.step.second", name=Whole(given.second_zip))
        steps.append({"title": title, "command": command, "expect": words.text("check.expect.second")})
    return {"name": system, "steps": steps}


def _channel(given: RenderInput) -> str:
    return given.words.text(f"channel.{given.project.settings.options.passphrase_by}")


def _named_recipient(given: RenderInput) -> str:
    """Who gets the passphrase, where several people are told of it; empty where it can only be the reader."""
    client = given.project.settings.client
    return client.passphrase_contact.name if len(client.contacts) > 1 else ""


START_HERE = Deliverable(
    id="start_here",
    role=Role.START_HERE,
    extension="html",
    render=render,
    numbered=False,
    needs_assets=True,
)
