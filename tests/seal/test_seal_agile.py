"""The inventory's encryption: another program reads it, a flipped byte or a wrong passphrase opens nothing."""

import hashlib
import io
import json
import random
import re
from pathlib import Path

import msoffcrypto
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from handover.formats.compound.read import CompoundReader
from handover.formats.compound.write import compound_file
from handover.model.artifact import Artifact, EncryptedArtifact, Role, Seal
from handover.model.errors import DamagedFile, HandoverError, SecretError, WrongPassphrase
from handover.model.secret import Secret
from handover.seal import encryption, encryption_cipher
from handover.seal.encryption import check, decrypt, encrypt, encrypt_artifact, read_parameters, unlocks
from handover.seal.encryption_info import INFO_STREAM, PACKAGE_STREAM, data_spaces, info_stream, parse_info

VECTORS = Path(__file__).parent.parent / "vectors" / "agile"
PASSPHRASE = Secret("disregard-jolt-footsie-upriver-spilt-snout-rising")
QUICK = 1000  # a spin count for tests that aren't about it


class Bytes:
    """Injected randomness: the same bytes in every run, of the given string or of a seeded generator."""

    def __init__(self, given=b""):
        self.given = io.BytesIO(given)
        self.generator = random.Random(7)
        self.asked = []

    def __call__(self, count):
        self.asked.append(count)
        return self.given.read(count) or self.generator.randbytes(count)


def package(size):
    numbers = range(-(-size // 64))
    return b"".join(hashlib.sha512(number.to_bytes(8, "little")).digest() for number in numbers)[:size]


def quick(data, passphrase=PASSPHRASE):
    return encrypt(data, passphrase, random=Bytes(), spin_count=QUICK)


def other_reader(document, passphrase=PASSPHRASE):
    """What msoffcrypto-tool decrypts, after it has verified passphrase and integrity; it raises otherwise."""
    file = msoffcrypto.OfficeFile(io.BytesIO(document))
    file.load_key(passphrase.reveal(), verify_password=True)
    result = io.BytesIO()
    try:
        file.decrypt(result, verify_integrity=True)
    except InvalidKeyError as error:
        # Said after all is decrypted and verified, when the result isn't a zip: ours needn't be one here.
        if str(error) != "The file could not be decrypted with this password":
            raise
    return result.getvalue()


# An EncryptedPackage of `size` has 8 bytes more, rounded up to 16: these meet each boundary from both sides.
SIZES = sorted(
    {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 1000}
    | {boundary + delta for boundary in (512, 1024, 4096, 8192, 12288) for delta in (-17, -16, -9, -8, -7, -1, 0, 1)}
    | {4096 - 24, 4096 - 23, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_333_333}
)
LARGE = [109 * 128 * 512 - 120_000, 109 * 128 * 512 - 63_000, 109 * 128 * 512, 16 * 1024 * 1024]


class TestEncryption:
    @pytest.mark.parametrize("size", [*SIZES, *LARGE])
    def test_a_package_of_any_size_is_read_back_here_and_by_another_program(self, size):
        data = package(size)
        document = quick(data)
        assert other_reader(document) == data
        assert decrypt(document, PASSPHRASE, least_spin_count=QUICK) == data
        read_parameters(document, least_spin_count=QUICK)

    def test_an_empty_package_is_read_back(self):
        assert decrypt(quick(b""), PASSPHRASE, least_spin_count=QUICK) == b""

    @pytest.mark.parametrize("size", [1, 5000])
    def test_with_the_full_spin_count(self, size):
        data = package(size)
        document = encrypt(data, PASSPHRASE, random=Bytes())
        assert other_reader(document) == data
        assert decrypt(document, PASSPHRASE) == data
        assert read_parameters(document).spin_count == 100_000

    def test_all_key_material_is_asked_for_and_32_bytes_are_the_packages_key(self):
        source = Bytes()
        encrypt(b"PK", PASSPHRASE, random=source, spin_count=QUICK)
        assert source.asked == [16, 16, 32, 16, 64]

    def test_an_accent_opens_however_it_was_composed(self):
        document = quick(b"PK", Secret("café"))
        assert decrypt(document, Secret("cafe\u0301"), least_spin_count=QUICK) == b"PK"
        assert other_reader(document, Secret("café")) == b"PK"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            pytest.param("", "empty", id="no passphrase"),
            pytest.param("x" * 256, "longer than the 255", id="longer than Excel's dialog takes"),
            pytest.param("a\ud800b", "can't be typed", id="half a character"),
        ],
    )
    def test_a_passphrase_that_nobody_can_type_is_refused_and_not_shown(self, text, message):
        with pytest.raises(SecretError, match=message) as caught:
            quick(b"PK", Secret(text))
        assert caught.value.__cause__ is None
        assert not text or text not in str(caught.value)

    def test_the_plaintext_is_nowhere_in_the_document(self):
        data = b"a secret that must not be seen " * 1000
        assert b"a secret" not in quick(data)

    def test_two_documents_of_one_package_have_no_block_in_common(self):
        first, second = (
            CompoundReader(encrypt(bytes(9000), PASSPHRASE, random=source, spin_count=QUICK)).read(PACKAGE_STREAM, 9999)
            for source in (Bytes(), Bytes(package(200)))
        )
        blocks = [{stream[at : at + 16] for at in range(8, len(stream), 16)} for stream in (first, second)]
        assert not blocks[0] & blocks[1]
        assert len(blocks[0]) == len(blocks[1]) == 9008 // 16

    def test_the_fallback_for_short_hashes_gives_the_same(self):
        assert encryption_cipher._short_sha512(b"abc").digest() == hashlib.sha512(b"abc").digest()

    def test_an_artifact_becomes_an_encrypted_artifact_with_its_name_and_role(self):
        artifact = Artifact("02-inventory.xlsx", Role.INVENTORY, Seal.ENCRYPTED, b"PK" + package(5000))
        sealed = encrypt_artifact(artifact, PASSPHRASE, random=Bytes())
        assert isinstance(sealed, EncryptedArtifact)
        assert (sealed.name, sealed.role) == ("02-inventory.xlsx", Role.INVENTORY)
        assert decrypt(sealed.content, PASSPHRASE) == artifact.content


