"""What is known of the objects of one event: their shape, the decoder made of it, and the column of each path. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from skywrite.kit import json
from skywrite.warehouse.columns import slug_of
from skywrite.warehouse.naming import Spelling, column_name
from skywrite.warehouse.shapes import Path, Shape

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
SAMPLES = 64
LEARNING_ROUNDS = 3
ABSENT: Any = object()  # the default of context.ip, to be told from a null that was sent


class Target(Struct, frozen=True):
    """Where the values of one path go: a column, or, where that is "", the discards under the path's name."""

    column: str
    path: str


class Known:
    """A shape, the decoder made of it, and the column of each of its paths."""

    def __init__(self, prefix: str, spelling: Spelling) -> None:
        self._prefix = prefix
        self._spelling = spelling
        # Of each column; the sender's address, which events need not send themselves, has its own from the start.
        self._owner: dict[str, Path] = {"context_ip": ("ip",)} if prefix else {}
        self.shape = Shape(absent={"ip": ABSENT} if prefix else None)
        self._compile()

    def learn(self, samples: Sequence[Any]) -> bool:
        """Take in the paths of `samples`; True where that changed anything."""
        grown = self.shape.learn(samples, self._refuse)
        if grown:
            self._compile()
        return grown

    def _refuse(self, path: Path) -> bool:
        # Two paths with one column, or a property in the context's place: the plain way weighs those.
        column = self._column(path)
        taken = column and self._owner.setdefault(column, path) != path
        return bool(taken) or (not self._prefix and column.startswith("context_"))

    def _column(self, path: Path) -> str:
        slug = slug_of(path)
        return column_name(f"{self._prefix}_{slug}" if self._prefix and slug else slug, self._spelling)

    def _compile(self) -> None:
        self.decode: Callable[[bytes], list[Any]] = msgspec.json.Decoder(list[self.shape.kind | None]).decode  # type: ignore[name-defined]
        prefix = (self._prefix,) if self._prefix else ()
        self.targets = [Target(self._column(path), ".".join((*prefix, *path))) for path in self.shape.paths]


def objects_of(raws: list[Raw], known: Known) -> tuple[list[Any], list[int]]:
    """The payloads as the shape's Structs, and the indexes of those that it can't read even after learning."""
    for _ in range(LEARNING_ROUNDS):
        try:
            return known.decode(b"[" + b",".join(raws) + b"]"), []
        except UNREADABLE:
            objects, failed = _each_object(raws, known)
        samples = [json.decode(raws[index]) for index in failed[:SAMPLES]]
        if not known.learn(samples):
            return objects, failed
    return _each_object(raws, known)


def _each_object(raws: list[Raw], known: Known) -> tuple[list[Any], list[int]]:
    objects: list[Any] = []
    failed: list[int] = []
    for index, raw in enumerate(raws):
        try:
            objects += known.decode(b"[" + bytes(raw) + b"]")
        except UNREADABLE:
            failed.append(index)
    return objects, failed
