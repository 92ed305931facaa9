"""Passphrases: made, judged and read.

Role: makes passphrases of random words, estimates how hard a chosen one is to guess and refuses weak ones, and
reads one from a file or standard input without letting an accident through (another user's eyes, a stray
control character, an encoding that nobody can type). It derives no key (`handover.seal.encryption_cipher`), prompts
for nothing and prints nothing (`handover.cli`), and never puts a passphrase into a message.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import log2
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import category, normalize

from handover.formats.opener import NotRegular, open_named
from handover.languages import files
from handover.languages.registry import START
from handover.model.characters import quoted
from handover.model.errors import SecretError, WeakPassphrase
from handover.model.message import msg, system_reason
from handover.model.secret import Secret
from handover.seal.encryption_cipher import MAX_PASSPHRASE

WORDS = 7
LIST_SIZE = 7776  # five dice
_WORD_BITS = log2(LIST_SIZE)
SEPARATOR = "-"
# Six words of the list have 77.5 bits: what a chosen passphrase must reach by estimate.
LEAST_BITS = 77.0
GENERATED_HINT = msg("give none, and handover makes one of seven random words")
MAX_BYTES = 1024
# zxcvbn's own limit: its time grows with the square of the length, and beyond this it raises.
_METER_LIMIT = 72
_SEPARATORS = " -_.,;:/+"
_WORD = re.compile(r"[^\W_]+")
_PUNCTUATION = frozenset(_SEPARATORS + "!?'\u2019\u00a0\u202f\u2013\u2014")
_QUOTATIONS = tuple(
    sentence.replace(" ", "")
    for sentence in (
        "the quick brown fox jumps over the lazy dog",
        "to be or not to be that is the question",
        "correct horse battery staple",
        "may the force be with you",
        "i think therefore i am",
        "it was the best of times it was the worst of times",
        "in the beginning god created the heaven and the earth",
        "our father who art in heaven hallowed be thy name",
        "four score and seven years ago our fathers brought forth",
        "we hold these truths to be self evident that all men are created equal",
        "twinkle twinkle little star how i wonder what you are",
        "mary had a little lamb its fleece was white as snow",
        "all happy families are alike",
        "it is a truth universally acknowledged",
        "never gonna give you up never gonna let you down",
        "one ring to rule them all one ring to find them",
        "je pense donc je suis",
        "etre ou ne pas etre telle est la question",
        "portez ce vieux whisky au juge blond qui fume",
        "longtemps je me suis couche de bonne heure",
        "liberte egalite fraternite",
        "allons enfants de la patrie le jour de gloire est arrive",
        "au clair de la lune mon ami pierrot",
        "notre pere qui es aux cieux que ton nom soit sanctifie",
        "les sanglots longs des violons de l automne blessent mon coeur",
        "rien ne sert de courir il faut partir a point",
    )
)
"""Sentences that every guesser has, as letters alone. They show the kind; the meter has to catch the others."""


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The 7,776 words for a language (`fr`, `en-GB`…): lower-case ASCII; English where there is no list.

    Sources and licences: templates/<language>/passphrase-source.txt.
    """
    primary = language.replace("_", "-").split("-")[0].lower()
    name = primary if primary in files.languages() else START
    words = tuple(files.read_text(name, "passphrase.txt").split())
    if len(set(words)) != LIST_SIZE:
        # The strength that we promise depends on it.
        message = msg("the word list {name}/passphrase.txt isn't what was delivered", name=name)
        raise SecretError(message, hint=msg("install handover-kit again"))
    return words


def generate(language: str, choose: Callable[[Sequence[str]], str]) -> Secret:
    """A passphrase of seven words of the language's list (`word_list`), joined by hyphens; 12.9 bits a word.

    `choose` takes one of the words with equal chances for all, as `secrets.choice` does.
    """
    words = word_list(language)
    return Secret(SEPARATOR.join(choose(words) for _ in range(WORDS)))


