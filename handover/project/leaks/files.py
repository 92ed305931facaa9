"""Files that hold secrets by what they are: by name, and by the first bytes of their content.

Role: the two look-ups in files.toml, which says where its names and forms come from; what is in a text is
`handover.project.leaks.patterns`'.
"""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Final

from handover.model.message import literal, msg
from handover.model.wildcards import NameTable

_KNOWN: Final = tomllib.loads(Path(__file__).with_name("files.toml").read_text(encoding="utf-8"))
KINDS: Final = dict.fromkeys(row["what"] for rows in _KNOWN.values() for row in rows if row["what"])
"""What such files are, in words that catalogues hold."""


def _by_name(table: str) -> dict[str, list[str]]:
    return {literal(row["what"]): row["names"] for row in _KNOWN[table]}


_TABLE: Final = NameTable(_by_name("name"))
_FOLDERS: Final = NameTable(_by_name("folder"))
_BY_FOLDER: Final = {path: what for what, paths in _by_name("path").items() for path in paths}
_CONTENTS: Final = [
    (literal(row["what"]), bytes.fromhex(row["first"]), re.compile(row["expression"].encode("ascii"), re.DOTALL))
    for row in _KNOWN["content"]
]

_LIST_KINDS: Final = frozenset(
    {"txt", "text", "md", "csv", "tsv", "xls", "xlsx", "xlsm", "ods", "doc", "docx", "docm", "odt", "rtf", "pdf",
     "pages", "numbers", "one", "json", "xml", "yaml", "yml", "html", "htm", "eml", "msg", "png", "jpg", "jpeg", "heic"}
)  # fmt: skip
_CALLED: Final = re.compile(
    r"\b(?:passwords?|passwds?|passwort|passworter|kennworter|mots? de passe|motdepasse|mdp|pwds?|passphrases?"
    r"|pass ?codes?|credentials|logins|codes? d ?acces|codes acces|access codes"
    r"|acces (?:ftp|sftp|ssh|admin|serveur|site|wordpress|wp)|identifiants(?: de connexion)?"
    r"|zugangsdaten|contrasenas|wachtwoorden|(?:recovery|backup) codes?|codes? de (?:secours|recuperation))\b"
)
_CALLED_BUT_ABOUT: Final = re.compile(
    r"\b(?:reset\w*|forgot\w*|forget\w*|oublies?|lost|perdus?|chang\w*|politique\w*|policy|policies|guide\w*|charte"
    r"|rules?|regles|generat\w*|strength|hash\w*|validat\w*|tips|conseils?|bonnes pratiques|best practices?|managers?"
    r"|gestionnaires?|protect\w*|proteger|page|screen|form|formulaire|field|expir\w*|remind\w*|email|mail|notification|template"
    r"|modele|dialog|icons?|symbolic|licen[cs]es?|test\w*|common|schema|recover\w*(?! codes?\b)|howto|faq|about|how)\b"
)


def kind_by_name(entry: str) -> str:
    """What a file with secrets this is, by its path below assets/; an empty text when its name says nothing."""
    parts = entry.split("/")
    if (found := _TABLE.get(parts[-1])) is not None:
        return found
    if len(parts) > 1 and (found := _BY_FOLDER.get("/".join(parts[-2:]).lower())):
        return found
    for folder in parts[:-1]:
        if "." in folder and (found := _FOLDERS.get(folder) or _BY_FOLDER.get(f".gnupg/{folder}".lower())):
            return found
    return msg("a list of passwords, by its name") if _is_list(parts[-1]) else ""


def _is_list(name: str) -> bool:
    stem, _, ending = name.rpartition(".")
    if ending.lower() not in _LIST_KINDS:
        stem = name if "." not in name else ""
    elif not _MAYBE.search(stem):
        return False
    plain = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c)).casefold()
    plain = " ".join(re.findall(r"[a-z0-9]+", plain))
    return bool(_CALLED.search(plain)) and not _CALLED_BUT_ABOUT.search(plain)


_MAYBE: Final = re.compile(
    r"pass|mdp|pwd|cred|login|acc|identif|kenn|zugang|contra|wacht|recov|backup|code", re.IGNORECASE
)
"""What is in every name that `_CALLED` finds: most names need no second look."""


HEAD: Final = 65_536
"""Bytes of a file that `kind_by_content` wants to see."""


def kind_by_content(start: bytes) -> str:
    """What a binary file with secrets this is, by its first `HEAD` bytes; an empty text when it is none."""
    if start[:1] not in _FIRSTS:
        return ""
    return next((what for what, first, pattern in _CONTENTS if start.startswith(first) and pattern.match(start)), "")


_FIRSTS: Final = frozenset(first[:1] for _, first, _ in _CONTENTS)
