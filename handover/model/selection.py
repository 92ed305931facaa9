"""Which of the client's files are delivered, and why the others are left out.

Role: a table of what lands in a folder without anybody's doing (system files, locks, caches), and the patterns of
`options.assets`. It judges names alone: it opens nothing, and knows nothing of secrets (`handover.project.leaks`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from handover.model.artifact import AssetSource
from handover.model.errors import Finding
from handover.model.message import msg
from handover.model.wildcards import NameTable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Reason(StrEnum):
    """Why something under assets/ is left out, in words that follow its name."""

    SYSTEM = msg("a system's own file")
    LOCK = msg("a lock or temporary file of something that is open")
    VERSIONS = msg("the inside of a version control system")
    CACHE = msg("a cache, or packages that can be installed again")
    POINTER = msg("a link to an online document, without its content")
    EXCLUDED = "options.assets.exclude"


class LeftOut(NamedTuple):
    """Something that isn't delivered: its path relative to assets/ (a folder's ends in a slash), and why."""

    path: str
    reason: Reason


class Scan(NamedTuple):
    """What is under the assets' folder."""

    sources: Sequence[AssetSource] = ()
    """The files to deliver, ordered by their entry names."""
    findings: Sequence[Finding] = ()
    """What can't be delivered, and what is left out by default, located by file and in order."""
    left_out: Sequence[LeftOut] = ()
    """Everything that isn't delivered, in order; what is in a folder that is left out isn't listed again."""


MAX_PATTERNS: Final = 50
"""Patterns with wildcards, or without a place: each is tried with every name."""
MAX_PLACES: Final = 5_000
"""Patterns that are the place of one file or folder, like `/raw/film.mp4`: they are looked up."""
_MOST_STARS: Final = 2
"""Wildcards `*` in one part of a pattern, and parts `**`: a name is then matched in some 30,000 steps at most."""

_FOLDERS: Final = {
    # macOS, Windows, KDE, network disks and synchronising programs: the lists of github.com/github/gitignore (Global).
    Reason.SYSTEM: (
        "__MACOSX", ".AppleDouble", ".AppleDB", ".AppleDesktop", ".Spotlight-V100", ".Trashes", ".fseventsd",
        ".TemporaryItems", ".DocumentRevisions-V100", ".PKInstallSandboxManager*", "$RECYCLE.BIN", "RECYCLER",
        "System Volume Information", ".Trash", ".Trash-*", "lost+found", "@eaDir", "#recycle", "#snapshot",
        ".@__thumb", "@Recycle", ".thumbnails", ".dropbox.cache", ".tmp.drivedownload", ".tmp.driveupload", ".stfolder",
        ".stversions", ".sync",
    ),
    Reason.VERSIONS: (".git", ".svn", ".hg", ".bzr", "_darcs", ".fossil-settings", "CVS"),
    Reason.CACHE: (
        "node_modules", "bower_components", "jspm_packages", "__pycache__", ".cache", ".venv", ".tox", ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints", ".sass-cache", ".npm",
        ".pnpm-store", ".yarn", ".parcel-cache", ".turbo", ".nuxt", ".next", ".svelte-kit", ".angular", ".docusaurus",
        ".gradle", ".terraform", ".vagrant", ".bundle", ".eggs", ".BridgeCache", "Media Cache", "Media Cache Files",
        "Adobe Premiere Pro Auto-Save", "Adobe Premiere Pro Preview Files", "*.lrdata",
    ),
}  # fmt: skip
_FILES: Final = {
    Reason.SYSTEM: (
        ".DS_Store", "._*", ".LSOverride", "Icon\r", ".localized", ".VolumeIcon.icns", ".apdisk", ".com.apple.*",
        "Thumbs.db", "Thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "Desktop DB",
        "Desktop DF", ".directory", ".nfs*", ".fuse_hidden*", ".dropbox", ".dropbox.attr", ".stignore", ".picasa.ini",
        "Picasa.ini", "ZbThumbnail.info", "IconCache.db", "NTUSER.DAT*",
    ),
    Reason.LOCK: (
        # Word, Excel and PowerPoint; LibreOffice; InDesign; Emacs, Vim; downloads that haven't ended.
        "~$*", ".~lock.*#", "~*.idlk", ".#*", ".*.sw[op]", "~*.tmp", "~WRL*.tmp", "*.crdownload", "*.partial",
        "*.laccdb", "*.ldb~", ".~*",
    ),
    Reason.VERSIONS: (".git",),
    Reason.CACHE: ("*.pyc", "*.pyo", ".eslintcache", ".stylelintcache", ".BridgeCache", ".BridgeCacheT", ".BridgeSort"),
    Reason.POINTER: (
        # Google Drive for desktop; Dropbox Paper; Box; iCloud's files that weren't downloaded.
        "*.gdoc", "*.gsheet", "*.gslides", "*.gdraw", "*.gdrawing", "*.gform", "*.gmap", "*.gsite", "*.gjam",
        "*.gtable", "*.gscript", "*.glink", "*.gnote", "*.gvid", "*.paper", "*.papert", "*.boxnote",
        "*.boxcanvas", ".*.icloud",
    ),
}  # fmt: skip
"""Names and wildcards by what they are; upper and lower case are the same."""