class TestKnownAnswers:
    CASES = json.loads((VECTORS / "vectors.json").read_text(encoding="utf-8"))

    @staticmethod
    def content(case):
        given = case["package"]
        return bytes.fromhex(given["hex"]) if "hex" in given else package(given["size"])

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
    def test_the_document_is_the_known_one(self, case):
        source = Bytes(bytes.fromhex(case["random"]))
        passphrase = Secret(case["passphrase"])
        document = encrypt(self.content(case), passphrase, random=source, spin_count=case["spin_count"])
        assert len(document) == case["size"]
        assert hashlib.sha256(document).hexdigest() == case["sha256"]
        assert not self.content(case) or other_reader(document, passphrase) == self.content(case)

    @pytest.mark.parametrize("case", [case for case in CASES if "file" in case], ids=lambda case: case["name"])
    def test_the_committed_document_decrypts_to_the_known_package(self, case):
        document = (VECTORS / case["file"]).read_bytes()
        assert hashlib.sha256(document).hexdigest() == case["sha256"]
        assert decrypt(document, Secret(case["passphrase"])) == self.content(case)
        read_parameters(document)

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            pytest.param(("Version",), "3c0000004d006900", id="Version begins with the feature's name"),
            pytest.param(("DataSpaceMap",), "08000000010000006800000001000000", id="DataSpaceMap has one entry"),
            pytest.param(
                ("DataSpaceInfo", "StrongEncryptionDataSpace"), "080000000100000032000000", id="one transform"
            ),
            pytest.param(
                ("TransformInfo", "StrongEncryptionTransform", "\x06Primary"),
                "58000000010000004c0000007b00460046003900",
                id="Primary begins with the transform's class",
            ),
        ],
    )
    def test_the_data_spaces_are_those_of_office(self, path, expected):
        assert data_spaces()["\x06DataSpaces", *path].startswith(bytes.fromhex(expected))
        sizes = {path[-1]: len(data) for path, data in data_spaces().items()}
        assert sizes == {"Version": 76, "DataSpaceMap": 112, "StrongEncryptionDataSpace": 64, "\x06Primary": 200}


