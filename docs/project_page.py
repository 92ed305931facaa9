"""docs/project.md, made from the models: every key, column and word, with its meaning and an example.

Role: keeps the documentation true. The models' docstrings and examples are its only source for keys and columns;
what is said around them stands here. Pure: it gives text; `docs/generate.py` writes or compares the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from handover.documents.base import Audience
from handover.documents.registry import OUTSIDE
from handover.importers.credentials import FORMATS
from handover.importers.credentials.formats import FORMATS as CSV_FORMATS
from handover.importers.pending import IMPORTERS as PENDING
from handover.importers.registry import Format
from handover.languages.registry import CREDENTIALS, ours, spellings
from handover.model.agency import SHARED, is_shared
from handover.model.base import Model, Word, described, keys_of
from handover.model.life import INTERNAL_FILE, LIFE_TABLES, Internal
from handover.model.rows import OPTIONAL_TABLES, TABLES, CredentialRow
from handover.model.settings import Settings
from handover.project.agency_answers import COLOUR, LOGO, QUESTIONS
from handover.project.check.settings import RENAMED
from handover.project.check.wording import field_at
from schemas import LIFE_FILES

_INTRO = """\
# The project folder

<!-- Generated from the models by docs/generate.py: edit the docstrings, not this page. -->

`handover new acme` writes a project folder with every field explained in place. This page is the reference.

| file or folder | what it holds |
|---|---|
| `handover.yaml` | agency, client, contract, letter, periods, options |
| `handover.xlsx`, or `dossier.xlsx` | the tables below, a sheet each: Pending, Assets, Accounts, Invoices, Metrics |
| `data/metrics.csv` | or as text: values of metrics, a row each |
| `data/pending.csv` | pending projects |
| `data/assets.csv` | optional: what the files alone can't tell |
| `data/accounts.csv` | accounts and who will own them; no secrets |
| `data/invoices.csv` | invoices |
| `data/milestones.csv`, `data/routines.csv`, `data/training.csv` | optional: what the transition plan and the takeover guide tell |
| `vault.xlsx` | credentials, encrypted (`handover vault`) |
| `signed/notice.docx` | the notice, signed when it went out (`handover write notice`, `handover sign`): packed as it is |
| `assets/` | the client's files, delivered but for what `options.assets` says; it may be empty, and isn't there where `assets.from` names a folder elsewhere |
| `brand/` | logo and the owner's signature: PNG or JPEG, at most 10 MB and 10,000 pixels a side |
| `templates/` | optional: your own versions of the Word templates |
| `journal.csv` | what happened when; `handover status` reads it and adds to it: never delivered |
| `internal/` | reasons, evidence, answers, notes; `made/` holds what `handover write` makes of them: never delivered |
| `received/` | what came back from the client, as it came |
| `out/` | bundles |

## How the files are read

- Everything is UTF-8 text, or UTF-16 with its mark; a byte order mark and Windows line ends are fine. A table that can
  only be Windows-1252 is read with a warning. Files are regular files inside the folder: links, pipes and devices are
  refused.
- `handover.yaml` is YAML 1.2 without its surprises: no key twice, no tags, anchors or aliases, one document. Every
  value is kept as written, so that `no` is a word and `0556…` keeps its zero. A key left empty, or `null`, is absent. A
  value that holds ` #` stands in quotes: what follows would be a comment.
- **Dates** are written `2026-11-30`. Tables also take them as people write them (`30/11/2026`, `30.11.26`,
  `1er mars 2026`, `Sunday, March 15, 2026`, `2 déc. 2026`, `janv-24` for a month), a spreadsheet's own days and the
  numbers (`46096`) that stand for them. Which number is the day, the dates of a table tell together; `03/04/2026` where
  none tells is a question that gives both readings. True or false is `true` or `false`, or yes and no in any of the
  languages (`oui`, `non`).
