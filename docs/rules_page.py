"""docs/rules.md, made from the tables of rules: every rule with its reason, and what a template may hold.

Role: keeps the documentation true. The rules' own words, the grammar's forms and the deliverables' lists are its only
sources. Pure: it gives text; `docs/generate.py` writes or compares the file.
"""

from collections.abc import Iterable, Iterator, Mapping

from handover.cli.rules import RULES
from handover.documents.registry import ALL
from handover.importers.rules import FAMILIES as EXPORT_FAMILIES
from handover.model.errors import Severity
from handover.model.rule import Rule
from handover.project.check.rules import FAMILIES as PROJECT_FAMILIES
from handover.templating.content import Required
from handover.templating.elsewhere import INSTEAD
from handover.templating.grammar import FORMS
from handover.templating.rules import FAMILIES as TEMPLATE_FAMILIES

_INTRO = """\
# Rules

<!-- Generated from handover/cli/rules by docs/generate.py: edit the rules, not this page. -->

`handover validate` judges a project, and Word templates without any data: it lists everything that is wrong at once.
Each finding says where it is (a line, a cell, or in words for Word documents), what is wrong and what to do, and
carries the id of its rule: `--format json`, `sarif`, `github` and `junit` print it. Ids keep their meaning from version
to version.

Errors stop a build; warnings are shown, and fail the check with `--strict`. “Error or warning” means that it depends on
the place. What is marked *fix* is mended by `handover validate --fix`, in place: runs keep their formatting.

- [Projects](#projects): settings, tables, metrics, the client's files
- [Templates](#templates): what one may hold and must print, and every rule for them
- [Other commands](#other-commands): exports of metrics, and what is about to leave

"""

_TEMPLATES = """\
## Templates

`handover validate letter.docx` checks a Word template; so does `handover validate` with a folder of templates, a
project, or a language's folder. Every finding says where it is in words (“paragraph 12, in the table “Outstanding
payments”, near “…””).

Which document a template makes is told by its name (`letter.docx`) or by `--document letter`; its language by its
folder (`fr/`), by the project that it belongs to, or by `--lang fr`. Names of other clients, one a line, in a file
`deny.txt` beside the templates (or given with `--deny FILE`) may not occur in them.

### What a template may hold

| write | for |
|---|---|
| `{{ owner.name }}` | a value |
| `{% if reason %} … {% elif wishes %} … {% else %} … {% endif %}` | a choice inside a paragraph |
| `{%p if reason %}` … `{%p endif %}` | the same for whole paragraphs: each tag alone in its paragraph, which goes |
| `{%p for line in sender.address %}` … `{%p endfor %}` | for each item; `loop.first`, `loop.last`, `loop.index` |
| `{%tr for invoice in payments.invoices %}` … `{%tr endfor %}` | the same for table rows; `{%tc … %}` for cells |
| `{{ owner.name | upper }}` | a letter-case form |
| a picture whose alternative text is `logo` or `signature` | that picture of the project's, in the same box |

"""


def rules_reference() -> str:
    """The text of docs/rules.md, Markdown."""
    lines = [
        _INTRO + "## Projects\n",
        *_families(PROJECT_FAMILIES),
        _TEMPLATES + _allowed(),
        *_documents(),
        "### What other engines know\n",
        _table(
            ("there", "what it does", "write here"), ((f"`{shown}`", what, hint) for _, shown, what, hint in INSTEAD)
        ),
        *_families(TEMPLATE_FAMILIES),
        "## Other commands\n",
        *_families(EXPORT_FAMILIES),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _allowed() -> str:
    forms = ", ".join(f"`{name}`" for name in FORMS)
    return (
        f"Letter-case forms: {forms}. Conditions: a value's name, `==` and `!=` with a word in quotes, `and`,\n"
        "`or`, `not` and parentheses. docs/templates.md has the grammar; what other engines know stands below.\n"
        "Word may cut a tag into pieces behind the scenes; that is repaired silently.\n"
        "`handover templates show letter` lists every value.\n"
    )


def _documents() -> Iterator[str]:
    yield "### What each document must print\n"
    for deliverable in ALL:
        if deliverable.required:
            yield f"#### {deliverable.id}.docx\n"
            yield _table(("what", "one of", "needed"), (_required(item) for item in deliverable.required))


def _required(item: Required) -> tuple[str, ...]:
    return item.what, ", ".join(f"`{path}`" for path in item.any_of), "yes" if item.always else "expected"


def _families(families: Mapping[str, str]) -> Iterator[str]:
    for family, heading in families.items():
        yield f"### {heading}\n"
        yield _table(("rule", "weight", "demands", "why, and what to do"), (_row(rule) for rule in _of(family)))


def _of(family: str) -> Iterator[Rule]:
    yield from (rule for rule in RULES.values() if rule.family == family)


def _row(rule: Rule) -> tuple[str, ...]:
    weight = "error" if rule.severity is Severity.ERROR else "warning"
    if rule.at_times_a_warning:
        weight = "error or warning"
    return f"`{rule.id}`", f"{weight}, *fix*" if rule.fixable else weight, rule.title, rule.help


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
