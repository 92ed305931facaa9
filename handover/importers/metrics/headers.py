"""What other programs call columns, tables and rows of their exports of metrics, as headers.toml declares it.

Role: a format's names, folded, by what they stand for. What it does with them, its own module says.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_DECLARED: Final = tomllib.loads(Path(__file__).with_name("headers.toml").read_text(encoding="utf-8"))


def metrics_of(name: str) -> Mapping[str, str]:
    """A format's headers → the metric that each stands for."""
    return {header: metric for metric, headers in _DECLARED[name]["columns"].items() for header in headers.split("|")}


def names_of(name: str, what: str) -> frozenset[str]:
    """What a format calls something, in every language that is known."""
    return frozenset(_DECLARED[name][what].split("|"))
