"""The direction of imports: a room imports only rooms before it, and some stay apart."""

import ast
from pathlib import Path

import pytest

import skywrite

SOURCE = Path(skywrite.__file__).parent
ORDER = [
    *("kit", "settings", "in_force", "events", "store", "log", "sources"),
    *("intake", "pipeline", "destinations", "warehouse"),
    *("access", "api", "wiring", "supervisor", "web", "worker", "cli"),
]
APART = {("warehouse", "destinations"), ("destinations", "warehouse"), ("warehouse", "intake"), ("api", "wiring")}


def room_imports():
    found = set()
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if name.startswith("skywrite."):
                    found.add((room, name.split(".")[1]))
    return sorted(pair for pair in found if pair[0] != pair[1] and not pair[0].startswith("__"))


@pytest.mark.parametrize(("importer", "imported"), room_imports())
def test_rooms_import_only_earlier_rooms(importer, imported):
    assert ORDER.index(imported) < ORDER.index(importer)
    assert (importer, imported) not in APART
