"""What the objects of one event usually look like, learned from samples and compiled into a msgspec decoder.

A decoder of Structs fills columns several times quicker than dicts do, and refuses whatever it does not expect:
that is then learned, or read the plain way. Shapes know only JSON, nothing of columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import astuple

from skywrite.warehouse.columns import DEEPEST

Path = tuple[str, ...]
Tree = dict[str, Any]  # key -> the mark of a leaf, or the Tree of an object
Refusal = Callable[[Path], bool]

MOST_LEAVES = 1_000
_LEAF, _NULL, _EMPTY = "leaf", "null", "empty"  # what ends a path; null may become a leaf or an object yet
_FEW = 10
_RARE = 0.02  # a path in fewer of the samples than this is not worth a place in the shape
_Leaf = str | int | float | bool | list[Any] | None


class Shape:
    """The paths that a decoder knows, and the way from its Structs to one sequence of values a path."""

    def __init__(self, absent: Mapping[str, Any] | None = None) -> None:
        self._absent = absent or {}  # what stands for a key of the object itself that was not sent; else None
        self._tree: Tree = {}
        self._count = 0
        self.kind: type[msgspec.Struct] = _struct(self._tree, self._absent)
        self.paths: list[Path] = []

    def learn(self, samples: Sequence[Any], refuse: Refusal) -> bool:
        """Take in the paths that enough of `samples` have; True where that changed the shape.

        `refuse(path)` keeps a path out, which leaves objects that have it to the plain way.
        """
        seen: dict[Path, Any] = {}
        counts: dict[Path, int] = {}
        for sample in samples:
            for path, mark in _ends(sample):
                counts[path] = counts.get(path, 0) + 1
                seen[path] = mark if seen.get(path, _NULL) is _NULL else seen[path]
        grown = False
        for path, count in counts.items():
            if count >= len(samples) * _RARE and (count > 1 or len(samples) <= _FEW) and not refuse(path):
                grown |= self._add(path, seen[path])
        if grown:
            self.kind = _struct(self._tree, self._absent)
            self.paths = list(_paths(self._tree))
        return grown

    def _add(self, path: Path, mark: Any) -> bool:
        if path[0] in self._absent and (len(path) > 1 or mark is _EMPTY):
            return False
        tree = self._tree
        grown = False
        for key in path[:-1] if mark is not _EMPTY else path:
            if tree.get(key, _NULL) is _NULL:
                tree[key] = {}
                grown = True
            elif tree[key] is _LEAF:
                return grown  # a value so far: objects here are read the plain way
            tree = tree[key]
        if mark is not _EMPTY and path[-1] not in tree and self._count < MOST_LEAVES:
            tree[path[-1]] = mark
            self._count += 1
            grown = True
        return grown

    def columns(self, objects: Sequence[Any]) -> list[Sequence[Any]]:
        """The values of decoded `objects`, one sequence for each of `paths`; an absent or null one is None."""
        return list(_columns(self._tree, self.kind, objects))


def _ends(value: Any, path: Path = ()) -> Iterable[tuple[Path, Any]]:
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        here = (*path, key)
        if not isinstance(inner, dict):
            yield here, _NULL if inner is None else _LEAF
        elif not inner:
            yield here, _EMPTY
        elif len(here) < DEEPEST:
            yield from _ends(inner, here)


def _paths(tree: Tree, path: Path = ()) -> Iterable[Path]:
    for key, inner in tree.items():
        if isinstance(inner, str):
            yield (*path, key)
        else:
            yield from _paths(inner, (*path, key))


def _struct(tree: Tree, absent: Mapping[str, Any]) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any, Any]] = []
    names: dict[str, str] = {}
    for number, (key, inner) in enumerate(tree.items()):
        field = f"f{number}"
        names[field] = key
        if isinstance(inner, str):
            fields.append((field, _Leaf, absent.get(key)))
        else:
            kind = _struct(inner, {})
            fields.append((field, kind | None, kind()))
    return msgspec.defstruct(
        "Shaped", fields, rename=names, frozen=True, forbid_unknown_fields=True, gc=False, eq=False, kw_only=True
    )


def _columns(tree: Tree, kind: type[msgspec.Struct], objects: Sequence[Any]) -> Iterable[Sequence[Any]]:
    if None in objects:
        empty = kind()
        objects = [empty if value is None else value for value in objects]
    if not tree:
        return
    for number, (inner, values) in enumerate(zip(tree.values(), zip(*map(astuple, objects), strict=True), strict=True)):
        if isinstance(inner, str):
            yield values
        else:
            default = kind.__struct_defaults__[number]
            yield from _columns(inner, type(default), values)
