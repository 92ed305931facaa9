"""A folder → `Seen`: what each file is, told by its content, and what papers say.

Role: one look, bounded in files, bytes and time; heads alone of what is large. Files are opened by the one opener, and
parsers that can't be bounded run apart (`handover.formats.confined`). It asks nobody, writes nothing, and believes
nothing that it reads.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from handover.formats.compound.write import SIGNATURE
from handover.formats.opener import Folder
from handover.importers.credentials.reading import read_export
from handover.intake import exports, papers
from handover.intake.seen import File, Kind, Metrics, Passwords, Pending, Seen
from handover.intake.walk import opened, walked
from handover.model.message import msg, system_reason
from handover.model.secret import Secret
from handover.project.leaks.files import kind_by_content, kind_by_name
from handover.project.leaks.names import core
from handover.project.leaks.office import office_text
from handover.project.leaks.plain import name_leaks, says_internal
from handover.project.leaks.search import Searcher
from handover.project.leaks.text import decoded, encoding_of, words

HEAD: Final = 4_096
MAX_TEXT: Final = 1_000_000
"""Bytes of a text that is read whole; of a larger one the head tells what it is."""
MAX_OFFICE: Final = 2 * 1024 * 1024
"""Bytes of an Office file that is searched for a table of passwords."""
_PASSWORD_WORDS: Final = (
    b"de passe", b"mdp", b"passw", b"pwd", b">pass<", b"kennwort", b"contrase", b"wachtwoord", b"code d", b"codes d",
)  # fmt: skip
"""One of them stands in whatever the expression finds, and each is found twenty times as fast."""
_NAMES_PASSWORDS: Final = re.compile(
    rb"mots? de passe|\bmdp\b|passw|\bpwd\b|>pass<|kennwort|contrase|wachtwoord|codes? d.{1,3}acc"
)
_CONTENT: Final = re.compile(r"word/document\d*\.xml|xl/(?:sharedStrings|worksheets/sheet\d+)\.xml")
MAX_EXPORT: Final = 20 * 1024 * 1024
MAX_DIGESTED: Final = 64 * 1024 * 1024
"""Bytes of a file that is compared with another of its size."""
_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"<svg", b"RIFF")
_COPY_MARKS: Final = (" - copie", " - copy", "copie de ", "copy of ", "(1)", "(2)", "(3)")
_OWN_AFFAIRS: Final = re.compile(
    r"(?<![^\W_])(?:internes?|internal|rentabilités?|profitab\w+|marges?|margins?|temps passés?|timesheets?|"
    r"taux horaires?|(?:suivi|feuilles?|relevés?) (?:de |du |des |d['’])?(?:temps|heures)|"
    r"rates? and hours|hours and rates?|hours (?:worked|spent|log)|time ?(?:log|tracking|tracker)|"
    r"(?:à garder )?(?:pour nous|entre nous)|for us only|not for (?:the )?client)(?![^\W_])",
    re.IGNORECASE,
)
"""What agencies call the tables that no client gets; somebody is asked, since a client may have such words, too."""
_DUMP: Final = re.compile(r"\.(?:sql|dump)(?:\.(?:gz|bz2|xz|zip))?$", re.IGNORECASE)
_KEPT_WORDS: Final = (
    "transmettre", "communiquer", "partager", "montrer", "envoyer", "entre nous", "pour nous", "share", "forward",
    "show", "our eyes", "keep", "for us only",
)  # fmt: skip
_KEPT_BACK: Final = re.compile(
    r"\b(?:(?:ne|à ne) pas (?:transmettre|communiquer|partager|montrer|envoyer)|entre nous|"
    r"(?:à )?garder pour nous|for us only|(?:do not|don['’]t) (?:share|forward|show)|for our eyes|"
    r"keep (?:this )?(?:internal|to ourselves))\b"
)
"""What notes say that aren't for others; somebody is asked."""
_NOTE: Final = 600
_WITH_ARTICLE: Final = re.compile(r"(?<=\s)(?:La|Le|Les|The)\s[A-ZÀ-Ý][\w'’ -]{2,}$|(?<=\s)L['’][A-ZÀ-Ý][\w'’ -]{2,}$")
"""What a trade's name is followed by, and folders are called by it alone: `La Souche` of `Microbrasserie La Souche`."""
_INTERNAL: Final = msg("its first lines say that it is internal")
_KEPT: Final = frozenset({Kind.FILE, Kind.LOGO, Kind.LICENCE})
"""What may be delivered."""


