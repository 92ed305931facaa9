"""`agency.yaml` on its own, judged as the settings that projects will have from it.

Role: the same models and rules as for a project's settings, but that a project may say what is missing here. What a
project's own values make of it is judged with the project.
"""

from collections.abc import Collection

from handover.model.errors import Finding
from handover.model.sources import YamlMap
from handover.project.check.across_keys import check_settings
from handover.project.check.settings import View, read_settings


def check_agency(tree: YamlMap, languages: Collection[str]) -> list[Finding]:
    """What is wrong with the shared values; `languages` are those that documents can be written in."""
    view = View(tree)
    read_settings(view, partial=True)
    check_settings(view, languages)
    return view.findings