class TestAnotherWriter:
    def test_what_msoffcrypto_tool_encrypts_is_decrypted(self):
        data = b"PK" + package(20_000)
        document = ECMA376Agile.encrypt("a passphrase", io.BytesIO(data))
        assert decrypt(document, Secret("a passphrase")) == data
        unlocks(document, Secret("a passphrase"))

    def test_but_it_is_not_what_we_deliver(self):
        document = ECMA376Agile.encrypt("a passphrase", io.BytesIO(package(20_000)))
        with pytest.raises(DamagedFile, match="isn't spelt as it was written"):
            read_parameters(document)


class TestWrongPassphrase:
    @pytest.mark.parametrize("text", ["disregard", PASSPHRASE.reveal().upper(), PASSPHRASE.reveal() + " "])
    @pytest.mark.parametrize("opening", [decrypt, unlocks])
    def test_is_told_apart_from_damage_and_not_shown(self, opening, text):
        with pytest.raises(WrongPassphrase, match=r"^this passphrase doesn't open vault\.xlsx$") as caught:
            opening(quick(package(5000)), Secret(text), name="vault.xlsx", least_spin_count=QUICK)
        assert text not in str(caught.value) + caught.value.hint

    def test_the_right_one_unlocks(self):
        assert unlocks(quick(package(50)), PASSPHRASE, least_spin_count=QUICK) is None


class TestCheck:
    DATA = package(2_500_000)

    def test_the_right_package_passes(self):
        assert check(quick(self.DATA), PASSPHRASE, self.DATA, least_spin_count=QUICK) is None

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(DATA[:-1], id="a byte less"),
            pytest.param(DATA + b"x", id="a byte more"),
            pytest.param(DATA[:-1] + b"\x00", id="another last byte"),
            pytest.param(b"", id="nothing"),
        ],
    )
    def test_another_package_is_refused(self, other):
        with pytest.raises(DamagedFile, match="decrypt"):
            check(quick(self.DATA), PASSPHRASE, other, least_spin_count=QUICK)


def repacked(document, changes):
    """The document with some of its streams replaced."""
    reader = CompoundReader(document)
    return compound_file({path: reader.read(path, size) for path, size in reader.sizes.items()} | changes)


