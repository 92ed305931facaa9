"""The inventory: what is in each sheet, in both languages, exact and without anything that a draft must not hold."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from handover.documents.asset_notes import AssetNote, AssetNotes
from handover.documents.inventory import INVENTORY, render, web_link
from handover.documents.inventory_steps import steps
from handover.formats.excel import Cell, read_workbook
from handover.languages.words import Words
from handover.model.artifact import Role, Seal
from handover.model.project import Vault
from handover.model.rows import AccountRow, AccountStatus, AssetRow, CredentialRow, YesNo
from handover.model.secret import Secret
from sample_handover import AWKWARD_TEXTS, CONTENTS, assets, credentials, given, project, settings

LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


def workbook(language: str = "en", **changes: object) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(given("inventory", language, **changes))))


def column(book: Workbook, sheet: str, header: str) -> list[object]:
    """The values under a header; openpyxl's reader is another program's opinion."""
    table = book[sheet]
    (at,) = (cell.column for cell in table[1] if cell.value == header)
    return [table.cell(row, at).value for row in range(2, table.max_row + 1)]


@LANGUAGES
def test_every_secret_is_in_its_cell_byte_for_byte(language: str) -> None:
    sheets = {sheet.name: sheet for sheet in read_workbook(render(given("inventory", language)), "x.xlsx")}
    words = Words.load(language, "fr_FR", "inventory")
    cells = {(cell.row, cell.column): cell.text for cell in sheets[words.text("credentials.sheet")].cells}
    for row, text in enumerate(AWKWARD_TEXTS, start=2):
        assert cells[row, 4] == cells[row, 5] == cells[row, 8] == text
        assert cells[row, 6] == f"{text}\n{text}"
    assert cells[len(AWKWARD_TEXTS) + 2, 1] == "Only a service"


def test_the_sheets_have_the_columns_that_were_promised() -> None:
    book = workbook()
    assert book.sheetnames == ["Start here", "To do", "Assets", "Accounts", "Credentials"]
    headers = {name: [cell.value for cell in book[name][1]] for name in book.sheetnames[1:]}
    assert headers["Assets"] == [
        "File", "Kind", "Dimensions or duration", "Size (bytes)", "Modified", "Owner", "Licence",
        "Transferable?", "What you may do with it", "Expires", "Note", "SHA-256",
    ]  # fmt: skip
    assert headers["Credentials"] == [
        "Service", "URL", "User name", "Password", "TOTP secret", "Recovery codes", "Owner", "Note",
        "Change after receipt",
    ]  # fmt: skip
    assert headers["Accounts"] == [
        "Service", "URL", "Account", "Owner today", "New owner", "Transfer", "Status", "Next renewal", "Payer",
        "Note",
    ]  # fmt: skip
    assert headers["To do"] == ["No.", "Stage", "What to do", "Before", "Status"]


def test_digests_are_last_and_not_printed_and_no_date_runs_past_the_bundles() -> None:
    book = workbook()
    assert book["Assets"]["L1"].value == "SHA-256"
    assert book["Assets"].print_area == "'Assets'!$A$1:$K$8"
    assert [sheet.title for sheet in book.worksheets if sheet.print_area and sheet.title != "Assets"] == []
    late = tuple(record._replace(modified=dt.datetime(2026, 12, 1, tzinfo=dt.UTC)) for record in assets())
    assert "Modified" not in [cell.value for cell in workbook(assets=late)["Assets"][1]]


@LANGUAGES
def test_links_of_a_split_bundle_are_explained(language: str) -> None:
    split = tuple(line._replace(name="acme-assets-01.zip") if line.role is Role.ASSET else line for line in CONTENTS)
    words = Words.load(language, "fr_FR", "inventory")
    sheet = words.text("start.sheet")
    for contents, said in ((CONTENTS, "links_text"), (split, "links_text_split")):
        book = workbook(language, contents=contents)
        label = next(cell for row in book[sheet].iter_rows() for cell in row if cell.value == words.text("start.links"))
        assert book[sheet].cell(label.row, label.column + 1).value == words.text(f"start.{said}")
        # Both zips are extracted into one folder: the links are the same.
        assert book[words.text("assets.sheet")]["A2"].hyperlink.target.startswith("assets/")


@LANGUAGES
def test_the_first_sheet_explains_only_what_there_is(language: str) -> None:
    words = Words.load(language, "fr_FR", "inventory")

    def labels(**changes: object) -> set[object]:
        return {row[0].value for row in workbook(language, **changes)[words.text("start.sheet")].iter_rows()}

    links, passwords = words.text("start.links"), words.text("start.exact")
    assert labels() >= {links, passwords}
    assert links not in labels(assets=())
    assert passwords not in labels(vault=Vault(()))
    assert passwords not in labels(draft=True, signers=())
    assert labels(assets=(), vault=Vault(())) >= {words.text("start.safe"), words.text("start.questions")}


def test_a_long_name_does_not_shrink_the_first_sheet() -> None:
    client = settings().client.model_dump(mode="json") | {"name": "Coopérative des producteurs de la baie " * 4}
    sheet = workbook(project=project(settings=settings(client=client)))["Start here"]
    assert "A2:B2" in {str(cells) for cells in sheet.merged_cells.ranges}
    assert sheet["A2"].alignment.wrap_text


def test_french_sheets_are_french() -> None:
    book = workbook("fr")
    assert book.sheetnames == ["Commencez ici", "À faire", "Fichiers", "Comptes", "Identifiants"]
    assert column(book, "Comptes", "Statut") == ["À transférer", "En cours", "À fermer", "Inchangé"]
    assert column(book, "Fichiers", "Nature")[2:4] == ["Image vectorielle", "Image"]
    assert column(book, "Fichiers", "Dimensions ou durée")[3] == "1\u202f200 × 800\u00a0px"


def test_american_english_spells_and_dates_its_own_way() -> None:
    book = workbook(locale="en_US")
    assert "License" in [cell.value for cell in book["Assets"][1]]
    assert book["Assets"]["E2"].number_format == "[$-409]mmm d, yyyy"
    assert book["Assets"].page_setup.paperSize == 1
    assert workbook()["Assets"].page_setup.paperSize == 9


def test_assets_stand_in_the_order_of_their_numbers() -> None:
    one, names = assets()[0], ("Plan 10.pdf", "plan 2.pdf", "Plan 1.pdf")
    three = tuple(one._replace(entry=one.entry._replace(name=f"assets/{name}")) for name in names)
    assert column(workbook(assets=three), "Assets", "File") == ["Plan 1.pdf", "plan 2.pdf", "Plan 10.pdf"]


def test_assets_link_into_the_bundle_with_encoded_names() -> None:
    sheet = workbook()["Assets"]
    assert sheet["A4"].value == "logo/Logo été 100 %.svg"
    assert sheet["A4"].hyperlink.target == "assets/logo/Logo%20%C3%A9t%C3%A9%20100%20%25.svg"
    assert sheet["A5"].hyperlink.target == "assets/logo/logo%231.png"


def test_assets_show_what_is_known_of_each_file() -> None:
    book = workbook()
    assert column(book, "Assets", "Dimensions or duration") == [
        None, None, "400 × 120 px", "1,200 × 800 px", "6,000 × 4,000 px", None, "1,920 × 1,080 px, 3:25",
    ]  # fmt: skip
    assert column(book, "Assets", "Kind")[5] == "Other"
    assert column(book, "Assets", "Size (bytes)")[2] == 1_234_567
    assert column(book, "Assets", "Modified")[0] == dt.datetime(2026, 5, 4)  # noqa: DTZ001 — a workbook knows no zones
    assert column(book, "Assets", "SHA-256")[0] == "3" * 64


def test_assets_take_the_notes_of_their_file_and_folders() -> None:
    book = workbook()
    assert column(book, "Assets", "Owner") == [None, "Wei Huang", "Le Goff", "Le Goff", None, None, None]
    assert column(book, "Assets", "Note")[2:4] == ["All variants", "=see\nthe contract"]
    assert column(book, "Assets", "Transferable?") == [None, "Yes", None, "Under conditions", "No", None, None]
    assert column(book, "Assets", "Expires")[4] == dt.datetime(2027, 1, 31)  # noqa: DTZ001 — as above


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("a/b/c.txt", AssetNote(owner="c", licence="b", rights="a"), id="the nearer note wins, by column"),
        pytest.param("a/b/d.txt", AssetNote(owner="b", licence="b", rights="a"), id="folders hold for files below"),
        pytest.param("a/d.txt", AssetNote(owner="a", rights="a"), id="only folders above count"),
        pytest.param("ab/d.txt", AssetNote(), id="a folder isn't the beginning of another's name"),
        pytest.param("cafe\u0301.txt", AssetNote(owner="é"), id="accents match however they are composed"),
    ],
)
def test_notes_are_found_by_path(path: str, expected: AssetNote) -> None:
    notes = AssetNotes(
        [
            AssetRow(path="a/b/c.txt", owner="c"),
            AssetRow(path="./a/b/", owner="b", licence="b"),
            AssetRow(path="assets/a", owner="a", rights="a"),
            AssetRow(path="caf\u00e9.txt", owner="é"),
        ]
    )
    assert notes.of(path) == expected


def test_a_note_on_the_whole_folder_holds_for_every_file() -> None:
    assert AssetNotes([AssetRow(path="assets/", transferable=YesNo.YES)]).of("x/y").transferable is YesNo.YES


def test_lists_of_words_are_offered_where_a_status_is_kept() -> None:
    book = workbook("fr")
    offered = {
        name: [v.formula1.strip('"').split(",") for v in book[name].data_validations.dataValidation]
        for name in book.sheetnames
    }
    assert offered["Comptes"] == [["À transférer", "En cours", "Transféré", "À fermer", "Fermé", "Inchangé"]]
    assert offered["Identifiants"] == [["Oui", "Non"]]
    assert offered["À faire"] == [["À faire", "Fait", "Sans objet"]]
    assert len(offered["Comptes"][0]) == len(AccountStatus)


def test_secrets_stand_in_a_face_that_tells_look_alikes_apart() -> None:
    sheet = workbook()["Credentials"]
    assert {sheet.cell(2, at).font.name for at in (3, 4, 5, 6)} == {"Consolas"}
    assert sheet["D2"].number_format == "@"
    assert sheet["D2"].alignment.wrap_text


@LANGUAGES
def test_a_draft_holds_no_credential_and_says_so_on_every_sheet(language: str) -> None:
    # Even a vault given by mistake stays out.
    data = render(given("inventory", language, draft=True))
    everything = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = [archive.read(name).decode() for name in archive.namelist()]
    assert not any("_x005F_" in text or "Service 1" in text or "Only a service" in text for text in everything)
    words = Words.load(language, "fr_FR", "inventory")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {book[name]["A1"].value for name in book.sheetnames} == {words.text("draft_notice")}
    assert book[words.text("credentials.sheet")]["A2"].value == words.text("credentials.draft")


@LANGUAGES
def test_what_is_empty_is_said_in_a_sentence(language: str) -> None:
    empty = project(language, accounts=(), asset_notes=(), pending=())
    data = render(given("inventory", language, project=empty, assets=(), vault=None))
    book = openpyxl.load_workbook(io.BytesIO(data))
    words = Words.load(language, empty.locale, "inventory")
    for table in ("assets", "accounts", "credentials"):
        sheet = book[words.text(f"{table}.sheet")]
        assert sheet["A1"].value == words.text(f"{table}.empty")
        assert sheet.max_row == 1


def test_what_to_do_comes_in_order() -> None:
    found = [(step.stage, step.text, step.before) for step in steps(given("inventory"))]
    stages = [stage for stage, _, _ in found]
    assert list(dict.fromkeys(stages)) == ["first", "services", "files", "projects", "further", "last"]
    services = [(text.partition(":")[0], before) for stage, text, before in found if stage == "services"]
    assert services[:5] == [
        ("Domain", dt.date(2026, 12, 24)),
        ("Domain", dt.date(2026, 12, 24)),
        ("Hosting", dt.date(2027, 2, 1)),
        ("Hosting", dt.date(2027, 2, 1)),
        ("Old blog", None),
    ]
    texts = [text for _, text, _ in found]
    assert "Hosting: take over ownership (Rivage & Fils owns it today). Accept the e-mail." in texts
    assert "Service 3 (@SUM(A1)): change the password." not in texts
    assert "Only a service: change the password." not in texts
    assert "Take up the project that is handed over: 03-pending-projects.docx says where it stands." in texts
    assert "Call Marie about the =print run" in texts
    assert found[-1][0] == "last"


@LANGUAGES
def test_what_is_to_do_at_one_service_stands_together(language: str) -> None:
    accounts = tuple(
        AccountRow.model_validate({"service": service, "current_owner": "Rivage & Fils", "status": "to-transfer"})
        for service in ("Shop", "Blog")
    )
    vault = Vault(
        tuple(CredentialRow(service=name, password=Secret("p"), totp_secret=Secret("t")) for name in ("SHOP", "Mail"))
    )
    found = steps(given("inventory", language, project=project(accounts=accounts), vault=vault))
    services = [step.text.partition(":")[0].strip().casefold() for step in found if step.stage == "services"]
    assert services == ["shop", "shop", "shop", "blog", "mail", "mail"]


@LANGUAGES
def test_what_a_draft_says_to_do_has_nothing_of_signatures_passphrases_or_encryption(language: str) -> None:
    found = steps(given("inventory", language, draft=True))
    assert "first" not in {step.stage for step in found}
    assert not [step for step in found if "password" in step.text or "mot de passe" in step.text]
    assert [step.stage for step in found].count("last") == 1
    words = Words.load(language, "en_GB", "inventory")
    said = {cell for row in workbook(language, draft=True).worksheets[0].iter_rows(values_only=True) for cell in row}
    assert words.text("start.what_text_draft") in said
    assert words.text("start.safe_text_draft") in said


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        pytest.param("Rivage & Fils", "Shop: take over ownership (Rivage & Fils owns it today). Sign.", id="another"),
        pytest.param("CLIENT", "Shop: finish the transfer. Sign.", id="the client already"),
        pytest.param("client ", "Shop: finish the transfer. Sign.", id="the client, written another way"),
    ],
)
def test_what_the_client_owns_already_needs_no_new_owner(owner: str, said: str) -> None:
    name = settings().client.name
    owner = owner.replace("CLIENT", name).replace("client ", f"{name.lower()} ")
    row = AccountRow(service="Shop", current_owner=owner, transfer="Sign.", status=AccountStatus.TO_TRANSFER)
    found = steps(given("inventory", project=project(accounts=(row,))))
    assert [step.text for step in found if step.stage == "services" and step.text.startswith("Shop:")] == [said]


@pytest.mark.parametrize(
    ("payer", "count"),
    [
        pytest.param("agency", 1, id="the agency pays"),
        pytest.param("owner", 1, id="its owner is named in its place, as freelancers do"),
        pytest.param("client", 0, id="the client pays"),
    ],
)
def test_what_the_leaving_side_pays_asks_for_other_means(payer: str, count: int) -> None:
    named = {"agency": settings().agency.name, "owner": settings().owner.name, "client": settings().client.name}[payer]
    row = AccountRow(service="Shop", current_owner="A", payer=named, status=AccountStatus.UNCHANGED)
    found = steps(given("inventory", project=project(accounts=(row,))))
    assert len([step for step in found if step.stage == "services" and step.text.startswith("Shop:")]) == count


@pytest.mark.parametrize(
    ("owner", "count"),
    [
        pytest.param(None, 1, id="nobody is named"),
        pytest.param("Rivage & Fils", 1, id="another owns it"),
        pytest.param("{client}", 0, id="the client owns it"),
        pytest.param("{client} and Rivage & Fils", 0, id="the client owns it with another"),
    ],
)
def test_only_what_others_own_asks_for_a_licence(owner: str | None, count: int) -> None:
    named = owner and owner.format(client=settings().client.name)
    rows = (AssetRow(path="Contracts", owner=named), AssetRow(path="Contracts/a.pdf", transferable=YesNo.NO))
    found = steps(given("inventory", project=project(asset_notes=rows)))
    assert len([step for step in found if step.stage == "files"]) == count


def test_no_secret_is_among_the_things_to_do() -> None:
    said = "\n".join(step.text for step in steps(given("inventory")))
    for row in credentials()[:4]:
        assert row.recovery_codes is not None
        assert row.recovery_codes.reveal() not in said


@pytest.mark.parametrize(
    ("url", "target"),
    [
        pytest.param("https://example.org/a b?q=é#x", "https://example.org/a%20b?q=%C3%A9#x", id="encoded once"),
        pytest.param("https://example.org/%C3%A9", "https://example.org/%C3%A9", id="what is encoded stays"),
        pytest.param("javascript:alert(1)", None, id="no script"),
        pytest.param("file:///etc/passwd", None, id="no file"),
        pytest.param("www.example.org", None, id="no scheme, no link"),
        pytest.param("https://[bad", None, id="what can't be parsed"),
        pytest.param(" https://example.org", None, id="a space in front"),
        pytest.param("https://example.org/" + "x" * 2_000, None, id="longer than Excel follows"),
        pytest.param(None, None, id="none"),
    ],
)
def test_only_web_addresses_become_links(url: str | None, target: str | None) -> None:
    found = web_link(url)
    if target is None:
        assert found == url
    else:
        assert isinstance(found, Cell)
        assert (found.value.text, found.value.target) == (url, target)  # type: ignore[union-attr]  # a Link


@LANGUAGES
def test_two_renderings_are_equal(language: str) -> None:
    assert render(given("inventory", language)) == render(given("inventory", language))


def test_it_is_sealed_by_encryption_and_declares_what_it_needs() -> None:
    assert INVENTORY.seal is Seal.ENCRYPTED
    assert INVENTORY.uses_vault
    assert INVENTORY.needs_assets


def test_every_kind_status_and_answer_has_its_word_in_every_language() -> None:
    for language in ("en", "fr"):
        words = Words.load(language, "en_GB", "inventory")
        keys = [f"account_status.{status}" for status in AccountStatus] + [f"yes_no.{answer}" for answer in YesNo]
        keys += [f"kind.{kind}" for kind in ("image", "vector", "photo", "font", "pdf", "archive", "other")]
        assert all(words.text(key) for key in keys)


def test_a_project_path_never_shows(tmp_path: Path) -> None:
    data = render(given("inventory", project=project(root=tmp_path, assets_root=tmp_path / "assets")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(str(tmp_path).encode() in archive.read(name) for name in archive.namelist())


def test_a_long_client_name_and_a_pale_brand_still_render() -> None:
    values = settings().model_dump(mode="json")
    values["client"]["name"] = "Une très longue raison sociale & associés " * 8
    changed = settings(client=values["client"], brand={"colour": "#FFF200"})
    book = openpyxl.load_workbook(io.BytesIO(render(given("inventory", project=project(settings=changed)))))
    assert book["Assets"]["A1"].fill.fgColor.rgb.endswith("605B00")
    assert len(assets()) == book["Assets"].max_row - 1
    # Upright paper is narrower: the name gives way before the date in the middle.
    upright, lying = (str(book[name].oddFooter.left.text) for name in ("Start here", "Assets"))
    assert upright.endswith("…")
    assert len(upright) < 45 < len(lying) < 70


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://portal.larkhost.example/", "portal.larkhost.example", id="without its scheme"),
        pytest.param("https://example.org/a", "example.org/a", id="with its path where there is room"),
        pytest.param("https://search.example.org/console/start", "search.example.org/…", id="else with its host"),
        pytest.param("http://example.org/", "http://example.org", id="what isn't encrypted is told"),
        pytest.param("ftp.example.org", "ftp.example.org", id="what is no link stays as it is"),
    ],
)
def test_an_account_s_address_is_as_short_as_its_column_and_leads_to_the_whole(url: str, shown: str) -> None:
    row = AccountRow(service="Shop", url=url, current_owner="A", transfer="B", status=AccountStatus.TO_TRANSFER)
    sheet = workbook(project=project(accounts=(row,)))["Accounts"]
    (cell,) = (cell for cells in sheet.iter_rows(min_row=2) for cell in cells if cell.value == shown)
    assert (cell.hyperlink.target if cell.hyperlink else url) == url
