"""A settings Struct as a form: its fields are read off its types and notes, and what is filled in is checked."""

import inspect
import json
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from skywrite.kit.errors import Refused

S = TypeVar("S", bound=Struct)
FieldType = Literal["string", "secret", "integer", "number", "boolean", "choice", "list"]


class Secret(str):
    """Text that is kept out of logs, errors and lists: its repr does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)" if self else "Secret()"


class Field(Struct, frozen=True):
    """One setting, as a form shows it."""

    name: str
    title: str
    description: str
    type: FieldType
    required: bool
    default: Any = None
    choices: list[str] = []


def fields_of(settings: type[Struct]) -> list[Field]:
    """The form of a settings Struct, in the order in which it names them."""
    hints = typing.get_type_hints(settings, include_extras=True)
    return [_field(info, hints[info.name]) for info in msgspec.structs.fields(settings)]


def _field(info: msgspec.structs.FieldInfo, hint: Any) -> Field:
    plain, title, description = _bare(hint), "", ""
    for meta in _metas(hint):
        title, description = title or meta.title or "", description or meta.description or ""
    kind, choices = _type_of(plain)
    default = None if info.default in (msgspec.NODEFAULT, "") else info.default
    if info.default_factory is not msgspec.NODEFAULT:
        default = info.default_factory()
    return Field(info.name, title or info.name, inspect.cleandoc(description), kind, info.required, default, choices)


def _metas(hint: Any) -> list[Meta]:
    found = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta)]
    for part in typing.get_args(hint):
        if typing.get_origin(part) is Annotated:
            found += _metas(part)
    return found


def _bare(hint: Any) -> Any:
    """The type without notes, and without None."""
    while typing.get_origin(hint) is Annotated:
        hint = hint.__origin__
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _bare(next(part for part in typing.get_args(hint) if part is not type(None)))
    return hint


def _type_of(plain: Any) -> tuple[FieldType, list[str]]:
    if typing.get_origin(plain) is Literal:
        return "choice", [str(choice) for choice in typing.get_args(plain)]
    if typing.get_origin(plain) in (list, tuple):
        return "list", _type_of(_bare(typing.get_args(plain)[0]))[1]
    names: dict[Any, FieldType] = {
        str: "string", Secret: "secret", int: "integer", float: "number", bool: "boolean",
    }  # fmt: skip
    return names[plain], []


def secret_names(settings: type[Struct]) -> list[str]:
    """The settings that are secrets."""
    return [field.name for field in fields_of(settings) if field.type == "secret"]


@cache
def _known(settings: type[Struct]) -> tuple[dict[str, Field], dict[str, Any]]:
    """The fields of a settings Struct and their types by name: settings are read at each turn of the sender."""
    return {field.name: field for field in fields_of(settings)}, typing.get_type_hints(settings, include_extras=True)


def filled_in(settings: type[S], values: Mapping[str, Any]) -> S:
    """A settings Struct of what a person or program gave: numbers and lists may come as text.

    Raises Refused with `where` the setting that is unknown, missing or wrong; a secret's value is never shown.
    """
    known, hints = _known(settings)
    for name in values:
        if name not in known:
            raise Refused(f"There is no setting {name[:60]!r}; there are {', '.join(known)}.", where=name[:60])
    checked: dict[str, Any] = {}
    for name, field in known.items():
        value = values.get(name)
        if value is None or value == "":
            if field.required:
                raise Refused(f"{field.title} is needed.", where=name)
            continue
        checked[name] = _converted(_untangled(value, field), hints[name], field)
    return settings(**checked)


def _untangled(value: Any, field: Field) -> Any:
    """A list that was typed in as text: JSON, or items with commas between."""
    if field.type != "list" or not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            pass
    return [part.strip() for part in value.split(",") if part.strip()]


def _converted(value: Any, hint: Any, field: Field) -> Any:
    try:
        return msgspec.convert(value, hint, strict=not isinstance(value, str | list), dec_hook=_secret)
    except msgspec.ValidationError as error:
        said = "" if field.type == "secret" else f": {_plain(error)}"
        raise Refused(f"{field.title} can't be used{said}.", where=field.name) from None


def _plain(error: msgspec.ValidationError) -> str:
    said = str(error)
    return said[:1].lower() + said[1:]


def _secret(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise ValueError("Expected text")


def as_json(settings: Struct) -> dict[str, Any]:
    """Settings as they are stored: secrets in the clear, what is left at its default left out."""
    defaults = {field.name: field.default for field in fields_of(type(settings))}
    values = msgspec.structs.asdict(settings)
    return {
        name: str(value) if isinstance(value, Secret) else msgspec.to_builtins(value)
        for name, value in values.items()
        if value not in ("", None) and msgspec.to_builtins(value, enc_hook=str) != defaults[name]
    }