class TestManipulation:
    DATA = package(9000)
    DOCUMENT = quick(DATA)
    PACKAGE = CompoundReader(DOCUMENT).read(PACKAGE_STREAM, 99_999)
    INFO = CompoundReader(DOCUMENT).read(INFO_STREAM, 99_999)

    def opened(self, document):
        return decrypt(document, PASSPHRASE, least_spin_count=QUICK)

    @pytest.mark.parametrize(
        "position",
        [*range(8), 8, 9, 15, 16, 23, 24, 100, 4095, 4096, 4103, 4104, 4105, 8199, 8200, 8201, 9000, 9007, 9008, 9015],
    )
    def test_a_flipped_byte_of_encrypted_package_is_refused(self, position):
        changed = bytearray(self.PACKAGE)
        changed[position] ^= 0x01
        with pytest.raises(DamagedFile):
            self.opened(repacked(self.DOCUMENT, {PACKAGE_STREAM: bytes(changed)}))

    def test_a_flipped_byte_anywhere_in_encryption_info_is_refused(self):
        passed = []
        for position in range(len(self.INFO)):
            changed = bytearray(self.INFO)
            changed[position] ^= 0x01
            document = repacked(self.DOCUMENT, {INFO_STREAM: bytes(changed)})
            try:
                read_parameters(document, least_spin_count=QUICK)
                passed.append((position, self.opened(document)))
            except (DamagedFile, WrongPassphrase):
                continue
        assert passed == []

    @given(st.integers(0, len(INFO) - 1), st.integers(1, 255))
    def test_whatever_encryption_info_says_nothing_false_is_given(self, position, change):
        changed = bytearray(self.INFO)
        changed[position] ^= change
        try:
            found = self.opened(repacked(self.DOCUMENT, {INFO_STREAM: bytes(changed)}))
        except (DamagedFile, WrongPassphrase):
            return
        # White space and the names of prefixes mean nothing.
        assert found == self.DATA

    @given(st.data())
    def test_a_damaged_document_gives_its_true_content_or_an_error(self, data):
        document = bytearray(self.DOCUMENT)
        for _ in range(data.draw(st.integers(1, 4))):
            document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
        try:
            found = self.opened(bytes(document))
        except HandoverError:
            return
        assert found == self.DATA

    @given(st.integers(0, len(DOCUMENT) - 1))
    def test_a_truncated_document_gives_its_true_content_or_an_error(self, length):
        try:
            found = self.opened(self.DOCUMENT[:length])
        except DamagedFile:
            return
        assert found == self.DATA

    @pytest.mark.parametrize(
        "size",
        [0, 9000 - 16, 9001 + 16, 1 << 40, (1 << 64) - 1],
        ids=lambda size: f"a package said to have {size} bytes",
    )
    def test_a_wrong_size_is_refused_before_memory_is_taken(self, size):
        changed = size.to_bytes(8, "little") + self.PACKAGE[8:]
        with pytest.raises(DamagedFile):
            self.opened(repacked(self.DOCUMENT, {PACKAGE_STREAM: changed}))

    def test_an_encrypted_package_without_its_size_is_refused(self):
        with pytest.raises(DamagedFile, match="another size"):
            self.opened(repacked(self.DOCUMENT, {PACKAGE_STREAM: b"\x01"}))

    def test_a_further_stream_is_not_what_we_deliver(self):
        document = repacked(self.DOCUMENT, {("Hidden",): b"something"})
        assert self.opened(document) == self.DATA
        with pytest.raises(DamagedFile, match="other parts"):
            read_parameters(document, least_spin_count=QUICK)

    def test_other_data_spaces_are_not_what_we_deliver(self):
        document = repacked(self.DOCUMENT, {("\x06DataSpaces", "Version"): bytes(76)})
        with pytest.raises(DamagedFile, match="a part of it isn't what it should be"):
            read_parameters(document, least_spin_count=QUICK)

    def test_data_behind_the_last_block_is_not_what_we_deliver(self):
        document = repacked(self.DOCUMENT, {PACKAGE_STREAM: self.PACKAGE + bytes(16)})
        with pytest.raises(DamagedFile, match="altered"):
            self.opened(document)
        with pytest.raises(DamagedFile, match="another size"):
            read_parameters(document, least_spin_count=QUICK)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda document: document + b"\0", id="a byte behind the end"),
            pytest.param(lambda document: document + b"a note".ljust(512, b"\0"), id="a sector that nothing refers to"),
            pytest.param(lambda document: document[:-1] + b"x", id="a byte in the last sector's rest"),
            pytest.param(lambda document: document[:8] + b"a class of ours!" + document[24:], id="a class identifier"),
        ],
    )
    def test_what_the_compound_file_holds_beside_its_streams_is_not_what_we_deliver(self, change):
        document = change(self.DOCUMENT)
        assert document != self.DOCUMENT
        assert self.opened(document) == self.DATA
        with pytest.raises(DamagedFile, match="holds more than what is encrypted"):
            read_parameters(document, least_spin_count=QUICK)