def strength_bits(text: str, *, context: Iterable[str] = ()) -> float:
    """How many bits of guessing a passphrase withstands, by estimate and rather too few than too many.

    A phrase made of words of our lists, whoever joined them, counts 12.9 bits for each different word. Anything
    else is taken apart by zxcvbn, with `context` (names of client, agency, project) as words that a guesser tries
    first; what it has no word for is counted by `_spelled_bits`, since it knows English alone. A phrase of words counts
    no more than its different words one by one, and a well-known sentence no more than a word. Of a text longer than
    72 characters the strongest 72 count.
    """
    names = [name for name in context if name]
    known = [*names, *(word for name in names for word in _WORD.findall(name))]
    rest = _without_quotations(text)
    if rest is not None:
        return _WORD_BITS + strength_bits(rest, context=known)
    words = _listed_words(text)
    if words:
        return len(set(words)) * _WORD_BITS
    bits = _measured_bits(text, known)
    different = {word.casefold(): word for word in _WORD.findall(text)}
    if len(different) >= 3 and set(_WORD.sub("", text)) <= _PUNCTUATION:
        return min(bits, sum(_single_bits(word, known) for word in different.values()))
    return bits


def require_strong(
    passphrase: Secret, *, context: Iterable[str] = (), least: float = LEAST_BITS, hint: str = GENERATED_HINT
) -> None:
    """Raises WeakPassphrase when a chosen passphrase is estimated below `least` bits (see `strength_bits`)."""
    bits = strength_bits(passphrase.reveal(), context=context)
    if bits < least:
        message = msg(
            "this passphrase is too easy to guess: about {bits:.0f} bits, {least:.0f} are needed",
            bits=bits,
            least=least,
        )
        raise WeakPassphrase(message, hint=hint)


def require_different(passphrase: Secret, vault_passphrase: Secret) -> None:
    """Raises SecretError when the client's passphrase is the vault's: the client would hold the agency's own."""
    if _normal(passphrase) == _normal(vault_passphrase):
        hint = msg("give none, and handover makes a new one")
        raise SecretError(msg("the passphrase is the vault's own, which the client must not learn"), hint=hint)


def read_passphrase(stream: BinaryIO, source: str) -> Secret:
    """The passphrase that an open binary stream holds (standard input, a descriptor). Raises as `parse_passphrase`."""
    try:
        return parse_passphrase(stream.read(MAX_BYTES + 1), source)
    except OSError as error:
        raise SecretError.at(
            source, msg("the passphrase can't be read ({reason})", reason=system_reason(error))
        ) from None


def read_passphrase_file(path: Path) -> Secret:
    """The passphrase in a file, as `read_passphrase` reads it.

    Raises SecretError also when there is no such file, and when others than its owner may read it (where the
    system has such permissions).
    """
    try:
        with open_named(path, pipes=True) as file:
            _check_private(path, os.fstat(file.fileno()))
            return read_passphrase(file, str(path))
    except NotRegular as error:
        raise SecretError.at(
            path,
            system_reason(error),
            hint=msg("name a file that holds the passphrase in one line"),
        ) from None
    except OSError as error:
        hint = msg("name a file that holds it in one line, and that only you can read")
        raise SecretError.at(
            path, msg("the passphrase can't be read ({reason})", reason=system_reason(error)), hint=hint
        ) from None


