"""A project folder → `Sources`: every input read once, strictly, with all findings.

Role: the first step of the line (docs/project.md says what each file is). It decides whether files can be read
at all: encoding, shape, size, kind. Whether what they say is right is `handover.project.check`'s. It writes nothing,
follows no link and reads nothing outside the folder but what its workspace shares (`workspace`), and the client's files
where a person has confirmed their folder (`assets_folder`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_origin

from handover.formats.memory import many_records
from handover.languages import files as resources
from handover.languages.registry import WORKBOOK, Language, meant, ours, understood
from handover.model.agency import AGENCY_INPUT
from handover.model.base import Word, behind, keys_of
from handover.model.errors import AssetError, Severity, SourceLocation, TemplateError
from handover.model.message import msg, without_place
from handover.model.rows import OPTIONAL_TABLES, TABLES
from handover.model.selection import Scan, Selection
from handover.model.settings import Settings
from handover.model.sources import (
    ASSETS_FOLDER,
    DATA_FOLDER,
    NOT_FOR_PICTURES,
    NOTICE_FILE,
    PICTURES,
    SETTINGS_FILE,
    TEMPLATES_FOLDER,
    VAULT_FILE,
    Sources,
    Table,
    YamlList,
    YamlMap,
    YamlNode,
    YamlScalar,
    node_at,
    scalars,
)
from handover.project.read.assets_folder import assets_folder, elsewhere
from handover.project.read.csv_table import MAX_BYTES as MAX_CSV
from handover.project.read.csv_table import read_csv
from handover.project.read.files import ProjectFolder
from handover.project.read.images import MAX_BYTES as MAX_IMAGE
from handover.project.read.images import image_problem
from handover.project.read.workspace import Workspace, digest_of, inherited, place_of, read_agency
from handover.project.read.xlsx_table import MAX_BYTES as MAX_XLSX
from handover.project.read.xlsx_table import TableSheet, read_table_sheets, read_xlsx
from handover.project.read.yaml_tree import MAX_BYTES as MAX_YAML
from handover.project.read.yaml_tree import read_yaml
from handover.project.unconfirmed import unconfirmed

__all__ = ["ScanAssets", "canonical", "load_agency", "load_project", "load_settings", "no_assets"]

MAX_TEMPLATE = 20 * 1024 * 1024
MAX_WORDS = 1024 * 1024
MAX_VAULT = 64 * 1024 * 1024

_OF_THE_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx"})
"""What operating systems leave in folders."""

_OTHER_WORKBOOKS = frozenset({".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".csv"})
"""What a workbook of tables may have been saved as by mistake."""

N = TypeVar("N", bound=YamlNode)

ScanAssets = Callable[..., Scan]
"""Lists the files of a folder of assets and what isn't delivered (`handover.bundle.write.scan.scan_assets`)."""


def no_assets(_root: Path, _selection: Selection, **_: bool) -> Scan:
    """For `load_project` where the client's files aren't looked at."""
    return Scan()


@many_records()
def load_project(root: Path, *, scan_assets: ScanAssets | None = None, only: Collection[str] | None = None) -> Sources:
    """Read the project in the folder `root`.

    `scan_assets` replaces the packer's own scan of the client's files (tests use it). With `only`, the tables of these
    names are read and no others, and neither a table nor the folder of the client's files has to be there: for what is
    written before a project is complete. Nothing is raised for what is wrong inside the folder: `Sources.findings` has
    it. Raises UsageError when `root` isn't a folder.
    """
    folder = ProjectFolder(root)
    workspace = Workspace(folder)
    settings = _settings(folder, workspace)
    if (digest := digest_of(settings)) is not None:
        folder.digests[AGENCY_INPUT] = digest
    language = _language(settings)
    words = _words(folder, workspace, language)
    spoken = _spoken(folder, language, words)
    settings = canonical(settings, Settings, spoken) if settings else None
    tables = _tables(folder, spoken, only)
    _unknown_data_files(folder)
    images = _images(folder, workspace, settings)
    templates = _templates(folder, workspace, language)
    vault = folder.read(VAULT_FILE, MAX_VAULT) if folder.has(VAULT_FILE) else None
    notice = folder.read(NOTICE_FILE, MAX_VAULT) if folder.has(NOTICE_FILE) else None
    # Where it needn't be there, a folder that isn't is one without files.
    listed = only is None or folder.has(ASSETS_FOLDER) or elsewhere(root, settings) is not None
    assets_root, scan = _assets(folder, scan_assets or _packers_scan(), settings) if listed else (None, Scan())
    return Sources(
        root=root,
        settings=settings,
        tables=tables,
        images=images,
        templates=templates,
        words=words,
        vault=vault,
        notice=notice,
        assets_root=assets_root,
        assets=tuple(scan.sources),
        left_out=tuple(scan.left_out),
        languages=resources.languages() | ({language} if words else set()),
        digests=folder.digests,
        findings=tuple(folder.findings),
        shared=workspace.tree is not None,
        from_workspace=frozenset(workspace.gave),
    )


