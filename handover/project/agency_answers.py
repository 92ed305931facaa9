"""What `handover setup` wants to know of an agency, and where each answer stands in `agency.yaml`.

Role: the list of questions, a file of answers, and what is wrong with an answer, which is judged as the settings would
be that it makes. It asks nobody and writes nothing.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from handover.languages.registry import START, ours, understood
from handover.model.agency import AGENCY_FILE
from handover.model.did_you_mean import did_you_mean
from handover.model.errors import Finding, InvalidInput, Severity
from handover.model.message import msg
from handover.model.settings import Settings
from handover.model.sources import Keys, YamlList, YamlMap, YamlNode, YamlScalar, node_at, scalars, shown
from handover.project.check.agency import check_agency
from handover.project.read import canonical
from handover.project.read.workspace import shared_part
from handover.project.read.yaml_tree import read_yaml

Answers = dict[str, str | tuple[str, ...]]
"""An answer by its question's name."""


class Question(NamedTuple):
    """One thing to know: its name among options and in a file of answers, its place, and how people are asked."""

    name: str
    path: Keys
    text: str
    many: bool = False
    needed: bool = False
    """Whether no letter can do without."""

    @property
    def option(self) -> str:
        """How the command line calls it."""
        return f"--{self.name.replace('_', '-')}"


QUESTIONS: Final = (
    Question("language", ("language",), msg("the language of your documents, fr or en"), needed=True),
    Question("locale", ("locale",), msg("the country variant for dates and paper (fr_FR, fr_CH, en_GB, en_US)")),
    Question("name", ("agency", "name"), msg("the agency's name, as it stands on the letterhead"), needed=True),
    Question("voice", ("agency", "voice"), msg("who speaks in the documents: we (an agency) or i (a freelancer)")),
    Question("address", ("agency", "address"), msg("the postal address"), many=True, needed=True),
    Question("email", ("agency", "email"), msg("the e-mail address that clients write to"), needed=True),
    Question("phone", ("agency", "phone"), msg("the phone number, as it should be printed")),
    Question("website", ("agency", "website"), msg("the web site, as it should be printed")),
    Question("registration", ("agency", "registration"),
        msg("the legal details at the letter's foot (company form, registration and VAT numbers)"), many=True),
    Question("place", ("letter", "place"), msg("the town in which letters are signed"), needed=True),
    Question("currency", ("options", "currency"), msg("the currency of your amounts (EUR, GBP, CHF …)")),
    Question("law", ("contract", "governing"), msg("the law that governs your contracts: fr, uk, us or other")),
)  # fmt: skip
"""In the order in which they are asked. A colour and a logo are asked for by the command, one because of the other."""

COLOUR: Final = Question("colour", ("brand", "colour"), msg("the one colour of your documents"))
LOGO: Final = Question("logo", ("brand", "logo"), msg("the file of your logo (PNG, JPEG or SVG)"))
OWNER: Final = (
    Question("owner", ("name",), msg("who signs the letters: first and last name"), needed=True),
    Question("title", ("title",), msg("their role under the signature"), needed=True),
    Question("owner_email", ("email",), msg("their own e-mail address, if not the agency's")),
    Question("owner_phone", ("phone",), msg("their own phone number, if not the agency's")),
)
"""What is asked of each owner; the paths are inside the owner."""
FILES: Final = ("logo", "signature_image", "key")
"""Answers that name a file: one in a file of answers is looked for beside it (`key` where it isn't another answer)."""
_OF_OWNER: Final = {**{question.path[0]: question.name for question in OWNER}, "key": "key",
                    "signature_image": "signature_image"}  # fmt: skip


def proposed(environment: Mapping[str, str]) -> Answers:
    """What the computer's own language suggests (`LC_ALL`, `LC_MESSAGES`, `LANG`): language, variant, currency."""
    from babel.numbers import get_territory_currencies

    named = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    language, _, territory = named.partition(".")[0].partition("_")
    known = {one.code: one.locale for one in ours()}
    if language not in known:
        language, territory = START, ""
    used = get_territory_currencies(territory) if len(territory) == 2 and territory.isalpha() else []
    locale = f"{language}_{territory}" if used else known[language]
    currency = (used or get_territory_currencies(locale.rpartition("_")[2]))[0]
    return {"language": language, "locale": locale, "currency": currency}


