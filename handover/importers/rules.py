"""The rules for what commands read besides a project: exports of metrics, lists of credentials, what is about to leave.

Role: one of the tables of `handover.cli.rules`. `import metrics`, `vault`, `build` and, for what
is about to leave, `validate` name these.
"""

from typing import Final

from handover.model.errors import Severity
from handover.model.rule import Rule

FAMILIES: Final = {
    "journal": "The journal (`handover status`)",
    "call": "The call (`internal/internal.yaml`)",
    "import": "Exports of metrics (`handover import metrics`)",
    "leak": "What is about to leave (`handover validate`, `handover build`)",
}
"""Families in the order of docs/rules.md, with their headings."""

_E, _W = Severity.ERROR, Severity.WARNING

_JOURNAL = (
    Rule("journal.future", _E, "The journal notes what has happened.", "Correct a day that is still to come."),
    Rule("journal.order", _W, "Events stand in the order that the guides advise.",
         "Advised, not forced: correct the days where they are wrong, and leave them where it was so."),
    Rule("call.couples", _W, "A contract ends; nobody breaks up.",
         "Words of couples make a matter of persons of it. Say that the contract ends."),
    Rule("call.few-reasons", _W, "There are three reasons to give, all about us.",
         "One reason invites an answer to it; three neutral ones say that it was thought through."),
)  # fmt: skip

_CREDENTIALS = (
    Rule("vault.missing", _E, "The project has a vault.",
         "`handover vault init` makes one, also for no credentials; a draft (`--draft`) needs none."),
    Rule("vault.in-clear", _E, "The vault is encrypted.",
         "In a plain workbook whoever has the file reads its passwords: open it in Excel, set a password to open it, "
         "save it again, and change what was shared. A warning for a draft, which carries no credentials.",
         at_times_a_warning=True),
    Rule("vault.not-encrypted-workbook", _E, "The vault is a workbook that was encrypted.",
         "Whatever else has its name can't be opened. A warning for a draft.", at_times_a_warning=True),
    Rule("vault.issued", _E, "The sheet of issued passphrases holds what `handover build` wrote.",
         "Delete the row: a rewriting would lose it."),
    Rule("vault.other-sheet", _W, "The vault has no sheets of your own.",
         "Move them into another file: handover writes the vault anew, with the credentials and what it issued alone."),
    Rule("vault.empty", _E, "A list of credentials has a header row.", "Start it with one."),
    Rule("vault.no-table", _E, "The vault has a sheet with the columns of credentials.",
         "`handover vault init` makes one."),
    Rule("vault.missing-column", _E, "Every required column is there.", "Add it to the header row."),
    Rule("vault.not-taken", _W, "Everything in a password manager's export is taken.",
         "Cards, notes and the like are no sign-ins: add by hand what the client needs of them."),
    Rule("vault.set-aside", _W, "Nothing says of an entry that it isn't for the client.",
         "Its note says not to pass it on, or it signs in at the agency's own domain: `--take NAME` takes it."),
    Rule("vault.agency-address", _W, "No sign-in of the client's uses an address at the agency.",
         "The client won't get its mail, nor reset its password: change it before the handover."),
    Rule("vault.escaped", _W, "A password is written as it is.",
         "Some exports write `&amp;` for `&`: compare it with the original."),
    Rule("vault.no-secret", _W, "A credential has a password, a TOTP secret, recovery codes or a note.",
         "Write in its note how one signs in, or remove it."),
    Rule("vault.unknown-column", _E, "Every column is one of the vault's.", "Rename or delete it."),
    Rule("vault.repeated-column", _E, "No column is there twice.", "Keep one of them."),
    Rule("vault.extra-cell", _E, "No cell stands in a column without a header.", "Name the column, or empty the cell."),
    Rule("vault.missing-service", _E, "Every row names its service.", "Say what these credentials open."),
    Rule("vault.invalid-value", _E, "A cell holds what its column can.", "Put further text into the note."),
    Rule("vault.not-text", _E, "Cells are text, so that no digit of a password is lost.",
         "Format the column as text and type the value again."),
    Rule("vault.control-character", _E, "No cell holds a character that a workbook can't.", "Delete the character."),
    Rule("vault.too-long", _E, "A cell is no longer than a spreadsheet's can be.", "Keep a file in assets/ instead."),
    Rule("vault.repeated", _W, "No service and user name are there twice.", "Remove one of the rows."),
    Rule("csv.not-utf8", _E, "A list of credentials is UTF-8 text.", "Save it as CSV UTF-8."),
    Rule("csv.not-a-table", _E, "A list of credentials is a table.", "Export it as CSV."),
    Rule("csv.nul", _E, "A list of credentials is text without U+0000.", "Export it again."),
    Rule("csv.malformed", _E, "Every quotation mark is closed or doubled.", 'Write a quotation mark in a cell as "".'),
    Rule("csv.too-large", _E, "A list of credentials isn't larger than any can be.", "Check the file."),
)  # fmt: skip

