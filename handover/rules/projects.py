"""Every rule for projects: what `handover validate` says about settings, tables, metrics and the client's files.

Role: one of the tables of `handover.rules`. The words of a finding name the place and the value, and are written where
it is found (`handover.load`, `handover.validate`, `handover.metrics`, `handover.pack.scan`); here stands what holds for
all of them.
"""

from typing import Final

from handover.errors import Severity
from handover.rules.rule import Rule

FAMILIES: Final = {
    "file": "Files",
    "text": "Text",
    "yaml": "handover.yaml as YAML",
    "settings": "Keys of handover.yaml",
    "value": "Values",
    "date": "Dates",
    "number": "Numbers",
    "flag": "Yes and no",
    "currency": "Currencies",
    "list": "Lists",
    "path": "Paths",
    "image": "Pictures",
    "secret": "Secrets in clear",
    "table": "Tables",
    "csv": "Tables as CSV",
    "xlsx": "Tables as workbooks",
    "metric": "Metrics",
    "periods": "The two periods",
    "letter": "The letter",
    "client": "Rows of other clients",
    "pending": "Pending projects",
    "asset": "The client's files",
    "vault": "Credentials",
}
"""Families in the order of docs/rules.md, with their headings."""

_E, _W = Severity.ERROR, Severity.WARNING

_FILES = (
    Rule("file.missing", _E, "Every file that a project needs is there.",
         "`handover init` shows what belongs into a project. A table without rows is its header alone."),
    Rule("file.link", _E, "No file is a symbolic link or lies behind one.",
         "A link could lead to another client's file. Put the file itself there."),
    Rule("file.not-regular", _E, "A file is a file, a folder a folder.",
         "Folders, devices and pipes in place of a file aren't read."),
    Rule("file.unreadable", _E, "Every file can be read.", "Check its permissions."),
    Rule("file.too-large", _E, "No file is larger than its kind can sensibly be.",
         "The limits are in docs/project.md. Make it smaller."),
    Rule("file.unknown", _W, "Every table in data/ has a known name.",
         "A file with another name isn't read. Rename it, or take it out of data/."),
    Rule("text.encoding", _E, "Text files are UTF-8.", "In a spreadsheet program choose “CSV UTF-8” when saving."),
    Rule("text.control-character", _E, "No text holds a character that no document can hold.",
         "Delete it; it is invisible in most editors, and often came with copied text."),
    Rule("text.blank", _E, "A value isn't made of spaces alone.", "Write something, or delete the key or the cell."),
    Rule("text.line-break", _E, "A value of one line has no tabs or line breaks.", "Write it on one line."),
    Rule("text.form", _E, "Identifiers, addresses, colours and codes have their form.",
         "The message shows the form; docs/project.md has an example of each."),
    Rule("text.too-long", _E, "No text is longer than its place in the documents.", "Shorten it."),
)  # fmt: skip

