"""START-HERE.html: what this is, what to do first, how to open it, how to check it.

Role: gathers what the page says, in the client's language, and fills `templates/pages/start_here.html`. The page
stands alone: no script, no address outside the extracted folder, every value escaped; its colours are the brand's,
darkened where contrast asks for it. The commands are `checking`'s, the figures `figures`'s. It needs no credentials.
"""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from handover import resources
from handover.artifact import Role, Seal
from handover.brand import palette
from handover.deliverables.base import Content, Deliverable, RenderInput
from handover.deliverables.checking import COMMANDS, STEPS, SYSTEMS, second_zip_command
from handover.deliverables.figures import report_figures
from handover.deliverables.word import purpose_of
from handover.i18n import Words

_GROUP = 4
"""Digits of a fingerprint that are read aloud together."""

_Page = dict[str, Any]


def render(given: RenderInput) -> bytes:
    """The page as UTF-8. Raises TemplateError when a text is missing from the language's words."""
    from jinja2 import Environment, StrictUndefined

    # Nothing is looked up and nothing of the project is a template: values are only ever printed, escaped.
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(resources.read_text("pages", "start_here.html"))
    shades = palette(given.project.settings.brand.colour)
    return template.render(page=_page(given), shades=shades).encode()


def _page(given: RenderInput) -> _Page:
    words, settings = given.words, given.project.settings
    date = words.date(given.today)
    results = _results(given)
    page: _Page = {
        "tag": words.tag,
        "title": words.text("title"),
        "client": settings.client.name,
        "subtitle": words.text("subtitle", agency=settings.agency.name, client=settings.client.name, date=date),
        "draft": words.text("draft_notice") if given.draft else "",
        "on_this_page": words.text("on_this_page"),
        "extract": {"title": words.text("extract.title"), "text": words.text("extract.text")},
        "files": _files(given),
        "first": _first(given),
        "results": results,
        "check": _check(given),
        "footer": words.text("footer", agency=settings.agency.name, date=date, bundle_id=given.bundle_id),
    }
    texts = {"inventory": _inventory(given), "questions": [_contact(given)]}
    shown = ["files", "first", "inventory", *(["results"] if results else []), "check", "questions"]
    page["sections"] = [
        {"id": name, "title": words.text(f"sections.{name}"), "text": texts.get(name, [])}
        for name in shown
        if name != "inventory" or texts[name]
    ]
    return page


def _files(given: RenderInput) -> _Page:
    words = given.words
    return {
        "caption": words.text("files.caption"),
        "name": words.text("files.name"),
        "what": words.text("files.what"),
        "rows": [
            {"name": line.name, "href": _href(given, line), "purpose": _purpose(given, line)}
            for line in given.contents
            if line.role is not Role.START_HERE
        ],
        "others": words.text("files.others"),
    }


def _href(given: RenderInput, line: Content) -> str:
    """The link into the extracted folder; empty for the second zip of a split bundle, which isn't in it."""
    return "" if line.name == given.second_zip else quote(line.name, safe="/")


def _purpose(given: RenderInput, line: Content) -> str:
    words, text = given.words, purpose_of(line, given)
    if line.role is Role.ASSET and given.assets:
        size = words.size(sum(record.entry.size for record in given.assets))
        text = f"{text} {words.plural('files.count', len(given.assets), size=size)}"
    if line.name == given.second_zip:
        text = f"{text} {given.words.text('files.second')}"
    return text


def _inventory(given: RenderInput) -> list[str]:
    file, copy = given.named(Role.INVENTORY), given.named(Role.RECIPIENT_COPY)
    if given.draft and file:
        return [given.words.text("inventory.draft")]
    values = {"channel": _channel(given), "name": given.project.settings.owner.name, "contact": _reach(given)}
    values |= {"copy": copy, "opened": PurePosixPath(copy).stem}
    lines = _lines(given.words, "inventory.text", file=file, **values) if file else []
    if copy:
        lines += _lines(given.words, "inventory.copy" if file else "inventory.key", **values)
    return lines