- **The workbook** has a sheet for each table, called as the table is in either language; `handover new` makes it, with
  lists to choose from, a note at each header, and required cells that are red as long as they are empty in a row that
  holds anything. Nothing in it is hidden or locked. A sheet without rows is a table without any; a filled sheet of
  another name is told. A table has one place: rows in the workbook and a file in data/ are an error that names both.
  `handover import workbook` moves the files of data/ into it. Imports add rows below those of the sheet and change
  nothing else in the file; a wide sheet of metrics takes none. Save it as .xlsx, in Excel or LibreOffice.
- **Tables as text** are CSV (separated by commas, semicolons, tabs or bars, found from the header or said by a first line
  `sep=;`) or `.xlsx` under the same name, on the only sheet with cells or the one called like the table. Cells that
  lack at the end of a row are empty. The first row names the columns, in any of the languages, in any
  order; columns that aren't required may be left out, unknown ones are refused. A table with nothing but its header
  means "none". Workbooks hold values: formulas are refused. Metrics may also be a wide table: months down and a metric
  per column (`month,visitors,leads`), or metrics down and months across.
- **Numbers** in tables may have a decimal point or comma and grouped thousands (`1 234,5`, `1,234.5`, `1'234.50`), and
  amounts a currency's sign or code (`1 234,50 €`, `CHF 120.–`), which must be that of the row. The decimal
  mark is decided for each column as a whole; a column in which nothing tells what `1,234` means is refused.
  Percentages are written 0–100 (2.4 means 2.4 %). In `handover.yaml`, numbers have a decimal point and no grouping. A
  workbook's cell counts as it is shown where the format changes its value: 0.024 shown as 2.4 % is 2.4; a percent
  sign that is mere text in the format (`0.0\\%`, `0" %"`) changes nothing.
- **One owner** may be written as `owner:` with its keys, and one contact as `contact:`, without the dash of a list.
- **Words** of a fixed list may be in any of the languages, in any case: English, French, and the project's own
  (`templates/es/language.toml`), and as people put them (`à faire`, `doing`, `sous condition`).
- A column or key named like a secret (password, PIN, token, mot de passe …) is refused when it isn't empty: credentials
  belong in the vault.
- **Prose** is typeset when it is printed, in the documents' language: quotes, apostrophes, dashes of ranges, the
  spaces of dates, amounts and French signs; of names only the apostrophes. Addresses, paths, names of files,
  identifiers and `code` in it stay as typed, as do secrets and the copies in the bundle's data/.
- Limits: `handover.yaml` 256 KB; a table 20 MB, 100,000 rows, 100 columns, 32,767 characters a cell.

## How figures are compared

- Changes, percentages, verdicts and targets are computed from exact values. Figures are printed with the decimals
  that were asked for, and with more where two values, a change or a missed target couldn't be told apart with so few.
- A month counts when it was measured whole: one that wasn't over on the day of export (`exported_on`), or isn't over
  on the day of the bundle, doesn't. Where both periods have the same calendar months, a month that one of them lacks
  is left out of the other, and the figure names the months that it stands on. Months of different seasons are a
  caveat; where no calendar month was measured in both periods, nothing is compared.
- A rate is computed only when it is named: under `metrics:`, in `report.headline`, or by a count that has no other
  use (`promoters`, `leads_sourced` …). It is that of the whole period: a month with spending and no lead counts in a
  cost per lead. A part may itself be computed (acquisition cost from spend and new customers). Given values of the
  rate stand where the parts don't agree with them. A share that would come out above 100 % isn't computed,
  nor anything from amounts in two currencies.
- `clicks`, `impressions` and `click_through_rate` are those of search; advertisements have `ad_clicks`,
  `ad_impressions` and `ad_click_through_rate`.
- A `source` that changes from row to row breaks a series, since two tools seldom count alike: then and now aren't
  compared. Where the metric's definition names a `source`, that one holds for all its values and nothing breaks; an
  annotation with `breaks_series` still does. A file's name is never a source.
"""

EXAMPLE_SETTINGS = """\
language: en
agency:
  name: Northlight Studio
  address:
    - 12 Harbour Street
    - Whitby YO22 4ET
  email: hello@northlight.example
