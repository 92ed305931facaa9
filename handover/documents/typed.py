"""A project as its documents print it: its prose typeset, the apostrophes of its names curved.

Role: takes which values are prose from `handover.model.prose` and how a text is set from
`handover.languages.typesetting`. What machines read (the tables' copies, the record, what a signature binds) is made
from the project as it was typed.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from handover.languages.typesetting import apostrophes, typeset
from handover.model.base import Model
from handover.model.project import Project
from handover.model.prose import NAMES, PROSE


def typeset_project(project: Project) -> Project:
    """The project with its prose typeset and the apostrophes of its names curved, for documents that people read."""
    locale = project.locale
    return replace(
        project,
        settings=_set(project.settings, locale),
        pending=_set(project.pending, locale),
        asset_notes=_set(project.asset_notes, locale),
        accounts=_set(project.accounts, locale),
        invoices=_set(project.invoices, locale),
    )


def _set(value: Any, locale: str, as_text: Callable[[str], str] = str) -> Any:
    """The value with all that it holds set, a text as `as_text` says; the same object where nothing changes."""
    if isinstance(value, tuple):
        return tuple(_set(item, locale, as_text) for item in value)
    if isinstance(value, dict):
        return {key: _set(item, locale) for key, item in value.items()}
    if not isinstance(value, Model):
        return as_text(value) if type(value) is str else value
    as_prose: Callable[[str], str] = partial(typeset, locale=locale)
    ways = dict.fromkeys(PROSE.get(type(value), ()), as_prose)
    ways |= dict.fromkeys(NAMES.get(type(value), ()), apostrophes)
    made = {}
    for name in type(value).model_fields:
        old = getattr(value, name)
        if (new := _set(old, locale, ways.get(name, str))) != old:
            made[name] = new
    return value.model_copy(update=made) if made else value