def _first(given: RenderInput) -> list[str]:
    words = given.words
    letter, inventory, pending = (given.named(role) for role in (Role.LETTER, Role.INVENTORY, Role.PENDING))
    steps = []
    if letter:
        steps.append(words.text("first.letter", file=letter))
    if inventory and not given.draft:
        steps.append(words.text("first.passphrase", channel=_channel(given), file=inventory))
    if given.key_only:
        steps.append(words.text("first.key", file=given.named(Role.RECIPIENT_COPY)))
    if not given.draft and (inventory or given.key_only):
        steps.append(words.text("first.inventory"))
    if pending and given.project.pending:
        steps.append(words.text("first.pending", file=pending))
    return [*steps, words.text("first.keep_draft" if given.draft else "first.keep")]


def _results(given: RenderInput) -> _Page:
    """The headline figures with their charts; empty without a report or without figures."""
    from markupsafe import Markup

    report = given.named(Role.REPORT)
    figures = report_figures(given.project, given.words) if report else ()
    if not figures:
        return {}
    empty = given.words.text("empty")
    shown = [
        {
            "label": figure.label,
            "current": figure.current,
            "when": figure.current_period,
            "change": "" if figure.change == empty else figure.change,
            "reading": ", ".join(text for text in (figure.direction, figure.judgement) if text not in {"", empty}),
            "then": given.words.text("results.then", value=figure.baseline),
            "then_when": figure.baseline_period,
            "title": figure.title,
            "sentence": figure.sentence,
            "caveats": figure.caveats,
            "events": figure.events,
            # Our own drawing, which escapes the texts in it.
            "drawing": Markup(figure.svg),  # noqa: S704 — made by office.chart, never from a file
        }
        for figure in figures
    ]
    return {"figures": shown, "text": [given.words.text("results.more", file=report)]}


def _check(given: RenderInput) -> _Page:
    words, signer = given.words, given.signer
    if signer is None:
        return {"text": [words.text("check.draft" if given.draft else "check.unsigned")], "groups": []}
    digits = signer.fingerprint
    return {
        "text": _lines(words, "check.text", name=signer.name),
        "fingerprint": words.text("check.fingerprint"),
        "groups": [digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)],
        "systems": [_system(given, system, signer.name) for system in SYSTEMS],
        "meaning_title": words.text("check.meaning_title"),
        "meaning": _lines(words, "check.meaning", name=signer.name),
    }


def _system(given: RenderInput, system: str, signer: str) -> _Page:
    words = given.words
    expected = {
        "fingerprint": words.text("check.expect.fingerprint", name=signer),
        "signature": words.text(f"check.expect.signature_{system}"),
        "sums": words.text("check.expect.sums"),
        "files": words.text("check.expect.files"),
    }
    steps = [
        {"title": words.text(f"check.step.{step}"), "command": COMMANDS[system][step], "expect": expected[step]}
        for step in STEPS
    ]
    if given.second_zip:
        # The digest stands on this page, which the steps before have shown to be the signed one.
        command = second_zip_command(system, given.second_zip, given.second_sha256)
        title = words.text("check.step.second", name=given.second_zip)
        steps.append({"title": title, "command": command, "expect": words.text("check.expect.second")})
    return {
        "id": system,
        "name": words.text(f"check.{system}"),
        "where": words.text(f"check.{system}_where"),
        "steps": steps,
    }


def _channel(given: RenderInput) -> str:
    return given.words.text(f"channel.{given.project.settings.options.passphrase_by}")


def _contact(given: RenderInput) -> str:
    return f"{given.project.settings.owner.name}, {_reach(given)}"


def _reach(given: RenderInput) -> str:
    agency, owner = given.project.settings.agency, given.project.settings.owner
    return ", ".join(filter(None, (owner.email or agency.email, owner.phone or agency.phone)))


def _lines(words: Words, key: str, **values: str) -> list[str]:
    """The texts of a list, each with those of the values that it has a place for."""
    return [
        words.text(f"{key}.{at}", **{name: value for name, value in values.items() if f"{{{name}}}" in line})
        for at, line in enumerate(words.lines(key))
    ]


START_HERE = Deliverable(
    id="start_here",
    role=Role.START_HERE,
    seal=Seal.NONE,
    extension="html",
    render=render,
    numbered=False,
    needs_assets=True,
)
