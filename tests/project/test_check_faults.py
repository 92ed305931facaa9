"""One fault each, put into a small valid project, with the exact findings a person sees.

Each case: what is done to the project; then place, rule, message and hint of every finding.
"""

import os
import struct
import zlib
from collections.abc import Callable

import pytest

from conftest import ProjectCopy

SETTINGS = "handover.yaml"
PIN = "    pin: 5f0a6c1de2b94837a0c4d8e1f2635798b1d3c5e7f9081a2b3c4d5e6f70819293\n"
OWNERS = "owners:\n  - name: Ada Marsh\n    title: Managing director\n    signature_image: brand/signature.png\n" + PIN


def moved(project: ProjectCopy, old: str, new: str) -> None:
    (project.root / old).rename(project.root / new)


def linked(project: ProjectCopy, path: str, target: str) -> None:
    (project.root / path).symlink_to(target)


def png_header(width: int, height: int) -> bytes:
    """A PNG's signature, IHDR and an empty IDAT (PNG third edition, 5.2 and 11.2): a size without pixels."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def piped(project: ProjectCopy, path: str) -> None:
    os.mkfifo(project.root / path)


CASES = [
    pytest.param(
        lambda p: p.replace(SETTINGS, "  subject: the care of your web shop\n", ""),
        [
            (
                "handover.yaml:21:1",
                "settings.missing-key",
                "`contract.subject` is missing",
                (
                    'What the contract is about, so that it completes "the contract for …" ("le contrat '
                    'portant sur …"). Example: the care of your web site'
                ),
            ),
        ],
        id="a required key is missing",
    ),
    pytest.param(
        lambda p: p.replace(
            SETTINGS,
            OWNERS,
            "",
        ),
        [
            (
                "handover.yaml:1:1",
                "settings.missing-key",
                "`owners` is missing",
                (
                    "A person who signs the letter with a key of their own; of several, the one who signs last seals "
                    "the bundle. Its keys: name, title, email, phone, signature_image, pin"
                ),
            ),
        ],
        id="a whole section is missing",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place:"),
        [
            (
                "handover.yaml:30:3",
                "settings.missing-key",
                "`letter.place` is missing",
                "Where it is signed. Example: Whitby",
            ),
        ],
        id="a required key is empty",
    ),
    pytest.param(
        lambda p: p.append(SETTINGS, "transition: {days: 45}\n"),
        [
            (
                "handover.yaml:60:20",
                "value.word",
                "`transition.days` isn't one of the values allowed here: 45",
                "write one of: 30, 60, 90",
            ),
        ],
        id="a length that no transition has",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "last_working_day:", "last_workng_day:"),
        [
            (
                "handover.yaml:26:3",
                "settings.unknown-key",
                "there is no key `contract.last_workng_day`",
                "did you mean `last_working_day`?",
            ),
        ],
        id="a key is misspelt",
    ),
    *(
        pytest.param(
            lambda p, text=text: p.replace(SETTINGS, "  place: Whitby", f"  place: Whitby\n{text}"),
            [(f"handover.yaml:{line}", "settings.unknown-key", f"there is no key `{key}`", hint)],
            id=f"{key} has another place",
        )
        for key, text, line, hint in (
            ("letter.transition", "  transition: [a workshop]", "31:3", "it is called `offers` now"),
            ("letter.briefing", "  briefing: a call", "31:3", "write it as an item of `letter.offers`"),
            (
                "letter.contact",
                "  contact: Sam Pike",
                "31:3",
                "it is called `transition.contact` now: letter, plan and guide name the same person",
            ),
            (
                "letter.successors[1].chosen",
                "  successors: [{name: Fallow, chosen: true}]",
                "31:31",
                "name whom the client has chosen in `letter.successor_known`: `{name: …, contact: …}`",
            ),
        )
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "  place: Whitby", "  place: Whitby\n  colour: red"),
        [
            (
                "handover.yaml:31:3",
                "settings.unknown-key",
                "there is no key `letter.colour`",
                (
                    "delete it; the keys here are date, place, reason, highlights, deliveries, offers, "
                    "successors, successor_known, conditions, reference, wishes"
                ),
            ),
        ],
        id="an unknown key resembles nothing",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "    - what: Final", "    - wat: Final"),
        [
            (
                "handover.yaml:35:7",
                "settings.unknown-key",
                "there is no key `letter.deliveries[1].wat`",
                "did you mean `what`?",
            ),
        ],
        id="a key in a list's item is misspelt",
    ),
    pytest.param(
        lambda p: p.append(SETTINGS, "language: fr\n"),
        [
            (
                "handover.yaml:60:1",
                "yaml.duplicate-key",
                "the key `language` is given twice; the first is in line 1",
                "keep one of them",
            ),
        ],
        id="a key is given twice",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place: !!str Whitby"),
        [
            (
                "handover.yaml:30:10",
                "yaml.tag",
                "this value has a tag (!!str)",
                'delete it; quote a value that begins with "!"',
            ),
        ],
        id="a value has a tag",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place: &w Whitby").replace(
            SETTINGS, "name: Ada Marsh", "name: *w"
        ),
        [
            (
                "handover.yaml:9:11",
                "yaml.alias",
                "this value is an alias (*w)",
                "write the value itself",
            ),
            (
                "handover.yaml:30:10",
                "yaml.anchor",
                "this value has an anchor (&w)",
                "delete it; write each value in its place",
            ),
        ],
        id="a value is an anchor and another its alias",
    ),
    pytest.param(
        lambda p: p.append(SETTINGS, "---\nlanguage: fr\n"),
        [
            (
                "handover.yaml:60:1",
                "yaml.several-documents",
                "a second document begins here",
                "keep one document, without `---`",
            ),
        ],
        id="there are two documents",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place: [Whitby]"),
        [
            (
                "handover.yaml:30:3",
                "value.shape",
                "`letter.place` must be a single value, not a list or a group of keys",
                "put text with brackets in quotes",
            ),
        ],
        id="a list is given where one value belongs",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "  address: [3 Mill Lane, Whitby YO21 1AA]\n", "  address: 3 Mill Lane\n"),
        [
            (
                "handover.yaml:20:12",
                "value.shape",
                "`client.address` must be a list",
                'write each item on its own line, beginning with "- "',
            ),
        ],
        id="one value is given where a list belongs",
    ),
    pytest.param(
        lambda p: p.replace(
            SETTINGS,
            "periods:\n  baseline:\n    start: 2025-01-01\n    end: 2025-02-28\n",
            "periods:\n  baseline: last year\n",
        ),
        [
            (
                "handover.yaml:38:13",
                "value.shape",
                "`periods.baseline` must be a group of keys",
                "write `key: value` lines below it, indented",
            ),
        ],
        id="one value is given where keys belong",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "score: 6.5", "score: high"),
        [
            (
                "handover.yaml:58:14",
                "number.format",
                "`report.survey[1].score` isn't a number: high",
                "write digits, with a decimal point: 1234.5",
            ),
        ],
        id="a number is a word",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "score: 6.5", "score: 6,5"),
        [
            (
                "handover.yaml:58:14",
                "number.format",
                "`report.survey[1].score` isn't a number: 6,5",
                "write digits, with a decimal point: 1234.5",
            ),
        ],
        id="a number has a decimal comma in yaml",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "ended_by: mutual", "ended_by: mutally"),
        [
            (
                "handover.yaml:24:13",
                "value.word",
                "`contract.ended_by` isn't one of the words allowed here: mutally",
                "did you mean `mutual`? write one of: agency, client, mutual, expiry",
            ),
        ],
        id="a word isn't one of the list",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "last_working_day: 2026-11-30", "last_working_day: 30/11/2026"),
        [
            (
                "handover.yaml:26:21",
                "date.format",
                "`contract.last_working_day` isn't a date written year-month-day: 30/11/2026",
                "write year-month-day: 2026-11-30",
            ),
        ],
        id="a date is written the French way",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "last_working_day: 2026-11-30", "last_working_day: 11/10/2026"),
        [
            (
                "handover.yaml:26:21",
                "date.format",
                "`contract.last_working_day` isn't a date written year-month-day: 11/10/2026",
                "write year-month-day: 2026-11-30",
            ),
        ],
        id="a date is ambiguous",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "last_working_day: 2026-11-30", "last_working_day: 2026-11-31"),
        [
            (
                "handover.yaml:26:21",
                "date.no-such-day",
                "`contract.last_working_day` is a day that doesn't exist: 2026-11-31",
                "check the day and the month",
            ),
        ],
        id="a date doesn't exist",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "start_date: 2023-04-03", "start_date: 2027-04-03"),
        [
            (
                "handover.yaml:25:16",
                "date.order",
                "`contract.notice_date` (2026-08-31) is before `contract.start_date` (2027-04-03)",
                "correct one of the two dates",
            ),
            (
                "handover.yaml:26:21",
                "date.order",
                "`contract.last_working_day` (2026-11-30) is before `contract.start_date` (2027-04-03)",
                "correct one of the two dates",
            ),
            (
                "handover.yaml:29:9",
                "date.order",
                "`letter.date` (2026-09-01) is before `contract.start_date` (2027-04-03)",
                "correct one of the two dates",
            ),
        ],
        id="the last working day is before the start",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "notice_date: 2026-08-31", "notice_date: 2026-12-01").replace(
            SETTINGS, "date: 2026-09-01", "date: 2026-12-01"
        ),
        [
            (
                "handover.yaml:26:21",
                "date.order",
                "`contract.last_working_day` (2026-11-30) is before `contract.notice_date` (2026-12-01)",
                "correct one of the two dates",
            ),
            (
                "handover.yaml:36:17",
                "date.delivery",
                "`letter.deliveries[1].due_date` (2026-11-20) is before the letter's date (2026-12-01), so left out",
                "write when the client gets it, or delete it",
            ),
        ],
        id="the last working day is before the notice",
    ),
    pytest.param(
        lambda p: (
            p.replace(SETTINGS, "  notice_date: 2026-08-31\n", "")
            .replace(SETTINGS, "ended_by: mutual", "ended_by: agency")
            .replace(SETTINGS, "date: 2026-09-01", "date: 2026-12-01")
        ),
        [
            (
                "handover.yaml:25:21",
                "date.order",
                "`contract.last_working_day` (2026-11-30) is before `letter.date` (2026-12-01)",
                "correct one of the two dates, or write into `contract.notice_date` when notice was given",
            ),
            (
                "handover.yaml:35:17",
                "date.delivery",
                "`letter.deliveries[1].due_date` (2026-11-20) is before the letter's date (2026-12-01), so left out",
                "write when the client gets it, or delete it",
            ),
        ],
        id="the last working day is before the letter that gives notice",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "date: 2026-09-01", "date: 2026-08-30"),
        [
            (
                "handover.yaml:29:9",
                "date.letter",
                "`letter.date` (2026-08-30) is before the notice that it speaks of (2026-08-31)",
                "check both dates",
            ),
        ],
        id="the letter is before the notice that it speaks of",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "end_date: 2026-12-31", "end_date: 2026-11-01"),
        [
            (
                "handover.yaml:27:13",
                "date.order",
                "`contract.end_date` (2026-11-01) is before `contract.last_working_day` (2026-11-30)",
                "correct one of the two dates",
            ),
        ],
        id="the end is before the last working day",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "end: 2026-02-28", "end: 2025-12-28"),
        [
            (
                "handover.yaml:43:10",
                "date.order",
                "`periods.current.end` (2025-12-28) is before `periods.current.start` (2026-01-01)",
                "correct one of the two dates",
            ),
        ],
        id="a period ends before it starts",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "start: 2026-01-01", "start: 2025-02-28"),
        [
            (
                "handover.yaml:42:12",
                "date.order",
                ("`periods.current.start` (2025-02-28) is not after the baseline period, which ends on 2025-02-28"),
                "the two periods must not overlap",
            ),
        ],
        id="the current period isn't after the baseline",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "end: 2026-03-31", "end: 2026-02-20"),
        [
            (
                "handover.yaml:55:12",
                "date.order",
                ("`report.campaigns[1].end` (2026-02-20) is before `report.campaigns[1].start` (2026-03-01)"),
                "correct one of the two dates",
            ),
        ],
        id="a campaign ends before it starts",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "score: 6.5", "score: 8"),
        [
            (
                "handover.yaml:58:14",
                "number.range",
                "`report.survey[1].score` is more than the best possible score: 8 of 7",
                "check both",
            ),
        ],
        id="a survey score is above the best",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "[visitors, newsletter_readers]", "[visitors, newsletter_reader]"),
        [
            (
                "handover.yaml:51:24",
                "metric.unknown",
                "`report.headline[2]` names a metric that doesn't exist: newsletter_reader",
                "did you mean `newsletter_readers`?",
            ),
        ],
        id="a headline metric doesn't exist",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "language: en", "language: xx"),
        [
            (
                "handover.yaml:1:11",
                "settings.language",
                "`language` is a language without templates: xx",
                "write one of: en, fr",
            ),
        ],
        id="a language has no templates",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "language: en", "language: en\nlocale: fr_FR"),
        [
            (
                "handover.yaml:2:9",
                "settings.locale",
                "`locale` (fr_FR) is not a variant of the language en",
                "correct one of the two",
            ),
        ],
        id="the locale is another language's",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "language: en", "language: en\nlocale: en_ZZ"),
        [
            (
                "handover.yaml:2:9",
                "settings.locale",
                "`locale` is not a known variant: en_ZZ",
                "write fr_FR, fr_BE, en_GB, en_US …",
            ),
        ],
        id="the locale doesn't exist",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "hello@northlight.example", "northlight.example"),
        [
            (
                "handover.yaml:7:10",
                "text.form",
                "`agency.email` doesn't have the right form: northlight.example",
                "write one e-mail address: name@company.example",
            ),
        ],
        id="an e-mail address isn't one",
    ),
    *(
        pytest.param(
            lambda p, address=address: p.replace(SETTINGS, "hello@northlight.example", f'"{address}"'),
            [
                (
                    "handover.yaml:7:10",
                    "text.form",
                    f"`agency.email` doesn't have the right form: {address}",
                    "write one e-mail address: name@company.example",
                ),
            ],
            id=name,
        )
        for address, name in {
            "a..b@b.example": "an e-mail address has two points in a row",
            ".a@b.example": "an e-mail address begins with a point",
            "a;b@b.example": "an e-mail address has a semicolon",
            "a(c)@b.example": "an e-mail address has a comment",
        }.items()
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "hello@northlight.example", "é@b.be"),
        [
            (
                "handover.yaml:7:10",
                "text.form",
                "`agency.email` has characters before the @ that aren't ASCII, which most mail servers refuse: é@b.be",
                "write it without accents: name@company.example",
            ),
        ],
        id="an e-mail address has an accent before the @",
    ),
    *(
        pytest.param(
            lambda p, address=address: p.replace(SETTINGS, "hello@northlight.example", address),
            [
                (
                    "handover.yaml:7:10",
                    "text.form",
                    f"`agency.email` has a domain that can't exist: {shown}",
                    "write letters, digits and hyphens after the @: name@company.example",
                ),
            ],
            id=name,
        )
        for address, shown, name in [
            ("a@-b.example", "a@-b.example", "an e-mail address's domain begins with a hyphen"),
            ("a@b;c.example", "a@b;c.example", "an e-mail address's domain has a semicolon"),
            ("a@b(c).example", "a@b(c).example", "an e-mail address's domain has a comment"),
            (f"a@{'b' * 64}.c", f"a@{'b' * 37}…", "an e-mail address's domain has too long a label"),
        ]
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "id: acme-bakery", "id: Acme Bakery"),
        [
            (
                "handover.yaml:14:7",
                "text.form",
                "`client.id` doesn't have the right form: Acme Bakery",
                "write lower-case letters without accents, digits and single hyphens: conserverie-le-goff",
            ),
        ],
        id="a client's id has a space",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "  - name: Ada Marsh", "  - name: Ada Marsh\n    ftp_password: hunter2"),
        [
            (
                "handover.yaml:10:5",
                "secret.key",
                "the key `owners[1].ftp_password` holds a secret, and this file is kept in clear",
                "move it into the vault with `handover vault add`, then delete the line",
            ),
        ],
        id="a key is named like a secret",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "    - Orders doubled", "    - #1 of all\n    - Orders doubled"),
        [
            (
                "handover.yaml:33:7",
                "yaml.comment",
                "this item is empty: what follows # is a comment",
                'put the value in quotes: "#1 of all"',
            ),
        ],
        id="an item is a comment",
    ),
    pytest.param(
        lambda p: p.append(SETTINGS, "brand:\n  colour: #AA3300\n"),
        [
            (
                "handover.yaml:61:11",
                "yaml.comment",
                "`colour` is empty: what follows # is a comment",
                'put the value in quotes: "#AA3300"',
            ),
        ],
        id="a colour isn't quoted",
    ),
    pytest.param(
        lambda p: p.append(SETTINGS, "brand:\n  colour: red\n"),
        [
            (
                "handover.yaml:61:11",
                "text.form",
                "`brand.colour` doesn't have the right form: red",
                'write a colour as "#RRGGBB", in quotes: "#1F4E79"',
            ),
        ],
        id="a colour isn't one",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", 'place: "Whit\\x07by"'),
        [
            (
                "handover.yaml:30:10",
                "text.control-character",
                "the character U+0007 is here, which no document can hold",
                "delete it; it is invisible in most editors",
            ),
        ],
        id="an escape writes a control character",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", 'place: "\\ud800"'),
        [
            (
                "handover.yaml:30:10",
                "text.control-character",
                "the character U+D800 is here, which no document can hold",
                "delete it; it is invisible in most editors",
            ),
        ],
        id="an escape writes a lone surrogate",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place: Whit\x07by"),
        [
            (
                "handover.yaml:30:14",
                "text.control-character",
                "the character U+0007 is here, which no document can hold",
                "delete it; it is invisible in most editors",
            ),
        ],
        id="the settings hold a raw control character",
    ),
    pytest.param(
        lambda p: p.write(SETTINGS, (p.root / SETTINGS).read_bytes().replace(b"Whitby\n  high", b"Whitb\xe9\n  high")),
        [
            (
                "handover.yaml:30:15",
                "text.encoding",
                "the byte 0xE9 is not UTF-8",
                "save the file as UTF-8 (your editor offers the encoding when saving)",
            ),
        ],
        id="the settings aren't UTF-8",
    ),
    pytest.param(
        lambda p: p.replace("handover.yaml", "  place: Whitby\n", "  place: [ #63]\n"),
        [
            (
                "handover.yaml:32:5",
                "yaml.syntax",
                "a bracket or brace is opened and never closed",
                "close it, or put the text in quotes; after a space, # begins a comment",
            ),
        ],
        id="a comment swallows a bracket",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "place: Whitby", "place: 'Whitby"),
        [
            (
                "handover.yaml:30:10",
                "yaml.syntax",
                "a quotation mark is opened and never closed",
                "close it, or double it inside the text",
            ),
        ],
        id="the settings aren't YAML",
    ),
    pytest.param(
        lambda p: p.write(SETTINGS, ""),
        [
            (
                "handover.yaml:1:1",
                "yaml.no-mapping",
                "the file is empty",
                "`handover new` writes one to fill in",
            ),
        ],
        id="the settings are empty",
    ),
    pytest.param(
        lambda p: p.remove(SETTINGS),
        [
            (
                "handover.yaml",
                "file.missing",
                "handover.yaml is missing",
                "`handover new` shows what a project needs",
            ),
        ],
        id="the settings are missing",
    ),
    pytest.param(
        lambda p: p.remove(SETTINGS).write(SETTINGS + "/x", ""),
        [
            (
                "handover.yaml",
                "file.not-regular",
                "handover.yaml is not a file but a folder, a device or a pipe",
                "",
            ),
        ],
        id="the settings are a folder",
    ),
    pytest.param(
        lambda p: p.replace(
            SETTINGS, "    - Orders doubled between 2024 and 2026.\n", "    - a\n    - b\n    - c\n    - d\n    - e\n"
        ),
        [
            (
                "handover.yaml:31:3",
                "list.too-long",
                "`letter.highlights` has 6 items",
                "at most 5 are possible",
            ),
        ],
        id="there are too many highlights",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, OWNERS, "owner: Ada Marsh\n"),
        [
            (
                "handover.yaml:8:8",
                "value.shape",
                "`owners` must be a list",
                'write each item on its own line, beginning with "- "',
            ),
        ],
        id="an owner is only a name",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "    - Orders doubled between 2024 and 2026.\n", f"    - {'x' * 1001}\n"),
        [
            (
                "handover.yaml:33:7",
                "text.too-long",
                "`letter.highlights[2]` is longer than 1000 characters",
                "shorten it",
            ),
        ],
        id="a line is too long",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "    - Orders doubled between 2024 and 2026.\n", "    -\n"),
        [
            (
                "handover.yaml:33:6",
                "value.empty",
                "`letter.highlights[2]` is empty",
                "write something, or delete the line",
            ),
        ],
        id="an item of a list is empty",
    ),
    pytest.param(
        lambda p: p.remove("data/pending.csv"),
        [
            (
                "data/pending.csv",
                "file.missing",
                "data/pending.csv is missing",
                (
                    "write one with only the header for none: "
                    "project,description,status,percent_done,next_action,held_by,next_owner,due_date,files,blockers,decision,takeover,client"
                ),
            ),
        ],
        id="a required table is missing",
    ),
    pytest.param(
        lambda p: moved(p, "data/pending.csv", "data/pendng.csv"),
        [
            (
                "data/pending.csv",
                "file.missing",
                "data/pending.csv is missing",
                "there is a file called pendng.csv: rename it",
            ),
            (
                "data/pendng.csv",
                "file.unknown",
                "this file is not read",
                (
                    "the tables are called metrics, pending, assets, accounts, invoices, milestones, routines, "
                    "training (.csv or .xlsx)"
                ),
            ),
        ],
        id="a required table has another name",
    ),
    pytest.param(
        lambda p: p.write("data/invoices.csv", "number,due_date,amount\nA,2026-10-31,5\n"),
        [
            (
                "data/invoices.csv:1:1",
                "table.missing-column",
                "the column `issued_on` is missing",
                "add it (`issued_on` or `émise le`)",
            ),
        ],
        id="a column is missing",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "issued_on", "issued_o"),
        [
            (
                "data/invoices.csv:1:20",
                "table.unknown-column",
                "there is no column `issued_o` in this table",
                "did you mean `issued_on`?",
            ),
        ],
        id="a column is misspelt",
    ),
    pytest.param(
        lambda p: p.write(
            "data/invoices.csv", "number,issued_on,due_date,amount,colour\nA,2026-10-31,2026-11-30,5,red\n"
        ),
        [
            (
                "data/invoices.csv:1:34",
                "table.unknown-column",
                "there is no column `colour` in this table",
                (
                    "delete it; the columns are number, description, issued_on, due_date, amount, currency, "
                    "paid_on, client"
                ),
            ),
        ],
        id="there is an extra column",
    ),
    pytest.param(
        lambda p: p.write(
            "data/invoices.csv", "number,issued_on,due_date,amount,Montant\nA,2026-10-31,2026-11-30,5,5\n"
        ),
        [
            (
                "data/invoices.csv:1:34",
                "table.duplicate-column",
                "the column `amount` is given twice, as `amount` and `Montant`",
                "keep one of them",
            ),
        ],
        id="a column is there twice in two languages",
    ),
    pytest.param(
        lambda p: p.write("data/invoices.csv", ""),
        [
            (
                "data/invoices.csv",
                "table.empty",
                "the table has no header row",
                "write one: number, description, issued_on, due_date, amount, currency, paid_on, client",
            ),
        ],
        id="a table is empty",
    ),
    pytest.param(
        lambda p: p.append("data/invoices.csv", "NS-119,x,2026-10-01,2026-10-31,1,EUR,more\n"),
        [
            (
                "data/invoices.csv:3:1",
                "table.cell-count",
                "this row has 7 cells, the header has 6",
                "put text that holds the separator in double quotes",
            ),
        ],
        id="a row is too long",
    ),
    pytest.param(
        lambda p: p.write(
            "data/invoices.csv", (p.root / "data/invoices.csv").read_bytes().replace(b"Care", b"Car\x8e")
        ),
        [
            (
                "data/invoices.csv:2:12",
                "text.encoding",
                "the byte 0x8E is not UTF-8",
                'save the file as UTF-8 (in Excel: "CSV UTF-8")',
            ),
        ],
        id="a table isn't UTF-8",
    ),
    pytest.param(
        lambda p: p.write(
            "data/invoices.csv", (p.root / "data/invoices.csv").read_bytes().replace(b"Care", b"Car\xe9")
        ),
        [
            (
                "data/invoices.csv:2:12",
                "text.encoding",
                "the file was read as Windows-1252, not UTF-8: that gives “Caré” here",
                'save the file as UTF-8 (in Excel: "CSV UTF-8")',
            ),
        ],
        id="a table is Windows-1252",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "Care", "Ca\0re"),
        [
            (
                "data/invoices.csv:2:8",
                "text.control-character",
                "the character U+0000 is here, which no document can hold",
                "delete it; it is invisible in most editors",
            ),
        ],
        id="a cell has a NUL",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "Care", "Ca\x1bre"),
        [
            (
                "data/invoices.csv:2:8",
                "text.control-character",
                "the character U+001B is here, which no document can hold",
                "delete it; it is invisible in most editors",
            ),
        ],
        id="a cell has a control character",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "Care", "Ca\ud800re"),
        [
            (
                "data/invoices.csv:2:11",
                "text.encoding",
                "the byte 0xED is not UTF-8",
                'save the file as UTF-8 (in Excel: "CSV UTF-8")',
            ),
        ],
        id="a cell has a lone surrogate's bytes",
    ),
    pytest.param(
        lambda p: p.append(
            "data/invoices.csv", 'NS-119,"x,2026-10-31,2026-11-30,5,GBP\nNS-120,y,2026-10-31,2026-11-30,5,GBP\n'
        ),
        [
            (
                "data/invoices.csv:3:8",
                "csv.unclosed-quote",
                "a quotation mark is opened here and never closed",
                'close it with "; inside quoted text write "" for each quotation mark',
            ),
        ],
        id="a quote isn't closed",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "Care", "C" * 32768),
        [
            (
                "data/invoices.csv:2:8",
                "table.cell-too-long",
                "this cell has 32,777 characters; a spreadsheet's cell holds 32,767",
                "shorten it, or put the text into a file in assets/",
            ),
        ],
        id="a cell is too long",
    ),
    pytest.param(
        lambda p: p.write(
            "data/invoices.csv", "number,issued_on,due_date,amount,paid_on\nN-1,2026-08-31,2026-09-30,0,2026-09-02\n"
        ),
        [
            (
                "data/invoices.csv:2:27",
                "invoice.then",
                "`amount` is 0, and `paid_on` (2026-09-02) is after the letter's date (2026-09-01)",
                "write what was open on that date",
            ),
        ],
        id="what was open on the letter's date is lost",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "1240.50", "NaN"),
        [
            (
                "data/invoices.csv:2:46",
                "number.format",
                "`amount` isn't a number: NaN",
                "write digits, with a decimal point or comma: 1234.5",
            ),
        ],
        id="an amount is NaN",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "1240.50", '"1,240"'),
        [
            (
                "data/invoices.csv:2:46",
                "number.ambiguous",
                "`amount` can mean 1240 or 1.240, and no other cell of the column tells which: 1,240",
                "write 1240 or 1.2400",
            ),
        ],
        id="an amount is ambiguous",
    ),
    pytest.param(
        lambda p: p.append(
            "data/invoices.csv", 'NS-119,x,2026-10-31,2026-11-30,"5,20",GBP\nNS-120,x,2026-10-31,2026-11-30,5.30,GBP\n'
        ),
        [
            (
                "data/invoices.csv:3:32",
                "number.mark",
                "`amount` doesn't have the decimal point of the rest of the column: 5,20",
                "write it with a point",
            ),
        ],
        id="a column mixes decimal marks",
    ),
    pytest.param(
        lambda p: p.replace("data/invoices.csv", "2026-11-30", "2026-10-30"),
        [
            (
                "data/invoices.csv:2:35",
                "date.order",
                "`due_date` (2026-10-30) is before `issued_on` (2026-10-31)",
                "correct one of the two dates",
            ),
        ],
        id="an invoice is due before it is issued",
    ),
    pytest.param(
        lambda p: p.append("data/invoices.csv", "NS-118,x,2026-10-31,2026-11-30,5.20,GBP\n"),
        [
            (
                "data/invoices.csv:3:1",
                "table.duplicate-row",
                "this row has the same number as line 2",
                "keep one of the two rows",
            ),
        ],
        id="an invoice is listed twice",
    ),
    pytest.param(
        lambda p: p.replace("data/pending.csv", "in-progress", "inprogress"),
        [
            (
                "data/pending.csv:2:26",
                "value.word",
                "`status` isn't one of the words allowed here: inprogress",
                (
                    "did you mean `in progress`? write one of: idea, not started, in progress, waiting, "
                    "in review, blocked, done"
                ),
            ),
        ],
        id="a status is misspelt",
    ),
    pytest.param(
        lambda p: p.write("data/pending.csv", "projet;statut;décision\nBoutique;en court;terminer\n"),
        [
            (
                "data/pending.csv:2:10",
                "value.word",
                "`status` isn't one of the words allowed here: en court",
                (
                    "did you mean `in progress`? write one of: idea, not started, in progress, waiting, "
                    "in review, blocked, done"
                ),
            ),
        ],
        id="a status is misspelt in a French table of an English project",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "2026-01,Commandes,4,\n"),
        [
            (
                "data/metrics.csv:8:9",
                "text.form",
                "`metric` doesn't have the right form: Commandes",
                "write orders",
            ),
        ],
        id="a metric is given by its name",
    ),
    pytest.param(
        lambda p: p.remove("data/metrics.csv").write("data/metrics.xlsx", "<html><table></table></html>"),
        [("data/metrics.xlsx", "xlsx.damaged", "the file is a web page or XML", "")],
        id="a web page is called a workbook",
    ),
    pytest.param(
        lambda p: p.replace("handover.yaml", "language: en", "language: fr").write(
            "data/pending.csv", "project,status,decision\nShop,inprogress,\n"
        ),
        [
            (
                "data/pending.csv:2:6",
                "value.word",
                "`status` isn't one of the words allowed here: inprogress",
                (
                    "did you mean `en cours`? write one of: idée, à faire, en cours, en attente, en relecture, "
                    "bloqué, terminé"
                ),
            ),
            (
                "data/pending.csv:2:17",
                "table.empty-cell",
                "`decision` is empty",
                "write one of: terminer, transmettre, abandonner",
            ),
        ],
        id="an English table of a French project is told French words",
    ),
    pytest.param(
        lambda p: p.replace("data/pending.csv", ",60,", ",160,"),
        [
            (
                "data/pending.csv:2:38",
                "number.range",
                "`percent_done` is more than 100: 160",
                "write 100 or less",
            ),
        ],
        id="a percentage is above one hundred",
    ),
    pytest.param(
        lambda p: p.replace("data/pending.csv", ",cancel", ","),
        [
            (
                "data/pending.csv:3:23",
                "table.empty-cell",
                "`decision` is empty",
                "write one of: finish, hand over, cancel",
            ),
        ],
        id="a required cell is empty",
    ),
    pytest.param(
        lambda p: p.replace("data/pending.csv", "Photos/loaf.txt", "Photos/loafs.txt"),
        [
            (
                "data/pending.csv:2:79",
                "path.no-file",
                "there is no assets/Photos/loafs.txt",
                "did you mean `Photos/loaf.txt`?",
            ),
        ],
        id="a pending project's files are not there (warning)",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "2026-02,visitorz,12,\n"),
        [
            (
                "data/metrics.csv:8:9",
                "metric.unknown",
                "the metric visitorz is neither built in nor defined",
                (
                    "did you mean `visitors`? or define it in handover.yaml under `metrics:` with `visitorz: "
                    "{label: …, unit: …}`"
                ),
            ),
        ],
        id="a metric is misspelt",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "2026-02,taux_de_clic,12,\n"),
        [
            (
                "data/metrics.csv:8:9",
                "metric.unknown",
                "the metric taux_de_clic is neither built in nor defined",
                (
                    "did you mean `click_through_rate`? or define it in handover.yaml under `metrics:` with "
                    "`taux_de_clic: {label: …, unit: …}`"
                ),
            ),
        ],
        id="a metric is called as documents call it",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "2026-02-01,visitors,12,\n"),
        [
            (
                "data/metrics.csv:8:1",
                "table.duplicate-row",
                "this row has the same date and metric as line 5",
                "keep one of the two rows",
            ),
        ],
        id="a month is given twice for a metric",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "T1 2026,visitors,12,\n"),
        [
            (
                "data/metrics.csv:8:1",
                "date.month-format",
                "`date` isn't a month or a day: T1 2026",
                "write 2026-11 or 2026-11-30",
            ),
        ],
        id="a quarter where a month is meant",
    ),
    pytest.param(
        lambda p: p.write(
            "data/accounts.csv", "service,current_owner,status,client\na,b,closed,acme-bakery\nc,d,closed,bolt-garage\n"
        ),
        [
            (
                "data/accounts.csv:3:12",
                "client.other",
                "this row is another client's: bolt-garage, not acme-bakery",
                "delete the row, or correct the client's id",
            ),
        ],
        id="a row is another client's",
    ),
    pytest.param(
        lambda p: p.write("data/accounts.csv", "service,current_owner,status,Mot de passe\na,b,closed,hunter2\n"),
        [
            (
                "data/accounts.csv:1:30",
                "secret.column",
                "the column `Mot de passe` holds secrets, and tables travel in clear",
                (
                    "move them into the vault with `handover vault import` or `handover vault add`, then "
                    "delete the column"
                ),
            ),
        ],
        id="a column holds secrets",
    ),
    pytest.param(
        lambda p: p.write("data/accounts.csv", "service,current_owner,status,Mot de passe\na,b,closed,\n"),
        [
            (
                "data/accounts.csv:1:30",
                "table.unknown-column",
                "there is no column `Mot de passe` in this table",
                (
                    "delete it; the columns are service, url, account, current_owner, new_owner, transfer, "
                    "status, renewal_date, payer, note, client"
                ),
            ),
        ],
        id="a column for secrets is empty",
    ),
    pytest.param(
        lambda p: p.write("data/accounts.xlsx", b"PK"),
        [
            (
                "data/accounts.csv",
                "table.twice",
                "the table accounts is also in data/accounts.xlsx",
                "keep one of them, and delete the other",
            ),
        ],
        id="a table is there as csv and as xlsx",
    ),
    pytest.param(
        lambda p: p.write("data/asset.csv", "path\n"),
        [
            (
                "data/asset.csv",
                "file.unknown",
                "this file is not read",
                (
                    "the tables are called metrics, pending, assets, accounts, invoices, milestones, routines, "
                    "training (.csv or .xlsx)"
                ),
            ),
        ],
        id="an optional table is misnamed (warning)",
    ),
    pytest.param(
        lambda p: p.remove("assets"),
        [
            (
                "assets",
                "file.missing",
                "the folder assets/ is missing",
                "make it, and put the client's files into it; it may be empty",
            ),
        ],
        id="the folder of assets is missing",
    ),
    pytest.param(
        lambda p: p.replace("data/assets.csv", "Photos,", "Fotos,"),
        [
            (
                "data/assets.csv:2:1",
                "path.no-file",
                "there is no assets/Fotos",
                "did you mean `Photos`?",
            ),
        ],
        id="an assets row names no file (warning)",
    ),
    pytest.param(
        lambda p: p.remove("vault.xlsx"),
        [
            (
                "vault.xlsx",
                "vault.missing",
                "vault.xlsx is missing: it holds the credentials, encrypted",
                (
                    "make one with `handover vault init`, then fill it with `handover vault add` or "
                    "`handover vault import`"
                ),
            ),
        ],
        id="the vault is missing",
    ),
    pytest.param(
        lambda p: p.write("vault.xlsx", b"PK\x03\x04 passwords"),
        [
            (
                "vault.xlsx",
                "vault.in-clear",
                "vault.xlsx isn't encrypted: whoever has the file can read its passwords",
                (
                    "open it in Excel, set a password to open it (File, Info, Encrypt with Password), and save it "
                    "again as .xlsx"
                ),
            ),
        ],
        id="the vault is a workbook in clear",
    ),
    pytest.param(
        lambda p: p.write("vault.xlsx", "service,password\nBank,1234\n"),
        [
            (
                "vault.xlsx",
                "vault.not-encrypted-workbook",
                "vault.xlsx isn't an encrypted workbook",
                "take the vault from a backup, or make a new one with `handover vault init`",
            ),
        ],
        id="the vault is a renamed CSV",
    ),
    pytest.param(
        lambda p: p.append("data/metrics.csv", "2026-09,leads,12,\n2026-09,leads,13,\n"),
        [
            (
                "data/metrics.csv:9:1",
                "table.duplicate-row",
                "this row has the same date and metric as line 8",
                "keep one of the two rows",
            ),
        ],
        id="a metric stands twice",
    ),
    pytest.param(
        lambda p: p.write(
            "data/metrics.csv",
            'date,metric,value\n2026-01,visitors,"1,234"\n2026-01,visitors,1235\n2025-01,newsletter_readers,1210\n',
        ),
        [
            (
                "data/metrics.csv:2:18",
                "number.ambiguous",
                "`value` can mean 1234 or 1.234, and no other cell of the column tells which: 1,234",
                "write 1234 or 1.2340",
            ),
            (
                "data/metrics.csv:3:1",
                "table.duplicate-row",
                "this row has the same date and metric as line 2",
                "keep one of the two rows",
            ),
        ],
        id="a metric stands twice, once with an ambiguous number",
    ),
    pytest.param(
        lambda p: p.append("data/invoices.csv", "F-1,,2026-01-01,2026-02-01,many,\nF-1,,2026-01-01,2026-02-01,12,\n"),
        [
            (
                "data/invoices.csv:3:28",
                "number.format",
                "`amount` isn't a number: many",
                "write digits, with a decimal point or comma: 1234.5",
            ),
            (
                "data/invoices.csv:4:1",
                "table.duplicate-row",
                "this row has the same number as line 3",
                "keep one of the two rows",
            ),
        ],
        id="an invoice stands twice, once without a number",
    ),
    pytest.param(
        lambda p: p.append("data/pending.csv", "Third,,idea,1234.5,,,,,finish\nFourth,,idea,most,,,,,finish\n"),
        [
            (
                "data/pending.csv:4:13",
                "number.format",
                "`percent_done` isn't a whole number: 1234.5",
                "write a whole number from 0 to 100",
            ),
            (
                "data/pending.csv:5:14",
                "number.format",
                "`percent_done` isn't a number: most",
                "write a whole number from 0 to 100",
            ),
        ],
        id="percentages that aren't whole numbers",
    ),
    pytest.param(
        lambda p: p.remove("brand/signature.png"),
        [
            (
                "handover.yaml:11:22",
                "file.missing",
                "brand/signature.png is missing",
                "put it there, or correct the path",
            ),
        ],
        id="the signature image is missing",
    ),
    pytest.param(
        lambda p: p.write("brand/signature.png", b"hello"),
        [
            (
                "brand/signature.png",
                "image.unusable",
                "this is neither a PNG nor a JPEG picture",
                "export it as PNG",
            ),
        ],
        id="an image isn't one",
    ),
    pytest.param(
        lambda p: p.write("brand/signature.png", (p.root / "brand/signature.png").read_bytes()[:-20]),
        [
            (
                "brand/signature.png",
                "image.unusable",
                "this is a damaged picture",
                "export it again",
            ),
        ],
        id="an image is cut short",
    ),
    pytest.param(
        lambda p: p.write("brand/signature.png", png_header(100_000, 100_000)),
        [
            (
                "brand/signature.png",
                "image.unusable",
                "this is larger than 10,000 pixels a side or 12.5 million pixels",
                "export it smaller; 2,000 pixels are plenty",
            ),
        ],
        id="an image says that it has ten thousand million pixels",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "brand/signature.png", "../signature.png"),
        [
            (
                "handover.yaml:11:22",
                "path.outside",
                "`owners[1].signature_image` is not a path inside the project: ../signature.png",
                "write it like brand/logo.png",
            ),
        ],
        id="an image is named outside the project",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "brand/signature.png", "internal/notes.md"),
        [
            (
                "handover.yaml:11:22",
                "path.internal",
                "`owners[1].signature_image` is in a folder that is never delivered: internal/notes.md",
                "put the picture into brand/",
            ),
        ],
        id="an image is named in internal",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, PIN, ""),
        [
            (
                "handover.yaml:9:5",
                "owner.no-pin",
                "`owners[1].pin` is missing: no key can sign for this owner yet",
                "`handover keys pin` writes it, once the owner has a key (`handover keys create`)",
            ),
        ],
        id="no key is pinned (warning)",
    ),
    pytest.param(
        lambda p: p.replace(SETTINGS, "      phone: 01632 960 418\n", ""),
        [
            (
                "handover.yaml:17:7",
                "contact.no-phone",
                "`client.contacts[1].phone` is missing, and the passphrase is to be given at it",
                "write the number, or another way in `options.passphrase_by`",
            ),
        ],
        id="the passphrase is to be given by phone, without number (warning)",
    ),
    pytest.param(
        lambda p: (moved(p, "data/assets.csv", "x.csv"), linked(p, "data/assets.csv", "../x.csv")),
        [
            (
                "data/assets.csv",
                "file.link",
                "data/assets.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
        ],
        id="a table is a symbolic link",
    ),
    pytest.param(
        lambda p: (moved(p, "data", "d"), linked(p, "data", "d")),
        [
            (
                "data/metrics.csv",
                "file.link",
                "data/metrics.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
            (
                "data/pending.csv",
                "file.link",
                "data/pending.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
            (
                "data/assets.csv",
                "file.link",
                "data/assets.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
            (
                "data/accounts.csv",
                "file.link",
                "data/accounts.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
            (
                "data/invoices.csv",
                "file.link",
                "data/invoices.csv is a symbolic link, or lies behind one",
                "put the file itself there",
            ),
        ],
        id="the folder of tables is a symbolic link",
    ),
    pytest.param(
        lambda p: (p.remove("data/assets.csv"), piped(p, "data/assets.csv")),
        [
            (
                "data/assets.csv",
                "file.not-regular",
                "data/assets.csv is not a file but a folder, a device or a pipe",
                "",
            ),
        ],
        id="a table is a pipe",
    ),
    pytest.param(
        lambda p: (linked(p, "assets/l", "x"), piped(p, "assets/f")),
        [
            (
                "assets/f",
                "asset.not-a-file",
                "it's a pipe, not a file",
                "take it out",
            ),
            (
                "assets/l",
                "asset.not-a-file",
                "it's a link, not a file",
                "put the file itself there",
            ),
        ],
        id="assets hold a link and a pipe",
    ),
    pytest.param(
        lambda p: (
            p.append(SETTINGS, "options:\n  currency: XXX\n")
            .replace(SETTINGS, "    unit: count\n", "    unit: money\n    currency: ZZZ\n")
            .replace("data/invoices.csv", "GBP", "EUT")
        ),
        [
            (
                "handover.yaml:49:15",
                "currency.unknown",
                "`metrics.newsletter_readers.currency` isn't the code of a currency: ZZZ",
                "write a currency's three capital letters (ISO 4217): EUR, GBP, USD",
            ),
            (
                "handover.yaml:62:13",
                "currency.unknown",
                "`options.currency` isn't the code of a currency: XXX",
                "write a currency's three capital letters (ISO 4217): EUR, GBP, USD",
            ),
            (
                "data/invoices.csv:2:54",
                "currency.unknown",
                "`currency` isn't the code of a currency: EUT",
                "write a currency's three capital letters (ISO 4217): EUR, GBP, USD",
            ),
        ],
        id="currencies that don't exist",
    ),
    pytest.param(
        lambda p: p.write("assets/a.txt", "").write("assets/A.txt", "").write("assets/con.txt", ""),
        [
            (
                "assets/a.txt",
                "asset.name-clash",
                "on Windows and macOS this is the same name as assets/A.txt",
                "rename it, or build with --rename-unsafe",
            ),
            (
                "assets/con.txt",
                "asset.name",
                "its name can't travel: “con.txt” is a device's name on Windows",
                "rename it, or build with --rename-unsafe",
            ),
        ],
        id="asset names clash or are reserved on Windows",
    ),
]


@pytest.mark.parametrize(("fault", "expected"), CASES)
def test_a_fault_is_told_with_its_place_and_what_to_write(
    project: ProjectCopy, fault: Callable[[ProjectCopy], object], expected: list[tuple[str, str, str, str]]
) -> None:
    fault(project)

    found = [(str(f.location), f.rule, f.message, f.hint) for f in project.findings()]

    assert found == expected


def test_the_project_without_a_fault_has_no_findings(project: ProjectCopy) -> None:
    assert project.findings() == []
