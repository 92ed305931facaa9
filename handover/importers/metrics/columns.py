"""Columns of a foreign table as rows of `data/metrics.csv`: which metric each is, and its numbers read together.

Role: `build` takes the dated records that a format's importer found and gives rows with the place of each value, and
findings for what it can't tell. Nothing is guessed: an ambiguous column is a finding, what can't be added up isn't, and
a column that no metric is known for is named.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from handover.importers.metrics.base import Imported, ImportedRow, Knowledge, Options, Record, problem
from handover.model.errors import Finding, SourceLocation
from handover.model.message import all_of, msg
from handover.model.metrics import BUILTIN
from handover.model.reporting import Combine, Unit
from handover.model.sources import UNREADABLE, Cell, shown
from handover.project.check.currencies import is_other, other_currency, sign_in, sign_in_header, without_sign
from handover.project.check.numbers import NO_PERCENTAGE, Column, look_like_shares, read_column, takes_no_percent
from handover.project.read.text import fold

NO_DATA = frozenset(["", "--", "-", "–", "—", "n/a", "n.d.", "(not set)"])
"""What exporters write where there is no value."""

MAX_VALUE = Decimal(10**15)
"""The largest size that a value of `data/metrics.csv` can have (`handover.model.base.Number`)."""

MAX_SOURCE = 200
"""Characters of a source's name; the model's own limit is far above what a footnote can show."""

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[ \u00a0\u202f\u2009.,'\u2019])[0-9]{3}(?P<more>(?P=mark)[0-9]{3})*")

_HUNDRED = Decimal(100)

_ADDED_UP = frozenset([Unit.COUNT, Unit.MONEY, None])

_NOT_COUNTED = re.compile(
    r"\b(?:rate|taux|avg|average|moy|moyenne?|mean|ratio|share|part|cpc|cpm|ctr|roas|position|frequency|frequence|"
    r"repetition|reach|portee|couverture|users?|utilisateurs?|visit(?:or|eur)s?|people|personnes|unique|nutzer|per)\b|%"
)
"""Words of a folded header of which only the user knows what it counts: rates, averages and people aren't sums."""

_ONCE_A_PART: Mapping[str, str] = {
    "sessions": msg("a visit"), "organic_sessions": msg("a visit"), "new_visitors": msg("a new visitor"),
}  # fmt: skip
"""Counts that add up by what each visit has one of, and by nothing else: what is counted once in every part."""

_VISITS = re.compile(r"\b(?:sessions?|visite?s?)\b")

_EXCLUSIVE = re.compile(
    r"\b(?:channel|source|medium|campaign|campagne|canal|canaux|support|landing|destination|country|pays|region|city|"
    r"ville|continent|device|appareil|platform|plateforme|browser|navigateur|language|langue|operating)\b|"
    r"systeme d'exploitation"
)
"""Words of a folded header of which each visit has one (GA4: session-scoped dimensions, and those of the device)."""

_SPLITS = re.compile(
    rf"{_EXCLUSIVE.pattern}|\b(?:page|url|event|evenement|query|requete|keyword|mot-cle|segment|audience|age|gender|sexe|"
    r"shop|boutique|store|magasin|branch|agence)\b"
)
"""Words of a folded header of what a table is split by."""

_INEXACT = re.compile(r"[<>\u2264\u2265~\u2248]\s*[0-9].*")
"""`< 10`, `>90%`: what exporters write to hide a small group, or where they only estimate."""


def choose(header: str, options: Options, known: Mapping[str, str]) -> str | None:
    """The metric of a column: what the user said, what the format says, or a metric's own name or identifier."""
    folded = fold(header)
    own = folded.replace(" ", "_")
    return (
        options.said.get(folded)
        or known.get(folded)
        or options.called.get(folded)
        or (own if own in BUILTIN or own in options.defined else None)
    )


def build(records: Sequence[Record], headers: Iterable[str], knowledge: Knowledge, options: Options) -> Imported:
    """The rows of every column that stands for a metric."""
    rows: list[ImportedRow] = []
    findings: list[Finding] = []
    unused: list[str] = []
    taken: dict[str, str] = {}
    headers = list(headers)
    known = {metric for header in headers if (metric := choose(header, options, knowledge.columns))}
    knowledge = replace(knowledge, source=cleaned(knowledge.source))
    for header in headers:
        metric = choose(header, options, knowledge.columns)
        if metric is None:
            texts = [cells[header].text for _, cells in records if header in cells]
            if header.strip() and any(map(str.isdigit, "".join(texts))):
                unused.append(header)
            continue
        if metric in taken:
            place = next((cells[header].location for _, cells in records if header in cells), SourceLocation(""))
            message = msg("two columns, {taken!r} and {header!r}, are the metric {metric}",
                          taken=taken[metric], header=header, metric=metric)  # fmt: skip
            findings.append(problem(place, "two-columns", message, msg("name one of them with --metric")))
            continue
        taken[metric] = header
        more, wrong = _column(records, header, metric, knowledge, options)
        if any(finding.rule == "import.not-additive" for finding in wrong) and known.issuperset(_parts(metric)):
            # Computed from what is added up: nothing is lost, and nothing false gets in.
            message = msg("{header} isn't taken: it can't be added up over the rows of a date, but follows from "
                          "{parts}", header=header, parts=all_of(_parts(metric)))  # fmt: skip
            findings.append(problem(wrong[0].location, "computed", message, "", warning=True))
            continue
        rows += more
        findings += wrong
    ordered = tuple(sorted(rows, key=lambda row: (row.metric, row.date)))
    return Imported(knowledge.format, ordered, tuple(findings), tuple(unused), tuple(headers))


