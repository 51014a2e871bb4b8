"""The direction of imports: a room imports only rooms before it, and some stay apart."""

import ast
import re
from pathlib import Path

import pytest

import skywrite

SOURCE = Path(skywrite.__file__).parent
ORDER = [
    *("kit", "settings", "in_force", "events", "store", "log", "sources"),
    *("intake", "pipeline", "destinations", "warehouse", "contacts", "channels"),
    *("access", "roster", "playing", "api", "wiring", "roles", "supervisor", "web", "worker", "demo", "cli"),
]
APART = {("warehouse", "destinations"), ("destinations", "warehouse"), ("warehouse", "intake"), ("api", "wiring")}
APART |= {
    ("contacts", "destinations"),
    ("contacts", "warehouse"),
    ("channels", "warehouse"),
    ("channels", "destinations"),
}


def imported_by(text):
    """The full names of what a module imports, the names that it takes from a package included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: say from where, as everywhere: from skywrite..."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_in(text):
    parts = [name.split(".") for name in imported_by(text)]
    return {name[1] for name in parts if name[0] == "skywrite" and len(name) > 1 and not name[1].startswith("__")}


def room_imports():
    found = set()
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        found |= {(room, imported) for imported in rooms_in(path.read_text())}
    return sorted(pair for pair in found if pair[0] != pair[1] and not pair[0].startswith("__"))


@pytest.mark.parametrize(
    "text",
    [
        "import skywrite.api.app",
        "from skywrite.api.app import x",
        "from skywrite.api import x",
        "from skywrite import api",
    ],
)
def test_a_room_is_seen_however_it_is_imported(text):
    assert rooms_in(text) == {"api"}


@pytest.mark.parametrize("text", ["from .. import worker", "from .app import x", "def f():\n    from . import app"])
def test_relative_imports_are_refused(text):
    with pytest.raises(AssertionError, match="say from where"):
        rooms_in(text)


@pytest.mark.parametrize(("importer", "imported"), room_imports())
def test_rooms_import_only_earlier_rooms(importer, imported):
    assert ORDER.index(imported) < ORDER.index(importer)
    assert (importer, imported) not in APART


def test_the_documented_order_of_rooms_is_the_one_that_holds():
    text = (Path(__file__).parents[1] / "docs" / "architecture.md").read_text()
    table = text.split("## The rooms")[1].split("\n## ")[0]
    named = re.findall(r"`([a-z_]+)(?:\.py)?`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE)))
    assert named == ORDER
