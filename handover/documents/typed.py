"""A project as its documents print it: its prose typeset, the apostrophes of its names curved.

Role: takes which values are prose from `handover.model.prose` and how a text is set from
`handover.languages.typesetting`. What machines read (the tables' copies, the record, what a signature binds) is made
from the project as it was typed.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from handover.documents.base import ClientInput, InternalInput, WorkspaceInput
from handover.languages import registry
from handover.languages.typesetting import apostrophes, typeset
from handover.model.base import Model
from handover.model.project import Project
from handover.model.prose import NAMES, PROSE
from handover.model.sources import SETTINGS_FILE

_Way = Callable[[str], str]


def typeset_project(project: Project) -> Project:
    """The project with its prose typeset and the apostrophes of its names curved, for documents that people read."""
    typography = registry.language(project.settings.language, project.words).typography
    made = _setter(partial(typeset, locale=project.locale, typography=typography), apostrophes)
    names = ("settings", "pending", "asset_notes", "accounts", "invoices", "milestones", "routines", "training")
    return replace(project, **{name: made(getattr(project, name)) for name in names})


def typeset_given(given: ClientInput | InternalInput | WorkspaceInput) -> ClientInput | InternalInput | WorkspaceInput:
    """What a document outside the bundle is made from, set in the same way."""
    if isinstance(given, ClientInput):
        return given._replace(project=typeset_project(given.project))
    words = given.words
    prose = partial(typeset, locale=words.locale, typography=registry.language(words.language, words.own).typography)
    made = _setter(prose, apostrophes)
    if isinstance(given, WorkspaceInput):
        return given._replace(vetting=made(given.vetting), agency=apostrophes(given.agency))
    held: dict[str, _Way] = dict.fromkeys(("internal", "reasons", "answers", "pending"), str)
    held |= dict.fromkeys(("client", "agency", "contact", "salutation", "sender"), apostrophes) | {"promised": prose}
    dossier = given.dossier
    return given._replace(
        dossier=replace(dossier, **{name: made(getattr(dossier, name), way) for name, way in held.items()})
    )


def typed_texts(project: Project) -> dict[str, list[str]]:
    """By file, as it was typed, what documents in clear print typeset and no copy for machines holds.

    A secret in it must be found, whatever typesetting makes of it.
    """
    found: dict[str, list[str]] = {}
    tables = {name: getattr(project, name) for name in ("invoices", "milestones", "routines", "training")}
    if project.routines or project.training:  # then the guide tells of the accounts, too
        tables["accounts"] = project.accounts
    for file, values in {
        SETTINGS_FILE: project.settings,
        **{f"data/{name}": of for name, of in tables.items()},
    }.items():
        texts = found[file] = list[str]()

        def keep(text: str, texts: list[str] = texts) -> str:
            texts.append(text)
            return text

        _setter(keep, keep)(values)
    return found


def _setter(prose: _Way, name: _Way) -> Callable[..., Any]:
    def made(value: Any, way: _Way = str) -> Any:
        """The value with all that it holds set; the same object where nothing changes."""
        if isinstance(value, tuple):
            return tuple(made(item, way) for item in value)
        if isinstance(value, dict):
            return {key: made(item) for key, item in value.items()}
        if not isinstance(value, Model):
            return way(value) if type(value) is str else value
        ways = dict.fromkeys(PROSE.get(type(value), ()), prose) | dict.fromkeys(NAMES.get(type(value), ()), name)
        given = {field: getattr(value, field) for field in type(value).model_fields}
        new = {field: made(old, ways.get(field, str)) for field, old in given.items()}
        changed = {field: one for field, one in new.items() if one != given[field]}
        return value.model_copy(update=changed) if changed else value

    return made
