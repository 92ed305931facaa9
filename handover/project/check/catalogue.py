"""What the catalogue of metrics objects to: rates that contradict their parts, metrics without values or weights.

Role: `problems` compares rows with the formulas and weights of `handover.model.metrics`, and says where. Pure; when
values were measured, and how, is `handover.project.check.metrics`'s.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from handover.model.errors import Severity
from handover.model.formulas import HUNDRED, Values, computable, leaves
from handover.model.message import all_of, counted, later, msg
from handover.model.metrics import (
    BUILTIN,
    MetricDefinition,
    by_metric,
    contradicting,
    define,
    impossible,
    named_by_parts,
    rules_of,
)
from handover.model.reporting import Combine, Unit
from handover.model.rows import MetricRow
from handover.model.settings import Settings


class Problem(NamedTuple):
    """Something wrong with the metrics: the index of its row in `data/metrics.csv`, or the keys in the YAML."""

    rule: str
    message: str
    hint: str
    row: int | None = None
    keys: tuple[str, ...] = ()
    severity: Severity = Severity.WARNING


def problems(settings: Settings, rows: Sequence[MetricRow]) -> list[Problem]:
    """What contradicts: given values against their parts or their meaning, metrics without values or weights."""
    values = by_metric(rows)
    return [
        *_contradictions(settings, rows, values),
        *_beyond_a_whole(settings, rows),
        *_impossible(settings, rows, values),
        *_more_than_all(rows, values),
        *_currencies(settings, values),
        *_named(settings, values),
    ]


def _contradictions(settings: Settings, rows: Sequence[MetricRow], values: Values) -> list[Problem]:
    rules = rules_of(settings)
    definitions = {name: define(name, settings, {}) for name in values}
    computed = {name: contradicting(definition, values, rules) for name, definition in definitions.items()}
    wrong: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if computed[row.metric].get(row.date) is not None:
            wrong.setdefault(row.metric, []).append(index)
    return [_contradiction(rows, found, computed[metric], definitions[metric]) for metric, found in wrong.items()]


def _contradiction(
    rows: Sequence[MetricRow], wrong: Sequence[int], computed: Mapping[dt.date, Decimal], definition: MetricDefinition
) -> Problem:
    """The first value of a metric that its parts contradict, and how many more do: in an export that is one fault."""
    row = rows[wrong[0]]
    shown = computed[row.date].quantize(Decimal(1).scaleb(-4), ROUND_HALF_UP).normalize()
    parts = all_of(dict.fromkeys(definition.formula.parts if definition.formula else ()))
    message = msg("{metric} is {value}, but {parts} of the same date give {shown:f}",
                  metric=row.metric, value=row.value, parts=parts, shown=shown)  # fmt: skip
    hint = msg("correct one of them; as long as they differ, the given values are printed")
    if len(wrong) > 1:
        hint = counted(
            "correct one of them, as for {count} other date; as long as they differ, the given values are printed",
            "correct one of them, as for {count} other dates; as long as they differ, the given values are printed",
            count=len(wrong) - 1,
        )
    return Problem("metric.contradiction", message, hint, row=wrong[0])


def _beyond_a_whole(settings: Settings, rows: Sequence[MetricRow]) -> list[Problem]:
    """Shares below 0 or above 100 %: all percentages of the catalogue are shares of something."""
    said = later("{metric} is {value} %, and a share lies between 0 and 100")
    hint = msg("correct it; what isn't a share needs a metric of its own under `metrics:`")
    shares = {
        name
        for name in {row.metric for row in rows} & set(BUILTIN)
        if BUILTIN[name].unit is define(name, settings, {}).unit is Unit.PERCENT
    }
    return [
        Problem("metric.over-hundred", msg(said, metric=row.metric, value=row.value), hint, row=index,
                severity=Severity.ERROR)
        for index, row in enumerate(rows)
        if row.metric in shares and not 0 <= row.value <= HUNDRED
    ]  # fmt: skip


def _computed(settings: Settings, values: Values) -> list[str]:
    """The metrics without values that the report computes, where it can."""
    named = (*settings.metrics, *settings.report.headline, *named_by_parts(values, rules_of(settings)))
    return [name for name in dict.fromkeys(named) if name not in values]


def _named_at(name: str, settings: Settings) -> tuple[str, ...]:
    """The keys in the YAML at which a metric is named; none where it isn't."""
    if name in settings.metrics:
        return "metrics", name
    return ("report", "headline") if name in settings.report.headline else ()