def look(root: Path, *, skip: Path | None = None, day_first: bool = True) -> Seen:
    """What is in the folder `root`; `skip` is a folder in it that isn't looked into. Raises UsageError.

    `day_first` is how the agency writes a day in numbers, for papers that don't tell.
    """
    with opened(root) as folder, papers.Papers() as reader:
        at = _Look(folder, reader)
        for file in walked(folder, skip, root):
            at.see(file)
        at.find_copies()
        at.read_papers(day_first=day_first)
        at.read_metrics()
        return without_others(at.seen(root.resolve().name))


def without_others(seen: Seen) -> Seen:
    """The same, without what names another client, as the folders of the password exports call them.

    Which folder is this client's is known only where a paper names the client.
    """
    names = [*(one.says["client.name"][0].value for one in seen.contracts if "client.name" in one.says), seen.name]
    own = words(" ".join(names))
    denied = tuple(name for name in exports.client_folders(seen.passwords) if words(name) and words(name) not in own)
    if len(names) == 1 or not denied:
        return seen
    cores = tuple(dict.fromkeys(name for one in denied for name in (one, core(one, own))))
    searcher = Searcher(denied=cores)
    by_path = Searcher(denied=(*cores, *(tail[0] for one in denied if (tail := _WITH_ARTICLE.search(one)))))
    files = []
    for file in seen.files:
        hits = file.kind in _KEPT and (
            by_path.search(file.path.replace("/", " / ")) or searcher.search(seen.texts.get(file.path, ""))
        )
        files.append(file._replace(kind=Kind.FOREIGN, why=hits[0].message) if hits else file)
    return replace(seen, files=tuple(files), denied=denied)


def unlocked(root: Path, one: Passwords, passphrase: Secret) -> Passwords:
    """A protected password list, opened. Raises WrongPassphrase, and DamagedFile for one that can't be read."""
    with opened(root) as folder:
        data = folder.read(one.file, MAX_EXPORT)
    return one._replace(export=read_export(data, one.file.rpartition("/")[2], lambda: (passphrase, None)))