owners:
  - name: Ada Marsh
    title: Managing director
    signature_image: brand/signature.png
client:
  id: acme-bakery
  name: Acme Bakery
  contacts:
    - name: Ruth Carter
      salutation: Dear Ms Carter
      email: ruth@acme.example
  address:
    - 3 Mill Lane
    - Whitby YO21 1AA
contract:
  reference: NS-2023-04
  subject: the care of your web shop
  start_date: 2023-04-03
  ended_by: mutual
  notice_date: 2026-08-31
  last_working_day: 2026-11-30
letter:
  date: 2026-09-01
  place: Whitby
  highlights:
    - The web shop went online in eleven weeks.
    - Orders doubled between 2024 and 2026.
  deliveries:
    - what: Final analytics report
      due_date: 2026-11-20
periods:
  baseline: {start: 2024-11-01, end: 2025-10-31}
  current: {start: 2025-11-01, end: 2026-10-31}
metrics:
  visitors:
  newsletter_readers:
    label: Newsletter readers
    unit: count
    combine: last
"""
"""A complete, valid handover.yaml with few optional keys."""

EXAMPLES: Mapping[str, str] = {
    "metrics": """\
date,metric,value,source
2026-01,visitors,8214,
2026-02,visitors,8730,
2026-02,conversion_rate,2.4,Shop back office
""",
    "pending": """\
projet;description;statut;avancement;prochaine action;responsable;échéance;fichiers;décision
Refonte de la boutique;Page produit;en cours;60;Recette du paiement;Léa Morvan;2026-11-20;Site/boutique;terminer
Vidéo de marque;;idée;;;;;;abandonner
""",
    "assets": """\
path,owner,licence,transferable,rights,expires_on
Photos/Harvest,Studio Lumen,Contract of 3 May 2024,conditions,"Web and print, credited",2027-05-03
Fonts,,SIL Open Font License 1.1,yes,,
""",
    "accounts": """\
service,account,current_owner,new_owner,transfer,status,renewal_date
Domain acme.example,AC-4471,Northlight,Acme Bakery,Transfer code by phone,in-progress,2027-02-01
""",
    "invoices": """\
numéro;libellé;émise le;échéance;montant;devise
F-2026-118;Maintenance, octobre;2026-10-31;2026-11-30;1 240,50;EUR
""",
    "milestones": """\
on,milestone,phase,who,service,done_on
2026-10-20,First call with the new team,prepare,agency,,2026-10-20
2026-11-12,Invitation accepted,transfer,client,Google Business Profile,
""",
    "routines": """\
task,frequency,how,tool,minutes,next_due_on
Check the night's backup,weekly,"Open the newest file, restore one page from it.",Web hosting,15,2026-12-07
""",
    "training": """\
topic,for_whom,on,minutes,trainer,material
Writing the newsletter,Ruth Carter,2026-11-18,90,,Newsletter/style guide.pdf
""",
}
"""A valid table for each kind, as CSV."""


def project_reference() -> str:
    """The whole of docs/project.md, Markdown."""
    parts = [*_settings(), *_workspace(), *_tables(), *_vault(), *_life(), *_word_lists()]
    return "\n".join([_INTRO, *parts]).rstrip() + "\n"


def _settings() -> Iterator[str]:
    yield f"## handover.yaml\n\nA short one, complete:\n\n```yaml\n{EXAMPLE_SETTINGS}```\n\nEvery key:\n"
    yield _key_table("", Settings)
    yield from _groups("", Settings)
    yield "### Keys that had another name\n\nEach fact has one place; the old key is an error that says where it went.\n"
    yield "| old key | now |\n|---|---|"
    yield "\n".join(_row([f"`{'.'.join(path)}`", str(text)]) for path, text in RENAMED.items()) + "\n"


def _workspace() -> Iterator[str]:
    keys = [
        f"`{key}.{own}`" if own else f"`{key}`"
        for key, inner in SHARED.items()
        for own in (inner if inner is not None else [""])
        if is_shared(*filter(None, (key, own))) and field_at(Settings, [key, *filter(None, [own])]) is not None
    ]
    yield _WORKSPACE.format(keys=", ".join(keys))
    rows = ["| answer | key | question |", "|---|---|---|"]
    rows += [
        _row([f"`{one.name}`", f"`{'.'.join(map(str, one.path))}`", str(one.text)])
        for one in (*QUESTIONS, LOGO, COLOUR)
    ]
    yield _ANSWERS + "\n".join(rows) + "\n" + _OF_OWNERS


_ANSWERS = """### Answers for `handover setup`

