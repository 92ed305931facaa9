"""Every rule for templates: its stable id, how much it weighs, what it says and what to do.

Role: one of the tables of `handover.rules`. It finds nothing itself: `handover.lint` does.
"""

from typing import Final

from handover.errors import Severity
from handover.rules.rule import Rule

FAMILIES: Final = {
    "tag": "Tags",
    "variable": "Variables",
    "filter": "Filters and tests",
    "content": "What a document must print",
    "picture": "Pictures and charts",
    "tone": "Tone",
    "typography": "French typography",
    "word": "The file itself",
    "template": "Templates and their names",
    "language": "Languages",
}
"""Families in the order of docs/rules.md, with their headings."""

_E, _W = Severity.ERROR, Severity.WARNING

_TAGS = (
    Rule("tag.syntax", _E, "Every tag is written correctly.",
         "The renderer can't read the tag. Compare it with the examples at the top of docs/rules.md."),
    Rule("tag.unclosed", _E, "A tag that begins also ends, in the same paragraph.",
         "Close `{{` with `}}` and `{%` with `%}` before the paragraph ends."),
    Rule("tag.stray-end", _E, "`}}` and `%}` stand only at the end of a tag.",
         "Write the tag's beginning, or delete its end."),
    Rule("tag.nested", _E, "No tag stands inside another.",
         "Inside a tag, a variable is written without braces: `{% if reason %}`, not `{% if {{ reason }} %}`."),
    Rule("tag.split", _E, "Nothing interrupts a tag.",
         "Word keeps a tag in pieces when its letters were typed or formatted separately. That is repaired silently; a "
         "line break, a tab, a picture or the edge of a link inside a tag isn't. Delete the tag and type it in one "
         "go."),
    Rule("tag.single-brace", _E, "A variable has two braces on each side.",
         "With one brace the text is printed as it stands. Write `{{ … }}`, without a space between the braces."),
    Rule("tag.unknown", _E, "Only the statements `if`, `elif`, `else`, `for` and `set` are used.",
         "Templates print, choose and repeat; they can't include files, define macros, call functions or run code."),
    Rule("tag.not-allowed", _E, "Tags hold only names, texts, comparisons, `and`, `or`, `not` and filters.",
         "Calls, calculations and slices are refused when the template is rendered. Ask for the value to be prepared "
         "in the document's variables instead."),
    Rule("tag.unbalanced", _E, "Every `if` and `for` has its end, in the right order.",
         "Add the missing `{% endif %}` or `{% endfor %}`, or delete the one that has no beginning."),
    Rule("tag.crosses", _E, "A tag's beginning and end stand in the same place of the document's structure.",
         "A condition or a loop can't begin in one table cell, row, link or text box and end in another: the document "
         "would be damaged. Use `{%p … %}` for whole paragraphs, `{%tr … %}` for rows, `{%tc … %}` for cells."),
    Rule("tag.level", _E, "A tag's beginning and end have the same letter: `{%p if … %}` … `{%p endif %}`.",
         "Without it one of them removes more of the document than the other. Write the same letter in both."),
    Rule("tag.paragraph", _W, "A tag that is alone in its paragraph has a `p`: `{%p if … %}`.",
         "Without the `p` an empty paragraph stays where the tag stood."),
    Rule("tag.not-alone", _E, "A `{%p … %}` tag is alone in its paragraph, `{%tr … %}` in its row, `{%tc … %}` in its "
         "cell.", "Everything else there would be lost without a word. Give the tag its own paragraph, row or cell."),
    Rule("tag.outside", _E, "`{%tr … %}` and `{%tc … %}` stand in a table.",
         "Outside a table there is no row or cell to take away. Use `{%p … %}`."),
    Rule("tag.empty-cell", _E, "A table cell keeps a paragraph whatever is chosen.",
         "Word can't open a document in which a cell has no paragraph. Put one outside the conditions, or use "
         "conditions without `p` inside a paragraph."),
    Rule("tag.depth", _E, "No more than sixteen `if` and `for` stand inside one another.",
         "The renderer can't go deeper. Join conditions with `and`, or take some of them out of the others."),
    Rule("tag.trim", _E, "No `-` or `+` at a tag's edge.",
         "It would join the paragraph with its neighbour. Use `{%p … %}`, which leaves no empty paragraph."),
    Rule("tag.rich", _E, "Values are printed with `{{ … }}`.",
         "`{{p … }}`, `{{r … }}`, `{{tr … }}` and `{{tc … }}` put raw parts into the document; values here are texts."),
    Rule("tag.not-filled", _E, "Tags stand in the text, headers, footers, text boxes and footnotes.",
         "In alternative texts, fields, link addresses, charts and endnotes a tag isn't filled safely, or not at all."),
)  # fmt: skip

