"""Stories of signing, through the command line: two people, two owners, a wrong key, a bundle changed on its way."""

import datetime as dt
import email
import email.policy
import json
import os
import re
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from building import (
    KEY_PASSWORD,
    PASSPHRASE,
    add_owner,
    edit,
    isolate,
    make_project,
    pin,
    secret_file,
)
from handover.documents.receipt import code_of
from handover.formats.kdbx import write_kdbx
from handover.model.secret import Secret
from handover.seal.certificates import fingerprint
from rezip import contents, resealed, zipped
from sample_letter import texts
from signing_samples import NOW, certificate, curve_key, key_usage
from signing_stories import ADA, BEN, LETTER, Person, builders, ink, parts, record, rewritten

TO_SIGN = "acme-bakery-handover-2026-03-02-to-sign.zip"
SIGNED = "acme-bakery-handover-2026-03-02.zip"


@pytest.fixture(autouse=True)
def own_configuration(tmp_path, monkeypatch):
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def ada(tmp_path):
    return Person(tmp_path / "ada", ADA, picture=ink())


@pytest.fixture
def ben(tmp_path):
    return Person(tmp_path / "ben", BEN, picture=ink("#7A1020", (200, 120)))


@pytest.fixture
def root(tmp_path, ada):
    made = make_project(tmp_path / "acme")
    pin(made, ada.identity)
    return made


_BUILT: dict[bytes, tuple[bytes, bytes, str]] = {}
"""The bundle, the vault and the code that building gave, for each content of handover.yaml."""


def built(root, said, tmp_path) -> tuple[Path, str]:
    """A bundle that a colleague without key built for signature, carried to the owner's folder; and its code.

    Each project is built once, and what that left is copied for every further test.
    """
    options, settings, made = builders(tmp_path), (root / "handover.yaml").read_bytes(), root / "out" / TO_SIGN
    if settings not in _BUILT:
        status, text = said("build", root, *options)
        assert status == 0, text
        (code,) = re.findall(r"^    ((?:[0-9a-f]{4} ){7}[0-9a-f]{4})$", text, re.MULTILINE)
        _BUILT[settings] = (made.read_bytes(), (root / "vault.xlsx").read_bytes(), code)
    bundle, vault, code = _BUILT[settings]
    (root / "vault.xlsx").write_bytes(vault)
    carried = tmp_path / "mail" / TO_SIGN
    for path in (made, carried):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bundle)
    return carried, code


# Two people