_SETTINGS = (
    Rule("yaml.syntax", _E, "The settings are valid YAML 1.2.",
         "The place named is where reading stopped; the mistake may stand a line before. Text with `: `, `#`, brackets "
         "or quotation marks belongs in quotes."),
    Rule("yaml.no-mapping", _E, "The settings hold keys.", "`handover init` writes one to fill in."),
    Rule("yaml.duplicate-key", _E, "No key is given twice.", "Keep one: other programs silently take the last."),
    Rule("yaml.key", _E, "A key is a word.", "Put text that begins with a bracket or brace in quotes."),
    Rule("yaml.colour", _E, "A colour stands in quotes.", "Without them `#1F4E79` is a comment."),
    Rule("yaml.tag", _E, "No value has a tag (`!!str`).", "Delete it; quote a value that begins with `!`."),
    Rule("yaml.anchor", _E, "No value has an anchor (`&name`).", "Write each value in its place."),
    Rule("yaml.alias", _E, "No value is an alias (`*name`).", "Write the value itself."),
    Rule("yaml.several-documents", _E, "The file is one document.", "Delete the line `---` and what follows it."),
    Rule("yaml.version", _E, "The file is YAML 1.2.", "Delete the line that begins with %YAML."),
    Rule("yaml.too-large", _E, "The file has no more values than a project can need.", "Take out what isn't settings."),
    Rule("yaml.too-deep", _E, "Values aren't nested deeper than the settings are.", "Check the indentation."),
    Rule("settings.missing-key", _E, "Every required key is there.", "Its meaning and an example are in the message."),
    Rule("settings.unknown-key", _E, "Every key is known.",
         "A misspelt key would be left out in silence. docs/project.md lists them all."),
    Rule("settings.format", _E, "The project's format is one that this version knows.", "Write the one named."),
    Rule("settings.language", _E, "The language has templates.",
         "`handover templates new-language` begins one; until then choose one of those named."),
    Rule("settings.locale", _E, "The variant exists and belongs to the language.", "Write fr_FR, fr_BE, en_GB …"),
    Rule("value.word", _E, "Where a fixed list of words is possible, one of them is written.",
         "The message lists them; English and French ones are understood."),
    Rule("value.shape", _E, "A list is written as a list, a group as a group, a single value as one.",
         "docs/project.md shows the form of each key."),
    Rule("value.empty", _E, "An item that is begun has a value.", "Write something, or delete the line."),
    Rule("value.invalid", _E, "A value is one that its key or column can have.",
         "docs/project.md says what each can hold."),
    Rule("date.format", _E, "Dates are written year-month-day.", "Write 2026-11-30: 03/04 is April or March."),
    Rule("date.month-format", _E, "Dates of metrics are months or days.", "Write 2026-11 or 2026-11-30."),
    Rule("date.no-such-day", _E, "A day exists in the calendar.", "Check the day and the month."),
    Rule("date.order", _E, "An end isn't before its start.", "Correct one of the two dates."),
    Rule("date.letter", _W, "The letter isn't older than the notice that it speaks of.", "Check both dates."),
    Rule("date.delivery", _W, "No delivery announced by the letter was due before it.", "Check both dates."),
    Rule("number.format", _E, "A number is written in digits.",
         "In tables with a decimal point or comma and no unit; in handover.yaml with a decimal point."),
    Rule("number.ambiguous", _E, "A column shows whether its commas and points mark decimals or thousands.",
         "`1,234` alone can be one thousand or a little more than one: write 1234 or 1.2340."),
    Rule("number.mark", _E, "A column has one decimal mark.", "Write all its numbers the same way."),
    Rule("number.range", _E, "A number is within what it can be.", "Check it, and its unit."),
    Rule("flag.format", _E, "A key that is on or off is true or false.", "Write true or false."),
    Rule("currency.unknown", _E, "A currency is written as its ISO 4217 code.", "Write EUR, GBP, USD …"),
    Rule("list.too-short", _E, "A list has as many items as its place in the documents needs.", "Add what lacks."),
    Rule("list.too-long", _E, "A list has no more items than its place in the documents holds.", "Choose the best."),
    Rule("path.outside", _E, "A path stays inside the project.", "Write it like brand/logo.png, from the project on."),
    Rule("path.internal", _E, "No picture comes from a folder that is never delivered.", "Put it into brand/."),
    Rule("path.pattern", _E, "Patterns of `options.assets` are such as .gitignore has, and simple.",
         "At most 50 patterns, with two wildcards `*` between slashes and two `**` each, so that none runs forever."),
    Rule("path.no-file", _W, "A table's path leads to one of the client's files.",
         "Write it as it stands below assets/; upper and lower case count."),
    Rule("image.unusable", _E, "The logo and the signature are PNG or JPEG pictures that Word can show.",
         "Save it again as PNG, in RGB, below the limits in docs/project.md."),
    Rule("letter.highlights", _W, "The letter has two highlights or more, or none.", "Two to five read well."),
    Rule("letter.no-signature-image", _W, "The letter has a picture of the owner's signature.",
         "Put a picture into brand/ and name it in `owner.signature_image`."),
)  # fmt: skip

_TABLES = (
    Rule("secret.key", _E, "No key of handover.yaml holds a secret.",
         "The file is kept in clear. `handover vault add` takes it; then delete the line, and change the secret if the "
         "file was shared."),
    Rule("secret.column", _E, "No column of a table holds secrets.",
         "Tables travel in clear. `handover vault import` takes it; then delete the column, and change the secrets if "
         "the file was shared."),
    Rule("table.empty", _E, "A table has a header row.", "The message names its columns."),
    Rule("table.twice", _E, "A table is there once, as CSV or as a workbook.", "Keep one of the two."),
    Rule("table.missing-column", _E, "Every required column is there.", "Add it, in English or French."),
    Rule("table.unknown-column", _E, "Every column is known.",
         "A misspelt column would be left out in silence. docs/project.md lists them all."),
    Rule("table.duplicate-column", _E, "No column is given twice, or once in each language.", "Keep one of them."),
    Rule("table.unnamed-column", _E, "A column with cells has a name.", "Name it, or delete it."),
    Rule("table.cell-count", _E, "A row has as many cells as the header.",
         "Text that holds the separator belongs in double quotes."),
    Rule("table.empty-cell", _E, "A required cell is filled.", "What it means and an example are in the message."),
    Rule("table.cell-too-long", _E, "A cell is no longer than a spreadsheet's can be.",
         "Shorten it, or put the text into a file in assets/."),
    Rule("table.duplicate-row", _E, "No two rows say the same thing twice.",
         "Keep one. Where two rows may be meant, it is a warning.", at_times_a_warning=True),
    Rule("table.too-large", _E, "A table has at most 100,000 rows, 1,000 cells a row, 1.5 million cells and 30 million"
         " characters.", "Metrics by month instead of by day need fewer."),
    Rule("table.too-wide", _E, "A table has at most 100 columns.", "Delete those that have no name."),
    Rule("table.too-many", _E, "A table has few enough mistakes to list them all.",
         "Correct those listed, then run it again."),
    Rule("csv.unclosed-quote", _E, "Every quotation mark is closed.", 'Inside quoted text write "" for each.'),
    Rule("csv.text-after-quote", _E, "Nothing stands between a closing quotation mark and the separator.",
         'Inside quoted text write "" for each quotation mark.'),
    Rule("xlsx.damaged", _E, "A workbook is whole, without macros.", "Save it again as .xlsx."),
    Rule("xlsx.encrypted", _E, "A workbook has no password.", "Only vault.xlsx is encrypted."),
    Rule("xlsx.which-sheet", _E, "A workbook has one sheet, or one called like the table.", "Rename or delete sheets."),
    Rule("xlsx.formula", _E, "Cells hold values, not formulas.", "Copy, then paste special: values."),
    Rule("xlsx.error-value", _E, "No cell holds an error (#N/A).", "Write the value itself."),
    Rule("xlsx.time", _E, "No cell holds a time of day.", "Keep the date alone."),
    Rule("client.other", _E, "No row belongs to another client.", "Delete the row, or correct the client's id."),
    Rule("pending.done", _W, "A project that is done is 100 % done.", "Write 100, or another status."),
)  # fmt: skip

