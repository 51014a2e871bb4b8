"""What a way of sending mail is: how its form looks, and how it is opened. One module each, found by its class."""

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from skywrite.channels.email.carrying import Provider
from skywrite.channels.email.dns import Dns
from skywrite.channels.email.providers.journal import Journal
from skywrite.kit.fields import Field, fields_of, filled_in, secret_names

S = TypeVar("S", bound=Struct)


class Means(Struct, frozen=True, kw_only=True):
    """What a provider is given to work with."""

    helo: str  # the name of this server
    dns: Dns
    journal: Journal | None = None  # None for a test mail, which nobody asks for after a crash
    relay_250: bool = True  # a relay's 250 counts as delivered
    allow_private: bool = False  # servers of recipients may have private addresses
    per_second: float = 0.0  # mails, to servers that no limit is known of; 0: as many as a relay takes, 100 to others
    connections: int = 10  # the same
    seconds: float = 3_600.0  # how long a server may take over one answer at most, whatever the standard grants it
    trace: Callable[[str], None] | None = None  # hears each line of the talk, secrets left out


class EmailProvider(Generic[S]):
    """One way to send: a subclass whose docstring is its summary and, below, its description in Markdown."""

    slug: ClassVar[str]
    name: ClassVar[str]
    settings_type: ClassVar[type[Struct]]

    def __init_subclass__(cls, *, slug: str, name: str) -> None:
        cls.slug, cls.name = slug, name
        base = next(base for base in cls.__orig_bases__ if typing.get_origin(base) is EmailProvider)  # type: ignore[attr-defined]
        cls.settings_type = typing.get_args(base)[0]

    def __init__(self, settings: S) -> None:
        self.settings = settings

    # ---- its own part ----

    @classmethod
    def check(cls, settings: S) -> None:
        """Raise Refused, naming the field, for settings that the types let through and that can't work."""

    def open(self, means: Means) -> Provider:
        """A sender with these settings; called, and used, in one running event loop."""
        raise NotImplementedError

    # ---- made of it ----

    @classmethod
    def summary(cls) -> str:
        """One line for its tile."""
        return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def fields(cls) -> list[Field]:
        """Its settings as a form."""
        return fields_of(cls.settings_type)

    @classmethod
    def secrets(cls) -> list[str]:
        """The names of its settings that are secrets."""
        return secret_names(cls.settings_type)

    @classmethod
    def configured(cls, values: Mapping[str, Any]) -> "EmailProvider[Any]":
        """One with these settings. Raises Refused naming the one that is wrong."""
        settings = typing.cast(S, filled_in(cls.settings_type, values))
        cls.check(settings)
        return cls(settings)