def test_a_colleague_builds_and_the_owner_signs_with_zip_and_key_alone(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    (tmp_path / "acme").rename(tmp_path / "elsewhere")
    status, text = said("sign", bundle, *ada.options, "--code", code)
    assert status == 0, text
    for shown in ("Acme Bakery, Ruth Carter", "30 November 2026", LETTER, "Ada Marsh", code, "weren't looked at"):
        assert shown in text
    assert re.search(r"dated +1 September 2026", text)
    assert re.search(r"bundle of +2 March 2026", text)
    signed = bundle.with_name(SIGNED)
    assert said("verify", signed, "--fingerprint", fingerprint(ada.identity.certificate))[0] == 0
    assert bundle.is_file()
    assert f"next: handover send {signed}" in text


def test_signing_changes_the_letter_state_sums_and_seals_and_copies_the_rest_byte_for_byte(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    before, after = contents(bundle.read_bytes()), contents(bundle.with_name(SIGNED).read_bytes())
    assert {name for name in before if before[name] != after[name]} == {LETTER, "handover.json", "SHA256SUMS"}
    assert set(after) - set(before) == {"signer-certificate.pem", "META-INF/ASiCManifest.xml", "META-INF/signature.p7s"}
    was, now = json.loads(before["handover.json"]), json.loads(after["handover.json"])
    assert {key for key in was if was[key] != now[key]} == {"state"}
    assert (was["state"], now["state"]) == ("to-sign", "signed")
    for name in set(before) - {LETTER, "handover.json", "SHA256SUMS"}:
        assert stored(bundle, name) == stored(bundle.with_name(SIGNED), name)


def stored(bundle: Path, name: str) -> bytes:
    """An entry's bytes as they stand in the zip, its header included."""
    with zipfile.ZipFile(bundle) as opened:
        info = opened.getinfo(name)
    length = 30 + len(name.encode()) + info.compress_size
    return bundle.read_bytes()[info.header_offset : info.header_offset + length]


def test_the_picture_kept_beside_the_key_comes_with_the_signature_and_not_before(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    ready = parts(contents(bundle.read_bytes())[LETTER])
    assert "for signature" in headers(ready)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    signed = parts(contents(bundle.with_name(SIGNED).read_bytes())[LETTER])
    assert "for signature" not in headers(signed)
    assert signed["word/document.xml"].count(b'r:embed="rIdSignature1"') == 1
    assert painted(ready["word/media/signature-1.png"]) == 0
    assert painted(signed["word/media/signature-1.png"]) > 1000
    project = (root / "brand" / "signature.png").read_bytes()
    assert project not in ready.values()


def headers(docx: dict[str, bytes]) -> str:
    texts = [re.sub(r"<[^>]+>", " ", data.decode()) for name, data in docx.items() if "/header" in name]
    return " ".join(texts).lower()


def painted(png: bytes) -> int:
    """How many pixels of a picture aren't transparent."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        return sum(count for count, pixel in image.convert("RGBA").getcolors(10**7) if pixel[3])


def test_an_owner_who_builds_signs_in_one_step_and_gives_the_same_letter(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    options = [option for option in builders(tmp_path) if option != "--for-signature"]
    status, text = said("build", root, *options, *ada.options)
    assert status == 0, text
    one = parts(contents((root / "out" / SIGNED).read_bytes())[LETTER])
    two = parts(contents(bundle.with_name(SIGNED).read_bytes())[LETTER])
    assert {name for name in one | two if one.get(name) != two.get(name)} <= {"_xmlsignatures/sig1.xml"}


def test_with_the_passphrase_the_credentials_are_named_and_no_secret_is(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    status, text = said("sign", bundle, *ada.options, "--code", code, "--passphrase-file", tmp_path / "pp")
    assert status == 0
    assert "02-inventory.xlsx holds 2 credentials:" in text
    assert "WordPress (ruth)" in text
    assert "Bank" in text
    other = secret_file(tmp_path / "other", Secret("claymore-nylons-otterhound-plumage-grapevine-tigress-mossiness"))
    status, text = said("sign", bundle, *ada.options, "--code", code, "--passphrase-file", other, "--replace")
    assert status == 1
    assert "doesn't open" in text


def test_with_the_passphrase_workbook_and_keepass_file_are_compared(root, tmp_path, said, ada):
    edit(root, "handover.yaml", "credentials: workbook", "credentials: both")
    bundle, code = built(root, said, tmp_path)
    options = (*ada.options, "--passphrase-file", tmp_path / "pp")
    status, text = said("sign", bundle, *options, "--code", code)
    assert status == 0, text
    assert "02-credentials.kdbx holds the same: both were opened and compared" in text
    assert said("send", bundle.with_name(SIGNED), "--project", root, "--passphrase-file", tmp_path / "pp")[0] == 0

    entries = contents(bundle.read_bytes())
    other = write_kdbx((), PASSPHRASE, title="x", at=NOW, random=os.urandom)
    bundle.write_bytes(zipped(resealed({**entries, "02-credentials.kdbx": other}), tmp_path))
    status, text = said("sign", bundle, *options, "--no-input", "--replace")
    assert status == 1
    assert "02-credentials.kdbx: doesn't hold what the inventory does: Bank, WordPress" in text


def test_an_owner_without_a_picture_signs_and_is_told(root, tmp_path, said):
    ada = Person(tmp_path / "bare", ADA)
    bundle, code = built(root, said, tmp_path)
    status, text = said("sign", bundle, *ada.options, "--code", code)
    assert status == 0
    assert "there is none beside the key" in text


# A wrong key


def test_a_colleagues_key_doesnt_sign_whatever_name_is_on_it(root, tmp_path, said):
    from handover.seal.keys import create_identity, protect

    bundle, code = built(root, said, tmp_path)
    impostor = Person(tmp_path / "impostor", "Carl Colleague", picture=ink())
    same_name = create_identity(ADA, now=NOW)
    impostor.key.write_bytes(protect(same_name, KEY_PASSWORD, rounds=10_000))
    for command in (["sign", bundle, "--code", code], ["build", root, *builders(tmp_path)[1:]]):
        status, text = said(*command, *impostor.options)
        assert status == 1
        assert "isn't the one that is pinned for Ada Marsh" in text
    assert sorted(path.name for path in bundle.parent.iterdir()) == [TO_SIGN]


def test_a_company_seal_and_a_name_spelt_otherwise_sign_by_their_pin(root, tmp_path, said):
    for folder, name in (("seal", "Northlight Studio Ltd – seal"), ("spelt", "MARSH, A.")):
        holder = Person(tmp_path / folder, name)
        pin(root, holder.identity)
        status, text = said("build", root, *builders(tmp_path)[1:], *holder.options, "--replace")
        assert status == 0, text
        assert said("verify", root / "out" / SIGNED, "--fingerprint", fingerprint(holder.identity.certificate))[0] == 0


def test_a_key_signs_a_letter_once(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    status, text = said("sign", bundle.with_name(SIGNED), *ada.options, "--code", code)
    assert status == 1
    assert "this bundle is signed already" in text


def test_a_bundle_that_was_zipped_again_isnt_signed_and_says_so(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w") as made:
        for name, content in contents(bundle.read_bytes()).items():
            made.writestr(name, content)
    status, text = said("sign", again, *ada.options, "--code", code)
    assert status == 4
    assert "the zip around its files was made anew by another program" in text
    assert "sign the zip that `handover build` wrote" in text


# The code


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(
            ["--code", "0123 4567 89ab cdef 0123 4567 89ab cdef"], "isn't the bundle whose code", id="another"
        ),
        pytest.param(["--code", "0"], "isn't the bundle whose code", id="too short to tell anything"),
        pytest.param([], "nobody has compared", id="none, and nobody to ask"),
    ],
)
def test_without_the_right_code_nothing_is_signed(root, tmp_path, said, ada, given, message):
    bundle, _ = built(root, said, tmp_path)
    status, text = said("sign", bundle, *ada.options, *given)
    assert status == 1
    assert message in text
    assert sorted(path.name for path in bundle.parent.iterdir()) == [TO_SIGN]


def test_the_code_may_be_typed_with_or_without_gaps_and_longer(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    whole = sha256(bundle.read_bytes()).hexdigest()
    for spelt in (code.upper(), code.replace(" ", ""), code.replace(" ", "-"), whole):
        assert said("sign", bundle, *ada.options, "--code", spelt, "--replace")[0] == 0


# What could be changed between building and signing


def changed_asset(entries):
    return {**entries, "assets/Photos/loaf.txt": b"another loaf"}


def changed_record(**values):
    def change(entries):
        about = json.loads(entries["handover.json"]) | values
        return {**entries, "handover.json": (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()}

    return change


def changed_page(entries):
    return {**entries, "START-HERE.html": entries["START-HERE.html"].replace(b"Ada Marsh", b"Eve Marsh")}


def changed_data(entries):
    return {**entries, "data/metrics.csv": entries["data/metrics.csv"] + b"\n"}


def in_another_order(entries):
    return dict(reversed(entries.items()))


CHANGES = [
    pytest.param(changed_asset, id="one of the client's files"),
    pytest.param(changed_page, id="the start page"),
    pytest.param(changed_data, id="a table"),
    pytest.param(changed_record(generator="evil 1.0"), id="the record"),
    pytest.param(changed_record(date="2026-03-03"), id="the bundle's date"),
    pytest.param(changed_record(client="another-client"), id="the client"),
    pytest.param(changed_record(language="fr"), id="the language"),
    pytest.param(changed_record(renamed={"assets/a:b": "assets/Photos/loaf.txt"}), id="a renaming"),
    pytest.param(changed_record(inputs={}), id="the inputs"),
    pytest.param(changed_record(state="signed"), id="the state"),
    pytest.param(changed_record(state="draft"), id="the state, to a draft"),
    pytest.param(changed_record(owners=[{"name": ADA, "certificate_sha256": "ab" * 32}]), id="the owner's pin"),
    pytest.param(lambda entries: {**entries, "02-inventory.xlsx": b"x" * 9000}, id="the inventory"),
    pytest.param(lambda entries: {n: d for n, d in entries.items() if n != "data/pending.csv"}, id="an entry left out"),
    pytest.param(in_another_order, id="the order"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_bundle_that_was_changed_on_its_way_isnt_signed(root, tmp_path, said, ada, change):
    bundle, code = built(root, said, tmp_path)
    before = bundle.read_bytes()
    entries = change(dict(contents(before)))
    bundle.write_bytes(zipped(entries, tmp_path))
    status, text = said("sign", bundle, *ada.options, "--code", code)
    assert status == (4 if change is in_another_order else 1), text  # each file is as it was: zipped again
    rewritten_bundle = tmp_path / "rewritten" / TO_SIGN
    rewritten_bundle.parent.mkdir()
    rewritten_bundle.write_bytes(before)
    try:
        rewritten(rewritten_bundle, change, tmp_path)  # its list of digests made anew as well
    except ValueError:
        return
    status, text = said("sign", rewritten_bundle, *ada.options, "--code", code)
    assert status == 1, text
    assert not rewritten_bundle.with_name(SIGNED).exists()
    assert not bundle.with_name(SIGNED).exists()


def test_a_re_zipped_bundle_has_another_code(root, tmp_path, said, ada):
    """The same contents, deflated otherwise: nothing but the code could tell, and it does."""
    from zlib import compress

    from handover.bundle.write.deflate import zlib_codec

    bundle, code = built(root, said, tmp_path)
    before = bundle.read_bytes()
    fastest = zlib_codec()._replace(compress=lambda data: compress(data, level=1, wbits=-15))
    bundle.write_bytes(zipped(contents(before), tmp_path, codec=fastest))
    assert bundle.read_bytes() != before
    assert contents(bundle.read_bytes()) == contents(before)
    status, text = said("sign", bundle, *ada.options, "--code", code)
    assert status == 1
    assert "isn't the bundle whose code you were told" in text


def test_a_bundle_zipped_by_another_program_isnt_one(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    entries = contents(bundle.read_bytes())
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    status, text = said("sign", bundle, *ada.options, "--code", code)
    assert status == 4
    assert "the zip around its files was made anew by another program" in text
    assert not bundle.with_name(SIGNED).exists()


def test_what_is_no_bundle_isnt_copied(root, tmp_path, said, ada, monkeypatch):
    monkeypatch.setattr("handover.bundle.publish.private_copy", lambda *_: pytest.fail("copied"))
    (tmp_path / "huge.zip").write_bytes(bytes(1_000_000))
    for words in (["sign", tmp_path / "huge.zip", *ada.options], ["send", tmp_path / "huge.zip", "--project", root]):
        status, text = said(*words)
        assert status == 1
        assert "this isn't a handover bundle" in text


def letter_with(change):
    """The letter of a bundle with its parts changed, in the canonical form again, and without signature."""
    from handover.formats.package import opc

    def changed(entries):
        package = opc.read_package(entries[LETTER], LETTER)
        made = opc.write_package(change(package))
        return {**entries, LETTER: made}

    return changed


def text_changed(package):
    from handover.formats.package.opc import Package

    data = package.parts["/word/document.xml"].replace(b"2026", b"2027")
    return Package({**package.parts, "/word/document.xml": data}, package.types)


def unseen_added(inside):
    """A paragraph that nobody sees, before the last section."""

    def change(package):
        from handover.formats.package.opc import Package

        before, mark, after = package.parts["/word/document.xml"].rpartition(b"<w:sectPr")
        data = before + inside.encode() + mark + after
        return Package({**package.parts, "/word/document.xml": data}, package.types)

    return change


AWAY = '<w:p><w:pPr><w:ind w:left="20000"/></w:pPr><w:r><w:t>the fee doubles</w:t></w:r></w:p>'
FAINT = '<w:p><w:r><w:rPr><w:color w:val="FEFEFE"/></w:rPr><w:t>the fee doubles</w:t></w:r></w:p>'


TRACKED = '<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>the fee doubles</w:delText></w:r></w:del></w:p>'
ASIDE = '<w:p><w:hyperlink w:anchor="a" w:docLocation="the fee doubles"><w:r><w:t>terms</w:t></w:r></w:hyperlink></w:p>'
REFERRING = '<w:p><w:fldSimple w:instr=" STYLEREF Title "><w:r><w:t>no fee</w:t></w:r></w:fldSimple></w:p>'
CHANGING = '<w:p><w:fldSimple w:instr=" DATE "><w:r><w:t>2 March 2026</w:t></w:r></w:fldSimple></w:p>'


def comments_added(package):
    from handover.formats.package import opc

    rels, (name, kind) = opc.rels_name("/word/document.xml"), ("/word/comments.xml", "application/xml")
    held = opc.parse_relationships(package.parts[rels], rels)
    added = opc.Relationship("rIdComments", opc.HYPERLINK.replace("hyperlink", "comments"), name)
    data = b'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    parts = {**package.parts, rels: opc.write_relationships([*held, added]), name: data}
    return opc.Package(parts, {**package.types, name: kind})


def font_added(package):
    from handover.formats.package import opc

    rels, name = opc.rels_name("/word/document.xml"), "/word/fonts/font1.odttf"
    held = opc.parse_relationships(package.parts[rels], rels)
    added = opc.Relationship("rIdFont", opc.HYPERLINK.replace("hyperlink", "font"), name)
    kind = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
    parts = {**package.parts, rels: opc.write_relationships([*held, added]), name: b"glyphs"}
    return opc.Package(parts, {**package.types, name: kind})


def handwriting_added(package):
    from handover.formats.package.opc import Package

    return Package({**package.parts, "/word/media/signature-1.png": ink()}, package.types)


def unbound(said=(), **changes):
    """Other words beside the letter's text, which nobody has signed yet."""

    def change(package):
        from handover.formats.package.opc import Package
        from handover.seal.letter import BINDING_PART, Binding, parse_binding, write_binding

        bound = json.loads(parse_binding(package.parts[BINDING_PART], "").content)
        bound |= changes
        bound["said"] |= dict(said)
        data = write_binding(Binding(json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()))
        return Package({**package.parts, BINDING_PART: data}, package.types)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            text_changed,
            "bound beside it: 1 September 2026; 30 November 2026",
            id="another last day in the letter's text",
        ),
        pytest.param(handwriting_added, "holds a picture in place of a signature", id="handwriting put there before"),
        pytest.param(unseen_added(AWAY), "lies off the page (near “the fee doubles”)", id="a line off the page"),
        pytest.param(unseen_added(FAINT), "in the colour of what is behind it", id="a line in the page's colour"),
        pytest.param(unseen_added(TRACKED), "has a tracked change", id="a tracked change"),
        pytest.param(unseen_added(CHANGING), "has the field DATE", id="a date that changes by itself"),
        pytest.param(unseen_added(REFERRING), "has the field STYLEREF", id="a text that is another one's"),
        pytest.param(unseen_added(ASIDE), "a tip that nobody sees", id="a place that a link names to nobody"),
        pytest.param(font_added, "brings a font along", id="a font whose letters may be others"),
        pytest.param(comments_added, "a letter to be signed can't have: comments", id="comments"),
        pytest.param(unbound(project="other-client"), "is of the project other-client", id="another project's letter"),
        pytest.param(unbound(kind="notice"), "made as a notice, not as a letter", id="another kind of document"),
        pytest.param(unbound(made="2031-01-01"), "for a bundle of 2031-01-01", id="another day than the bundle's"),
        pytest.param(unbound({"date": "2 March 2031"}), "doesn't say what is bound", id="another date than the text's"),
        pytest.param(unbound({"recipient": ["Other Ltd"]}), "doesn't say what is bound", id="another recipient"),
        pytest.param(unbound({"recipient": []}), "doesn't say what is bound", id="no recipient"),
    ],
)
def test_even_with_its_own_code_a_letter_that_doesnt_fit_is_told_or_refused(root, tmp_path, said, ada, change, message):
    """Whoever builds could do this, and would tell the code of what they made."""
    bundle, _ = built(root, said, tmp_path)
    rewritten(bundle, letter_with(change), tmp_path)
    status, text = said("sign", bundle, *ada.options, "--code", sha256(bundle.read_bytes()).hexdigest())
    assert message in text
    assert status == 1


