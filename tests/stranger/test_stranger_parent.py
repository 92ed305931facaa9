"""Rendering apart: the same bytes as rendering here, whatever a child does, and nothing that lasts."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from handover.deliverables.letter import LETTER, view
from handover.deliverables.pending import PENDING
from handover.deliverables.word import fields, finish
from handover.errors import HandoverError, TemplateError
from handover.stranger import parent
from handover.stranger.limits import Limits
from handover.stranger.message import Reply, Request, read_reply, read_request, write_reply, write_request
from handover.stranger.parent import Children, fill
from hostile_templates import with_text
from sample_letter import INVOICES, given, pending, settings

GIVEN = given("letter", settings("en", full=True))


def filled(template: bytes = b"", **changes) -> bytes:
    return fill(template or with_text("{{ place }}"), fields(view(GIVEN)), finish(GIVEN), place="l.docx", **changes)


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 100), "#123456").save(stream, kind, exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letter_is_the_same_as_rendered_here(language: str) -> None:
    own = {"owner": {"signature_image": "s"}, "brand": {"logo": "l"}}
    made = settings(language, full=True, **own)
    one = given("letter", made, invoices=INVOICES, images={"s": picture("PNG"), "l": picture("JPEG")})
    assert LETTER.render(replace(one, fill=fill)) == LETTER.render(one)


def test_a_draft_of_the_pending_projects_is_the_same_as_rendered_here() -> None:
    rows = (pending("Refonte & <site>", "finish"),)
    one = given("pending", settings("fr", full=True), pending=rows, draft=True)
    assert PENDING.render(replace(one, fill=fill)) == PENDING.render(one)


def test_children_started_together_fill_one_template_each_and_more_when_asked() -> None:
    with Children(2) as children:
        made = [
            children.fill(with_text("{{ place }}"), fields(view(GIVEN)), finish(GIVEN), place="l") for _ in range(3)
        ]
    assert len(set(made)) == 1


def test_children_that_were_not_needed_end() -> None:
    with Children(1) as children:
        process = children._ready[0]._process
    assert process.returncode is not None


def test_nothing_is_left_in_the_folder_for_temporary_files(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(parent.tempfile, "tempdir", str(tmp_path))
    filled()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        pytest.param(Limits(wall_seconds=0.01), "takes more than 0.01 seconds to fill in", id="time on the clock"),
        pytest.param(Limits(output_bytes=-64 * 1024), "gives a document of more than", id="the document's size"),
        pytest.param(Limits(part_bytes=100), "the document made from it: larger than", id="a part's size"),
        pytest.param(Limits(text_bytes=100), "gives /.* of more than", id="a part's text"),
    ],
)
def test_a_limit_that_is_exceeded_is_named(limits: Limits, says: str) -> None:
    with pytest.raises(HandoverError, match=rf"^l\.docx.*({says})"):
        filled(limits=limits)


def test_a_field_with_a_character_that_word_cannot_hold_is_named() -> None:
    contract = replace(view(GIVEN).contract, subject="a\x0cb")
    with pytest.raises(TemplateError, match=r"^l\.docx: contract\.subject holds the character U\+000C"):
        fill(with_text("x"), {"contract": contract}, finish(GIVEN), place="l.docx")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("sys.stdout.write('x' * 100)", "gave no document", id="it prints something else"),
        pytest.param("pass", "gave no document", id="it says nothing"),
        pytest.param("sys.exit(3)", r"ends the process that fills it in \(status -?3\)", id="it fails"),
        pytest.param("os.kill(os.getpid(), 11)", r"ends the process that fills it in \(SIGSEGV\)", id="it crashes"),
        pytest.param("time.sleep(30)", "takes more than 1 seconds to fill in", id="it sleeps"),
        pytest.param("\nwhile 1: os.write(1, bytes(9999))", "gives a document of more than 1 MB", id="it never ends"),
        pytest.param("os.close(0); os.close(1); time.sleep(30)", "takes more than", id="it closes everything"),
        pytest.param(
            "os.write(1, M.write_reply(M.Reply(b'no zip')))", "not a .docx", id="it gives what is no document"
        ),
        pytest.param(
            "os.write(1, M.write_reply(M.Reply(code='template', message='\\x1b[2Jl.docx: x\\n' * 999)))",
            r"^ \[2Jl\.docx: x .*…$",
            id="it sends what a terminal would obey",
        ),
        pytest.param(
            "os.write(1, M.write_reply(M.Reply(code='unready', message='E')))", r"isn't ready \(E\)", id="it can't work"
        ),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_child_is_not_believed(code: str, says: str, monkeypatch) -> None:
    start = "import sys, os, time; sys.path.extend(sys.argv[1:]); import handover.stranger.message as M; "
    monkeypatch.setattr(parent, "_START", f"{start}sys.stdin.buffer.read(); {code}")
    with pytest.raises(HandoverError, match=says) as caught:
        filled(limits=Limits(wall_seconds=1, output_bytes=1 << 20))
    assert str(caught.value).isprintable()


def test_the_child_has_no_environment_and_no_other_descriptor(monkeypatch) -> None:
    readable, writable = os.pipe()
    os.set_inheritable(readable, True)
    monkeypatch.setenv("HANDOVER_CANARY", "secret")
    code = (
        "import sys, os; sys.path.extend(sys.argv[1:]); import handover.stranger.message as M; sys.stdin.buffer.read();"
        "held = sorted(os.environ) + [n for n in range(3, 256) if os.path.exists(f'/proc/self/fd/{n}')];"
        "os.write(1, M.write_reply(M.Reply(code='template', message=f'l.docx: {held}')))"
    )
    monkeypatch.setattr(parent, "_START", code)
    try:
        with pytest.raises(TemplateError, match=r"^l\.docx: \['HOME'(, 'LC_CTYPE')?\]$"):
            filled()
    finally:
        os.close(readable)
        os.close(writable)


def test_the_folder_that_we_stand_in_is_not_where_modules_come_from(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "docxtpl.py").write_text("raise SystemExit('from the project')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert str(tmp_path) not in parent.command()
    assert filled().startswith(b"PK")


def test_requests_and_replies_come_back_as_they_were() -> None:
    request = Request(b"template", {"place": "x"}, finish(GIVEN), "l.docx", Limits())
    copy = read_request(write_request(request))
    assert (copy.template, copy.context, copy.finish, copy.limits) == (
        request.template, request.context, request.finish, request.limits,
    )  # fmt: skip
    reply = Reply(b"document", enforced=("memory",))
    assert read_reply(write_reply(reply)) == reply


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff" * 8, id="a length without end"),
        pytest.param(write_reply(Reply(b"x")) + b"y", id="something after the end"),
        pytest.param(write_reply(Reply(b"xyz"))[:-1], id="half of it"),
        pytest.param(b"\0" * 7 + b"\x02[]", id="a header of another kind"),
        pytest.param(b"\0" * 7 + b'\x0c{"sizes":[]}', id="a header without its fields"),
        pytest.param(b"\0" * 7 + b'\x0f{"sizes":["a"]}', id="sizes that are no numbers"),
    ],
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_reply(data)
