"""Columns of a foreign table as rows of `data/metrics.csv`: which metric each is, and its numbers read together.

Role: `build` takes the dated records that a format's importer found and gives rows with the place of each value, and
findings for what it can't tell. Nothing is guessed: an ambiguous column is a finding, what can't be added up isn't, and
a column that no metric is known for is named.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

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

_CLOCK = re.compile(r"([0-9]+):([0-5][0-9]):([0-5][0-9])")

_HUNDRED = Decimal(100)

_ADDED_UP = frozenset([Unit.COUNT, Unit.MONEY, None])

_NOT_COUNTED = re.compile(
    r"\b(?:rate|taux|avg|average|moy|moyenne?|mean|ratio|share|part|cpc|cpm|ctr|roas|position|frequency|frequence|"
    r"repetition|reach|portee|couverture|users?|utilisateurs?|visit(?:or|eur)s?|people|personnes|unique|nutzer|per)\b|%"
)
"""Words of a folded header of which only the user knows what it counts: rates, averages and people aren't sums."""

_OF_CURRENCIES = frozenset(["currency", "currency code", "devise", "code devise", "code de devise", "monnaie"])

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


_NUMBER_OF = re.compile(r"(?:(?:nb|nbre|nombre|number)\s|(?:nb|no)\.\s?|#\s?)(?:(?:de|of)\s|d['’]\s?)?")
"""`Nb commandes`, `Number of orders`: orders."""


def choose(header: str, options: Options, known: Mapping[str, str]) -> str | None:
    """The metric of a column: what the user said, what the format says, or a metric's own name or identifier."""
    folded = fold(header)
    own = folded.replace(" ", "_")
    return (
        options.said.get(folded)
        or known.get(folded)
        or options.called.get(folded)
        or (own if own in BUILTIN or own in options.defined else None)
        or (_counted(folded[named.end() :], options, known) if (named := _NUMBER_OF.match(folded)) else None)
    )


def _counted(header: str, options: Options, known: Mapping[str, str]) -> str | None:
    """The metric of a column that is called the number of something."""
    metric = choose(header, options, known)
    return metric if metric and options.unit(metric) is Unit.COUNT else None


def build(records: Sequence[Record], headers: Iterable[str], knowledge: Knowledge, options: Options) -> Imported:
    """The rows of every column that stands for a metric."""
    rows: list[ImportedRow] = []
    findings: list[Finding] = []
    unused: list[str] = []
    taken: dict[str, str] = {}
    headers = list(headers)
    known = {metric for header in headers if (metric := choose(header, options, knowledge.columns))}
    currency = knowledge.currency or _currency(records, headers)
    knowledge = replace(knowledge, source=cleaned(knowledge.source), currency=currency)
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
        more, wrong = _Column(header, metric, knowledge, options).read(records)
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


def _currency(records: Sequence[Record], headers: Iterable[str]) -> str:
    """The code in a column of currencies; empty without one."""
    columns = [header for header in headers if fold(header) in _OF_CURRENCIES]
    codes = (cells[header].text.strip().upper() for _, cells in records for header in columns if header in cells)
    return next((code for code in codes if code not in NO_DATA), "")


_IN_THOUSANDS = re.compile(
    r"(?<![^\W_])(?:[kKM]\s?(?:€|£|\$|EUR\b|GBP\b|CHF\b|USD\b)|k(?:ilo)?-?euros?\b|[kK]€|(?:in|en)\s(?:thousands?|millions?|milliers?)\b"
    r"|(?:milliers|millions)\sd(?:e\s|['’])|\b(?:thousands|milliers|millions)\b\)?$)|\([kKM]\)|[('’€£$\s]000s?\)?$"
)
"""`CA (k€)`, `Revenue £000`, `en milliers d’euros`."""