OWING = """number,description,issued_on,due_date,amount,currency
F-1,Care,2026-02-01,2026-09-15,400.00,GBP
F-2,Care,2026-02-10,2026-09-20,880.50,GBP
"""
SEE_AMOUNTS = "no sum that is bound as such: see the amounts"


@pytest.mark.parametrize(
    ("change", "to_pay"),
    [
        pytest.param(unbound(), "£1,280.50", id="as it was built"),
        pytest.param(unbound({"sums": []}), SEE_AMOUNTS, id="no sum at all"),
        pytest.param(unbound({"sums": ["400.00"]}), "£400.00", id="one of several"),
        pytest.param(unbound({"sums": ["12.00"]}), SEE_AMOUNTS, id="an invented one"),
    ],
)
def test_what_is_to_pay_is_read_from_the_letters_text(root, tmp_path, said, ada, change, to_pay):
    """The owner sees every amount that they sign, whatever stands beside the text."""
    (root / "data" / "invoices.csv").write_text(OWING, encoding="utf-8")
    _BUILT.clear()
    bundle, _ = built(root, said, tmp_path)
    _BUILT.clear()
    rewritten(bundle, letter_with(change), tmp_path)
    status, text = said("sign", bundle, *ada.options, "--code", sha256(bundle.read_bytes()).hexdigest())
    assert status == 0, text
    assert re.search(rf"to pay +{re.escape(to_pay)}\n", text), text
    assert re.search(r"amounts +400\.00, 880\.50, £?1,280\.50", text), text
    assert "12.00" not in re.sub(r"careful: .*", "", text)