def load_settings(folder: ProjectFolder) -> YamlMap | None:
    """The project's settings with what its workspace shares, and nothing else of the project."""
    return _settings(folder, Workspace(folder))


def load_agency(folder: ProjectFolder) -> YamlMap | None:
    """The shared settings of a workspace, or None after noting in `folder` why they can't be read."""
    tree = read_agency(folder)
    return canonical(tree, Settings, understood()) if tree else None


def _settings(folder: ProjectFolder, workspace: Workspace) -> YamlMap | None:
    content = folder.read(SETTINGS_FILE, MAX_YAML)
    if content is None:
        return None
    own, findings = read_yaml(content, SETTINGS_FILE)
    tree, contradictions = inherited(own, workspace.tree)
    folder.findings += [*findings, *contradictions]
    if own is not None:
        folder.findings.extend(unconfirmed(content.decode("utf-8", "replace"), own, SETTINGS_FILE))
    return tree


def workbook_names(languages: Sequence[Language]) -> list[str]:
    """What the workbook of the tables may be called: one name, and each language's own."""
    return sorted({WORKBOOK, *(one.workbook for one in languages or ours())})


def _tables(
    folder: ProjectFolder, languages: Sequence[Language], only: Collection[str] | None = None
) -> dict[str, Table]:
    """Every table, or `only` those of some names, from the workbook's sheet or from its own file in `data/`."""
    sheets: list[tuple[str, TableSheet]] = []
    whole = True
    names = workbook_names(languages)
    for other in (name for name in folder.names("") if Path(name).suffix.casefold() in _OTHER_WORKBOOKS):
        if f"{Path(other).stem}.xlsx" in names:
            hint = msg("save it as an Excel workbook: {name}.xlsx", name=Path(other).stem)
            folder.add(SourceLocation(other), "file.unknown", msg("this file is not read"), hint, Severity.WARNING)
    for file in names:
        if not folder.has(file):
            continue
        if (content := folder.read(file, MAX_XLSX)) is None:
            whole = False
            continue
        found, findings = read_table_sheets(content, file, languages)
        folder.findings.extend(findings)
        whole = whole and not any(finding.severity is Severity.ERROR for finding in findings)
        sheets += [(file, sheet) for sheet in found]
    tables = {}
    for name in (one for one in TABLES if only is None or one in only):
        called = [(file, sheet) for file, sheet in sheets if sheet.table == name]
        # Of a workbook that can't be read nobody knows which tables it lacks.
        table = _table(folder, name, called, languages, needed=only is None and whole and name not in OPTIONAL_TABLES)
        if table is not None:
            tables[name] = table
    return tables


def _table(
    folder: ProjectFolder,
    name: str,
    sheets: Sequence[tuple[str, TableSheet]],
    languages: Sequence[Language],
    *,
    needed: bool,
) -> Table | None:
    """The table, which has one place: its file or a sheet with rows. A sheet without rows is a table without any."""
    files = [f for extension in ("csv", "xlsx") if folder.has(f := f"{DATA_FOLDER}/{name}.{extension}")]
    filled = [(file, sheet) for file, sheet in sheets if sheet.holds_rows]
    places = [SourceLocation(file, 1, 1, sheet.sheet) for file, sheet in filled] + [SourceLocation(f) for f in files]
    if len(places) > 1:
        others = ", ".join(str(place) for place in places[1:])
        message = msg("the table {name} is also in {others}", name=name, others=others)
        folder.add(places[0], "table.twice", message, msg("keep one of them, and delete the other"))
        return None
    if files:
        content = folder.read(files[0], MAX_CSV if files[0].endswith(".csv") else MAX_XLSX)
        if content is None:
            return None
        table, findings = (read_csv if files[0].endswith(".csv") else read_xlsx)(content, files[0], name, languages)
    elif sheets:
        file, sheet = (filled or sheets)[0]
        if not sheet.rows:
            return Table(name, SourceLocation(file, 1, 1, sheet.sheet), (), ())
        table, findings = sheet.read(file, languages)
    else:
        if needed:
            _missing(folder, name, languages)
        return None
    folder.findings.extend(findings)
    return table


