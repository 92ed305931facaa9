"""What the French and the English list of pending projects share: styles and the shape of a project's entry.

Role: the layout of `pending.docx`; the words are in `pending_fr` and `pending_en`. Each project is a heading, a line
on where it stands, what it is, and labelled paragraphs; a table over all of them comes first where they are many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from letter_parts import voiced
from ooxml import TAB, Writer, label, mm, strong
from styles import TEXT_WIDTH, Style, border, document

LOGO = (40.0, 13.0)
PICTURES = {"rId21": LOGO}
_WIDTHS = (mm(61), mm(24), mm(20), mm(25), mm(30))

STYLES = (
    Style("HandoverLogo", "Handover Logo", "Handover Logo", after=10, line=1.0),
    Style("HandoverGroup", "Handover Group", "Handover Groupe", after=2, colour="text2", keep_next=True),
    Style("HandoverProject", "Handover Project", "Handover Projet", based_on="Heading2", next="HandoverState",
          before=10, after=1, borders=border("top", "accent6", 4, 5)),
    Style("HandoverState", "Handover State", "Handover État", size=9.5, colour="accent2", after=3, keep_next=True,
          keep_lines=True, line=1.05),
    Style("HandoverWhat", "Handover What", "Handover Description", after=2, line=1.05, keep_next=True, keep_lines=True),
    Style("HandoverField", "Handover Field", "Handover Rubrique", after=1, left=32, hanging=32, keep_next=True,
          keep_lines=True, line=1.05),
    Style("HandoverFieldLast", "Handover Field Last", "Handover Rubrique dernière", after=1, left=32, hanging=32,
          keep_lines=True, line=1.05),
    Style("HandoverProgressHead", "Handover Progress Head", "Handover Avancement en-tête",
          based_on="HandoverTableHeadNumber", right=3),
    Style("HandoverProgress", "Handover Progress", "Handover Avancement", based_on="HandoverTableNumber", right=3),
)  # fmt: skip


@dataclass(frozen=True)
class Labels:
    """The words of one language."""

    title: str
    subtitle: str
    logo: str
    table: str
    heads: tuple[str, str, str, str, str]
    groups: Sequence[tuple[str, str, str]]
    """Decision, heading, sentence under it (with `[we|I]` where the voice matters, `several` where the number does)."""
    due: str
    overdue: str
    fields: Sequence[tuple[str, str]]
    """Attribute of a project and its label, in order."""
    page: tuple[str, str]


def several(one: str, more: str) -> str:
    """Words for a group that holds one project, and for one that holds more."""
    return f"{{% if group.projects|length == 1 %}}{one}{{% else %}}{more}{{% endif %}}"


def build(language: str, labels: Labels) -> bytes:
    """A whole `pending.docx`."""
    w = Writer(language)
    body = (
        w.p("HandoverLogo", w.picture("logo", *LOGO, "rId21", labels.logo))
        + w.p("Title", labels.title)
        + w.p("Subtitle", labels.subtitle)
        + w.p("HandoverLead", "{{ summary }}")
        + w.when("overview", _overview(w, labels))
        + w.each("group", "groups", _heading(w, labels), w.each("project", "group.projects", _project(w, labels)))
    )
    footer = w.p(
        "Footer", f"{{{{ short_client }}}} · {labels.title} · {{{{ date }}}}", TAB,
        labels.page[0], w.field("PAGE"), labels.page[1], w.field("NUMPAGES"),
    )  # fmt: skip
    return document(language, body, styles=STYLES, footer=footer, pictures=PICTURES, margins=(22, 25, 22, 25))


def _overview(w: Writer, labels: Labels) -> str:
    kinds = ["HandoverTableHead"] * 5
    kinds[2] = "HandoverProgressHead"
    head = w.row(
        *(w.cell(x, w.p(kind, text)) for x, kind, text in zip(_WIDTHS, kinds, labels.heads, strict=True)), header=True
    )
    title = w.choose(
        *((f"group.decision == '{key}'", w.p("HandoverTableGroup", name)) for key, name, _ in labels.groups)
    )
    cells = ("name", "status", "percent_cell", "due_cell", "held_by_cell")
    kinds = ["HandoverTableText"] * 5
    kinds[2] = "HandoverProgress"
    line = w.row(
        *(
            w.cell(x, w.p(kind, f"{{{{ project.{name} }}}}"))
            for x, kind, name in zip(_WIDTHS, kinds, cells, strict=True)
        )
    )
    return w.table(
        "HandoverTable", _WIDTHS, head,
        w.row_tag("for group in groups", 5, TEXT_WIDTH), w.row(w.cell(TEXT_WIDTH, title, span=5)),
        w.row_tag("for project in group.projects", 5, TEXT_WIDTH), line, w.row_tag("endfor", 5, TEXT_WIDTH),
        w.row_tag("endfor", 5, TEXT_WIDTH),
        description=labels.table,
    )  # fmt: skip


def _heading(w: Writer, labels: Labels) -> str:
    return w.choose(
        *(
            (f"group.decision == '{key}'", w.p("Heading1", name) + voiced(w, "HandoverGroup", sentence))
            for key, name, sentence in labels.groups
        )
    )


def _project(w: Writer, labels: Labels) -> str:
    state = (
        "{% if project.percent_done %} · {{ project.percent_done }}{% endif %}"
        f"{{% if project.due_date %}} · {labels.due}{{{{ project.due_date }}}}{{% endif %}}"
        f"{{% if project.overdue %}} ({labels.overdue}){{% endif %}}"
        "{% if project.held_by %} · {{ project.held_by }}{% endif %}"
    )
    return (
        w.p("HandoverProject", "{{ project.name }}")
        + w.p("HandoverState", strong("{{ project.status|capitalize }}"), state)
        + w.when("project.description", w.p("HandoverWhat", "{{ project.description }}"))
        + "".join(_field(w, labels, at) for at in range(len(labels.fields)))
    )


def _field(w: Writer, labels: Labels, at: int) -> str:
    """A labelled paragraph; all but a project's last one hold on to the next, so that no page parts a project."""
    name, text = labels.fields[at]
    runs = (label(text), TAB, f"{{{{ project.{name} }}}}")
    later = " or ".join(f"project.{other}" for other, _ in labels.fields[at + 1 :])
    last = w.p("HandoverFieldLast", *runs)
    return w.when(f"project.{name}", w.choose((later, w.p("HandoverField", *runs)), otherwise=last) if later else last)