@pytest.mark.parametrize(
    "said_there",
    [
        pytest.param("<w:t>a fee of £5,000 applies</w:t>", id="as text"),
        pytest.param(
            '<w:t>a fee of £</w:t><w:sym w:font="Symbol" w:char="F035"/><w:t>,000 applies</w:t>', id="in a symbol font"
        ),
    ],
)
def test_an_amount_in_a_footer_is_shown_as_well(root, tmp_path, said, ada, said_there):
    from handover.formats.package.opc import Package

    def change(package):
        (name, *_) = sorted(name for name in package.parts if name.startswith("/word/footer"))
        data = package.parts[name].replace(b"</w:p>", f"<w:r>{said_there}</w:r></w:p>".encode(), 1)
        return Package({**package.parts, name: data}, package.types)

    bundle, _ = built(root, said, tmp_path)
    rewritten(bundle, letter_with(change), tmp_path)
    _, text = said("sign", bundle, *ada.options, "--code", sha256(bundle.read_bytes()).hexdigest())
    assert re.search(r"amounts +£5,000\n", text), text
    assert "to pay       nothing" not in text


def test_a_letter_without_an_amount_says_that_nothing_is_to_pay(root, tmp_path, said, ada):
    bundle, code = built(root, said, tmp_path)
    _, text = said("sign", bundle, *ada.options, "--code", code)
    assert re.search(r"to pay +nothing\n", text), text