class _Look:
    """One look: what each file turned out to be, by its path."""

    def __init__(self, folder: Folder, reader: papers.Papers) -> None:
        self._folder = folder
        self._reader = reader
        self._files: dict[str, File] = {}
        self._heads: dict[str, bytes] = {}
        """Digests of heads, so that files of one size are told apart without reading them."""
        self._papers: list[tuple[str, papers.Sort]] = []
        self._tables: dict[str, bool] = {}
        """Tables that may hold metrics, and whether they certainly do."""
        self._texts: dict[str, str] = {}
        self._metrics: list[Metrics] = []
        self._passwords: list[Passwords] = []
        self._boards: list[Pending] = []
        self._licences: dict[str, str] = {}
        self._read = papers.Read()
        self._searcher = Searcher()
        self._workbooks = 0

    def _is(self, path: str, kind: Kind, why: str = "") -> None:
        self._files[path] = self._files[path]._replace(kind=kind, why=why)

    def see(self, file: File) -> None:
        """Look at one file: its name, its head, and all of it where that says more."""
        self._files[file.path] = file
        if file.kind is not Kind.FILE:
            return
        try:
            head = self._folder.head(file.path, HEAD)
            self._heads[file.path] = hashlib.blake2b(head, digest_size=12).digest()
            self._by_content(file, head)
        except OSError as error:
            self._is(file.path, Kind.UNREADABLE, msg("can't be read ({reason})", reason=system_reason(error)))
            return
        if self._files[file.path].kind is Kind.FILE:
            self._by_name(file.path)

    def _by_name(self, path: str) -> None:
        if what := kind_by_name(path):
            self._is(path, Kind.SECRET, what)
        elif any(found.rule == "leak.internal-name" for found in name_leaks([f"assets/{path}"])):
            self._is(path, Kind.INTERNAL, msg("its name says that it is internal"))
        elif _OWN_AFFAIRS.search(unicodedata.normalize("NFC", path.rpartition("/")[2])):
            self._is(path, Kind.SECRET, msg("its name sounds like your own affairs"))
        elif _DUMP.search(path):
            self._is(path, Kind.SECRET, msg("a dump of a database, by its name"))

    def _by_content(self, file: File, head: bytes) -> None:
        path, size = file.path, file.size
        if head.startswith(_IMAGES) or b"<svg" in head[:1024]:
            if kind := exports.picture_kind(path):
                self._is(path, kind)
        elif head.startswith(b"%PDF-"):
            self._papers.append((path, papers.Sort.PDF))
        elif head.startswith(b"PK\x03\x04"):
            if size <= MAX_EXPORT:
                self._package(path, self._folder.read(path, MAX_EXPORT))
        elif head.startswith(SIGNATURE) and path.lower().endswith(".msg"):
            self._papers.append((path, papers.Sort.MAIL))
            self._is(path, Kind.MAIL, msg("an e-mail"))
        elif what := kind_by_content(head):
            if not self._passwords_in(path, head):
                self._is(path, Kind.SECRET, what)
        elif encoding_of(head) is not None:
            self._text(file, head)

    def _package(self, path: str, data: bytes) -> None:
        """A zip: a Word document, a workbook, or an export."""
        what = exports.package_kind(data)
        if what == "word":
            text = papers.beginning(data)
            if says_internal(text):
                self._is(path, Kind.INTERNAL, _INTERNAL)
            elif papers.may_matter(text):
                self._papers.append((path, papers.Sort.WORD))
            elif hits := [hit for hit in self._searcher.search(text) if hit.rule == "leak.token"]:
                self._is(path, Kind.SECRET, hits[0].message)
            else:
                self._passwords_in_office(path, data)
            self._texts[path] = text[:HEAD]
        elif what == "excel":
            self._workbooks += 1
            if self._board_in(path, data):
                return
            if self._workbooks > exports.MAX_WORKBOOKS or not self._metrics_in(path, data):
                self._passwords_in_office(path, data)
        elif not (self._passwords_in(path, data) or self._board_in(path, data)):
            self._metrics_in(path, data)

    def _passwords_in_office(self, path: str, data: bytes) -> None:
        """People keep passwords in tables; what isn't looked into here is when the bundle is packed."""
        top = exports.top_of(data, _CONTENT.pattern).lower() if len(data) <= MAX_OFFICE else b""
        if not (any(word in top for word in _PASSWORD_WORDS) and _NAMES_PASSWORDS.search(top)):
            return
        text = office_text(data, only=_CONTENT)[0]
        if hits := [hit for hit in self._searcher.search(text) if hit.rule == "leak.token"]:
            self._is(path, Kind.SECRET, hits[0].message)

    def _text(self, file: File, head: bytes) -> None:
        """A text of any kind: an export, an e-mail, a licence, or one that holds a secret."""
        path = file.path
        tells = exports.may_be_export(head)
        whole = file.size <= (MAX_EXPORT if tells else MAX_TEXT)
        data = head if file.size <= len(head) or not whole else self._folder.read(path, MAX_EXPORT)
        if exports.is_mail(head):
            self._papers.append((path, papers.Sort.MAIL))
            self._is(path, Kind.MAIL, msg("an e-mail"))
            return
        if whole and tells and (self._passwords_in(path, data) or self._board_in(path, data)):
            return
        if whole and tells and self._metrics_in(path, data):
            return
        text = decoded(data[:MAX_TEXT]) or ""
        if licence := exports.licence_in(path, text[:6_000]):
            self._licences[path] = licence
            self._is(path, Kind.LICENCE, licence)
        elif hits := [hit for hit in self._searcher.search(text) if hit.rule == "leak.token"]:
            self._is(path, Kind.SECRET, hits[0].message)
        elif says_internal(text):
            self._is(path, Kind.INTERNAL, _INTERNAL)
        else:
            note = text[:_NOTE].lower()
            if any(word in note for word in _KEPT_WORDS) and _KEPT_BACK.search(note):
                self._is(path, Kind.SECRET, msg("its first lines say that it isn't for others"))
            elif papers.may_matter(text[:HEAD].lower()):
                self._papers.append((path, papers.Sort.TEXT))
            self._texts[path] = text[:HEAD]

    def _metrics_in(self, path: str, data: bytes) -> bool:
        sure = exports.is_metrics(data, path)
        if sure is not False:
            self._tables[path] = bool(sure)
        return bool(sure)

    def _passwords_in(self, path: str, data: bytes) -> bool:
        found = exports.passwords_in(data, path)
        if found is None:
            return False
        self._passwords.append(found)
        self._is(path, Kind.PASSWORDS, msg("passwords exported from {program}", program=found.title))
        return True

    def _board_in(self, path: str, data: bytes) -> bool:
        board = exports.board_in(data, path)
        if board is None:
            return False
        self._boards.append(board)
        self._is(path, Kind.BOARD, msg("tasks exported from {program}", program=board.title))
        return True

    def read_papers(self, *, day_first: bool) -> None:
        """Read the papers, those whose names promise most first, as many as can be afforded."""
        papers_once = (one for one in self._papers if self._files[one[0]].kind is not Kind.COPY)
        ordered = sorted(papers_once, key=lambda one: (papers.promise(one[0]), one[0]))
        texts = [(one, self._reader.text(*one, partial(self._content, one[0]))) for one in ordered]
        first = papers.day_comes_first((found.paper for _, found in texts if found), usually=day_first)
        for (path, sort), found in texts:
            kind, why = papers.judged(found, self._read, day_first=first) if found else (Kind.FILE, "")
            if kind is not Kind.FILE:
                self._is(path, kind, why)
            elif sort is papers.Sort.WORD:
                self._passwords_in_office(path, self._content(path) or b"")

    def _content(self, path: str) -> bytes | None:
        try:
            return self._folder.read(path, papers.MAX_PAPER)
        except OSError:
            return None

    def read_metrics(self) -> None:
        """Read the exports of metrics, now that the papers have shown the language and the currency."""
        french = self._read.language == "fr"
        for path, sure in self._tables.items():
            if self._files[path].kind is not Kind.FILE:
                continue
            data = self._content(path)
            found = exports.metrics_in(data, path, day_first=True if french else None) if data else None
            if found is None or not (sure or found.imported.rows or found.unknown or found.doubts):
                continue
            self._metrics.append(found)
            if sure or found.imported.rows:  # else one of the client's files, until somebody says more
                self._is(path, Kind.METRICS, msg("an export of metrics"))

    def find_copies(self) -> None:
        """Of files with the same content, all but one are copies: the one without a copy's mark in its name stays."""
        alike: defaultdict[tuple[int, bytes], list[str]] = defaultdict(list)
        for path, file in self._files.items():
            if file.size and path in self._heads and not path.endswith("/"):
                alike[file.size, self._heads[path]].append(path)
        for (size, _), paths in alike.items():
            if len(paths) < 2 or size > MAX_DIGESTED:
                continue
            same: defaultdict[bytes, list[str]] = defaultdict(list)
            for path in paths:
                same[hashlib.sha256(self._content_of_copy(path, size)).digest()].append(path)
            for copies in same.values():
                first, *others = sorted(copies, key=_unlike_a_copy)
                for path in others:
                    if self._files[path].kind in _KEPT:
                        self._is(path, Kind.COPY, msg("the same as {other}, byte by byte", other=first))

    def _content_of_copy(self, path: str, size: int) -> bytes:
        try:
            return self._folder.read(path, size)
        except OSError:
            return path.encode("utf-8", "surrogateescape")  # it changed meanwhile: like no other

    def seen(self, name: str) -> Seen:
        """All of it."""
        return Seen(
            name,
            tuple(self._files.values()),
            tuple(self._read.contracts),
            tuple(self._read.invoices),
            tuple(self._read.mails),
            tuple(one for one in self._metrics if self._files[one.file].kind in {Kind.METRICS, Kind.FILE}),
            tuple(self._passwords),
            tuple(self._boards),
            self._licences,
            tuple(self._reader.unread),
            texts=self._texts,
        )


def _unlike_a_copy(path: str) -> tuple[bool, int, int, str]:
    name = path.rpartition("/")[2].casefold()
    return any(mark in name for mark in _COPY_MARKS), papers.promise(path), len(path), path