_METRICS = (
    Rule("metric.unknown", _E, "Every metric is built in or defined.",
         "Correct its name, or define it under `metrics:` with a label and a unit."),
    Rule("metric.definition", _E, "A metric that isn't built in has a label and a unit.", "Write both."),
    Rule("metric.repeated", _E, "No metric is listed twice.", "Delete one."),
    Rule("metric.left-out", _E, "A headline isn't left out of the report.", "Keep it in one of the two lists."),
    Rule("metric.weight", _E, "A weighted mean has its weight.",
         "Name the metric whose values weigh it, and give its values.", at_times_a_warning=True),
    Rule("metric.sum", _E, "Percentages, ratios and scores aren't added up.",
         "Write another `combine`: twelve months of 5 % aren't 60 %."),
    Rule("metric.no-values", _W, "A metric that is defined has values.", "Add its rows, or remove its definition."),
    Rule("metric.steps", _W, "What can't be added up has values by month or by day, not both.",
         "People counted by day are others than those counted by month: give all values the same way."),
    Rule("metric.weekly", _W, "What is counted is given by month or by day.",
         "Weeks belong to no month, and each value is taken for a single day's. Ignore this where it is one, such as "
         "that of a weekly market."),
    Rule("metric.far-date", _W, "Values belong to years near the periods compared.", "Check the year."),
    Rule("metric.contradiction", _W, "A given rate agrees with the parts that it is computed from.",
         "Correct one of them. As long as they differ, the given values are printed; else the exact ones."),
    Rule("metric.share", _W, "Percentages are written 0–100.",
         "Values that all lie between 0 and 1 may be shares (0.021 for 2.1 %): if so, multiply them by 100."),
    Rule("metric.over-hundred", _E, "No share is below 0 or above 100 %.",
         "Correct it. What isn't a share, such as growth, needs a metric of its own with the unit percent."),
    Rule("metric.no-share", _W, "A computed share is one part of the same whole.",
         "More leads than visitors, say, because some came by phone: then no rate is computed. Give counts that belong "
         "together, or the rate itself."),
    Rule("metric.currency", _E, "A workbook shows amounts in the metric's currency.",
         "Set `currency` for the metric in handover.yaml, or convert the amounts."),
    Rule("periods.running", _W, "Every month of the current period with values is over on the day of the documents.",
         "A month that isn't over isn't compared, and the report says so."),
    Rule("periods.unequal-length", _W, "Both periods are equally long.",
         "Otherwise averages are compared instead of totals, and the report says so. Choose whole months."),
    Rule("periods.season", _W, "Both periods fall in the same season.",
         "Otherwise part of a change may be seasonal, and the report says so. Compare the same months of two years."),
)  # fmt: skip

_ASSETS = (
    Rule("asset.not-a-file", _E, "The client's files are files.",
         "Links, pipes and devices can't be delivered. Put the file itself there, or take it out."),
    Rule("asset.unreadable", _E, "The client's files can be read.", "Allow yourself to read them."),
    Rule("asset.name", _E, "A file's name can be used on every system.",
         "Rename it, or build with `--rename-unsafe`, which records both names."),
    Rule("asset.name-clash", _E, "No two names are the same on Windows or macOS.",
         "Rename one, or build with `--rename-unsafe`."),
    Rule("asset.left-out", _W, "Only what is meant for the client lies in assets/.",
         "System files, locks, version control and caches aren't delivered. `options.assets.include` brings them back; "
         "what `options.assets.exclude` names is left out without this warning."),
    Rule("asset.pointer", _W, "Online documents are delivered with their content.",
         "A .gdoc or .gsheet is a link that only you can open, and isn't delivered: export what it leads to."),
    Rule("asset.hard-link", _W, "A file has no other name on this disk.", "Make sure that it belongs to this client."),
)  # fmt: skip

RULES: Final = (*_FILES, *_SETTINGS, *_TABLES, *_METRICS, *_ASSETS)
"""In the order of the documentation, family by family."""