def test_what_is_shown_is_what_is_signed_though_the_file_changes_meanwhile(root, tmp_path, said, ada, monkeypatch):
    bundle, code = built(root, said, tmp_path)
    from handover.build import countersign

    real = countersign.read_waiting

    def read_then_change(*words):
        found = real(*words)
        bundle.write_bytes(b"another bundle, longer than any page of the first " * 9000)
        return found

    monkeypatch.setattr(countersign, "read_waiting", read_then_change)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    assert said("verify", bundle.with_name(SIGNED), "--fingerprint", fingerprint(ada.identity.certificate))[0] == 0
    assert sorted(path.name for path in bundle.parent.iterdir()) == sorted([TO_SIGN, SIGNED])


def test_a_document_that_is_called_data_is_shown_all_the_same(root, tmp_path, said, ada):
    def added(entries):
        about = json.loads(entries["handover.json"])
        about["entries"].insert(1, {"name": "09-addendum.docx", "role": "data"})
        letter, rest = entries.pop(LETTER), entries
        return {"mimetype": rest.pop("mimetype"), LETTER: letter, "09-addendum.docx": b"x", **rest,
                "handover.json": (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()}  # fmt: skip

    bundle, _ = built(root, said, tmp_path)
    rewritten(bundle, added, tmp_path)
    status, text = said("sign", bundle, "--no-input", *ada.options)
    assert status == 1
    assert "09-addendum.docx" in text


# Two owners


@pytest.fixture
def two(root, ben):
    add_owner(root, BEN, ben.identity)
    return root


@pytest.mark.parametrize("order", ["ada first", "ben first"])
def test_two_owners_sign_one_after_another_and_the_last_one_seals(two, tmp_path, said, ada, ben, order):
    first, last = (ada, ben) if order == "ada first" else (ben, ada)
    names = {id(ada): ADA, id(ben): BEN}
    bundle, code = built(two, said, tmp_path)
    status, text = said("sign", bundle, *first.options, "--code", code)
    assert status == 0, text
    assert "you sign the letter alone" in text
    assert f"still to sign: {names[id(last)]}" in text
    halfway = bundle.with_name("acme-bakery-handover-2026-03-02-to-sign-2.zip")
    assert record(halfway)["state"] == "to-sign"
    (second_code,) = re.findall(r"^    ((?:[0-9a-f]{4} ){7}[0-9a-f]{4})$", text, re.MULTILINE)
    status, text = said("sign", halfway, *first.options, "--code", second_code)
    assert status == 1
    assert f"{names[id(first)]} has signed it already" in text
    status, text = said("sign", halfway, *last.options, "--code", second_code)
    assert status == 0, text
    assert f"signed by    {names[id(first)]}" in text
    signed = bundle.with_name(SIGNED)
    status, text = said("verify", signed, "--fingerprint", fingerprint(last.identity.certificate))
    assert status == 0, text
    told = " ".join(text.split())
    assert f"signed with keys that call themselves “{names[id(first)]}” and “{names[id(last)]}”" in told
    assert f"{names[id(first)]} signed the letter alone" in told
    assert f"that {names[id(first)]} signed the letter as well, only whoever sealed the bundle says" in told
    assert " ".join(re.findall("....", fingerprint(first.identity.certificate))) in told
    assert said("verify", signed, "--fingerprint", fingerprint(first.identity.certificate))[0] in {0, 3}
    letter = parts(contents(signed.read_bytes())[LETTER])
    assert {"_xmlsignatures/sig1.xml", "_xmlsignatures/sig2.xml"} <= set(letter)
    assert painted(letter["word/media/signature-1.png"]) > 1000
    assert painted(letter["word/media/signature-2.png"]) > 1000
    page = contents(signed.read_bytes())["START-HERE.html"].decode()
    assert "Ada Marsh and Ben Okafor" in page
    for person in (ada, ben):
        assert "".join(re.findall(r"<li>([0-9a-f]{4})</li>", page)).find(fingerprint(person.identity.certificate)) >= 0


def test_every_signers_expired_key_is_told(root, tmp_path, said, ada, monkeypatch):
    """Whoever finds an old key can set their clock back."""
    from handover.seal.keys import SigningIdentity, protect

    ben, then = Person(tmp_path / "ben", BEN), dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    made = certificate(BEN, curve_key(BEN), start=then, end=then + dt.timedelta(days=100), usage=key_usage(sign=True))
    ben.identity = SigningIdentity(curve_key(BEN), made)
    ben.key.write_bytes(protect(ben.identity, KEY_PASSWORD, rounds=10_000))
    add_owner(root, BEN, ben.identity)
    bundle, code = built(root, said, tmp_path)
    with monkeypatch.context() as backdated:
        backdated.setattr("handover.cli.clock.now", lambda: then + dt.timedelta(days=90))
        status, text = said("sign", bundle, *ben.options, "--code", code)
    assert status == 0, text
    (second_code,) = re.findall(r"^    ((?:[0-9a-f]{4} ){7}[0-9a-f]{4})$", text, re.MULTILINE)
    halfway = bundle.with_name("acme-bakery-handover-2026-03-02-to-sign-2.zip")
    told = "the certificate that calls itself Ben Okafor expired on"
    for command in (["verify", halfway, "--allow-draft"], ["sign", halfway, *ada.options, "--code", second_code],
                    ["verify", bundle.with_name(SIGNED)]):  # fmt: skip
        _, text = said(*command)
        assert told in " ".join(text.split()), text
        assert "Ada Marsh expired" not in text


def test_of_two_owners_one_who_builds_signs_and_leaves_the_seal_to_the_other(two, tmp_path, said, ada, ben):
    status, text = said("build", two, *builders(tmp_path)[1:], *ada.options)
    assert status == 0, text
    assert "To be signed by Ben Okafor" in text
    (code,) = re.findall(r"^    ((?:[0-9a-f]{4} ){7}[0-9a-f]{4})$", text, re.MULTILINE)
    assert said("sign", two / "out" / TO_SIGN, *ben.options, "--code", code)[0] == 0
    signed = two / "out" / SIGNED
    assert said("verify", signed, "--fingerprint", fingerprint(ben.identity.certificate))[0] == 0
    # The last owner has the zip alone: the receipt is written when it is sent.
    receipt = signed.with_name(f"{signed.stem}-receipt.docx")
    assert not receipt.exists()
    status, text = said("send", signed, "--passphrase-file", tmp_path / "pp")
    assert status == 0, text
    assert f"{receipt}: the receipt, which this bundle didn't have yet" in " ".join(text.split())
    assert code_of(sha256(signed.read_bytes()).hexdigest()) in " ".join(texts(receipt.read_bytes()))
    message = email.message_from_bytes(signed.with_suffix(".eml").read_bytes(), policy=email.policy.default)
    assert [part.get_filename() for part in message.iter_attachments()] == [SIGNED, receipt.name]
    status, text = said("send", signed, "--passphrase-file", tmp_path / "pp", "--replace")
    assert (status, "didn't have yet" in text) == (0, False), text
    receipt.write_bytes(b"an earlier bundle's")
    status, text = said("send", signed, "--passphrase-file", tmp_path / "pp", "--replace")
    assert "isn't attached: delete it, and send again" in " ".join(text.split())
    assert receipt.read_bytes() == b"an earlier bundle's"


def test_a_bundle_that_one_owner_has_signed_isnt_sent(two, tmp_path, said, ada):
    assert said("build", two, *builders(tmp_path)[1:], *ada.options)[0] == 0
    status, text = said("send", two / "out" / TO_SIGN, "--passphrase-file", tmp_path / "pp")
    assert status == 1
    assert "isn't signed yet by Ben Okafor" in text
    assert not list((two / "out").glob("*.eml"))


def test_a_bundle_signed_by_those_who_were_owners_then_isnt_sent(root, tmp_path, said, ada, ben):
    assert said("build", root, *builders(tmp_path)[1:], *ada.options)[0] == 0
    add_owner(root, BEN, ben.identity)
    status, text = said("send", root / "out" / SIGNED, "--passphrase-file", tmp_path / "pp")
    assert status == 1
    assert "isn't signed with the key that the project pins for Ben Okafor" in text


def test_a_first_signature_that_was_taken_out_again_is_noticed(two, tmp_path, said, ada, ben):
    """Halfway, somebody puts the unsigned letter back: the second owner then sees who has signed."""
    bundle, code = built(two, said, tmp_path)
    assert said("sign", bundle, *ada.options, "--code", code)[0] == 0
    halfway = bundle.with_name("acme-bakery-handover-2026-03-02-to-sign-2.zip")
    unsigned = contents(bundle.read_bytes())[LETTER]
    rewritten(halfway, lambda entries: {**entries, LETTER: unsigned}, tmp_path)
    whole = sha256(halfway.read_bytes()).hexdigest()
    status, text = said("sign", halfway, *ben.options, "--code", whole)
    assert status == 0
    assert "signed by    nobody yet" in text
    assert "still to sign: Ada Marsh" in text
    assert record(bundle.with_name("acme-bakery-handover-2026-03-02-to-sign-3.zip"))["state"] == "to-sign"


# What isn't signed


def test_a_bundle_to_be_signed_is_neither_verified_nor_sent_as_one_that_is(root, tmp_path, said):
    bundle, _ = built(root, said, tmp_path)
    status, text = said("verify", bundle)
    assert status == 1
    assert "isn't signed yet by Ada Marsh" in text
    status, text = said("verify", bundle, "--allow-draft")
    assert status == 0
    assert "waits for the signature of Ada Marsh" in text
    assert said("verify", bundle, "--allow-draft", "--fingerprint", "ab" * 32)[0] == 3
    status, text = said("send", root / "out" / TO_SIGN, "--passphrase-file", tmp_path / "pp")
    assert status == 1
    assert "handover sign" in text


def test_a_draft_isnt_signed(root, tmp_path, said, ada):
    assert said("build", root, "--draft", "--date", "2026-03-02")[0] == 0
    (draft,) = (root / "out").glob("*draft.zip")
    status, text = said("sign", draft, *ada.options, "--code", "0" * 64)
    assert status == 1
    assert "a draft, which nobody signs" in text


# A letter that is sent alone


def test_a_letter_is_written_read_and_signed_alone(root, tmp_path, said, ada):
    assert said("write", "letter", root, "-o", tmp_path / "letter.docx")[0] == 0
    written = (tmp_path / "letter.docx").read_bytes()
    assert "for signature" in headers(parts(written))
    assert any("you will receive a handover pack" in line for line in texts(written))
    assert "Enclosures" not in texts(written)
    status, text = said("sign", tmp_path / "letter.docx", "--project", root, *ada.options)
    assert status == 0, text
    assert "signed by every owner" in text
    from handover.seal.letter_verify import verify_letter

    signed = (root / "signed" / "letter.docx").read_bytes()
    assert fingerprint(verify_letter(signed).certificate) == fingerprint(ada.identity.certificate)
    assert painted(parts(signed)["word/media/signature-1.png"]) > 1000


def test_two_owners_sign_a_letter_in_turn(two, tmp_path, said, ada, ben):
    assert said("write", "letter", two, "-o", tmp_path / "letter.docx")[0] == 0
    status, text = said("sign", tmp_path / "letter.docx", "--project", two, *ben.options)
    assert status == 0
    assert "still to sign: Ada Marsh" in text
    signed = two / "signed" / "letter.docx"
    assert f"next: handover sign {signed} --project {two}" in text
    status, text = said("sign", signed, "--project", two, *ada.options)
    assert status == 0, text
    assert f"next: handover send {signed}" in text
    assert {"_xmlsignatures/sig1.xml", "_xmlsignatures/sig2.xml"} <= set(parts(signed.read_bytes()))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        pytest.param("title: Managing director", "title: Director", "the owners' details", id="the owner's title"),
        pytest.param("3 Mill Lane", "4 Mill Lane", "the agency's details", id="nothing but the client's address"),
        pytest.param("2026-12-31", "2027-01-31", "the contract", id="the end of the contract"),
        pytest.param("place: Whitby", "place: York", "the letter's own section", id="the letter's place"),
    ],
)
def test_a_letter_whose_facts_have_changed_isnt_signed(root, tmp_path, said, ada, old, new, named):
    assert said("write", "letter", root, "-o", tmp_path / "letter.docx")[0] == 0
    edit(root, "handover.yaml", old, new)
    status, text = said("sign", tmp_path / "letter.docx", "--project", root, *ada.options)
    assert status == 1
    assert "the project has changed since this letter was written" in text
    if "Mill" not in old:
        assert named in text
    assert not (root / "signed").exists()