def _missing(folder: ProjectFolder, name: str, languages: Sequence[Language]) -> None:
    csv = f"{DATA_FOLDER}/{name}.csv"
    book = next((file for file in workbook_names(languages) if folder.has(file)), None)
    if near := folder.near_miss(csv):
        folder.add(SourceLocation(csv), "file.missing", msg("{file} is missing", file=csv), near)
    elif book is not None:
        title = next((one.sheet(name) for one in languages if one.workbook == book), name)
        message = msg("the workbook has no sheet for the table {name}, nor is there {file}", name=name, file=csv)
        hint = msg("add a sheet called {title}, with a header row; without rows it means none", title=title)
        folder.add(SourceLocation(book), "file.missing", message, hint)
    else:
        columns = ",".join(TABLES[name].model_fields)
        hint = msg("write one with only the header for none: {columns}", columns=columns)
        folder.add(SourceLocation(csv), "file.missing", msg("{file} is missing", file=csv), hint)


def _unknown_data_files(folder: ProjectFolder) -> None:
    """A misspelt table, or one in another format, would otherwise be left out in silence."""
    known = {f"{name}{extension}" for name in TABLES for extension in (".csv", ".xlsx")}
    for file in folder.names(DATA_FOLDER):
        # Spreadsheet programs leave lock files beside what they have open.
        if file in known or file.startswith((".", "~$")) or file.casefold() in _OF_THE_SYSTEM:
            continue
        place = SourceLocation(f"{DATA_FOLDER}/{file}")
        hint = msg("the tables are called {tables} (.csv or .xlsx)", tables=", ".join(TABLES))
        folder.add(place, "file.unknown", msg("this file is not read"), hint, Severity.WARNING)


def _images(folder: ProjectFolder, workspace: Workspace, settings: YamlMap | None) -> dict[str, bytes]:
    images: dict[str, bytes] = {}
    owners = node_at(settings, "owners")
    signatures = (node_at(one, "signature_image") for one in (owners.items if isinstance(owners, YamlList) else ()))
    for value in (*(node_at(settings, *path) for path in PICTURES), *signatures):
        if not isinstance(value, YamlScalar) or value.absent or not _inside(value.text) or value.text in images:
            continue
        content = workspace.read(value.text, MAX_IMAGE, named_at=value.location)
        if content is None:
            continue
        if problem := image_problem(content):
            folder.add(SourceLocation(place_of(value.text, workspace.gave)), "image.unusable", *problem)
        else:
            images[value.text] = content
    return images


def _inside(path: str) -> bool:
    """Whether the path may be opened at all; `handover.project.check` says what is wrong with any other."""
    parts = path.split("/")
    return not {"", ".", ".."}.intersection(parts) and parts[0] not in NOT_FOR_PICTURES and not set(path) & set("\\:\0")


def _language(settings: YamlMap | None) -> str:
    """The settings' language where it can be a folder's name, else an empty text."""
    value = settings.get("language") if settings else None
    text = value.text if isinstance(value, YamlScalar) else ""
    return text if len(text) == 2 and text.isascii() and text.isalpha() and text.islower() else ""


