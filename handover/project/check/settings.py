"""A YAML file's tree → its model (`handover.yaml` → `Settings`), with every objection at its place.

Role: hands the tree to the models as plain text and translates what they object to. Rules that need several keys are in
`handover.project.check.across_keys`; they look at the tree through `View`, so that they are checked even when other
keys are wrong.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from handover.model.base import Date, Model, Number, behind, keys_of
from handover.model.did_you_mean import did_you_mean, nearest
from handover.model.errors import Finding, Severity, SourceLocation
from handover.model.message import msg
from handover.model.secret_names import names_a_secret
from handover.model.settings import Settings
from handover.model.sources import UNREADABLE, YamlList, YamlMap, YamlNode, YamlScalar, node_at, shown
from handover.project.check.wording import complaint, field_at, missing_hint

Path = Sequence[str | int]
M = TypeVar("M", bound=Model)


RENAMED = {
    ("owners", "certificate_sha256"): msg("it is called `pin` now: `handover keys pin` writes it"),
    ("contract", "notice_period"): msg(
        "it is called `notice` now, and is counted: `notice: {example}`", example="{count: 3, unit: month}"
    ),
    ("letter", "transition"): msg("it is called `offers` now"),
    ("letter", "briefing"): msg("write it as an item of `letter.offers`"),
    ("letter", "contact"): msg("it is called `transition.contact` now: letter, plan and guide name the same person"),
    ("letter", "successors", "chosen"): msg(
        "name whom the client has chosen in `letter.successor_known`: `{example}`", example="{name: …, contact: …}"
    ),
}
"""Keys that had another name or place before: where they are now."""

_ONE = {
    ("owner",): msg("`owners` is there already: begin each owner in it with `- name: …`"),
    ("client", "contact"): msg("`contacts` is there already: begin each person in it with `- name: …`"),
}
"""Lists of one in a short form, beside the list itself."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


class View:
    """The settings' tree as rules ask for it: dates and words by path, places by path, findings collected."""

    def __init__(self, tree: YamlMap, model: type[Model] = Settings) -> None:
        self.tree = tree
        self.model = model
        self.findings: list[Finding] = []

    def node(self, *path: str | int) -> YamlNode | None:
        """The node at a path of keys and (0-based) indexes; None when there is none or it is absent."""
        node = node_at(self.tree, *path)
        return None if isinstance(node, YamlScalar) and node.absent else node

    def text(self, *path: str | int) -> str | None:
        """The text of a scalar, or None."""
        node = self.node(*path)
        return node.text if isinstance(node, YamlScalar) and node.text != UNREADABLE else None

    def date(self, *path: str | int) -> dt.date | None:
        """A date, or None when it is absent or not one."""
        found: dt.date | None = self._parsed(Date, path)
        return found

    def number(self, *path: str | int) -> Any:
        """A number (Decimal), or None when it is absent or not one."""
        return self._parsed(Number, path)

    def _parsed(self, kind: Any, path: Path) -> Any:
        if (text := self.text(*path)) is not None:
            with suppress(ValidationError):
                return _adapter(kind).validate_python(text)
        return None

    def count(self, *path: str | int) -> int:
        """How many items the list at a path has; 0 when it isn't a list."""
        node = self.node(*path)
        return len(node.items) if isinstance(node, YamlList) else 0

    def items(self, *path: str | int) -> list[tuple[str | int, ...]]:
        """The path of each item of the list at a path."""
        return [(*path, index) for index in range(self.count(*path))]

    def keys(self, *path: str | int) -> list[str]:
        """The keys of the mapping at a path."""
        node = self.node(*path)
        return [key.text for key, _ in node.entries] if isinstance(node, YamlMap) else []

    def place(self, *path: str | int) -> SourceLocation:
        """Where the value at a path is; where its key is for groups and absent values; else its nearest parent."""
        node: YamlNode = self.tree
        place = SourceLocation(self.tree.location.file, 1, 1)
        for step in path:
            if isinstance(node, YamlMap) and isinstance(step, str):
                key, value = node.key(step), node.get(step)
                if key is None or value is None:
                    return place
                place = value.location if isinstance(value, YamlScalar) and not value.absent else key.location
                node = value
            elif isinstance(node, YamlList) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                place = node.location
            else:
                return place
        return place

    def key_place(self, *path: str | int) -> SourceLocation:
        """Where the key at the end of a path is."""
        parent = self.node(*path[:-1])
        key = parent.key(str(path[-1])) if isinstance(parent, YamlMap) else None
        return key.location if key else self.place(*path)

    def error(self, path: Path, rule: str, message: str, hint: str = "") -> None:
        """Note an error at a path; the message begins with the key's name."""
        self._note(Severity.ERROR, path, rule, message, hint)

    def warn(self, path: Path, rule: str, message: str, hint: str = "") -> None:
        """Note a warning at a path."""
        self._note(Severity.WARNING, path, rule, message, hint)

    def _note(self, severity: Severity, path: Path, rule: str, message: str, hint: str) -> None:
        message = msg("`{path}` {message}", path=dotted(path), message=message)
        self.findings.append(Finding(self.place(*path), rule, message, hint, severity))


