"""How `make interop` shares its tests between processes."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is one process's: its tests share what LibreOffice and others made. The tests of `faults` are spread."""
    for item in items:
        if item.path.parent.name == "interop":
            item.add_marker(pytest.mark.xdist_group(item.path.name))
