"""Which of a folder's files are exports, boards, password lists, licences, logos: by content, with the registries.

Role: bytes → what they are, and what they hold where that can be read without asking. The formats are those of
`handover.importers`; a new one there is recognised here without another line.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Final

from handover.formats.zips import UNREADABLE, open_zip
from handover.importers import pending
from handover.importers.credentials import format_of
from handover.importers.credentials.keepass import is_xml
from handover.importers.credentials.reading import read_export
from handover.importers.metrics import IMPORTERS, MAX_COLUMNS_NAMED, METRIC, generic, import_metrics
from handover.importers.metrics.base import Imported, Options
from handover.intake.seen import Kind, Metrics, Passwords, Pending
from handover.languages.metric_labels import labels
from handover.languages.registry import language
from handover.languages.words import Words
from handover.model.errors import Finding, HandoverError, Severity
from handover.model.secret import Secret
from handover.project.leaks.names import COMMON
from handover.project.leaks.text import words
from handover.project.read.text import fold, identifier_of

MAX_WORKBOOKS: Final = 40
"""Workbooks that are looked into for metrics; a client's own price lists may be many."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_OF_ONE_COLUMN: Final = frozenset({"import.not-additive", "import.ambiguous"})
"""What is wrong with one column alone: none of its values are among the rows, and the others' are as good as ever."""
_CURRENCIES: Final = ("EUR", "GBP", "CHF", "USD", "CAD")
_LOOKED_AT: Final = 40
_MAX_PLAIN: Final = 1_000_000
"""Bytes of a plain table whose unknown columns are asked about; nobody types in a larger one."""
_TOP: Final = 65_536
_TEXT: Final = b"application/vnd.oasis.opendocument.text"
_TEXT_MARK: Final = 100
"""Bytes of a `mimetype` that are read; a text's is what LibreOffice calls .odt (ODF 1.3 Part 2, 3.3)."""
_DATED: Final = re.compile(
    rb"\b(?:date|dates|day|days|month|period|jour|mois|fecha|data|giorno|p\xc3\xa9riode|tag|datum|monat)\b|20[12]\d-\d\d"
)
"""What a workbook of metrics says near its beginning, in lower case."""
_LICENCE_NAME: Final = re.compile(r"licen[cs]e|copying|eula|ofl|droits|rights", re.IGNORECASE)
_LICENCES: Final = tuple(
    (name, re.compile(expression, re.IGNORECASE))
    for name, expression in (
        ("CC0 1.0", r"\bCC0\b|creativecommons\.org/publicdomain/zero"),
        ("CC BY-NC-SA 4.0", r"\bCC[ -]BY-NC-SA 4\.0"),
        ("CC BY-NC-ND 4.0", r"\bCC[ -]BY-NC-ND 4\.0"),
        ("CC BY-NC 4.0", r"\bCC[ -]BY-NC 4\.0"),
        ("CC BY-SA 4.0", r"\bCC[ -]BY-SA 4\.0|Attribution-ShareAlike 4\.0"),
        ("CC BY-ND 4.0", r"\bCC[ -]BY-ND 4\.0"),
        ("CC BY 4.0", r"\bCC[ -]BY 4\.0|Creative Commons Attribution 4\.0"),
        ("SIL Open Font License 1.1", r"SIL OPEN FONT LICENSE"),
        ("Adobe Stock, Standard License", r"Adobe Stock.{0,80}Standard"),
        ("iStock, Standard License", r"iStock.{0,80}Standard"),
        ("Shutterstock, Standard License", r"Shutterstock.{0,80}Standard"),
        ("Apache 2.0", r"Apache License,? Version 2\.0"),
        ("MIT", r"\bMIT License\b|Permission is hereby granted, free of charge"),
        ("GPL 3.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 3"),
    )
)
_FIELD: Final = rb"(?:[A-Za-z][\w-]{1,40}|\xc3?[\x80\xc0]|Envoy(?:\xc3\xa9|\xe9))(?: |\xc2?\xa0|\xe2\x80\xaf)?"
"""A field's name in an e-mail's header, also as a French program shows it: `À :`, `Envoyé :`."""
_MAIL_START: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:" + _FIELD + rb":[^\n]*\n(?:[ \t][^\n]*\n)*){2,}?", re.DOTALL)
_FROM: Final = re.compile(rb"^(?:\xef\xbb\xbf)?(?:From|De(?: |\xc2?\xa0|\xe2\x80\xaf)?):", re.MULTILINE | re.IGNORECASE)
_OTHER_HEADERS: Final = re.compile(
    rb"^(?:Date|Sent|Envoy(?:\xc3\xa9|\xe9)|Subject|Objet|To|\xc3?[\x80\xc0]|Message-ID|MIME-Version)"
    rb"(?: |\xc2?\xa0|\xe2\x80\xaf)?:",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED: Final = re.compile(r'"[^"]*"')
_LOGO: Final = re.compile(r"(?<![a-z])logo(?![a-z])|logotype", re.IGNORECASE)
_SIGNATURE: Final = re.compile(r"(?<![a-z])(?:sig|signatures?|paraphes?)(?![a-z])", re.IGNORECASE)

_NOBODY: Final = COMMON | set(
    re.findall(
        r"\w+",
        "personal perso personnel private privé work travail team équipe shared partagé partagés archive archives "
        "divers misc other others autre autres internal interne agence agency client clients default general général "
        "social hosting hébergement email emails mail mails finance bank banque admin administration outils tools site "
        "sites web projects projets old anciens passwords logins accès comptes accounts imported favorites favoris pro",
    )
)
"""Words of folders that are called after no client: a client's own files may hold each of them."""


class _Protected(HandoverError):
    """An export that a passphrase protects: nobody is asked here."""


def picture_kind(path: str) -> Kind | None:
    """Whether a picture is a logo or a photographed signature, as its name says; None for any other."""
    name = path.rpartition("/")[2]
    return Kind.SIGNATURE if _SIGNATURE.search(name) else Kind.LOGO if _LOGO.search(name) else None


def package_kind(data: bytes) -> str:
    """`word`, `excel`, `office` for the others, or empty for a zip that is no document."""
    try:
        with open_zip(data) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.open("mimetype").read(_TEXT_MARK).startswith(_TEXT):
                return "word"
    except UNREADABLE:
        return "office"
    for start, kind in (("word/", "word"), ("xl/", "excel"), ("ppt/", "office"), ("META-INF/manifest.xml", "office")):
        if any(name.startswith(start) for name in names):
            return kind
    return ""


def top_of(data: bytes, member: str) -> bytes:
    """The beginnings of the members of a zip whose names match; nothing of one that can't be read."""
    try:
        with open_zip(data) as archive:
            found = [name for name in archive.namelist() if re.fullmatch(member, name)][:4]
            return b"".join(archive.open(name).read(_TOP) for name in found)
    except (*UNREADABLE, zlib.error):
        return b""


def is_mail(head: bytes) -> bool:
    """Whether a text begins as an e-mail does (RFC 5322): fields of a header, the sender's among them."""
    top = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(_MAIL_START.match(head) and _FROM.search(top) and len(_OTHER_HEADERS.findall(top)) > 1)


def may_be_export(head: bytes) -> bool:
    """Whether a text may be a table, JSON or XML, worth reading whole."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["} or is_xml(head) or is_tabular(head)


def is_tabular(head: bytes) -> bool:
    """Whether many of the first lines have as many separators as one another."""
    text = head.decode("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    lines = [_QUOTED.sub("", line) for line in text.splitlines()[:_LOOKED_AT] if line.strip() and line[:1] not in "#<{"]
    if len(lines) < 2:
        return False
    for mark in ",;\t":
        counts = [line.count(mark) for line in lines if mark in line]
        if counts and counts.count(max(set(counts), key=counts.count)) >= max(2, len(lines) // 2):
            return True
    return False


def passwords_in(data: bytes, path: str) -> Passwords | None:
    """A password manager's export; one that is protected or damaged is told all the same, without its entries."""
    name = path.rpartition("/")[2]
    known = format_of(data)
    if known is None and not _has_password_header(data):
        return None
    try:
        found = read_export(data, name, _refuse)
    except HandoverError:
        return Passwords(path, known.title, None, protected=True) if known else None
    return Passwords(path, found.title, found) if found.title else None


def _has_password_header(data: bytes) -> bool:
    """Whether a table's first line names a password, or holds what one of Keeper's does, which writes no header."""
    top = data[:2_000].lower()
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        top = top.replace(b"\0", b"")
    first = top.lstrip(b"\xef\xbb\xbf").partition(b"\n")[0] if b"<pre" not in top else top
    return b"password" in first or b",pwd," in first or (b"://" in first and max(map(first.count, (b",", b";"))) > 3)


def _refuse() -> tuple[Secret | None, bytes | None]:
    raise _Protected("")


def board_in(data: bytes, path: str) -> Pending | None:
    """A board or a list of tasks, of any program whose exports are read."""
    if not any(one.recognises(data, path) for one in pending.IMPORTERS):
        return None
    try:
        title, cards = pending.read_cards(data, path)
    except HandoverError:
        return None
    return Pending(path, title, tuple(cards))


def is_metrics(data: bytes, path: str) -> bool | None:
    """Whether a file is an export of metrics: of a known program, or a plain table of months and known metrics.

    None for a plain table of which no metric is known, which a person may know.
    """
    is_zip = data.startswith(b"PK")
    if not is_zip and not is_tabular(data[:4_096]):
        return False
    if package_kind(data) == "excel" and not _DATED.search(
        top_of(data, r"xl/(?:sharedStrings|worksheets/sheet\d)\.xml").lower()
    ):
        return False
    top = data if is_zip else _first_lines(data)
    if any(one.recognises(top, path) for one in IMPORTERS if one is not generic.IMPORTER):
        return True
    if is_zip and package_kind(data) == "":
        return False
    made = import_metrics(top, path, Options(day_first=True, labels=labels()))
    told = any(one.rule in {"import.ambiguous", "import.weekly"} for one in made.findings)
    sure = made.format == generic.NAME and (bool(made.rows) or told)
    return None if not sure and _has_unknown(made) else sure


def _first_lines(data: bytes) -> bytes:
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return data if wide else b"\n".join(data[:16_384].split(b"\n", _LOOKED_AT)[:_LOOKED_AT])


def metrics_in(
    data: bytes,
    path: str,
    *,
    day_first: bool | None,
    grouped: bool | None = None,
    meant: Mapping[str, str] = MappingProxyType({}),
) -> Metrics:
    """What an export of metrics holds, in the first currency that its amounts don't contradict.

    `meant` says of columns that no program of ours knows which metric they are; the rest is as in `Options`.
    """
    made: Imported | None = None
    for currency in _CURRENCIES:
        options = Options(currency=currency, day_first=day_first, grouped=grouped, labels={**labels(), **meant})
        made = import_metrics(data, path, options)
        if not any(finding.rule == "import.currency" for finding in made.findings):
            break
    assert made is not None  # noqa: S101 — there are currencies
    title = next(one.title for one in IMPORTERS if one.name == made.format)
    unknown, doubts = ((), made.findings) if meant else _unknown_columns(data, path, made, options)
    doubtful = frozenset(_DOUBTS[one.rule] for one in doubts if one.rule in _DOUBTS)
    if "dates" in doubtful:  # what else is in doubt shows once the dates can be read
        doubtful |= metrics_in(data, path, day_first=True, grouped=grouped, meant=meant).doubts
    again = partial(metrics_in, data, path, day_first=day_first, grouped=grouped, meant=meant)
    return Metrics(path, title, made, unknown, again if unknown or doubtful else None, doubtful)


_DOUBTS: Final = {"import.ambiguous-dates": "dates", "import.ambiguous": "numbers"}
"""Findings that one word of a person's answers for the whole file → the question that asks for it."""


def _unknown_columns(
    data: bytes, path: str, made: Imported, options: Options
) -> tuple[tuple[str, ...], Sequence[Finding]]:
    """The columns of numbers in a plain table, one for a date, that a person could call by a metric's name.

    With what is wrong in the table, these columns among the others.
    """
    if not _has_unknown(made) or len(made.unused) > MAX_COLUMNS_NAMED or len(data) > _MAX_PLAIN:
        return (), made.findings
    tried = {column: f"column_{number}" for number, column in enumerate(made.unused)}
    found = import_metrics(data, path, replace(options, labels=labels() | tried))
    good = {row.metric for row in found.rows}
    errors = [one for one in _errors(found) if one.rule != "import.currency"]  # which one it is, is told later
    wrong = {str(getattr(one.message, "values", {}).get("header")) for one in errors}
    return tuple(column for column, metric in tried.items() if metric in good and column not in wrong), found.findings


def _has_unknown(made: Imported) -> bool:
    """Whether nothing is wrong in a plain table but that of some columns no metric is known."""
    wrong = [one for one in _errors(made) if one.rule not in {"import.nothing", *_OF_ONE_COLUMN}]
    named = sum(bool(_LETTER.search(column)) for column in made.unused)  # else its first line is no header
    return made.format == generic.NAME and named * 2 > len(made.unused) and not wrong


def metric_meant(text: str) -> str:
    """The metric that a text names, in any of our languages, or as one of the agency's own; empty for none."""
    own = identifier_of(text)
    named = {fold(label): metric for label, metric in labels().items()}
    return named.get(fold(text), own if METRIC.fullmatch(own) else "")


_EVERYDAY: Final = {
    name: metric
    for metric, names in {
        "orders": "orders placed|ventes nb|bestellungen",
        "revenue": "ca|ca ttc|ca ht|ca net|chiffre d'affaires ttc|chiffre d'affaires ht|turnover|sales revenue|umsatz",
        "leads": "prospects|demandes de contact|demandes|enquiries|inquiries|form submissions|anfragen",
        "sessions": "visits|visites|sitzungen|besuche",
        "visitors": "unique visitors|users|utilisateurs|besucher|nutzer",
        "new_customers": "new clients|nouveaux clients|neukunden",
        "page_views": "pages vues|vues|pageviews|seitenaufrufe",
    }.items()
    for name in names.split("|")
}
"""What people call known metrics in their own tables; proposed, never taken unasked."""


def everyday_metric(column: str, code: str) -> str:
    """The known metric that a column's everyday name means, as that language calls it; empty for none."""
    metric = _EVERYDAY.get(fold(column))
    return Words.load(code, language(code).locale, "metrics").text(f"label.{metric}") if metric else ""


def why_not(imported: Imported) -> str:
    """Why nothing is taken of an export; empty where it can be."""
    errors = [one for one in _errors(imported) if not imported.rows or one.rule not in _OF_ONE_COLUMN]
    return errors[0].message if errors else ""


def why_not_all(imported: Imported) -> str:
    """Why a column of an export isn't taken with the others; empty where all are."""
    errors = _errors(imported)
    return errors[0].message if errors else ""


def _errors(imported: Imported) -> list[Finding]:
    return [finding for finding in imported.findings if finding.severity is Severity.ERROR]


def licence_in(path: str, text: str) -> str:
    """The licence that a text file gives, where its name says that it is about one."""
    if not _LICENCE_NAME.search(path.rpartition("/")[2]):
        return ""
    return next((name for name, expression in _LICENCES if expression.search(text)), "")


def client_folders(passwords: Sequence[Passwords]) -> list[str]:
    """What the folders of password exports are called: where an agency keeps its clients, each by their name."""
    names: dict[str, None] = {}
    for one in passwords:
        for group in one.export.groups if one.export else ():
            names.setdefault(_own_name(group))
    return [name for name in names if len(name) > 3 and not set(own_words(name)) <= _NOBODY]


def _own_name(group: str) -> str:
    """`Le Goff` of `Clients/Le Goff` and of `#Le Goff`."""
    return group.removeprefix("#").rpartition("/")[2].strip()


def own_words(name: str) -> list[str]:
    """The words of a name as they are compared, without punctuation."""
    return re.findall(r"\w+", words(name))


def _is_host_of(host: str, name: str) -> bool:
    """Whether a host is called as a company: `lessalins.example` as Biscuiterie Les Salins."""
    label = host.casefold().rpartition(".")[0].rpartition(".")[2].replace("-", "")
    return len(label) > 4 and " " not in host and label in "".join(own_words(name))


def of_client(groups: Iterable[str], names: Sequence[str]) -> list[str]:
    """The folders that are called as the client is, or by a word that only the client's name has."""
    wanted = [set(own_words(name)) - COMMON for name in names]
    return [
        group
        for group in groups
        if (own := set(own_words(_own_name(group))) - COMMON)
        and any(
            own <= one or one <= own or _is_host_of(_own_name(group), name)
            for one, name in zip(wanted, names, strict=True)
            if one
        )
    ]
