"""Passphrases: strong when made, judged soberly when chosen, read without accidents."""

import io
import os
import random
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handover.languages import files
from handover.model.errors import SecretError, WeakPassphrase
from handover.model.secret import Secret
from handover.seal.passphrase import (
    LEAST_BITS,
    LIST_SIZE,
    generate,
    parse_passphrase,
    read_passphrase,
    read_passphrase_file,
    require_different,
    require_strong,
    strength_bits,
    word_list,
)

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")


class TestGenerated:
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_a_list_has_7776_different_words_that_any_keyboard_types(self, language):
        words = word_list(language)
        assert len(set(words)) == len(words) == LIST_SIZE
        assert all(word.isascii() and word.replace("-", "").isalpha() and word.islower() for word in words)

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_no_phrase_can_be_read_as_two_lists_of_words(self, language):
        words = set(word_list(language))
        assert [word for word in words if "-" in word and set(word.split("-")) <= words] == []

    @pytest.mark.parametrize(
        "file", ["en/passphrase-source.txt", "fr/passphrase-source.txt", "fr/passphrase-licence.txt"]
    )
    def test_source_and_licence_lie_beside_the_lists(self, file):
        assert "Licence: C" in files.read_text(*file.split("/")) or "Creative Commons" in files.read_text(
            *file.split("/")
        )

    @pytest.mark.parametrize(
        ("language", "first"),
        [
            ("en", "abacus"),
            ("en-GB", "abacus"),
            ("fr", "abaisse"),
            ("fr-CA", "abaisse"),
            ("fr_FR", "abaisse"),
            ("es", "abacus"),
            ("../en", "abacus"),
        ],
    )
    def test_each_language_has_its_list_or_the_english_one(self, language, first):
        assert word_list(language)[0] == first

    def test_seven_words_are_chosen_from_the_whole_list(self):
        lists = []

        def choose(words):
            lists.append(words)
            return words[len(lists)]

        phrase = generate("en", choose)
        assert phrase.reveal() == "abdomen-abdominal-abide-abiding-ability-ablaze-able"
        assert lists == [word_list("en")] * 7

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_what_is_made_counts_90_bits_and_is_strong(self, language):
        places = iter([0, 2008, 2527, 4000, 6639, 7747, 7775])
        phrase = generate(language, lambda words: words[next(places)])
        assert strength_bits(phrase.reveal()) == pytest.approx(7 * log2(7776))
        assert require_strong(phrase) is None

    @given(st.sampled_from(["en", "fr"]), st.randoms(use_true_random=False))
    def test_whatever_is_made_is_recognised(self, language, chance):
        chosen = []

        def choose(words):
            chosen.append(chance.choice(words))
            return chosen[-1]

        phrase = generate(language, choose).reveal()
        assert strength_bits(phrase) == pytest.approx(len(set(chosen)) * log2(7776))

    def test_a_list_that_lost_words_is_refused(self, monkeypatch):
        word_list.cache_clear()
        monkeypatch.setattr(files, "read_text", lambda *_: "one two three")
        with pytest.raises(SecretError, match="isn't what was delivered"):
            word_list("en")
        word_list.cache_clear()


