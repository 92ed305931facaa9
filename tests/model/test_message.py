"""A sentence of the program is English by itself and words of a catalogue at the edge."""

import copy
from gettext import NullTranslations

from handover.model.message import counted, in_words_of, msg, without_place


class French(NullTranslations):
    """A catalogue of three sentences."""

    WORDS = {
        ": ": " : ",
        ",.": " ,",
        "is missing": "est absent",
        "{count} file in {folder}": ("{count} fichier dans {folder}", "{count} fichiers dans {folder}"),
    }

    def gettext(self, message: str) -> str:
        return self.WORDS.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self.WORDS[singular][count > 1]


def test_a_message_is_its_english_sentence():
    told = msg("{file}: {reason}", file="a.csv", reason=msg("is missing"))
    assert told == "a.csv: is missing"
    assert f"{told}!" == "a.csv: is missing!"


class Joining(French):
    def joined(self, before: str, value: str) -> tuple[str, str]:
        return (before[:-2] + "’", value) if before.endswith("de ") and value[0] in "AEI" else (before, value)


def test_a_catalogue_joins_its_words_to_names_and_to_nothing_else():
    assert in_words_of(Joining(), msg("la clé de {name}", name="Ines")) == "la clé d’Ines"
    assert in_words_of(Joining(), msg("la clé de {name}", name="Claire")) == "la clé de Claire"
    assert in_words_of(Joining(), msg("le contenu de {file}", file="E.csv")) == "le contenu de E.csv"
    assert in_words_of(Joining(), msg("{name!r} de {count:,}", name="Ada", count=1200)) == "'Ada' de 1 200"
    assert in_words_of(Joining(), msg("{{ de {name} }}", name="Ada")) == "{ d’Ada }"


def test_a_catalogue_words_a_message_and_the_messages_in_it():
    told = msg("{file}: {reason}", file="a.csv", reason=msg("is missing"))
    assert in_words_of(French(), told) == "a.csv : est absent"


def test_a_value_with_braces_stays_as_it_is():
    assert in_words_of(French(), msg("{file}: {reason}", file="{reason}", reason="{file}")) == "{reason} : {file}"


def test_a_count_takes_the_form_of_each_language():
    none = counted("{count} file in {folder}", "{count} files in {folder}", 0, folder="x")
    assert none == "0 files in x"
    assert in_words_of(French(), none) == "0 fichier dans x"


def test_plain_text_is_left_alone():
    assert in_words_of(French(), "is missing") == "is missing"


def test_a_copied_message_still_remembers_what_it_was_made_of():
    told = msg("{file}: {reason}", file="a.csv", reason=msg("is missing"))
    again = copy.copy(told)
    assert again == told
    assert in_words_of(French(), again) == "a.csv : est absent"


def test_a_number_takes_the_marks_of_each_language():
    told = msg("{size:,.1f} MB in {file}", size=1234.5, file="a.csv")
    assert told == "1,234.5 MB in a.csv"
    assert in_words_of(French(), told) == "1 234,5 MB in a.csv"


def test_what_stands_beside_a_message_keeps_its_words():
    assert in_words_of(French(), "  " + msg("is missing") + "!") == "  est absent!"


def test_without_its_place_a_sentence_is_a_message_still():
    told = without_place(msg("{file}: {reason}", file="a.csv", reason=msg("is missing")), "a.csv")
    assert told == "is missing"
    assert in_words_of(French(), told) == "est absent"


def test_of_a_longer_place_what_stands_before_goes_alone():
    told = without_place(msg("{place}: is missing", place="a.docx: book.bin"), "a.docx")
    assert told == "book.bin: is missing"
    assert in_words_of(French(), told) == "book.bin : est absent"