def read_answers(content: bytes, file: str) -> tuple[Answers, list[Answers]]:
    """A file of answers (YAML): those of the agency, and one group for each owner under `owners`.

    Raises InvalidInput with everything that is wrong in it.
    """
    tree, findings = read_yaml(content, file)
    folder = os.path.dirname(file)  # noqa: PTH120 — the name as it was typed
    given: Answers = {}
    owners: list[Answers] = []
    known = {question.name: question.many for question in (*QUESTIONS, COLOUR, LOGO)}
    for key, value in tree.entries if tree else ():
        if key.text == "owners":
            items = value.items if isinstance(value, YamlList) else [value]  # one may stand without a hyphen
            owners += [_of_owner(item, folder, findings) for item in items]
        elif key.text in known:
            _take(given, key, key.text, value, folder, findings, many=known[key.text])
        else:
            findings.append(_unknown(key, [*known, "owners"]))
    if findings:
        raise InvalidInput(findings)
    return given, owners


def _of_owner(item: YamlNode, folder: str, findings: list[Finding]) -> Answers:
    found: Answers = {}
    for key, value in item.entries if isinstance(item, YamlMap) else ():
        if key.text in _OF_OWNER:
            _take(found, key, str(_OF_OWNER[key.text]), value, folder, findings)
        else:
            findings.append(_unknown(key, list(map(str, _OF_OWNER))))
    if "owner" not in found:
        findings.append(Finding(item.location, "settings.missing-key", msg("an owner has no `name`")))
    return found


def _take(
    given: Answers,
    key: YamlScalar,
    name: str,
    value: YamlNode,
    folder: str,
    findings: list[Finding],
    *,
    many: bool = False,
) -> None:
    texts = [one.text for _, one in scalars(value) if not one.absent]
    if isinstance(value, YamlMap) or (isinstance(value, YamlList) and not many):
        findings.append(Finding(key.location, "value.shape", msg("`{key}` is one value", key=key.text)))
    elif many:
        given[name] = tuple(texts)
    elif texts:
        is_file = name in FILES and not (name == "key" and key_kind(texts[0]) != "file")
        given[name] = os.path.join(folder, texts[0]) if is_file else texts[0]  # noqa: PTH118 — absolute ones stay


def _unknown(key: YamlScalar, known: Sequence[str]) -> Finding:
    hint: str = did_you_mean(key.text, list(known)) or msg("the answers are {names}", names=", ".join(known))
    message = msg("there is no question `{name}`", name=shown(key.text))
    return Finding(key.location, "settings.unknown-key", message, hint)


def key_kind(answer: str) -> str:
    """What an answer about a key means: `new`, `later`, a `fingerprint`, or else a `file`."""
    digits = "".join(answer.split()).replace(":", "")
    if answer in {"new", "later"}:
        return answer
    return "fingerprint" if len(digits) == 64 and set(digits.lower()) <= set("0123456789abcdef") else "file"


def value_at(content: bytes, path: Keys) -> str | tuple[str, ...]:
    """What the settings say at a path: a text, a tuple for a list, an empty text for nothing."""
    node = node_at(read_yaml(content, AGENCY_FILE)[0], *path)
    if isinstance(node, YamlList):
        return tuple(one.text for one in node.items if isinstance(one, YamlScalar) and not one.absent)
    return node.text if isinstance(node, YamlScalar) and not node.absent else ""


def owners_of(content: bytes) -> list[str]:
    """The owners' names, an empty one for an owner who isn't named yet."""
    node = node_at(read_yaml(content, AGENCY_FILE)[0], "owners")
    count = len(node.items) if isinstance(node, YamlList) else 0
    return [str(value_at(content, ("owners", at, "name"))) for at in range(count)]


def objections(content: bytes, languages: Sequence[str], path: Keys | None = None) -> list[Finding]:
    """The errors in the settings; with a `path`, those of what stands there alone."""
    tree, findings = read_yaml(content, AGENCY_FILE)
    if tree is not None:
        tree, foreign = shared_part(tree)
        findings = [*findings, *foreign, *check_agency(canonical(tree, Settings, understood()), languages)]
    wrong = [finding for finding in findings if finding.severity is Severity.ERROR]
    if path is None:
        return wrong
    places = {scalar.location for _, scalar in scalars(node_at(tree, *path))}
    return [finding for finding in wrong if finding.location in places]
