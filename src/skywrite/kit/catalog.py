"""Entries of a catalog: classes that say by their docstrings what they are, and by types what can be set."""

import inspect
import typing
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

from msgspec import Struct

from skywrite.kit.fields import Field, fields_of, filled_in, secret_names

S = TypeVar("S", bound=Struct)


class Entry:
    """One entry: a subclass whose docstring is its summary and, below, its description in Markdown."""

    slug: ClassVar[str]
    name: ClassVar[str]

    @classmethod
    def summary(cls) -> str:
        """One line for its tile."""
        return _doc(cls).partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def description(cls) -> str:
        """What its page says, in Markdown."""
        return _doc(cls).partition("\n\n")[2]


class Configurable(Entry, Generic[S]):
    """An entry with settings: `class Pigeon(EmailProvider[PigeonSettings])` has those of that Struct."""

    settings_type: ClassVar[type[Struct]]

    def __init_subclass__(cls) -> None:
        settings = typing.get_args(cls.__orig_bases__[0])[0]  # type: ignore[attr-defined]
        if isinstance(settings, type):  # and not the type variable of what is itself a kind of entries
            cls.settings_type = settings

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @classmethod
    def check(cls, settings: S) -> None:
        """Raise Refused, naming the field, for settings that the types let through and that can't work."""

    @classmethod
    def fields(cls) -> list[Field]:
        """Its settings as a form."""
        return fields_of(cls.settings_type)

    @classmethod
    def secrets(cls) -> list[str]:
        """The names of its settings that are secrets."""
        return secret_names(cls.settings_type)

    @classmethod
    def configured(cls, values: Mapping[str, Any]) -> Self:
        """One with these settings. Raises Refused naming the one that is wrong."""
        settings = typing.cast(S, filled_in(cls.settings_type, values))
        cls.check(settings)
        return cls(settings)


def _doc(cls: type) -> str:
    return inspect.cleandoc(cls.__doc__ or "")
