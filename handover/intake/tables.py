"""What was seen as the project's table of metrics: those of all exports together.

Role: a value that two exports of one tool tell differently is nobody's guess: the later file is left out and told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from handover.importers.metrics.base import ImportedRow
from handover.importers.metrics.merge import merge, own_metric
from handover.intake.exports import why_not, why_not_all
from handover.intake.seen import Kind, Metrics, Seen
from handover.languages import registry
from handover.languages.words import Words
from handover.model.characters import folded
from handover.model.message import msg
from handover.model.metrics import BUILTIN
from handover.model.reporting import Combine, Direction, Unit
from handover.model.rows import MetricRow
from handover.project.check.currencies import sign_in_header
from handover.project.read.text import fold


def with_columns(seen: Seen, meant: Mapping[str, str]) -> Seen:
    """What was seen, where `meant` says which metric a column is: folded header → metric, or `-`.

    A table that no column is known of stays what it was: one of the client's files.
    """
    exports = []
    for one in seen.metrics:
        named = {name: meant[folded(name)] for name in one.unknown if meant.get(folded(name), "-") != "-"}
        found = one.again(meant=named) if named and one.again else one
        if found.imported.rows or not (one.unknown or one.doubts):
            exports.append(found)
    tables = {one.file for one in exports}
    files = (
        one._replace(kind=Kind.METRICS, why=msg("an export of metrics")) if one.path in tables else one
        for one in seen.files
    )
    return replace(seen, files=tuple(files), metrics=tuple(exports))


_PERCENT: Final = re.compile(r"%|\b(?:taux|pourcentage|rate|share|percentage|percent)\b", re.IGNORECASE)


_ADDS_UP: Final = re.compile(
    r"\b(?:reservations?|commandes?|ventes?|devis|demandes?|appels?|inscriptions?|telechargements?|clics?|messages?|"
    r"formulaires?|rendez-vous|rdv|livraisons?|recettes|depenses|chiffre d['’]affaires|bookings?|orders?|sales|quotes?|"
    r"enquir(?:y|ies)|inquir(?:y|ies)|calls?|sign-?ups?|registrations?|downloads?|clicks?|submissions?|appointments?|"
    r"deliveries|revenue|turnover|spend(?:ing)?|discounts?|returns|refunds?|remises|remboursements|tax(?:es)?|shipping)\b"
)
_DOES_NOT: Final = re.compile(
    r"\b(?:moy\w*|average|avg|mean|median\w*|par|per|panier|cumul\w*|duree|duration|delai|time|en cours|open)\b"
)
"""Words of a folded column's name that say whether its months add up: what happens does, an average doesn't."""
_MONEY: Final = re.compile(
    r"\b(?:chiffre d['’]affaires|recettes|depenses|panier moyen|revenue|turnover|spend(?:ing)?|"
    r"(?:gross|net|total) sales|"
    r"average (?:order value|basket)|(?:ventes|montant|ca) (?:ht|ttc)|discounts|taxes|shipping (?:charges|costs))\b"
)
_GOOD: Final = re.compile(
    r"\A(?!.*\b(?:annul\w*|cancel\w*|retour\w*|return\w*|refund\w*|perdu\w*|lost|retards?|late|abandon\w*|open"
    r"|en cours)\b).*\b(?:reservations?|commandes?|ventes?|inscriptions?|telechargements?|rendez-vous|rdv|recettes|"
    r"chiffre d['’]affaires|"
    r"bookings?|orders?|sales|sign-?ups?|registrations?|downloads?|appointments?|revenue|turnover)\b"
)
"""Words of what every client wants more of; of what else grows, nobody has said whether that is good."""


class Taken(NamedTuple):
    """The metrics of all exports, and those of which nothing was taken."""

    rows: tuple[MetricRow, ...]
    left_out: tuple[tuple[str, str], ...]
    second: Mapping[str, tuple[str, str]]
    """A metric that two tools count, under both of its names → what it's like, and the tool whose it is."""


