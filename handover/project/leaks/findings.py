"""The findings about what is about to leave: where, which rule, what to do.

Role: words alone. No message holds a secret's value: it names the file, the line and the kind.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import first_of, msg
from handover.project.leaks.search import NEIGHBOUR, Hit

_ALLOW: Final = msg("or deliver it on purpose with --allow-leak")
_HINTS: Final = {
    "leak.secret": msg("take it out (secrets belong into the vault), {allow}", allow=_ALLOW),
    "leak.token": msg("take it out, and change it where it was shared; {allow}", allow=_ALLOW),
    "leak.secret-file": msg("take it out (secrets belong into the vault), {allow}", allow=_ALLOW),
    "leak.internal-file": msg("take it out, {allow}", allow=_ALLOW),
    "leak.internal-words": msg("say it otherwise, or take the file out, {allow}", allow=_ALLOW),
    "leak.internal-name": msg("move it to internal/, {allow}", allow=_ALLOW),
    "leak.internal-text": msg("move it to internal/, {allow}", allow=_ALLOW),
    "leak.denied-name": msg("take the name out, {allow}", allow=_ALLOW),
    NEIGHBOUR: msg("take it out where the client is meant; `options.assets.allow_leaks` may hold it as a mere word"),
    "leak.comments": msg("delete them (in Word: File, Info, Inspect Document) if the client shouldn't read them"),
    "leak.tracked-changes": msg("accept or reject them if the client shouldn't read what stood there before"),
    "leak.unsearched": msg("look into it yourself; `options.assets.allow_leaks` says that you did"),
}


def finding(entry: str, rule: str, message: str, *, line: int = 0) -> Finding:
    """A finding about an entry of the bundle."""
    hint = _HINTS[rule]
    severity = Severity.WARNING if rule in _WARNINGS else Severity.ERROR
    if hint.endswith("--allow-leak"):
        hint = msg("{hint} {entry}", hint=hint, entry=entry)
    return Finding(SourceLocation(entry, line, 1 if line else 0), rule, message, hint, severity)


_WARNINGS: Final = frozenset({NEIGHBOUR, "leak.comments", "leak.tracked-changes", "leak.unsearched"})


def of_hit(entry: str, hit: Hit, *, lines: int = 0, place: str = "") -> Finding:
    """A finding for something that stands in a text; `lines` are those before it in the file."""
    if hit.rule == NEIGHBOUR:
        return finding(entry, hit.rule, hit.message)
    where = "" if not place else f" ({place})"
    return finding(entry, hit.rule, hit.message + where, line=0 if place or not hit.line else hit.line + lines)


def of_name(entry: str, hit: Hit) -> Finding:
    """A finding for something that stands in a file's name; a secret's isn't repeated."""
    if hit.rule == "leak.secret":
        message = msg("a file's name {message}", message=hit.message)
        return Finding(SourceLocation("assets"), hit.rule, message, msg("rename the file"))
    message = hit.message if hit.rule == NEIGHBOUR else msg("its name {message}", message=hit.message)
    return finding(entry, hit.rule, message)


def of_value(place: SourceLocation, hit: Hit) -> Finding:
    """A finding for another client's name in a value."""
    about = finding(place.file, hit.rule, hit.message)
    hint = msg("take the name out, or off the list; `options.assets.allow_leaks` lets a name pass, too")
    return replace(about, location=place, hint=about.hint if hit.rule == NEIGHBOUR else hint)


def together(found: Iterable[Finding]) -> list[Finding]:
    """The findings, those of one neighbour's name as one: such a word may stand in many files."""
    others, named = list[Finding](), dict[str, list[str]]()
    for one in found:
        if one.rule == NEIGHBOUR:
            named.setdefault(one.message, []).append(one.location.file)
        else:
            others.append(one)
    for said, entries in named.items():
        message = msg("{said} ({shown})", said=said, shown=first_of(entries))
        others.append(finding("assets", NEIGHBOUR, message))
    return others


def authors(name: str, entries: list[str]) -> Finding:
    """The finding for one person whom Office files name as author."""
    message = msg("{name} is named as author or editor in {shown}", name=name, shown=first_of(entries))
    hint = msg("Word, Excel and PowerPoint remove names (File, Info, Inspect Document) if the client shouldn't read "
               "them")  # fmt: skip
    return Finding(SourceLocation("assets"), "leak.authors", message, hint, Severity.WARNING)


def uncompared(names: list[str]) -> Finding:
    """The finding for all internal papers whose text nothing is compared with."""
    message = msg("what leaves isn't compared with the text of {shown}", shown=first_of(names))
    hint = msg(
        "of internal papers at most 256 KB a file and 1 MB in all is read, and no PDF, archive or protected document: "
        "look for it yourself; what may be compared as whole files alone belongs into internal/evidence/"
    )
    return Finding(SourceLocation("internal"), "leak.unsearched", message, hint, Severity.WARNING)