_FOLDER_NAMES: Final = NameTable(_FOLDERS)
_FILE_NAMES: Final = NameTable(_FILES)


_PLACE: Final = re.compile(r"/(?:[^*?\[\\]|\\.)+")
_ESCAPED: Final = re.compile(r"\\(.)")


def is_place(pattern: str) -> bool:
    """Whether a pattern is the place of one file or folder, from the top and without wildcards."""
    return bool(_PLACE.fullmatch(pattern)) and not pattern.endswith(" ")


def place_of(path: str) -> str:
    """The pattern for one file or folder (its path ends in a slash), and for no other.

    What no text holds (a byte that isn't UTF-8, a control character) stands as `?`, any one character.
    """
    escaped = re.sub(r"([*?\[\\ ])", r"\\\1", path) if re.search(r"[*?\[\\]| $", path) else path
    return "/" + "".join(one if one.isprintable() else "?" for one in escaped)


def _composed(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def too_many(patterns: Sequence[str]) -> bool:
    """Whether these are more patterns than are tried."""
    places = sum(map(is_place, patterns))
    return len(patterns) - places > MAX_PATTERNS or places > MAX_PLACES


def pattern_problem(pattern: str) -> str:
    """What is wrong with a pattern of `options.assets`, in words that follow it; empty when it's good."""
    from pathspec import GitIgnoreSpec

    if is_place(pattern):
        return ""
    parts = pattern.split("/")
    if parts.count("**") > _MOST_STARS or any(len(re.findall(r"\*+", part)) > _MOST_STARS for part in parts):
        return msg("has more than {most} wildcards `**`, or `*` between two slashes", most=_MOST_STARS)
    try:
        patterns = GitIgnoreSpec.from_lines([pattern]).patterns
    except ValueError:
        return msg("isn't a pattern as .gitignore has them")
    return "" if any(line.include is not None for line in patterns) else msg("matches nothing: it's a comment")


@dataclass(frozen=True)
class Selection:
    """What `options.assets` says: patterns as in a .gitignore file, relative to assets/.

    `include` brings back what would be left out by default, `exclude` leaves out more and has the last word. Patterns
    that `pattern_problem` objects to match nothing.
    """

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def judge(self, path: str, name: str, *, folder: bool, inside: Reason | None = None) -> Reason | None:
        """Why the file or folder at `path` (with `/`, relative to assets/) is left out; None when it isn't.

        `name` is its last part; `inside` says why the folder that it is in is left out. A folder that is left out
        needn't be looked into unless `looks_inside` says so.
        """
        place = f"{path}/" if folder else path
        if self.exclude and (
            (self._places and not {_composed(path), _composed(place)}.isdisjoint(self._places))
            or (self._excluded and self._excluded.match_file(place))
        ):
            return Reason.EXCLUDED
        found = inside or (_FOLDER_NAMES if folder else _FILE_NAMES).get(name)
        return None if found is None or (self.include and self._included.match_file(place)) else found

    def looks_inside(self, reason: Reason) -> bool:
        """Whether something in a folder that is left out for this reason may be brought back."""
        return bool(self.include) and reason is not Reason.EXCLUDED

    @cached_property
    def _included(self) -> "GitIgnoreSpec":
        return _spec(self.include)

    @cached_property
    def _excluded(self) -> "GitIgnoreSpec | None":
        return _spec(rest) if (rest := [one for one in self.exclude if not is_place(one)]) else None

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(_ESCAPED.sub(r"\1", _composed(one)[1:]) for one in self.exclude if is_place(one))


BY_DEFAULT: Final = Selection()
"""Without any wish."""


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(p for p in patterns[:MAX_PATTERNS] if not pattern_problem(p))
