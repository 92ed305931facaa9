"""What the check passes can be filled in, whatever the project holds; what it refuses, it names."""

import re

from hypothesis import HealthCheck, assume, event, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from lxml import etree

from handover.formats.package.opc import Package, read_package
from handover.model.errors import Finding, Severity, Unfillable
from handover.templating.check import TemplateFile, lint_template
from handover.templating.kinds import Kind
from handover.templating.template import rendered
from templating.template_writer import PLAIN, SPELT, templates, values, view_types
from templating.test_templating_controls import FINISH
from templating.test_templating_fill import holes

_TAG = re.compile(r"\{\{|\}\}|\{%|%\}|%7b%7b", re.IGNORECASE)


def errors(content: bytes, view: type[object]) -> list[Finding]:
    found = lint_template(content, TemplateFile("x.docx", "letter", view, language="en"))
    return [finding for finding in found if finding.severity is Severity.ERROR]


def said(package: Package) -> str:
    """All that the document says: paragraphs, alternative texts, links' addresses."""
    pieces = []
    for name, content in package.parts.items():
        if re.fullmatch(r"/word/(document|header|footer|footnotes)\d*\.xml", name):
            tree = etree.fromstring(content)
            pieces += ["".join(one.itertext()) for one in tree.iter("{*}p")]
            pieces += [str(value) for one in tree.iter() for value in one.attrib.values()]
    return "\n".join([*pieces, package.parts["/word/_rels/document.xml.rels"].decode()])


@effort(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_what_is_passed_can_be_filled_in_whatever_the_project_holds(data: st.DataObject) -> None:
    view = data.draw(view_types())
    content = data.draw(templates(view)).bytes()
    passed = not errors(content, view)
    event("passed" if passed else "refused")
    assume(passed)
    for texts in (PLAIN, (*PLAIN, *SPELT)):
        given_view = data.draw(values(Kind("view", view=view), texts))
        try:
            package = read_package(rendered(content, given_view, FINISH, place="x.docx"), "filled")
        except Unfillable as error:
            # Only a value can show where a link leads.
            assert "a link would lead to" in error.message  # noqa: PT017
            continue
        assert texts is not PLAIN or not _TAG.search(said(package))
        assert holes(package) == []


@effort(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_refused_is_named_with_its_file_and_place(data: st.DataObject) -> None:
    view = data.draw(view_types())

    for finding in errors(data.draw(templates(view)).bytes(), view):
        assert finding.location.file == "x.docx"
        assert "paragraph " in finding.location.place
        assert finding.message.isprintable()
        assert len(finding.message) < 500