def _column(
    records: Sequence[Record], header: str, metric: str, knowledge: Knowledge, options: Options
) -> tuple[list[ImportedRow], list[Finding]]:
    cells = [(day, found[header]) for day, found in records if header in found and found[header].text != UNREADABLE]
    filled = [(day, cell) for day, cell in cells if fold(cell.text) not in NO_DATA]
    inexact = [cell for _, cell in filled if _INEXACT.fullmatch(cell.text.strip())]
    filled = [(day, cell) for day, cell in filled if cell not in inexact]
    found = [cell for _, cell in filled]
    counted = options.unit(metric) is Unit.COUNT and (knowledge.counts_are_whole or shows_groups(found))
    numbers = read_cells(found, counted=counted)
    findings = []
    for at, (rule, message, hint) in sorted(numbers.wrong.items()):
        said = msg("{header}: {text!r} {message}", header=header, text=found[at].text, message=message)
        findings.append(problem(found[at].location, rule.removeprefix("number."), said, hint))
    findings += _currency(header, metric, found, knowledge, options)
    signed = next((cell for cell in found if _has_percent_sign(cell)), None)
    if signed is not None and takes_no_percent(options.unit(metric)):
        message, hint = NO_PERCENTAGE
        said = msg("{header}: {message}", header=header, message=message)
        findings.append(problem(signed.location, "percent", said, hint))
    shares = _look_like_shares(metric, found, numbers, knowledge, options)
    if shares and options.shares is None:
        message = msg("{header}: no value is above 1: shares of 1, or percentages?", header=header)
        hint = msg("say --shares if 0.024 means 2.4 %, or --percentages if it means 0.024 %")
        findings.append(problem(found[0].location, "share", message, hint))
    for cell in inexact:
        message = msg("{header}: {text!r} is no exact value, and isn't taken", header=header, text=cell.text.strip())
        findings.append(problem(cell.location, "inexact", message, "", warning=True))
    by_date: dict[dt.date, list[tuple[Cell, Decimal]]] = {}
    for (day, cell), plain in zip(filled, numbers.plain, strict=True):
        if plain is not None:
            is_share = (shares and options.shares) or (knowledge.rates_are_shares and _is_rate(header, metric, options))
            scale = _HUNDRED if is_share and not _has_percent_sign(cell) else 1
            by_date.setdefault(day, []).append((cell, Decimal(plain) * scale))
    rows: list[ImportedRow] = []
    for day, values in by_date.items():
        if len(values) > 1 and (obstacle := not_additive(header, metric, knowledge, options)) is not None:
            findings.append(_several(values[1][0], header, metric, day, knowledge, obstacle))
            continue
        total = sum((value for _, value in values), Decimal(0))
        place = values[0][0].location
        if abs(total) > MAX_VALUE:
            message = msg("{header}: the value for {day:%Y-%m-%d} has too many digits", header=header, day=day)
            findings.append(problem(place, "range", message, msg("check the export")))
            continue
        rows.append(ImportedRow(place, day, metric, total, knowledge.source, options.exported_on, header.strip()))
    return rows, findings


def read_cells(cells: Sequence[Cell], *, counted: bool) -> Column:
    """The cells as plain decimals. A workbook's own numbers say nothing about how its texts were written."""
    typed = [at for at, cell in enumerate(cells) if not cell.exact]
    read = read_column([_bare(cells[at], counted=counted) for at in typed])
    plain: list[str | None] = [cell.text for cell in cells]
    for position, at in enumerate(typed):
        plain[at] = read.plain[position]
    return Column(tuple(plain), {typed[position]: wrong for position, wrong in read.wrong.items()})


def shows_groups(cells: Sequence[Cell]) -> bool:
    """Whether a column's marks can only group thousands, as another cell of it shows: `980`, or `1.234.567`.

    A number of a workbook, or four digits without a mark, aren't of one hand with `1.300`: they tell nothing of it.
    """
    texts = [without_sign(cell.text) for cell in cells]
    groups = [match for text in texts if (match := _GROUPED.fullmatch(text))]
    short = sum(len(text) <= 3 and text.isdecimal() for text in texts)
    return (
        not any(cell.exact for cell in cells)
        and len(groups) + short == len(texts)
        and len({match["mark"] for match in groups}) == 1
        and (short > 0 or any(match["more"] for match in groups))
    )