Each is asked for on a terminal, given by an option of its name (`--registration` again for each line), or read from a file:
`handover setup studio --answers answers.yaml --no-input`. Files in it are looked for beside it.

"""
_OF_OWNERS = """
`owners` is a list in the file, each with `name`, `title`, `email`, `phone`, `key` and `signature_image`; as options, `--owner`,
`--title`, `--owner-email`, `--owner-phone`, `--key` and `--signature-image` are those of one owner. `key` is `new` (made here), the
path of a .p12 or .pfx file (taken over), the fingerprint of one that is elsewhere, or `later`. A new key's password comes from a
prompt or `--key-passphrase-file`.
"""

_WORKSPACE = """## agency.yaml: the workspace

What an agency says about itself is said once. A folder with `agency.yaml` is a workspace, and the projects in it (its direct
subfolders) have its values where their own `handover.yaml` says nothing: `handover setup` writes it. A project alone works too.

- Shared: {keys}. They mean what they mean in `handover.yaml`. Any other key is refused there.
- Groups are taken over key by key, lists as a whole. A key left empty in `handover.yaml` says nothing, and has the
  shared value. A project in another language than its workspace's doesn't have its `locale`.
- `owners`, and the pins of their keys, can't be overridden: a project that names other owners is refused, with both places.
- `brand/` and `templates/` of the workspace hold what the project's own folders lack: `brand/logo.png` is looked for in the
  project, then in the workspace. Nothing else of the workspace is read, and no folder further up.
- `agency.yaml` is taken over only where it, its folder and the project belong to the same user, and it is no link; otherwise a
  warning says so. Windows doesn't tell owners this way: there, keep workspaces where nobody else may write.
- Commands name it (`settings shared from ../agency.yaml`), findings name the file in which a value stands, and the bundle's
  inputs hold one digest of the values taken over, `agency`. `handover validate` checks a workspace by itself, too.