_LEAKS = (
    Rule("leak.secret", _E, "No password or passphrase leaves in clear.",
         "Take it out: secrets belong into the vault. `--allow-leak` delivers it on purpose, entry by entry."),
    Rule("leak.internal-text", _E, "No file says in its first lines that it is internal.",
         "Move it to internal/, or deliver it on purpose with `--allow-leak`."),
    Rule("leak.internal-name", _E, "No file's name says that it is internal.",
         "Move it to internal/, or deliver it on purpose with `--allow-leak`."),
)  # fmt: skip

_FILES = (
    Rule("leak.secret-file", _E, "No file that programs or people keep secrets in leaves.",
         "Settings with secrets, private keys, lists of passwords, password managers' files, browsers' profiles: known "
         "by name or content. Take it out; `--allow-leak` or `options.assets.allow_leaks` delivers it on purpose."),
    Rule("leak.token", _E, "No text holds a key, a token, a password or a hash of a known form.",
         "The forms are those that their makers publish. Take it out, and change it where the file was shared."),
    Rule("leak.internal-file", _E, "No file of internal/ leaves.", "It has the same content, whatever its name is."),
    Rule("leak.internal-words", _E, "Nothing repeats what a file in internal/ says.",
         "Eight words in a row are the same (of a table or a list of keys, a whole cell or value of four), and stand "
         "in none of the project's other inputs. internal/evidence/ is compared by whole files alone."),
    Rule("leak.denied-name", _E, "No name of another client leaves.",
         "The names come from `--deny FILE` and from templates/deny.txt, one a line."),
    Rule("leak.comments", _W, "Office files hold no comments.", "The client reads them. Delete them, or leave them."),
    Rule("leak.tracked-changes", _W, "Office files hold no tracked changes.",
         "The client reads what stood there before. Accept or reject them."),
    Rule("leak.authors", _W, "Office files name nobody whom the letter doesn't name.",
         "Word, Excel and PowerPoint remove names (File, Info, Inspect Document)."),
    Rule("leak.unsearched", _W, "Every document's text could be searched.",
         "A file that takes longer than two seconds, is protected or of a kind that isn't looked into must be looked "
         "at by you; `options.assets.allow_leaks` says that you did."),
)  # fmt: skip

