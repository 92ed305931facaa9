"""Every rule for templates: its stable id, how much it weighs, what it says and what to do.

Role: one of the tables of `handover.cli.rules`. It finds nothing itself: `handover.templating` does.
"""

from typing import Final

from handover.model.errors import Severity
from handover.model.rule import Rule

FAMILIES: Final = {
    "tag": "Tags",
    "variable": "Values",
    "content": "What a document must print",
    "picture": "Pictures and charts",
    "tone": "Tone",
    "typography": "Typography",
    "word": "The file itself",
    "template": "Templates and their names",
    "language": "Languages",
}
"""Families in the order of docs/rules.md, with their headings."""

_E, _W = Severity.ERROR, Severity.WARNING

_TAGS = (
    Rule("tag.syntax", _E, "Every tag is written correctly.",
         "A tag is `{{ name }}`, `{{ name | upper }}`, `{% if … %}`, `{% for item in list %}` or one of the ends "
         "(docs/templates.md has the grammar)."),
    Rule("tag.unclosed", _E, "A tag that begins also ends, in the same paragraph.",
         "Close `{{` with `}}` and `{%` with `%}` before the paragraph ends."),
    Rule("tag.stray-end", _E, "`}}` and `%}` stand only at the end of a tag.",
         "Write the tag's beginning, or delete its end."),
    Rule("tag.nested", _E, "No tag stands inside another.",
         "Inside a tag, a value is written without braces: `{% if reason %}`, not `{% if {{ reason }} %}`."),
    Rule("tag.split", _E, "Nothing interrupts a tag.",
         "Word keeps a tag in pieces when its letters were typed or formatted separately. That is repaired silently; a "
         "line break, a tab, a picture or the edge of a link inside a tag isn't. Delete the tag and type it in one "
         "go."),
    Rule("tag.single-brace", _E, "A value has two braces on each side.",
         "With one brace, or in another engine's signs, the text is printed as it stands. Write `{{ … }}`, without a "
         "space between the braces."),
    Rule("tag.unknown", _E, "Only the statements `if`, `elif`, `else` and `for` are used.",
         "Templates print, choose and repeat, and do nothing else."),
    Rule("tag.not-allowed", _E, "Tags hold only names, the four letter-case forms, `and`, `or`, `not`, and `==` or "
         "`!=` with a word.",
         "There is no language in a template: what people know from Jinja or docxtpl is named in the message, with "
         "what to write instead."),
    Rule("tag.unbalanced", _E, "Every `if` and `for` has its end, in the right order.",
         "Add the missing `{% endif %}` or `{% endfor %}`, or delete the one that has no beginning."),
    Rule("tag.crosses", _E, "A tag's beginning and end stand in the same place of the document's structure.",
         "A condition or a loop can't begin in one paragraph, table cell, row, link or text box and end in another. "
         "Use `{%p … %}` for whole paragraphs, `{%tr … %}` for rows, `{%tc … %}` for cells."),
    Rule("tag.level", _E, "A tag's beginning and end have the same letter: `{%p if … %}` … `{%p endif %}`.",
         "Without it one of them removes more of the document than the other. Write the same letter in both."),
    Rule("tag.paragraph", _W, "A condition that holds all of its paragraph has a `p`: `{%p if … %}`.",
         "Without the `p` an empty paragraph stays where nothing is shown."),
    Rule("tag.not-alone", _E, "A `{%p … %}` tag is alone in its paragraph, `{%tr … %}` in its row, `{%tc … %}` in its "
         "cell.", "Everything else there would be lost without a word. Give the tag its own paragraph, row or cell."),
    Rule("tag.outside", _E, "`{%tr … %}` and `{%tc … %}` stand in a table.",
         "Outside a table there is no row or cell to take away. Use `{%p … %}`."),
    Rule("tag.depth", _E, "No more than sixteen `if` and `for`, or brackets, stand inside one another.",
         "Join conditions with `and`, or take some of them out of the others."),
    Rule("tag.note", _E, "No footnote stands in a loop.",
         "Its mark would be repeated and the note wouldn't. Put the text in brackets, or the note outside the loop."),
    Rule("tag.not-filled", _E, "Tags stand in the text, headers, footers, text boxes, notes, links' addresses and "
         "alternative texts.",
         "In fields, formulas, drawings and charts a tag isn't filled in; links' addresses and alternative texts only "
         "print values."),
    Rule("tag.too-much", _E, "A template fills no more than 200,000 elements and 64 MB.",
         "Loops in loops multiply. It is counted for the project at hand."),
    Rule("tag.cannot-fill", _E, "Every tag can be filled in with what the project holds.",
         "A link must lead to a web page, an e-mail address or a phone number once its value is known."),
)  # fmt: skip

_VARIABLES = (
    Rule("variable.unknown", _E, "Every value exists.",
         "The document has no such value. `handover templates show letter` lists them; the message names the nearest."),
    Rule("variable.secret", _E, "No credential is asked for.",
         "Passwords and other secrets are never given to a document: they are in the encrypted inventory alone."),
    Rule("variable.optional", _E, "A value that may be absent is guarded.",
         "Where a project doesn't have the value, the document can't be made. Put the tag, and what belongs to it, "
         "inside `{% if … %}` and `{% endif %}`."),
    Rule("variable.not-a-list", _E, "`for` goes through a list.",
         "The value is a single one: print it without a loop."),
    Rule("variable.not-printable", _E, "Only texts and numbers are printed.",
         "A list needs `for`, a group one of its values, a yes-or-no value `if`."),
    Rule("variable.comparison", _E, "A value is compared with a word that it can be.",
         "Only texts are compared; some have a fixed list of words, which the message names."),
    Rule("variable.constant", _W, "No section always shows, or never.",
         "Around it, or by itself, the condition is decided already. Delete it, or what it hides."),
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
    Rule("tone.sarcasm", _W, "No sentence sounds sarcastic.",
         "What is said with a smile is read without one. Say it plainly, or leave it out."),
    Rule("tone.informal", _W, "Documents say “vous”, or what the language has for it.",
         "The client is a company: write “vous”, “votre”, “vos”."),
    Rule("tone.placeholder", _W, "No placeholder text is left.",
         "Replace it, or delete it."),
    Rule("tone.other-client", _W, "No other client is named.",
         "The name is on the deny list: the template was probably made from another client's document."),
    Rule("typography.space", _W, "No-break spaces stand where the language’s typography asks for them.",
         "In fr: U+202F before `;`, `!`, `?` and `»`, after `«`; U+00A0 before `:` and between a number and its unit.",
         fixable=True),
    Rule("typography.apostrophe", _W, "Apostrophes are curly (’).",
         "The straight one is a typewriter's.", fixable=True),
    Rule("typography.quotes", _W, "Quotation marks are the language’s own.",
         "« » have a narrow no-break space inside.", fixable=True),
    Rule("typography.ordinal", _W, "An ordinal is written without a space: “1er”.",
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
    Rule("word.field", _E, "Fields are page numbers, references inside the document and links.",
         "Fields such as DDE, INCLUDETEXT or DATE run programs, read files, or change by themselves."),
    Rule("word.unknown-part", _E, "The file holds only parts that a letter or report needs.",
         "Diagrams, ink, web extensions and the like can't be checked. Replace it by a picture."),
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

RULES: Final = {rule.id: rule for rule in (*_TAGS, *_VARIABLES, *_CONTENT, *_FILES)}
"""By id, in the order of the documentation."""