class _Column(NamedTuple):
    """A column that stands for a metric, and what is known and said of it."""

    header: str
    metric: str
    knowledge: Knowledge
    options: Options

    @property
    def unit(self) -> Unit | None:
        """The metric's; None for one that nobody defined."""
        return self.options.unit(self.metric)

    def say(self, cell: Cell, rule: str, message: str, hint: str = "", *, warning: bool = False) -> Finding:
        """The finding at a cell; what it says begins with the column's name."""
        said = msg("{header}: {message}", header=self.header, message=message)
        return problem(cell.location, rule, said, hint, warning=warning)

    def read(self, records: Sequence[Record]) -> tuple[list[ImportedRow], list[Finding]]:
        """The rows, one for each date, and what is wrong with the column or can't be told of it."""
        cells = [(day, self._seconds(found[self.header])) for day, found in records if self.header in found]
        none = NO_DATA | {"0", "0.0", "0,0"} if self.unit is Unit.RANK else NO_DATA  # no place is before the first
        filled = [(day, cell) for day, cell in cells if fold(cell.text) not in none and cell.text != UNREADABLE]
        exact = [(day, cell) for day, cell in filled if not _INEXACT.fullmatch(cell.text.strip())]
        found = [cell for _, cell in exact]
        counted = self.unit is Unit.COUNT and (self.knowledge.counts_are_whole or shows_groups(found))
        numbers = read_cells(found, counted=counted, grouped=self.options.grouped)
        shares = self._look_like_shares(found, numbers)
        findings = [*self._judged(found, numbers, shares=shares)]
        for cell in (cell for _, cell in filled if _INEXACT.fullmatch(cell.text.strip())):
            message = msg("{text!r} is no exact value, and isn't taken", text=cell.text.strip())
            findings.append(self.say(cell, "inexact", message, warning=True))
        is_share = (shares and self.options.shares) or (self.knowledge.rates_are_shares and self._is_rate())
        by_date: dict[dt.date, list[tuple[Cell, Decimal]]] = {}
        for (day, cell), plain in zip(exact, numbers.plain, strict=True):
            if plain is not None:
                scale = _HUNDRED if is_share and not _has_percent_sign(cell) else 1
                by_date.setdefault(day, []).append((cell, Decimal(plain) * scale))
        rows: list[ImportedRow] = []
        for day, values in by_date.items():
            total = sum((value for _, value in values), Decimal(0))
            first = values[0][0]
            if len(values) > 1 and (obstacle := self._not_additive()) is not None:
                findings.append(self._several(values[1][0], day, obstacle))
            elif abs(total) > MAX_VALUE:
                message = msg("the value for {day:%Y-%m-%d} has too many digits", day=day)
                findings.append(self.say(first, "range", message, msg("check the export")))
            else:
                source, exported = self.knowledge.source, self.options.exported_on
                rows.append(ImportedRow(first.location, day, self.metric, total, source, exported, self.header.strip()))
        return rows, findings

    def _seconds(self, cell: Cell) -> Cell:
        """`00:02:15` of a duration as 135; `2:15`, which may be hours, and any other cell as it is."""
        match = _CLOCK.fullmatch(cell.text.strip()) if self.unit is Unit.DURATION else None
        return cell._replace(text=str(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3]))) if match else cell

    def _judged(self, found: Sequence[Cell], numbers: Column, *, shares: bool) -> Iterator[Finding]:
        """What is no number, in another currency, or may mean a hundred times as much."""
        for at, (rule, message, hint) in sorted(numbers.wrong.items()):
            said = msg("{text!r} {message}", text=found[at].text, message=message)
            if self.unit is Unit.DURATION and ":" in found[at].text:
                hint = msg("write seconds: 135 for 2 min 15 s")
            yield self.say(found[at], rule.removeprefix("number."), said, hint)
        if found and _IN_THOUSANDS.search(self.header):
            hint = msg("write all digits of the values, and the header without it")
            yield self.say(
                found[0], "format", msg("the header says that the values are in thousands or millions"), hint
            )
        wanted = self.options.currency_of(self.metric)
        if (other := next((pair for pair in self._signs(found) if is_other(pair[1], wanted)), None)) is not None:
            if self.unit in {Unit.MONEY, None}:
                yield self.say(other[0], "currency", *other_currency(other[1], wanted))
            else:
                message = msg("{text!r} is an amount of money, and this metric is none", text=other[0].text)
                yield self.say(
                    other[0], "currency", message, msg("name another metric with --metric, or another column")
                )
        signed = next((cell for cell in found if _has_percent_sign(cell)), None)
        if self.knowledge.rates_are_shares and self._is_rate():
            above = (cell for cell, plain in zip(found, numbers.plain, strict=True) if plain and Decimal(plain) > 1)
            for cell in [cell for cell in above if not _has_percent_sign(cell)][:1]:
                message = msg("{text!r} is above 1, and rates of this format are shares of 1", text=cell.text)
                yield self.say(cell, "share", message, msg("export it again: 0.55 means 55 %"))
        if signed is not None and takes_no_percent(self.unit):
            yield self.say(signed, "percent", *NO_PERCENTAGE)
        if shares and self.options.shares is None:
            hint = msg("say --shares if 0.024 means 2.4 %, or --percentages if it means 0.024 %")
            bare = next(cell for cell in found if not _has_percent_sign(cell))
            yield self.say(bare, "share", msg("no value is above 1: shares of 1, or percentages?"), hint)

    def _signs(self, found: Sequence[Cell]) -> Iterator[tuple[Cell, str]]:
        """Signs of currencies in the header, in the file and beside each number, with the cell that they speak of."""
        if found and self.unit in {Unit.MONEY, None}:
            yield from ((found[0], sign) for sign in (sign_in_header(self.header), self.knowledge.currency) if sign)
        yield from ((cell, cell.sign or sign_in(cell.text)) for cell in found)

    def _look_like_shares(self, found: Sequence[Cell], numbers: Column) -> bool:
        """Whether it's a percent metric whose values, but those with a percent sign, all lie between 0 and 1."""
        if self.knowledge.rates_are_shares or self.unit is not Unit.PERCENT:
            return False
        pairs = zip(found, numbers.plain, strict=True)
        return look_like_shares(
            Decimal(plain) for cell, plain in pairs if plain is not None and not _has_percent_sign(cell)
        )

    def _is_rate(self) -> bool:
        folded = fold(self.header)
        return self.unit is Unit.PERCENT if self.unit else ("rate" in folded or "taux" in folded)

    def _not_additive(self) -> str | None:
        """Why values of one date can't be added up; None where they can, an empty text where it needs no reason.

        What the column means counts as well as what the user calls it: people and visits are counted once in each part.
        """
        if not self.knowledge.several_a_date:
            return ""
        folded = fold(self.header)
        meant = self.knowledge.columns.get(folded, self.metric)
        for name in dict.fromkeys((self.metric, meant)):
            if self.options.combine(name) not in {Combine.SUM, None} or self.options.unit(name) not in _ADDED_UP:
                return ""
        if self.metric not in BUILTIN and meant == self.metric and _NOT_COUNTED.search(folded):
            return ""
        counted = _ONCE_A_PART.get(meant) or (msg("a visit") if _VISITS.search(folded) else None)
        parts = [name for name in self.knowledge.split_by if not _EXCLUSIVE.search(fold(name))]
        if counted is None or not parts:
            return None
        return msg("{counted} counts once in each {parts} that it saw", counted=counted, parts=all_of(parts))

    def _several(self, cell: Cell, day: dt.date, reason: str) -> Finding:
        if not self.knowledge.several_a_date:
            message = msg("a second value for {day:%Y-%m-%d}", day=day)
            hint = msg("keep the right one; of parts that add up (countries, shops), enter the sum")
            return self.say(cell, "duplicate", message, hint)
        names = all_of(map(repr, self.knowledge.split_by))
        by = msg(" by {split_by}", split_by=names) if self.knowledge.split_by else ""
        message = msg("several values for {day:%Y-%m-%d}{by}, and they can't be added up", day=day, by=by)
        message += msg(": {reason}", reason=reason) if reason else ""
        return self.say(cell, "not-additive", message, msg("export it without a breakdown"))


def read_cells(cells: Sequence[Cell], *, counted: bool, grouped: bool | None = None) -> Column:
    """The cells as plain decimals. A workbook's own numbers say nothing about how its texts were written."""
    typed = [at for at, cell in enumerate(cells) if not cell.exact]
    read = read_column([_bare(cells[at], counted=counted) for at in typed], grouped=grouped)
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