def _currency(header: str, metric: str, cells: Sequence[Cell], knowledge: Knowledge, options: Options) -> list[Finding]:
    """Amounts that a sign, the header or the file says to be in another currency than the metric's."""
    wanted = options.currency_of(metric)
    money = options.unit(metric) in {Unit.MONEY, None}
    signs = [(cell, cell.sign or sign_in(cell.text)) for cell in cells]
    told = [(cells[0], sign) for sign in (sign_in_header(header), knowledge.currency) if money and cells and sign]
    for cell, sign in (*told, *signs):
        if is_other(sign, wanted):
            message, hint = other_currency(sign, wanted)
            said = msg("{header}: {message}", header=header, message=message)
            return [problem(cell.location, "currency", said, hint)]
    return []


def only_part(records: Sequence[Record], dimensions: Iterable[str]) -> Finding | None:
    """The question for a table split by country, page or channel, where every row is of the same one."""
    for header in dimensions:
        cells = [cells[header] for _, cells in records if header in cells]
        if cells and len({fold(cell.text) for cell in cells}) == 1 and fold(cells[0].text) not in NO_DATA:
            by = msg("“{header}: {text}”", header=header, text=shown(cells[0].text.strip()))
            message = msg("every row is of {by}: the whole, or a part?", by=by)
            hint = msg("of the whole, delete that column; of a part, name its metrics apart: --metric "
                       '"COLUMN=a_metric_of_its_own"')  # fmt: skip
            return problem(cells[0].location, "filtered", message, hint)
    return None


def splits(header: str) -> bool:
    """Whether a header is a word for what visits and sales are split by."""
    return _SPLITS.search(fold(header)) is not None


def _look_like_shares(
    metric: str, cells: Sequence[Cell], numbers: Column, knowledge: Knowledge, options: Options
) -> bool:
    """Whether it's a percent metric whose values, but those with a percent sign, all lie between 0 and 1."""
    if knowledge.rates_are_shares or options.unit(metric) is not Unit.PERCENT:
        return False
    pairs = zip(cells, numbers.plain, strict=True)
    bare = [Decimal(plain) for cell, plain in pairs if plain is not None and not _has_percent_sign(cell)]
    return look_like_shares(bare)


def _has_percent_sign(cell: Cell) -> bool:
    return cell.sign == "%" or "%" in cell.text


def _parts(metric: str) -> tuple[str, ...]:
    """The metrics that this one is computed from; one that nobody imports where it isn't computed."""
    formula = BUILTIN[metric].formula if metric in BUILTIN else None
    return tuple(dict.fromkeys(formula.parts)) if formula else ("",)


def cleaned(source: str) -> str:
    """A source's name as a line that can be printed."""
    plain = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in source)
    return " ".join(plain.split())[:MAX_SOURCE].rstrip()


def _bare(cell: Cell, *, counted: bool) -> str:
    """The text without currency. Counts are whole: a mark before three digits can only group them."""
    text = without_sign(cell.text)
    return re.sub("[^0-9]", "", text) if counted and _GROUPED.fullmatch(text) else text


def _is_rate(header: str, metric: str, options: Options) -> bool:
    unit = options.unit(metric)
    return unit is Unit.PERCENT if unit else ("rate" in fold(header) or "taux" in fold(header))


def not_additive(header: str, metric: str, knowledge: Knowledge, options: Options) -> str | None:
    """Why values of one date can't be added up; None where they can, an empty text where it needs no reason.

    What the column means counts as well as what the user calls it: people and visits are counted once in each part.
    """
    if not knowledge.several_a_date:
        return ""
    meant = knowledge.columns.get(fold(header), metric)
    for name in dict.fromkeys((metric, meant)):
        if options.combine(name) not in {Combine.SUM, None} or options.unit(name) not in _ADDED_UP:
            return ""
    if metric not in BUILTIN and meant == metric and _NOT_COUNTED.search(fold(header)):
        return ""
    counted = _ONCE_A_PART.get(meant) or (msg("a visit") if _VISITS.search(fold(header)) else None)
    parts = [name for name in knowledge.split_by if not _EXCLUSIVE.search(fold(name))]
    if counted is None or not parts:
        return None
    return msg("{counted} counts once in each {parts} that it saw", counted=counted, parts=all_of(parts))


def _several(cell: Cell, header: str, metric: str, day: dt.date, knowledge: Knowledge, reason: str) -> Finding:
    if knowledge.several_a_date:
        names = all_of(map(repr, knowledge.split_by))
        by = msg(" by {split_by}", split_by=names) if knowledge.split_by else ""
        message = msg("{header}: several values for {day:%Y-%m-%d}{by}, and {metric} can't be added up",
                      header=header, day=day, by=by, metric=metric)  # fmt: skip
        message += msg(": {reason}", reason=reason) if reason else ""
        return problem(cell.location, "not-additive", message, msg("export it without a breakdown"))
    message = msg("{header}: a second value of {metric} for {day:%Y-%m-%d}", header=header, metric=metric, day=day)
    hint = msg("keep the right one; of parts that add up (countries, shops), enter the sum")
    return problem(cell.location, "duplicate", message, hint)