class TestStrength:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("disregard-jolt-footsie-upriver-spilt-snout-rising", id="seven words of the list"),
            pytest.param("disregard jolt footsie upriver spilt snout rising", id="the same with spaces"),
            pytest.param("Disregard.Jolt.Footsie.Upriver.Spilt.Snout.Rising", id="with points and capitals"),
            pytest.param("perd-citadin-normand-donjon-remonta-afghan-pileux", id="seven French words"),
            pytest.param("yo-yo-t-shirt-drop-down-felt-tip-abacus-zoom", id="words that have hyphens themselves"),
            pytest.param("x7#Kq9!mZ2$vL8@p", id="sixteen random characters"),
            pytest.param("dCL3mAPVGSDG2olOLA6Djg", id="a random token of 128 bits"),
        ],
    )
    def test_enough(self, text):
        assert require_strong(Secret(text)) is None
        assert strength_bits(text) >= LEAST_BITS

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="nothing"),
            pytest.param("The quick brown fox jumps over the lazy dog", id="every typist's sentence"),
            pytest.param("TheQuickBrownFoxJumpsOverTheLazyDog!1", id="the same without spaces, adorned"),
            pytest.param("to be or not to be that is the question", id="a quotation"),
            pytest.param("Être ou ne pas être, telle est la question", id="the same in French"),
            pytest.param("of all the things that we had to do it is the one", id="the commonest words"),
            pytest.param("summer Winter summer 2026 2026 2026 winter SUMMER", id="words said again"),
            pytest.param("password", id="the first that is tried"),
            pytest.param("P@ssw0rd!P@ssw0rd!P@ssw0rd!", id="the same in disguise, three times"),
            pytest.param("correct horse battery staple", id="four words"),
            pytest.param("disregard-jolt-footsie-upriver-spilt", id="five words of the list"),
            pytest.param("abacus-abacus-abacus-abacus-abacus-abacus-abacus", id="one word seven times"),
            pytest.param("Tr0ub4dor&3", id="a word with digits for letters"),
            pytest.param("anticonstitutionnellement", id="a long French word"),
            pytest.param("été-printemps-automne-hiver", id="four French words with accents"),
            pytest.param("Marseille75Paris13Lyon69Lille59", id="towns and numbers"),
            pytest.param("qwertyuiopasdfghjklzxcvbnm", id="the keyboard's rows"),
            pytest.param("a" * 200, id="two hundred times the same letter"),
            pytest.param("kX9$" * 60, id="a random start repeated beyond the meter's limit"),
            pytest.param("2024-01-31 2024-02-29", id="dates"),
            pytest.param("密码密码密码密码密码", id="another script"),
        ],
    )
    def test_too_weak(self, text):
        with pytest.raises(WeakPassphrase, match="bits") as caught:
            require_strong(Secret(text))
        assert not text or text not in str(caught.value) + caught.value.hint

    def test_names_and_a_year_said_thrice_are_too_weak(self):
        text = "Wrenfield Nurseries Harriet Osgood 2026 2026 2026"
        with pytest.raises(WeakPassphrase):
            require_strong(Secret(text), context=["Wrenfield Nurseries", "Harriet Osgood"])

    @given(st.sampled_from(["en", "fr"]), st.integers(0, 10**9))
    def test_what_is_made_of_different_words_is_strong_whoever_it_is_for(self, language, seed):
        chosen = iter(random.Random(seed).sample(word_list(language), 7))
        phrase = generate(language, lambda _: next(chosen))
        assert strength_bits(phrase.reveal(), context=["Walrus & Lamp Ltd", "Ruth Carter"]) >= LEAST_BITS

    def test_names_that_a_guesser_knows_count_little(self):
        text = "Brasserie-Montbrun-2024"
        assert strength_bits(text, context=["Brasserie Montbrun", "Brasserie", "Montbrun"]) < strength_bits(text)

    @given(st.text(max_size=300))
    def test_any_text_gets_a_finite_estimate(self, text):
        assert 0 <= strength_bits(text) < 10_000

    def test_the_vaults_own_passphrase_is_refused_for_the_client(self):
        with pytest.raises(SecretError, match="the vault's own"):
            require_different(Secret("café crème"), Secret("cafe\u0301 cre\u0300me"))
        assert require_different(Secret("café crème"), Secret("cafe creme")) is None