def merged_metrics(exports: Sequence[Metrics]) -> Taken:
    """Every export's rows, file by file: what agrees is taken once, what two tools tell stands under two names."""
    rows: list[MetricRow] = []
    left: list[tuple[str, str]] = []
    second: dict[str, tuple[str, str]] = {}
    for one in exports:
        imported, apart = _told_apart(rows, one.imported.rows)
        found = merge(rows, imported)
        why = why_not(one.imported) or (found.findings[0].message if found.findings else "")
        if not why and found.changed:
            old, new = found.changed[0]
            why = msg(
                "{metric} of {date} is {new} there and {old} in another export",
                metric=new.metric, date=new.date, new=new.value, old=old.value,
            )  # fmt: skip
        if why:
            left.append((one.file, msg("nothing is taken of it: {why}", why=why)))
        else:
            rows += found.added
            second |= apart
            if part := why_not_all(one.imported):
                left.append((one.file, msg("not all is taken of it: {why}", why=part)))
    return Taken(tuple(rows), tuple(left), second)


def _told_apart(
    rows: Sequence[MetricRow], imported: Sequence[ImportedRow]
) -> tuple[list[ImportedRow], dict[str, tuple[str, str]]]:
    """The imported rows, under a name of their tool's own where another tool has told other values of the metric."""
    table = {(row.date, row.metric): row for row in rows}
    apart: dict[str, tuple[str, str]] = {}
    first: dict[str, tuple[str, str]] = {}
    for row in imported:
        old = table.get((row.date, row.metric))
        if old and old.value != row.value and old.source and row.source and old.source != row.source:
            apart[row.metric] = (own_metric(row.source, row.metric), row.source)
            first[row.metric] = (row.metric, old.source)
    renamed = [row._replace(metric=apart[row.metric][0]) if row.metric in apart else row for row in imported]
    return renamed, first | {new: (metric, tool) for metric, (new, tool) in apart.items()}


def unit_of(column: str) -> str:
    """What a column's name says that its values are, for a person to confirm: amounts, percentages, or counts."""
    if sign_in_header(column) or (_MONEY.search(fold(column)) and not _PERCENT.search(column)):
        return Unit.MONEY
    return Unit.PERCENT if _PERCENT.search(column) else Unit.COUNT


def bare(column: str) -> str:
    """A column's name without the unit behind it: `Sales (£)` are sales."""
    return re.sub(r"\s*(?:[(\[][^()\[\]]{1,4}[)\]]|%)\s*\Z", "", column) or column


def definitions(
    second: Mapping[str, tuple[str, str]], named: Mapping[str, str], code: str
) -> dict[str, dict[str, str]]:
    """How handover.yaml defines metrics that two tools count: as the built-in ones, with the tool's name.

    Those of the agency's own that a person has `named` (column → metric) are called as their columns are. Where the
    name doesn't tell whether their months add up (bookings do, followers don't), what they are on average is true.
    """
    words = Words.load(code, registry.language(code).locale, "metrics")
    found = {
        metric: {
            "label": bare(name),
            "unit": unit_of(name),
            "good": str(Direction.UP if _GOOD.search(fold(name)) else Direction.NEITHER),
            "combine": str(_combine(name)),
        }
        for name, metric in named.items()
        if metric != "-" and metric not in BUILTIN
    }
    for name, (metric, tool) in second.items():
        known = BUILTIN.get(metric)
        label = f"{words.text(f'label.{metric}') if known else metric} ({tool})"
        kinds = {"unit": known.unit, "good": known.good, "combine": known.combine} if known else {}
        found[name] = {"label": label, **{key: str(kind) for key, kind in kinds.items() if kind != "weighted"}}
    return found


def _combine(column: str) -> Combine:
    name = fold(column)
    added_up = unit_of(column) != Unit.PERCENT and _ADDS_UP.search(name) and not _DOES_NOT.search(name)
    return Combine.SUM if added_up else Combine.MEAN


_FOREMOST: Final = (
    "revenue", "orders", "leads", "new_customers", "conversion_rate", "visitors", "organic_visitors", "sessions",
    "organic_sessions", "clicks", "ad_clicks",
)  # fmt: skip
"""What a client asks for first: what came of it, before how many saw it."""
_FEW: Final = 5
_HEADLINES: Final = 4


def headlines(rows: Sequence[MetricRow]) -> list[str]:
    """Which metrics the summary begins with, where there are more than fit; empty for all."""
    measured = dict.fromkeys(row.metric for row in rows)
    return sorted(measured, key=_foremost)[:_HEADLINES] if len(measured) > _FEW else []


def _foremost(metric: str) -> int:
    """Where a metric stands among those of the summary: the agency's own before what nobody asks for."""
    if metric in _FOREMOST:
        return _FOREMOST.index(metric)
    return len(_FOREMOST) + (metric in BUILTIN)