def dotted(path: Path) -> str:
    """`letter.deliveries[2].due_date`: items are counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" if text else shown(step)
    return text


def read_settings(view: View, *, partial: bool = False) -> Settings | None:
    """The settings, or None after noting in `view` what the models object to.

    With `partial` nothing is asked for but what completes an item of a list: another file has the rest.
    """
    return read_model(view, Settings, partial=partial)


def read_model(view: View, model: type[M], *, partial: bool = False) -> M | None:
    """What the view's file says as that model, or None after noting in `view` what the models object to."""
    try:
        return model.model_validate(_plain(view.tree, model))
    except ValidationError as error:
        # The exception's own text quotes values; only what is built from it below may be shown.
        details = error.errors(include_url=False)
        unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
        misspelt = {(*path[:-1], nearest(str(path[-1]), _siblings(model, path))) for path in unknown}
        for detail in details:
            # A key that is there under a misspelt name is one problem, not two.
            missing = detail["type"] == "missing"
            elsewhere = partial and not any(isinstance(step, int) for step in detail["loc"])
            if not missing or (detail["loc"] not in misspelt and not elsewhere):
                _note(view, detail)
        return None


def part(view: View, model: type[M], key: str) -> M | None:
    """What stands under a top-level key as its model, where it is right: whatever is wrong is noted by the whole."""
    node = view.node(key)
    with suppress(ValidationError):
        return model.model_validate(_plain(node, view.model, (key,))) if node is not None else None
    return None


def _plain(node: YamlNode, model: type[Model], path: tuple[str | int, ...] = ()) -> Any:
    """The tree as dicts, lists and text. Keys without a value are left out, unless the models don't know them."""
    if isinstance(node, YamlList):
        return [_plain(item, model, (*path, index)) for index, item in enumerate(node.items)]
    if isinstance(node, YamlScalar):
        return None if node.absent else node.text
    found = {}
    for key, value in node.entries:
        inner = (*path, key.text)
        plain = _plain(value, model, inner)
        if plain is None and path == ("metrics",):
            plain = {}  # naming a metric is enough: its definition may be empty
        field = field_at(model, inner)
        if isinstance(field, FieldInfo) and field.default is None and _is_blank(plain):
            continue  # a group that may be left out, with none of its keys filled in
        if plain is not None or field is None:
            found[key.text] = plain
    return found


def _is_blank(plain: Any) -> bool:
    return isinstance(plain, dict) and all(map(_is_blank, plain.values()))


def _note(view: View, detail: Any) -> None:
    path: tuple[str | int, ...] = tuple(step for step in detail["loc"] if step != "[key]")
    node = view.node(*path)
    if isinstance(node, YamlScalar) and node.text == UNREADABLE:
        return
    # The models count only the items that are good: a wrong one is told by itself, and isn't missing.
    if detail["type"] == "too_short" and view.count(*path) > detail["ctx"]["actual_length"]:
        return
    field = field_at(view.model, path)
    if detail["type"] == "extra_forbidden":
        _unknown_key(view, path)
    elif detail["type"] == "missing":
        view.error(
            path, "settings.missing-key", msg("is missing"), missing_hint(field_at(view.model, path, meant=True))
        )
    elif detail["loc"] and detail["loc"][-1] == "[key]":
        rule, message, hint = complaint(detail, field)
        said = msg("the key `{path}` {message}", path=dotted(path), message=message)
        view.findings.append(Finding(view.key_place(*path), rule, said, hint))
    else:
        rule, message, hint = complaint(detail, field)
        view.error(path, rule, message, hint)


def _unknown_key(view: View, path: Path) -> None:
    place, name = view.key_place(*path), str(path[-1])
    if names_a_secret(name) and view.node(*path) is not None:
        message = msg("the key `{path}` holds a secret, and this file is kept in clear", path=dotted(path))
        hint = msg("move it into the vault with `handover vault add`, then delete the line")
        view.findings.append(Finding(place, "secret.key", message, hint))
        return
    known = _siblings(view.model, path)
    renamed = (RENAMED | _ONE).get(tuple(str(step) for step in path if isinstance(step, str)), "")
    hint = renamed or did_you_mean(name, known) or msg("delete it; the keys here are {known}", known=", ".join(known))
    message = msg("there is no key `{path}`", path=dotted(path))
    view.findings.append(Finding(place, "settings.unknown-key", message, hint))


def _siblings(model: type[Model], path: Path) -> list[str]:
    parent = field_at(model, path[:-1]) if len(path) > 1 else None
    inner = behind(parent.annotation) if isinstance(parent, FieldInfo) else model
    return list(keys_of(inner)) if isinstance(inner, type) and issubclass(inner, BaseModel) else []
