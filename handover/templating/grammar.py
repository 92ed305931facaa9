"""What a tag may say (docs/templates.md, section 2): names, conditions, loops, and nothing that could run.

Role: reads the text inside one tag into a `Statement`. There is no call, operator, index or constant among them: a tree
of these can only name values of the document's view. What people know from Jinja, docxtpl and other engines is
recognised and answered with what to write instead. It knows no document and no variable.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from handover.model.did_you_mean import did_you_mean
from handover.model.message import msg
from handover.templating.elsewhere import known_elsewhere

FORMS: Final = ("upper", "lower", "title", "capitalize")
"""Letter-case forms of a printed value (clause 2.3)."""

LONGEST: Final = 500
"""Characters of a tag; no sentence needs more."""

DEEPEST: Final = 16
"""Parentheses inside one another, and `if` and `for` inside one another (clause 2.8)."""

LOOP_TELLS: Final = ("first", "last", "index")
"""What `loop` tells inside a `for` (clause 2.6)."""

KEYWORDS: Final = ("if", "elif", "else", "endif", "for", "endfor")


@dataclass(frozen=True, slots=True)
class Path:
    """A value of the view: `payments.currency`."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Given:
    """Whether a value is there: a text or list that isn't empty, a flag that is set, a group that exists."""

    path: Path


@dataclass(frozen=True, slots=True)
class Equals:
    """Whether a text is this word."""

    path: Path
    word: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """Whether all of these hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Whether one of these holds."""

    parts: tuple["Condition", ...]


Condition = Given | Equals | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Print:
    """`{{ path | form }}`; `form` is empty for the value as it is."""

    path: Path
    form: str = ""
    keyword: ClassVar = "print"


class If(NamedTuple):
    """`{% if … %}` or, as a further branch, `{% elif … %}`."""

    condition: Condition
    further: bool = False

    @property
    def keyword(self) -> str:
        """`if`, or `elif` for a further branch."""
        return "elif" if self.further else "if"


@dataclass(frozen=True, slots=True)
class For:
    """`{% for name in path %}`."""

    name: str
    path: Path
    keyword: ClassVar = "for"


class Mark(NamedTuple):
    """`{% else %}`, `{% endif %}` or `{% endfor %}`."""

    keyword: str


class Unread(NamedTuple):
    """A statement that can't be read but for its first word: it keeps the tags around it in order."""

    keyword: str


Statement = Print | If | For | Mark | Unread


class Refused(Exception):
    """The text inside a tag isn't one of these: the rule, what is wrong (after the tag), and what to write."""

    def __init__(self, rule: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.hint = hint


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)|(?P<word>'(?:[^']|'(?=\w))*'|\"[^\"]*\")|(?P<sign>==|!=|[.|()]))"
)
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"})
"""Inside single quotes an apostrophe before a letter belongs to the word: 'l’été'."""

_INVISIBLE: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SHAPES: Final = msg(
    "tags are {{{{ name }}}}, {{% if name %}}, {{% if name == 'word' %}}, {{% for item in list %}} and their ends"
)
_RESERVED: Final = frozenset({*KEYWORDS, "in", "and", "or", "not"})


def tidy(inside: str) -> str:
    """What people see the same and type differently: curly quotes, no-break spaces, invisible characters."""
    if inside.isascii() and "\t" not in inside and "\n" not in inside:
        return inside
    return _INVISIBLE.sub("", re.sub(r"\s", " ", inside)).translate(_QUOTES)


@lru_cache(maxsize=1024)  # the same few tags stand in a template again and again
def printed(inside: str) -> Print:
    """The statement of `{{ inside }}`. Raises Refused."""
    return _Reader(inside).print()


@lru_cache(maxsize=1024)
def stated(inside: str) -> Statement:
    """The statement of `{% inside %}`, without its `p`, `tr` or `tc`. Raises Refused."""
    if spaced := re.match(r"\s*(p|tr|tc)\s", tidy(inside)):
        message = msg("has a space before `{spaced}`", spaced=spaced[1])
        raise Refused("tag.unknown", message, msg("write {{%{spaced} without it", spaced=spaced[1]))
    if re.match(r"\s*r\s", tidy(inside)):
        raise Refused(
            "tag.not-allowed", msg("takes a run along"), msg("write {{% … %}} without the r: nothing of it is left")
        )
    return _Reader(inside).statement()