class TestParameters:
    INFO = info_stream(read_parameters(encrypt(b"PK", PASSPHRASE, random=Bytes())))

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            pytest.param('keyBits="256"', 'keyBits="128"', "a key of 128 bits", id="AES-128"),
            pytest.param('"SHA512"', '"SHA1"', "the digest SHA1", id="SHA-1"),
            pytest.param('hashSize="64"', 'hashSize="20"', "other settings", id="a short hash"),
            pytest.param('"AES"', '"3DES"', "the cipher 3DES", id="another cipher"),
            pytest.param("ChainingModeCBC", "ChainingModeCFB", "the cipher ChainingModeCFB", id="another mode"),
            pytest.param('saltSize="16"', 'saltSize="8"', "other settings", id="short salts"),
            pytest.param('blockSize="16" ', "", "other settings", id="an attribute that is missing"),
            pytest.param('"100000"', '"99999"', "99999 rounds", id="a spin count that is too low"),
            pytest.param('"100000"', '"1000001"', "1000001 rounds", id="a spin count that would take forever"),
            pytest.param('"100000"', '"4294967295"', "damaged", id="a spin count of four billion"),
            pytest.param('"100000"', '"-100000"', "damaged", id="a negative spin count"),
            pytest.param('"100000"', '"0100000"', "damaged", id="a spin count with a leading zero"),
            pytest.param('"100000"', '"１０００００"', "damaged", id="a spin count in other digits"),
            pytest.param("<dataIntegrity", "<integrity", "other keys", id="no data integrity"),
            pytest.param("encryptedHmacValue", "encryptedHmacText", "damaged", id="no integrity code"),
            pytest.param('keyEncryptor/password"><p:', 'keyEncryptor/certificate"><p:', "other keys", id="certificate"),
            pytest.param("<keyEncryptors>", "<keyEncryptors>text", "damaged", id="text between the elements"),
            pytest.param("<keyEncryptors>", "<keyEncryptors><!-- -->", "damaged", id="a comment"),
            pytest.param("<encryption", "<!-- --><encryption", "damaged", id="a comment before it"),
            pytest.param("</encryption>", "</encryption><?x y?>", "damaged", id="an instruction behind it"),
            pytest.param("<keyEncryptors>", "<keyEncryptors><?x y?>", "damaged", id="a processing instruction"),
            pytest.param("<keyData ", '<keyData more="" ', "damaged", id="an unknown attribute"),
            pytest.param("<keyData ", '<keyData saltSize="16" ', "damaged", id="an attribute given twice"),
            pytest.param("</encryption>", "", "damaged", id="an element that isn't closed"),
            pytest.param("<encryption", "<!DOCTYPE encryption><encryption", "damaged", id="a DOCTYPE"),
            pytest.param('Value="', 'Value="!', "damaged", id="a value that isn't base64"),
            pytest.param('==" enc', '" enc', "damaged", id="base64 without its padding"),
        ],
    )
    def test_anything_but_our_profile_is_refused(self, old, new, message):
        text = self.INFO[8:].decode()
        assert old in text
        with pytest.raises(DamagedFile, match=message):
            parse_info(self.INFO[:8] + text.replace(old, new, 1).encode(), name="vault.xlsx")

    @pytest.mark.parametrize(
        ("head", "message"),
        [
            pytest.param("0300020024000000", "older kind", id="standard encryption of Office 2007"),
            pytest.param("0400020024000000", "older kind", id="standard encryption of Office 2010"),
            pytest.param("0400030040000000", "older kind", id="extensible encryption"),
            pytest.param("0400040041000000", "damaged", id="other flags"),
            pytest.param("0400", "older kind", id="almost nothing"),
        ],
    )
    def test_other_kinds_of_encryption_are_named(self, head, message):
        with pytest.raises(DamagedFile, match=message):
            parse_info(bytes.fromhex(head) + self.INFO[8:] * (len(head) == 16), name="vault.xlsx")

    def test_spare_bits_of_base64_are_refused(self):
        text = self.INFO[8:].decode()
        last = re.search(r"(.)==\"", text)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        other = alphabet[alphabet.index(last[1]) + 1]
        changed = text[: last.start()] + other + text[last.start() + 1 :]
        with pytest.raises(DamagedFile, match="damaged"):
            parse_info(self.INFO[:8] + changed.encode(), name="vault.xlsx")

    def test_an_entity_bomb_is_refused_without_expanding_it(self):
        bomb = "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9 if n else "x"}">' for n in range(30))
        with pytest.raises(DamagedFile, match="damaged"):
            parse_info(self.INFO[:8] + f"{bomb}]><encryption>&e29;</encryption>".encode(), name="vault.xlsx")

    def test_an_oversized_descriptor_is_refused(self):
        document = repacked(quick(b"PK"), {INFO_STREAM: self.INFO + b" " * 20_000})
        with pytest.raises(DamagedFile, match="too large"):
            decrypt(document, PASSPHRASE)

    @given(st.binary(max_size=400))
    def test_noise_raises_only_damaged_file(self, noise):
        with pytest.raises(DamagedFile):
            parse_info(self.INFO[:8] + noise, name="vault.xlsx")

    def test_what_is_written_is_read_and_written_again_the_same(self):
        parameters = parse_info(self.INFO, name="vault.xlsx")
        assert info_stream(parameters) == self.INFO

    def test_a_low_spin_count_is_refused_by_default(self):
        with pytest.raises(DamagedFile, match="1000 rounds"):
            encryption.decrypt(quick(b"PK"), PASSPHRASE)