"""


def _groups(prefix: str, model: type[BaseModel]) -> Iterator[str]:
    for name, field in keys_of(model).items():
        inner, shape = _inner(field.annotation)
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            continue
        path = f"{prefix}{name}{_SHAPES[shape]}"
        yield f"### `{path}`\n"
        yield f"{_first(inner.__doc__)}\n"
        yield _key_table(f"{path}.", inner)
        yield from _groups(f"{path}.", inner)


_SHAPES = {"one": "", "list": "[]", "map": ".<metric>"}


def _key_table(prefix: str, model: type[BaseModel]) -> str:
    rows = ["| key | meaning | form | needed | example |", "|---|---|---|---|---|"]
    for name, field in keys_of(described(model)).items():
        needed = "yes" if field.is_required() else _default(field)
        cells = [
            f"`{prefix}{field.alias or name}`",
            _meaning(field),
            _form(field.annotation, field),
            needed,
            _example(field),
        ]
        rows.append(_row(cells))
    return "\n".join(rows) + "\n"


def _tables() -> Iterator[str]:
    yield "## Tables\n"
    for name, model in TABLES.items():
        optional = " Optional." if name in OPTIONAL_TABLES else ""
        yield f"### data/{name}.csv\n\n{_first(model.__doc__)}{optional}\n"
        yield _column_table(model)
        yield f"```csv\n{EXAMPLES[name]}```\n"
        if name == "pending":
            yield _BOARDS
            yield _programs(PENDING)
        if name == "invoices":
            yield _BILLS


def _vault() -> Iterator[str]:
    yield f"## vault.xlsx\n\n{_first(CredentialRow.__doc__)} `handover vault` makes and fills it.\n"
    yield _column_table(CredentialRow)
    yield _SAVED_ELSEWHERE
    yield _EXPORTS
    yield _programs((*FORMATS, *CSV_FORMATS))


def _programs(formats: Iterable[Format]) -> str:
    rows = ["| program | file | how to export it |", "|---|---|---|"]
    for known in formats:
        files = ", ".join(f"`.{ending}`" for ending in known.extensions)
        rows += [_row([known.title, files, known.help])] if known.title else []
    return "\n".join(rows) + "\n"


_BOARDS = """`handover import pending FILE` adds the open tasks of a board or list; archived and done ones are counted and left out, and
so is what the table has already. A list or status that is called as one of our statuses is, in any of the languages, needs
nothing; what any other means is asked, or said with `--map "Backlog=idea"`, `--map "Doing=in-progress,hand-over"`, or
`--map "Someday=-"` to leave its tasks out. `decision` stays empty unless `--decision` or `--map` says it.
"""

_BILLS = """`handover import invoices FILE...` adds what invoices say, each number once: PDFs (by the XML of Factur-X or ZUGFeRD in them, or
else by their text), that XML alone, Word files and texts. It reads them as `handover new` does, in a child with limits. One that
says it was paid is counted and left out. Where a file is no invoice to this client, can't be read for certain, or says
something else than the table or another of the files, it's named, and nothing is added.
"""

_SAVED_ELSEWHERE = """Excel 2013 and later saves it as it should be. LibreOffice 7 saves it in an older kind of encryption (AES-128, no integrity
code): `handover vault list`, `add`, `import` and `remove` then show which rows are new or changed since handover wrote it, and
once that is confirmed at the terminal save it again properly. `build` refuses such a file.
"""

_EXPORTS = """### Password managers' exports

`handover vault import FILE` recognises an export by its content. An export with several folders, vaults, collections or
tags is never taken whole unasked: `--folder NAME` says which are this client's, `--everything` that all are.

| | |
|---|---|
| taken | name, user name, password, second factor, every address, note, further fields, folder (below the chosen one) |
| told, not taken | cards, identities, secure notes, keys and other kinds; deleted and archived entries; passkeys, attachments, \
fields of several parts, texts borrowed from another entry; entries without user name and password; what a newer version \
of the program added to its table |
| asked about | entries whose note says not to pass them on, or that sign in at the agency's own domain (`--take NAME`) |
| passed over | earlier passwords, icons, favourites, times, settings of browsers' extensions |
| refused | a wrong passphrase; a file that is damaged or altered; keys that cost more than 1 GiB, 32 GiB filled in all, or a \
thousand million rounds; KeePass 1, Twofish; what is encrypted for one account (Bitwarden) or with PGP (Proton Pass) |
"""


_AROUND = """\
## Around the last delivery

What follows is optional, is read by `status`, `write` and `import` alone, and never is an input of a bundle. `build`, `send`
and `write` refuse what repeats it: files of `internal/` by their digest, eight words in a row, whole values of four to seven.

### Documents

`handover write DOCUMENT` writes one of these; those of the bundle are `build`'s. What is for yourself alone goes into
`internal/made/`, marked on every page, and can't be packed or sent. Each needs the settings and the tables that it is made from; what
other tables hold, or lack, is no matter.