_VARIABLES = (
    Rule("variable.unknown", _E, "Every variable exists.",
         "The document has no such value. `handover templates show letter` lists them; the message names the nearest."),
    Rule("variable.secret", _E, "No credential is asked for.",
         "Passwords and other secrets are never given to a document: they are in the encrypted inventory alone."),
    Rule("variable.optional", _E, "A value that may be absent is guarded.",
         "Where a project doesn't have the value, the document can't be made. Put the tag, and what belongs to it, "
         "inside `{% if … %}` and `{% endif %}`."),
    Rule("variable.blank", _W, "A paragraph isn't left to an absent value.",
         "A paragraph that holds only a value that is absent disappears; in a table cell it stays, empty. "
         "Say what happens with `{%p if … %}`."),
    Rule("variable.not-set", _E, "A variable that is `set` is set in every case.",
         "Set it before the condition, or in every branch."),
    Rule("variable.not-a-list", _E, "`for` goes through a list.",
         "The value is a single one: print it without a loop."),
    Rule("variable.not-printable", _E, "Only texts and numbers are printed.",
         "A list needs `for` or the filter `join`, a group needs one of its values, a yes-or-no value needs `if`."),
    Rule("variable.comparison", _W, "Values of the same kind are compared.",
         "The two can never be equal, so the condition is always the same."),
    Rule("variable.operation", _E, "`<`, `>`, `in` and tests stand between values that have them.",
         "Two numbers or two texts have an order; a list or a text can hold something; a number is even or odd. "
         "Anything else fails when the document is made."),
    Rule("variable.fails", _E, "Every tag can be filled in, whatever a project holds.",
         "The tag was tried with made-up projects: one that has everything, one that has nothing that may be absent, "
         "and several between. The message says with which of them it fails, and why."),
    Rule("variable.defined", _W, "`is defined` isn't used to ask whether a value is there.",
         "Every variable is always defined; one that is absent is empty. Write `{% if reason %}`."),
    Rule("filter.unknown", _E, "Every filter and test exists.",
         "Filters: capitalize, count, first, join, last, length, lower, title, upper. Others are refused when the "
         "template is rendered."),
    Rule("filter.arguments", _E, "Filters and tests get as many values as they take.",
         "Only `join` has brackets, with one text or two: `{{ deliveries | join(', ', 'what') }}`. `is eq`, `is ne` "
         "and `is in` take one value, the other tests none."),
    Rule("filter.type", _E, "A filter fits its value.",
         "`upper`, `lower`, `title` and `capitalize` take a text, `join` a list of texts, `first`, `last`, `length` "
         "and "
         "`count` a list."),
)  # fmt: skip

_CONTENT = (
    Rule("content.required", _E, "The document prints what it exists for.",
         "Put one of the variables named into the document. It counts wherever it stands, also in a condition."),
    Rule("content.expected", _W, "The document prints what its reader expects.",
         "The document can be made without it; make sure that leaving it out is what you want."),
    Rule("picture.alt", _W, "Every picture has an alternative text.",
         "People who can't see it hear the text instead. In Word: right-click, View Alt Text. The logo and the "
         "signature get theirs when the document is made."),
    Rule("picture.size", _E, "No picture has more than 50 megapixels.",
         "It would fill the memory of whoever opens the document. Put a smaller one into the template."),
    Rule("picture.chart", _E, "A paragraph in the style HandoverChart holds one chart's name and nothing else.",
         "The chart takes the place of the paragraph: write `{{ figure.chart }}` or `{{ timeline }}` alone in it. "
         "Anywhere else these print only a name."),
    Rule("tone.blame", _W, "No sentence blames the client.",
         "The last letter is the one that is remembered. Say what is, and what comes next."),
    Rule("tone.threat", _W, "No sentence threatens.",
         "Legal steps belong in a letter from a lawyer, not in a handover."),
    Rule("tone.informal", _W, "French documents say “vous”.",
         "The client is a company: write “vous”, “votre”, “vos”."),
    Rule("tone.placeholder", _W, "No placeholder text is left.",
         "Replace it, or delete it."),
    Rule("tone.other-client", _W, "No other client is named.",
         "The name is on the deny list: the template was probably made from another client's document."),
    Rule("typography.space", _W, "No-break spaces stand where French typography asks for them.",
         "U+202F before `;`, `!`, `?` and `»` and after `«`; U+00A0 before `:` and between a number and its unit.",
         fixable=True),
    Rule("typography.apostrophe", _W, "Apostrophes are curly (’).",
         "The straight one is a typewriter's.", fixable=True),
    Rule("typography.quotes", _W, "Quotation marks are « ».",
         "French quotes have a narrow no-break space inside.", fixable=True),
    Rule("typography.ordinal", _W, "“1er” is written without a space.",
         "A space would let the line break inside the date.", fixable=True),
)  # fmt: skip

