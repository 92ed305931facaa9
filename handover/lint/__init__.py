"""Judging Word templates without any data: what a template's author reads before a client could see a fault.

Role: `lint_template` takes a .docx and says everything that is wrong with it: its tags, the variables they use, what it
must print, its tone and typography, and the file itself. `fix_typography` mends what can be mended without judgement.
Every rule is a row of `handover.rules.templates`. Pure: bytes → findings; it opens no file and makes no
document: tags are tried with made-up values, in the renderer's sandbox and within bounds (`trial`).
"""

from handover.lint.check import TemplateFile as TemplateFile
from handover.lint.check import document_id as document_id
from handover.lint.check import fix_typography as fix_typography
from handover.lint.check import lint_template as lint_template
from handover.lint.languages import lint_language as lint_language