"""


def _life() -> Iterator[str]:
    """Documents outside the bundle, internal.yaml and the tables beside it."""
    yield _AROUND
    rows = ["| document | moment | for | what it is |", "|---|---|---|---|"]
    for one in OUTSIDE:
        reader = (
            "yourself" if one.audience is Audience.INTERNAL else "the client" if one.id != "discovery" else "prospects"
        )
        rows.append(_row([f"`{one.id.replace('_', '-')}`", one.moment, reader, one.help]))
    yield "\n".join(rows) + "\n"
    yield f"### {INTERNAL_FILE}\n\n{_first(Internal.__doc__)}\n\nEvery key:\n"
    yield _key_table("", Internal)
    yield from _groups("", Internal)
    for name, model in LIFE_TABLES.items():
        yield f"### {LIFE_FILES[name]}\n\n{_first(model.__doc__)}\n"
        yield _column_table(model)


def _column_table(model: type[Model]) -> str:
    tables = {**TABLES, **LIFE_TABLES}
    table = next((name for name, rows in tables.items() if rows is model), CREDENTIALS)
    rows = ["| column | also | meaning | form | needed |", "|---|---|---|---|---|"]
    for name, field in described(model).model_fields.items():
        also = [
            f"`{header}`"
            for one in ours()
            for header, column in one.headers[table].items()
            if column == name != header.replace(" ", "_")
        ]
        needed = "yes" if field.is_required() else "–"
        rows.append(_row([f"`{name}`", " or ".join(also), _meaning(field), _form(field.annotation, field), needed]))
    return "\n".join(rows) + "\n"


def _word_lists() -> Iterator[str]:
    yield "## Words\n"
    kinds = dict.fromkeys(_inner(field.annotation)[0] for model in _models() for field in keys_of(model).values())
    for word in (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Word)):
        yield f"### {_used_by(word)}\n\n{_first(word.__doc__)}\n"
        rows = ["| word | also understood |", "|---|---|"]
        for member in word:
            also = [text for text, value in spellings(word).items() if value == member.value]
            others = [f"`{text}`" for text in also if text.replace(" ", "-") != member.value]
            rows.append(_row([f"`{member.value}`", " or ".join(others)]))
        yield "\n".join(rows) + "\n"


def _used_by(word: type[Word]) -> str:
    names = [
        name for model in _models() for name, field in keys_of(model).items() if _inner(field.annotation)[0] is word
    ]
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _models() -> Iterator[type[BaseModel]]:
    """Every model that people fill in, in the page's order."""
    yield from (*TABLES.values(), CredentialRow, *_all_models(Settings), *LIFE_TABLES.values(), *_all_models(Internal))


def _all_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        inner, _ = _inner(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _all_models(inner)


def _inner(annotation: Any) -> tuple[Any, str]:
    """The type that a person writes, and whether as `one`, as a `list` or as a `map`."""
    shape = "one"
    while get_args(annotation):
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is tuple:
            annotation, shape = arguments[0], "list"
        elif origin is dict:
            annotation, shape = arguments[1], "map"
        elif hasattr(annotation, "__metadata__"):
            annotation = arguments[0]
        elif type(None) in arguments:
            annotation = next(a for a in arguments if a is not type(None))
        else:
            break
    return annotation, shape


_FORMS = {
    "str": "text",
    "int": "whole number",
    "Decimal": "number",
    "date": "date",
    "bool": "true or false",
    "Secret": "secret",
}


def _form(annotation: Any, field: FieldInfo) -> str:
    inner, shape = _inner(annotation)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return {"one": "group of keys", "list": "list of groups", "map": "groups by metric"}[shape]
    if isinstance(inner, type) and issubclass(inner, Word):
        text = f"one of {', '.join(member.value for member in inner)}"
    else:
        text = _FORMS.get(getattr(inner, "__name__", ""), "1")
    if shape == "list":
        limit = next((m.max_length for m in field.metadata if hasattr(m, "max_length")), None)
        return f"list of {text}" + (f", at most {limit}" if limit else "")
    return text


def _default(field: FieldInfo) -> str:
    default = field.get_default()
    return f"`{default}`" if isinstance(default, str | int) and not isinstance(default, bool) else "–"


def _example(field: FieldInfo) -> str:
    if not field.examples:
        return ""
    example = field.examples[0]
    return " / ".join(f"`{line}`" for line in example) if isinstance(example, list) else f"`{example}`"


def _meaning(field: FieldInfo) -> str:
    inner, _ = _inner(field.annotation)
    if field.description:
        return " ".join(field.description.split())
    return _first(inner.__doc__) if isinstance(inner, type) and issubclass(inner, BaseModel) else ""


def _first(docstring: str | None) -> str:
    return " ".join((docstring or "").split("\n\n")[0].split())


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