_FILES = (
    Rule("word.not-docx", _E, "The file is a Word document (.docx).",
         "Open it in Word and save it as “Word document (.docx)”, without a password and without macros."),
    Rule("word.damaged", _E, "The file is whole, and readers agree about what it holds.",
         "Open it in Word and save it under another name. What Word can't repair isn't a template."),
    Rule("word.doctype", _E, "No part has a DOCTYPE.",
         "No program writes one into a Word document; attacks do. Ask where the file comes from."),
    Rule("word.macro", _E, "The file has no macros.",
         "A client must never receive code. Save it as .docx without macros."),
    Rule("word.embedded-object", _E, "Nothing is embedded but pictures and our charts.",
         "Embedded objects (OLE) can run programs. Delete it, or paste it as a picture."),
    Rule("word.activex", _E, "There are no ActiveX controls.", "Controls run code. Delete them in Word (Developer)."),
    Rule("word.inserted-document", _E, "No other document is inserted when the file is opened.",
         "Parts in other formats (altChunk), subdocuments and frames are read by Word when it opens the file. Paste "
         "their text instead."),
    Rule("word.external", _E, "The file refers to nothing outside it but web pages, e-mail addresses and phone "
         "numbers.",
         "Linked pictures and files tell a server who opens the document, and when. Embed the picture, remove the "
         "link."),
    Rule("word.attached-template", _W, "The file isn't attached to a template somewhere else.",
         "The place is dropped when a document is made. In Word: Developer, Document Template."),
    Rule("word.field", _E, "Fields are page numbers and references inside the document.",
         "Fields such as DDE, INCLUDETEXT or DATE run programs, read files, or change by themselves."),
    Rule("word.unknown-part", _E, "The file holds only parts that a letter or report needs.",
         "Diagrams, ink, web extensions and the like can't be checked. Replace it by a picture."),
    Rule("word.character", _E, "The text holds no character that can't be exchanged.",
         "U+FDD0 to U+FDEF, U+FFFE and U+FFFF stand for nothing (Unicode, 23.7), and for something else while a "
         "document is made. Delete it and type the text again."),
    Rule("word.tracked-changes", _E, "There are no tracked changes.",
         "The client could read what was deleted. In Word: Review, Accept all changes."),
    Rule("word.hidden-text", _E, "No text is hidden.", "The client could show it. In Word: Home, ¶, then delete it."),
    Rule("word.comments", _W, "There are no comments.",
         "They are dropped when a document is made. Delete them, or they travel with the template."),
    Rule("word.author", _W, "The file names no author, manager or company.",
         "It is dropped when a document is made; the template itself still tells. In Word: File, Info, Inspect "
         "Document."),
    Rule("word.custom-xml", _W, "The file carries no custom XML or properties.",
         "Document systems leave paths and identifiers there. It is dropped when a document is made. In Word: File, "
         "Info, "
         "Inspect Document."),
    Rule("word.mail-merge", _W, "The file isn't set up for mail merge.",
         "Its data source is dropped when a document is made. In Word: Mailings, Start Mail Merge, Normal Word "
         "Document."),
    Rule("word.font", _W, "Fonts are common to Windows and macOS, or embedded.",
         "Where the client lacks the font, another one changes every line. Choose a common one, or embed it (File, "
         "Options, Save)."),
    Rule("word.language", _W, "The document's language is set.",
         "Screen readers and spell checkers need it. In Word: Review, Language, Set Proofing Language."),
    Rule("template.unknown-name", _E, "A template is named like the document it makes.",
         "Only templates with these names are used. Its tags can be checked only when it is known what it makes: "
         "rename "
         "it, or say `--document`."),
    Rule("language.missing-file", _E, "A language has every file that English has.",
         "Copy the file from templates/en and translate it."),
    Rule("language.toml", _E, "A language's texts are valid TOML.", "Put texts in quotes, one to a line."),
    Rule("language.missing-text", _E, "A language has every text that English has.", "Add the text."),
    Rule("language.places", _E, "A text has the same places for values as in English.",
         "Write the places exactly as in English: `{name}`. `{n}` may be left out of a plural."),
    Rule("language.untranslated", _W, "Texts differ from the English ones.", "Translate it."),
)  # fmt: skip

RULES: Final = (*_TAGS, *_VARIABLES, *_CONTENT, *_FILES)
"""In the order of the documentation."""