_IMPORTS = (
    Rule("import.too-many", _E, "A table has at most 1,000 metrics, and a file of GA4 at most 1,000 tables.",
         "Keep those that the report needs."),
    Rule("import.nothing", _E, "At least one column is a known metric.",
         'Say which is which: `--metric "Column=metric"`.'),
    Rule("import.empty", _E, "The export has a table.", "Export it again, for a span with data."),
    Rule("import.kind", _E, "The file is a table.", "JSON and web pages hold none: export it as CSV."),
    Rule("import.other-format", _E, "The file is of the format that `--format` names.",
         "The message says what it lacks and what the file looks like; without `--format` it is recognised."),
    Rule("import.shape", _E, "The table is long (date, metric, value) or wide (months down or across).",
         "Give it the columns date, metric, value."),
    Rule("import.date", _E, "Every row begins with a day or a month.", "Export by date, or write 2026-03."),
    Rule("import.ambiguous-dates", _E, "The column of dates shows which number is the day.",
         "Say it with `--day-first` or `--month-first`, or write 2026-03-31."),
    Rule("import.no-dates", _E, "Every value belongs to a day or a whole month.",
         "Break the report down by day or month, or export one month at a time. A further table of a file that has "
         "others is left out with a warning.", at_times_a_warning=True),
    Rule("import.no-total", _W, "A table without dates has a row with the total.",
         "Its lines can't be added up: export it by date."),
    Rule("import.two-ranges", _E, "An export holds one span of time.", "Export each span without comparison."),
    Rule("import.comparison", _E, "No row of an export overlaps another.",
         "Comparisons and segments hold the same users again: export without them."),
    Rule("import.filtered", _E, "An export holds the whole of what its metrics mean.",
         "Export without that filter, segment or selection; or give the part metrics of its own with `--metric`."),
    Rule("import.two-tables", _E, "The tables of one file agree.", "Export the one that holds the whole, alone."),
    Rule("import.two-tools", _E, "Values of one metric and date come from one tool.",
         "Advertising spend of two tools is their sum or two metrics, never the last one: give one of them a metric of "
         "its own with `--metric`."),
    Rule("import.steps", _E, "A month is given whole or by day.",
         "A day's value never replaces a month's, nor the reverse: export by month as well, or remove the month's "
         "value first."),
    Rule("import.exported-on", _W, "The last month of an export is over on the day of export.",
         "A date in a file's name may be that day, and may be anything else: say it with `--exported-on`."),
    Rule("import.two-columns", _E, "One column stands for one metric.", "Name one of them with `--metric`."),
    Rule("import.duplicate", _E, "One date has one value.", "Keep one of them."),
    Rule("import.not-additive", _E, "Parts of a date are added up only where that is true.",
         "Rates, averages and people can't be added, nor visits by page or event, which count once in each: export "
         "without a breakdown."),
    Rule("import.currency", _E, "Amounts are in the metric's currency.",
         "Set `currency` for the metric in handover.yaml, or convert the amounts."),
    Rule("import.percent", _E, "A percent sign stands beside percentages alone.",
         "240 % of a ratio is 2.4: write it so, or give the percentage a metric of its own."),
    Rule("import.format", _E, "A value is a number.", "Correct the cell, or empty it where nothing was measured."),
    Rule("import.ambiguous", _E, "A column shows whether its commas and points mark decimals or thousands.",
         "Write one of its numbers without grouping, or with decimals."),
    Rule("import.mark", _E, "A column has one decimal mark.", "Write all its numbers the same way."),
    Rule("import.range", _E, "A value has at most fifteen digits before its point.", "Check the export."),
    Rule("import.share", _E, "A rate without a value above 1 is said to be shares or percentages.",
         "Say it with `--shares` (0.024 is 2.4 %) or `--percentages` (0.024 is 0.024 %)."),
    Rule("import.inexact", _W, "Values are exact.", "`< 10` isn't taken: no value is better than a made-up one."),
    Rule("import.computed", _W, "A rate over several rows of one date is computed from its parts.",
         "Its column isn't taken; the parts are. Name the metric under `metrics:` to have it shown."),
    Rule("import.cut-month", _W, "A month is wholly inside the export's range.",
         "A part of a month isn't a month: export whole months."),
    Rule("import.estimate", _W, "Figures are counted, not estimated from a sample.",
         "Say so in the metric's `source`, which the report prints, or export a shorter span."),
)  # fmt: skip

RULES: Final = (*_JOURNAL, *_CREDENTIALS, *_IMPORTS, *_LEAKS, *_FILES)
"""In the order of the documentation, family by family."""
