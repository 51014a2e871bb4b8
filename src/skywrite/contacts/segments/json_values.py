"""A value inside a JSON column as SQL of each engine, by its kind: NULL where it is of another kind.

Both engines read JSON in their own words, and differ in what they make of a value of another type: so the type is
asked first.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Value(FunctionElement[Any]):
    inherit_cache = True


class JsonText(_Value):
    """The text at a path."""

    type = Text()
    inherit_cache = True
    name = "json_text_at"


class JsonNumber(_Value):
    """The number at a path."""

    type = Float()
    inherit_cache = True
    name = "json_number_at"


class JsonTruth(_Value):
    """Whether true stands at a path, NULL where neither true nor false does."""

    type = Boolean()
    inherit_cache = True
    name = "json_truth_at"


class JsonThere(_Value):
    """Whether anything but null stands at a path."""

    type = Boolean()
    inherit_cache = True
    name = "json_there_at"


def path_of(name: str) -> str:
    """The path of a property by its name, dots leading into objects, as both forms below take it."""
    return "/".join(["properties", *name.split(".")])


def at(kind: type[_Value], column: ColumnElement[Any], path: str) -> ColumnElement[Any]:
    """The value of one kind at `path` ("properties/address/city") of a JSON column."""
    from sqlalchemy import literal  # noqa: PLC0415

    parts = path.split("/")
    sqlite = "$" + "".join(f'."{part}"' for part in parts)
    postgres = "{" + ",".join(f'"{part}"' for part in parts) + "}"
    return kind(column, literal(sqlite), literal(postgres))


_SQLITE = {
    "json_text_at": "CASE json_type({d}, {p}) WHEN 'text' THEN json_extract({d}, {p}) END",
    "json_number_at": "CASE WHEN json_type({d}, {p}) IN ('integer', 'real') THEN json_extract({d}, {p}) END",
    "json_truth_at": "CASE json_type({d}, {p}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    "json_there_at": "(coalesce(json_type({d}, {p}), 'null') <> 'null')",
}
_POSTGRES = {
    "json_text_at": "CASE json_typeof({d} #> {p}) WHEN 'string' THEN {d} #>> {p} END",
    "json_number_at": "CASE json_typeof({d} #> {p}) WHEN 'number' THEN CAST({d} #>> {p} AS NUMERIC) END",
    "json_truth_at": "CASE json_typeof({d} #> {p}) WHEN 'boolean' THEN ({d} #>> {p}) = 'true' END",
    "json_there_at": "(coalesce(json_typeof({d} #> {p}), 'null') <> 'null')",
}


@compiles(_Value, "sqlite")
def _on_sqlite(element: _Value, compiler: SQLCompiler, **words: Any) -> str:
    column, path, _ = element.clauses
    return _SQLITE[element.name].format(d=compiler.process(column, **words), p=compiler.process(path, **words))


@compiles(_Value, "postgresql")
def _on_postgresql(element: _Value, compiler: SQLCompiler, **words: Any) -> str:
    column, _, path = element.clauses
    there = f"CAST({compiler.process(path, **words)} AS TEXT[])"
    return _POSTGRES[element.name].format(d=compiler.process(column, **words), p=there)