class _Reader:
    """One tag's tokens, read once from left to right."""

    def __init__(self, inside: str) -> None:
        self.text = tidy(inside).strip()
        if len(self.text) > LONGEST:
            raise Refused(
                "tag.syntax", msg("is longer than {longest} characters", longest=LONGEST), msg("make two of it")
            )
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                raise self._refused()
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()

    def print(self) -> Print:
        """path [ "|" form ]."""
        if not self.tokens:
            raise Refused("tag.syntax", msg("is empty"), msg("write a value's name in it"))
        if self.tokens[0][1].casefold() in KEYWORDS:
            raise Refused("tag.not-allowed", msg("is a statement in a value's braces"), msg("write {{% … %}}"))
        path = self._path()
        form = ""
        if self._take("sign", "|"):
            form = self._next("name")
            if form not in FORMS:
                raise self._refused(did_you_mean(form, FORMS))
        self._end()
        return Print(path, form)

    def statement(self) -> Statement:
        """The statement that the first word begins."""
        keyword = self.tokens[0][1] if self.tokens else ""
        self.at = 1
        if keyword in {"if", "elif"}:
            condition = self._either(0)
            self._end()
            return If(condition, further=keyword == "elif")
        if keyword == "for":
            name = self._next("name")
            if name in _RESERVED or name == "loop":
                message = msg("calls an item `{name}`, a word of templates", name=name)
                raise Refused("tag.syntax", message, msg("choose another name"))
            if not self._take("name", "in"):
                raise self._refused()
            path = self._path()
            self._end()
            return For(name, path)
        if keyword in KEYWORDS:
            self._end()
            return Mark(keyword)
        raise self._unknown(keyword)

    def _unknown(self, keyword: str) -> Refused:
        found = self._refused()
        if found.rule != "tag.syntax":
            return found
        hint = did_you_mean(keyword, KEYWORDS) or msg("templates know if, elif, else, endif, for and endfor")
        what = msg("isn't a statement that templates know") if keyword else msg("is empty")
        return Refused("tag.unknown", what, hint)

    def _either(self, depth: int) -> Condition:
        return self._several("or", Either, lambda: self._several("and", Both, lambda: self._single(depth)))

    def _several(self, word: str, kind: type[Both | Either], part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self._take("name", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    def _single(self, depth: int) -> Condition:
        negated = False
        while self._take("name", "not"):
            negated = not negated
        if self._take("sign", "("):
            if depth == DEEPEST:
                raise Refused("tag.depth", msg("has more than {deepest} brackets inside one another", deepest=DEEPEST))
            found = self._either(depth + 1)
            if not self._take("sign", ")"):
                raise self._refused()
        else:
            found = self._compared(self._path())
        return Not(found) if negated else found

    def _compared(self, path: Path) -> Condition:
        for sign in ("==", "!="):
            if self._take("sign", sign):
                equal = Equals(path, self._next("word")[1:-1])
                return equal if sign == "==" else Not(equal)
        return Given(path)

    def _path(self) -> Path:
        names = [self._next("name")]
        while self._take("sign", "."):
            names.append(self._next("name"))
        if names[0] in _RESERVED or (names[0] == "loop" and (len(names) != 2 or names[1] not in LOOP_TELLS)):
            raise self._refused()
        return Path(tuple(names))

    def _next(self, kind: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise self._refused()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _take(self, kind: str, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == (kind, text):
            self.at += 1
            return True
        return False

    def _end(self) -> None:
        if self.at < len(self.tokens):
            raise self._refused()

    def _refused(self, hint: str = "") -> Refused:
        """Why the text isn't a statement: something known from elsewhere, a misspelt word, or bad grammar."""
        if known := known_elsewhere(self.text):
            return Refused("tag.not-allowed", known[0], hint or known[1])
        if self.text.startswith("if") and "{" in self.text:
            return Refused(
                "tag.nested", msg("has a tag inside a tag"), msg("write the variable inside it without braces")
            )
        if self.text.count("'") % 2 or self.text.count('"') % 2:
            return Refused(
                "tag.syntax", msg("has a quotation mark that isn't closed"), msg("put one on both sides of the word")
            )
        return Refused("tag.syntax", msg("can't be read"), _SHAPES)