def _templates(folder: ProjectFolder, workspace: Workspace, language: str) -> dict[str, bytes]:
    """Own Word templates: `letter`, and `fr/letter` from the language's folder; a document's are all the project's, or
    all the workspace's, so that the agency's in the language's folder doesn't win over the project's beside it."""
    places = [f"{TEMPLATES_FOLDER}/", *([f"{TEMPLATES_FOLDER}/{language}/"] if language else [])]
    own = {name for place in places for name in folder.names(place.rstrip("/"))}
    templates = {}
    for place in places:
        for file in workspace.names(place.rstrip("/")):
            if file.startswith((".", "~$")) or not file.endswith(".docx"):
                continue
            if file in own and not folder.has(f"{place}{file}"):
                continue
            content = workspace.read(f"{place}{file}", MAX_TEMPLATE)
            if content is not None:
                templates[f"{place}{file}".removeprefix(f"{TEMPLATES_FOLDER}/").removesuffix(".docx")] = content
    return templates


def _words(folder: ProjectFolder, workspace: Workspace, language: str) -> dict[str, str]:
    """The TOML files of a language that is the project's own (docs/adr/0011): of ours, only templates are replaced."""
    words: dict[str, str] = {}
    if not language or language in resources.languages():
        return words
    for file in workspace.names(f"{TEMPLATES_FOLDER}/{language}"):
        path = f"{TEMPLATES_FOLDER}/{language}/{file}"
        content = workspace.read(path, MAX_WORDS) if file.endswith(".toml") and not file.startswith(".") else None
        if content is None:
            continue
        try:
            words[file] = content.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            place = place_of(path, workspace.gave)
            message = msg("{file} isn't UTF-8 text", file=place)
            folder.add(SourceLocation(place), "text.encoding", message, msg("save it as UTF-8"))
    return words


def _spoken(folder: ProjectFolder, language: str, words: Mapping[str, str]) -> tuple[Language, ...]:
    """The languages in which the project may be written: its own, and ours."""
    try:
        return understood(language, words)
    except TemplateError as error:
        place = error.message.partition(": ")[0]
        folder.add(SourceLocation(place), "language.toml", without_place(error.message, place), error.hint)
        return understood()


def canonical(node: N, kind: Any, languages: Sequence[Language]) -> N:
    """The tree of a model's file with each word of a list, and each `yes`, as the models call it."""
    if isinstance(node, YamlList):
        return node._replace(items=tuple(canonical(item, kind, languages) for item in node.items))
    if isinstance(node, YamlMap):
        fields = keys_of(kind) if hasattr(kind, "model_fields") else {}
        entries = list[tuple[YamlScalar, YamlNode]]()
        for key, value in node.entries:
            annotation = fields[key.text].annotation if key.text in fields else None
            if get_origin(annotation) is dict and isinstance(value, YamlMap):  # its keys are the author's own
                inner = tuple((own, canonical(item, behind(annotation), languages)) for own, item in value.entries)
                entries.append((key, value._replace(entries=inner)))
            else:
                entries.append((key, canonical(value, behind(annotation), languages)))
        return node._replace(entries=tuple(entries))
    if isinstance(node, YamlScalar) and isinstance(kind, type) and (kind is bool or issubclass(kind, Word)):
        return node._replace(text=meant(kind, node.text, languages))
    return node


def _selection(settings: YamlMap | None) -> Selection:
    """What `options.assets` asks for; `handover.project.check` says what is wrong with it."""
    given = (node_at(settings, "options", "assets", key) for key in ("include", "exclude"))
    lists = (node if isinstance(node, YamlList) else None for node in given)
    return Selection(*([item.text for _, item in scalars(node) if not item.absent] for node in lists))


def _assets(folder: ProjectFolder, scan: ScanAssets, settings: YamlMap | None) -> tuple[Path | None, Scan]:
    """The folder of the client's files, None where it mustn't be opened, and what is in it.

    In a folder that isn't the project's own nobody renames files for a bundle: they get names that can travel there.
    """
    outside = elsewhere(folder.root, settings) is not None
    if outside and scan is no_assets:
        return None, Scan()
    path = assets_folder(folder, settings)
    if path is None:
        return None, Scan()
    try:
        found = scan(path, _selection(settings), **({"rename_unsafe": True} if outside else {}))
    except AssetError as error:
        folder.add(SourceLocation(ASSETS_FOLDER), "file.unreadable", error.message, error.hint)
        return None, Scan()
    folder.findings.extend(found.findings)
    return path, found


def _packers_scan() -> ScanAssets:
    from handover.bundle.write.scan import scan_assets

    return scan_assets