def parse_passphrase(data: bytes, source: str) -> Secret:
    """The passphrase in bytes that came from `source` (a name for messages).

    One trailing line end and a UTF-8 byte order mark are dropped. Raises SecretError for what can't be typed
    again or was hardly meant: nothing, more than 1,024 bytes, other encodings, control and invisible characters.
    """
    if len(data) > MAX_BYTES:
        raise SecretError.at(
            source, msg("a passphrase has at most {most:,} bytes; is this the right file?", most=MAX_BYTES)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The cause holds the passphrase.
        raise SecretError.at(
            source, msg("the passphrase isn't UTF-8"), hint=msg("save the file as UTF-8 text")
        ) from None
    text = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    check_typeable(text, source)
    return Secret(text)


def check_typeable(text: str, source: str) -> None:
    """Raises SecretError when a passphrase is empty or holds a character that nobody can see or type."""
    if not text.strip():
        raise SecretError.at(source, msg("the passphrase is empty"))
    if len(text.encode("utf-16-le", "surrogatepass")) > 2 * MAX_PASSPHRASE:
        raise SecretError.at(
            source, msg("the passphrase is longer than the {most} characters that Excel takes", most=MAX_PASSPHRASE)
        )
    if any(character in "\n\r\u2028\u2029" for character in text):
        raise SecretError.at(source, msg("the passphrase has more than one line"), hint=msg("keep the first line only"))
    if any(category(character) in {"Cc", "Cf", "Cs", "Cn", "Co"} for character in text):
        raise SecretError.at(
            source, msg("the passphrase holds a control or invisible character"), hint=msg("type it anew, on one line")
        )


def _measured_bits(text: str, known: list[str]) -> float:
    from zxcvbn import zxcvbn

    parts = [text[start : start + _METER_LIMIT] for start in range(0, len(text), _METER_LIMIT)]
    sequences = (zxcvbn(part, user_inputs=known)["sequence"] for part in parts)
    return max((sum(map(_match_bits, sequence)) for sequence in sequences), default=0.0)


def _match_bits(match: Mapping[str, Any]) -> float:
    return _spelled_bits(match["token"]) if match["pattern"] == "bruteforce" else log2(float(match["guesses"]))


def _single_bits(word: str, known: list[str]) -> float:
    """Bits of one word of a phrase; the shortest are mostly "the" and "de", and no word beats a random one."""
    bits = _measured_bits(word, known)
    if not word.isalpha():
        return bits
    return min(bits, _WORD_BITS, 2.0 * len(word)) if len(word) <= 3 else min(bits, _WORD_BITS)


def _without_quotations(text: str) -> str | None:
    """The letters and digits of a text without the first well-known sentence in it; None where there is none."""
    letters = "".join(c for c in normalize("NFKD", text.casefold()) if c.isalnum())
    for sentence in _QUOTATIONS:
        before, found, after = letters.partition(sentence)
        if found:
            return before + after
    return None


def _spelled_bits(text: str) -> float:
    """Bits of what no dictionary knows: 2 for a letter in a row that reads like a word, at most 5 for another.

    zxcvbn counts 3.3 for every character: too few for a password manager's random ones, too many for other languages.
    Random characters of 94 kinds have 6.5 bits each; people's own mixtures have fewer.
    """
    alphabets = (("[a-z]", 26), ("[A-Z]", 26), ("[0-9]", 10), ("[^a-zA-Z0-9]", 33))
    alphabet = sum(size for pattern, size in alphabets if re.search(pattern, text))
    like_words = re.findall(r"[^\W\d_](?:(?![A-Z])[^\W\d_]){3,}|[A-Z]{4,}", text)
    letters = sum(len(word) for word in like_words)
    return 2.0 * letters + (len(text) - letters) * min(log2(max(alphabet, 2)), 5.0)


def _check_private(path: Path, status: os.stat_result) -> None:
    # Windows has no such permissions, and a terminal belongs to its group by design.
    if os.name != "posix" or not (stat.S_ISREG(status.st_mode) or stat.S_ISFIFO(status.st_mode)):
        return
    if status.st_mode & 0o077:
        raise SecretError.at(path, msg("others can read this passphrase file"), hint=f"chmod 600 {quoted(path)}")


def _listed_words(text: str) -> list[str]:
    """The words of a phrase that consists of words of one of our lists and one kind of separator, or nothing."""
    lists = [frozenset(word_list(language)) for language in files.languages()]
    for separator in _SEPARATORS:
        words = text.lower().split(separator)
        # Some English words have a hyphen themselves; so each word is looked up before and after taking it apart.
        for listed in lists:
            found = _rejoined(words, separator, listed)
            if found:
                return found
    return []


def _rejoined(words: list[str], separator: str, listed: frozenset[str]) -> list[str]:
    found = []
    index = 0
    while index < len(words):
        pair = separator.join(words[index : index + 2])
        if words[index] in listed:
            found.append(words[index])
            index += 1
        elif index + 1 < len(words) and pair in listed:
            found.append(pair)
            index += 2
        else:
            return []
    return found


def _normal(passphrase: Secret) -> Secret:
    return Secret(normalize("NFC", passphrase.reveal()))
