"""An owner in `handover setup`: who they are, their key or its fingerprint, and their handwriting beside the key.

Role: writes the owner into the form, makes or takes over a key where it's to be on this computer, and pins it. A key is
never replaced, and a fingerprint never taken without the question whether it was compared.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handover.cli import asking, report
from handover.cli.agency_form import Form
from handover.cli.keys import ink_of, keep_picture, made, taken_over
from handover.cli.terminal import ask_text, confirm, say, say_wrong
from handover.model.agency import AGENCY_FILE
from handover.model.errors import UsageError
from handover.model.message import msg
from handover.project import agency_answers as answers
from handover.project.agency_answers import OWNER, Answers


def set_up_owner(form: Form, given: Answers, options: Mapping[str, Any], *, asks: bool, by_hand: bool) -> None:
    """Write one owner, and see to their key; `by_hand` asks for one that isn't given.

    Raises UsageError, SigningError, SecretError, InvalidInput.
    """
    picture = ink_of(str(given["signature_image"])) if "signature_image" in given else None
    at, name = _written(form, given)
    pinned = answers.value_at(form.content, ("owners", at, "pin"))
    wanted = str(given.get("key", ""))
    if not wanted and by_hand and not pinned:
        wanted = _key_asked(name)
    kind = answers.key_kind(wanted) if wanted else "later"
    if kind == "fingerprint":
        _pin(form, at, name, wanted, replace=bool(options["replace"]), asks=asks, compared=False)
    elif kind != "later":
        if picture is None and by_hand:
            picture = _picture_asked(name)
        from handover.seal.certificates import fingerprint

        path, password_file = asking.default_key(), options["key_passphrase_file"]
        if kind == "new":
            identity = made(name, path, password_file, hint=msg("give it as --key {file} to use it", file=path))
        else:
            identity = taken_over(Path(wanted), path, password_file)
        form.tell(msg("{file}: the key of {owner}; keep a copy and its password where only they get at them",
                      file=path, owner=name))  # fmt: skip
        digits = fingerprint(identity.certificate)
        _pin(form, at, name, digits, replace=bool(options["replace"]), asks=asks, compared=True)
    if picture is not None:
        _keep(form, picture, elsewhere=kind == "fingerprint")


def _written(form: Form, given: Answers) -> tuple[int, str]:
    """The owner's place in the list and name, their lines written."""
    names = answers.owners_of(form.content)
    name = str(given.get("owner", names[0] if len(names) == 1 else ""))
    if not name:
        listed = ", ".join(filter(None, names))
        hint = msg("the owners are: {names}", names=listed) if listed else ""
        raise UsageError(msg("--owner: say whose this is"), hint=hint)
    if name not in names and "title" not in given:
        raise UsageError(msg("--title: {owner} has no role to be printed under the signature", owner=name))
    if name in names or "" in names:
        at = names.index(name) if name in names else names.index("")
        if name not in names:
            form.put(("owners", at, "name"), name)
    else:
        at = len(names)
        form.put(("owners", at), {"name": name, "title": str(given["title"])})
    for question in OWNER[1:]:
        if question.name in given:
            form.put(("owners", at, *question.path), str(given[question.name]))
    return at, name


def _key_asked(name: str) -> str:
    here = asking.default_key()
    told = msg(
        "The key with which {owner} signs: `new` makes one on this computer; a file (.p12, .pfx) is taken over; where "
        "it is on another computer, its fingerprint as {owner} reads it to you by phone; `later` does nothing yet.",
        owner=name,
    )
    say(told, err=True)
    while True:
        typed = ask_text(msg("which key?"), default=str(here) if here.is_file() else "new")
        if answers.key_kind(typed) != "file" or Path(typed).is_file():
            return typed
        say(msg("  {file}: there is no such file", file=typed), err=True)


def _picture_asked(name: str) -> bytes | None:
    while True:
        typed = ask_text(
            msg("a photo of the signature of {owner}, in dark ink on white paper (a file; Enter for none)", owner=name),
            default="",
        )
        if not typed:
            return None
        try:
            return ink_of(typed)
        except UsageError as error:
            say_wrong(error.said(), error.hint)


def _pin(form: Form, at: int, name: str, given: str, *, replace: bool, asks: bool, compared: bool) -> None:
    """Write the pin of the owner's key; one that was typed is compared first."""
    from handover.project.pins import choose, owners_in
    from handover.seal.certificates import parse_fingerprint

    digits = parse_fingerprint(given)
    if asks and not compared:
        say(report.fingerprint_block(digits), err=True)
        if not confirm(msg("is this, to the last group, what {owner} has read to you by phone?", owner=name)):
            form.tell(msg("no key is pinned for {owner}: compare the fingerprint with them first", owner=name))
            return
    choose(owners_in(form.content, AGENCY_FILE), digits, named=name, certificate="", replace=replace)
    form.put(("owners", at, "pin"), digits)
    form.tell(msg("the key of {owner} is pinned; its fingerprint, for whoever asks by phone:", owner=name))
    form.tell(report.fingerprint_block(digits))


def _keep(form: Form, picture: bytes, *, elsewhere: bool) -> None:
    """Keep the ink beside the key, with a preview to look at."""
    key = asking.default_key()
    if elsewhere:
        form.tell(msg("the picture of the handwriting isn't kept here: it belongs beside the key, on its computer"))
        return
    key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for line in keep_picture(key, picture):
        form.tell(line)