def _currencies(settings: Settings, values: Values) -> Iterator[Problem]:
    """Computed metrics whose amounts are in several currencies: dollars per euro, or dollars called euros."""
    rules = rules_of(settings)
    for name in _computed(settings, values):
        definition = define(name, settings, {})
        if definition.formula is None or not computable(name, values, rules):
            continue
        amounts = {part: define(part, settings, {}) for part in leaves(definition.formula, values, rules)}
        amounts |= {name: definition}
        codes = {part: one.currency for part, one in amounts.items() if one.unit is Unit.MONEY}
        if len(set(codes.values())) > 1:
            told = all_of([msg("{part} in {code}", part=part, code=code) for part, code in codes.items()])
            message = msg("{name} is computed from amounts in several currencies: {told}", name=name, told=told)
            hint = msg("give them in one currency, with its `currency:` for each of these metrics, or give {name} "
                       "itself", name=name)  # fmt: skip
            yield Problem("metric.currency", message, hint, keys=_named_at(name, settings), severity=Severity.ERROR)


def _impossible(settings: Settings, rows: Sequence[MetricRow], values: Values) -> list[Problem]:
    """Shares that the report leaves out, since a part of something is greater than the whole."""
    found: list[Problem] = []
    for name in _computed(settings, values):
        day, formula = impossible(name, settings, values), define(name, settings, {}).formula
        if day is None or formula is None:
            continue
        part, whole = formula.numerator[0][1], formula.denominator
        message = msg("{name} isn't computed: {part} of {day:%Y-%m} can't be a share of {whole}",
                      name=name, part=part, day=day, whole=whole)  # fmt: skip
        at = next((at for at, row in enumerate(rows) if (row.metric, row.date) == (part, day)), None)
        hint = msg("give {part} that belong to these {whole} alone, or give {name} itself",
                   part=part, whole=whole, name=name)  # fmt: skip
        keys = _named_at(name, settings)
        found.append(Problem("metric.no-share", message, hint, row=None if keys else at, keys=keys))
    return found


def _more_than_all(rows: Sequence[MetricRow], values: Values) -> Iterator[Problem]:
    """A day with more promoters and detractors than answers: one of the three counts something else."""
    for at, row in enumerate(rows):
        parts = [values.get(name, {}).get(row.date) for name in ("promoters", "detractors")]
        if row.metric == "responses" and (voices := sum(filter(None, parts))) > row.value:
            message = msg("promoters and detractors of {date:%Y-%m} are {voices}, and the answers {count}",
                          date=row.date, voices=voices, count=row.value)  # fmt: skip
            hint = msg("correct one of them: everyone who answers is counted once")
            yield Problem("metric.over-hundred", message, hint, row=at, severity=Severity.ERROR)


_OF_EACH: Final = re.compile(
    r"\b(?:par|per)\s(?!mois|jour|semaine|an\b|month|day|week|year)|\b(?:moyen(?:ne)?s?|average|mean|avg|unitaires?)\b",
    re.IGNORECASE,
)
"""Words of a label by which it names what one costs or brings: such values are no parts of a sum."""
_NO_SUMS: Final = frozenset({Unit.PERCENT, Unit.RATIO, Unit.SCORE, Unit.RANK})


def _named(settings: Settings, values: Values) -> Iterator[Problem]:
    """Metrics of the settings without values or weights, and what they add up: twelve months of 5 % aren't 60 %."""
    rules = rules_of(settings)
    for name, own in settings.metrics.items():
        definition, keys = define(name, settings, {}), ("metrics", name)
        if name not in values and not computable(name, values, rules):
            message = msg("the metric {name} has no values in data/metrics", name=name)
            yield Problem("metric.no-values", message, msg("add its rows, or remove its definition"), keys=keys)
        if name in values and definition.combine is Combine.WEIGHTED:
            if definition.weight is None:
                message = msg("the metric {name} is weighted by nothing", name=name)
                yield Problem("metric.weight", message, msg("name the weighing metric in `weight`"), keys=keys)
            elif own.weight is not None and own.weight not in values:
                said = later("the metric {name} is weighted by {weight}, which has no values")
                message = msg(said, name=name, weight=own.weight)
                yield Problem("metric.weight", message, msg("add its rows"), keys=keys)
        if own.combine is None and definition.combine is Combine.SUM and _OF_EACH.search(definition.label):
            message = msg("“{label}” would be added up over the months", label=definition.label)
            hint = msg("write `combine: mean`, `weighted` or `last`, or `combine: sum` if that is meant")
            yield Problem("metric.added-up", message, hint, keys=keys)
        if own.combine is Combine.SUM and definition.unit in _NO_SUMS:
            message = msg("the metric {name} is a {unit}, and those can't be added up", name=name, unit=definition.unit)
            hint = msg("write `combine: mean`, `weighted` or `last`")
            yield Problem("metric.sum", message, hint, keys=keys, severity=Severity.ERROR)