class TestReading:
    @pytest.mark.parametrize(
        ("data", "text"),
        [
            pytest.param(b"seven words", "seven words", id="no line end"),
            pytest.param(b"seven words\n", "seven words", id="a line end"),
            pytest.param(b"seven words\r\n", "seven words", id="a Windows line end"),
            pytest.param(b"\xef\xbb\xbfseven words\n", "seven words", id="a byte order mark"),
            pytest.param(b" seven words \n", " seven words ", id="spaces are kept"),
            pytest.param("é\u0301 ü €".encode(), "é\u0301 ü €", id="accents"),
        ],
    )
    def test_what_is_read(self, data, text):
        assert parse_passphrase(data, "pass.txt") == Secret(text)
        assert read_passphrase(io.BytesIO(data), "standard input") == Secret(text)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            pytest.param(b"", "empty", id="nothing"),
            pytest.param(b"\n", "empty", id="an empty line"),
            pytest.param(b"   \n", "empty", id="spaces only"),
            pytest.param(b"one\n\n", "more than one line", id="two line ends"),
            pytest.param(b"one\ntwo\n", "more than one line", id="two lines"),
            pytest.param(b"one\r", "more than one line", id="an old Mac's line end"),
            pytest.param(b"a\x00b", "control", id="a NUL"),
            pytest.param(b"a\tb", "control", id="a tab"),
            pytest.param(b"a\x1b[0m", "control", id="an escape sequence"),
            pytest.param("a\u200bb".encode(), "invisible", id="a zero-width space"),
            pytest.param("a\u202eb".encode(), "invisible", id="a change of direction"),
            pytest.param("a\u2028b".encode(), "more than one line", id="a line separator"),
            pytest.param(b"caf\xe9", "isn't UTF-8", id="Latin-1"),
            pytest.param("secret".encode("utf-16"), "isn't UTF-8", id="UTF-16, as PowerShell writes it"),
            pytest.param(b"x" * 1025, "at most 1,024 bytes", id="a file that is something else"),
            pytest.param(b"x" * 256, "longer than the 255", id="longer than Excel's dialog takes"),
        ],
    )
    def test_what_is_refused(self, data, message):
        with pytest.raises(SecretError, match=rf"^pass\.txt: .*{message}") as caught:
            parse_passphrase(data, "pass.txt")
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None

    @settings(deadline=None)
    @given(st.binary(max_size=1100))
    def test_any_bytes_give_a_passphrase_or_an_error(self, data):
        try:
            text = parse_passphrase(data, "pass.txt").reveal()
        except SecretError:
            return
        assert text.strip()
        assert text.isprintable() or any(character.isspace() for character in text)

    def test_a_stream_without_end_is_not_read_to_its_end(self):
        class Endless(io.RawIOBase):
            def read(self, size=-1):
                return b"x" * size

        with pytest.raises(SecretError, match="at most 1,024 bytes"):
            read_passphrase(Endless(), "standard input")

    def test_a_private_file_is_read(self, tmp_path):
        path = tmp_path / "pass.txt"
        path.write_text("seven words\n", encoding="utf-8")
        path.chmod(0o600)
        assert read_passphrase_file(path).reveal() == "seven words"

    @posix
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
    def test_a_file_that_others_may_use_is_refused(self, tmp_path, mode):
        path = tmp_path / "pass.txt"
        path.write_text("seven words\n", encoding="utf-8")
        path.chmod(mode)
        with pytest.raises(SecretError, match="others can read") as caught:
            read_passphrase_file(path)
        assert caught.value.hint == f"chmod 600 {path}"

    @posix
    def test_a_descriptor_is_read(self):
        reading, writing = os.pipe()
        os.write(writing, b"seven words\n")
        os.close(writing)
        with os.fdopen(reading):
            assert read_passphrase_file(files.Path(f"/dev/fd/{reading}")).reveal() == "seven words"

    @pytest.mark.parametrize(("name", "why"), [("missing.txt", "can't be read"), (".", "it's a folder, not a file")])
    def test_what_cannot_be_read_is_named(self, tmp_path, name, why):
        with pytest.raises(SecretError, match=why):
            read_passphrase_file(tmp_path / name)