def test_another_program_version_is_told_and_not_refused(root, tmp_path, said, ada, monkeypatch):
    assert said("write", "letter", root, "-o", tmp_path / "letter.docx")[0] == 0
    monkeypatch.setattr("handover.documents.facts.__version__", "99.0")
    status, text = said("sign", tmp_path / "letter.docx", "--project", root, *ada.options)
    assert status == 0, text
    assert "the version of handover changed" in text


def test_a_letter_whose_text_was_edited_isnt_signed(root, tmp_path, said, ada):
    from handover.formats.package import opc

    assert said("write", "letter", root, "-o", tmp_path / "letter.docx")[0] == 0
    package = opc.read_package((tmp_path / "letter.docx").read_bytes(), "")
    (tmp_path / "letter.docx").write_bytes(opc.write_package(text_changed(package)))
    status, text = said("sign", tmp_path / "letter.docx", "--project", root, *ada.options)
    assert status == 1
    assert "isn't the letter that this project gives now" in text


def test_a_notice_is_written_signed_and_kept_for_the_bundle(root, tmp_path, said, ada):
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: agency")
    assert said("write", "notice", root)[0] == 0
    status, text = said("sign", root / "out" / "notice.docx", "--project", root, *ada.options)
    assert status == 0, text
    assert "handover status --done notice-given" in text
    assert "[Content_Types].xml" in parts((root / "signed" / "notice.docx").read_bytes())
    status, text = said("write", "notice", root, "--recipient-only", "-o", tmp_path / "other.docx")
    assert status == 2
    assert "belong to the letter" in text


def test_an_acknowledgement_bears_the_day_it_was_written_and_is_signed_later(root, said, ada, monkeypatch):
    edit(root, "handover.yaml", "ended_by: mutual", "ended_by: client")
    monkeypatch.setattr("handover.cli.clock.today", lambda: dt.date(2026, 9, 2))
    assert said("write", "notice", root)[0] == 0
    monkeypatch.setattr("handover.cli.clock.today", lambda: dt.date(2026, 9, 4))
    status, text = said("sign", root / "out" / "notice.docx", "--project", root, *ada.options)
    assert status == 0, text
    edit(root, "handover.yaml", "notice_date: 2026-08-31", "notice_date: 2026-08-30")
    status, text = said("sign", root / "out" / "notice.docx", "--project", root, *ada.options, "--replace")
    assert status == 1
    assert "has changed since this letter was written" in text
