"""What a kind of destination is: how the catalog shows it, its settings, and a request out of events.

A definition does no I/O and knows no retries: delivery carries the request and asks for a verdict on the response.
"""

import inspect
import typing
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Struct

from skywrite.kit.fields import Field, Secret, fields_of, filled_in, secret_names
from skywrite.kit.http import Request, Response
from skywrite.pipeline.route import Event
from skywrite.pipeline.verdict import Verdict

__all__ = ["EVERY_METHOD", "Destination", "Event", "Request", "Response", "Secret", "Verdict"]

EVERY_METHOD = ("track", "identify", "page", "screen", "group", "alias")
S = TypeVar("S", bound=Struct)


class Destination(Generic[S]):
    """One entry of the catalog: a subclass whose docstring is its summary and, below, its description in Markdown.

    `name` is also what an event's `integrations` object calls it; `methods` are the event types that it takes.
    """

    slug: ClassVar[str]
    name: ClassVar[str]
    categories: ClassVar[Sequence[str]]
    icon: ClassVar[str]
    methods: ClassVar[Sequence[str]]
    settings_type: ClassVar[type[Struct]]
    is_local: ClassVar[bool]  # its events stay here: a role of this server takes them, no courier carries them

    def __init_subclass__(
        cls,
        *,
        slug: str,
        name: str,
        categories: Sequence[str],
        icon: str = "",
        methods: Sequence[str] = EVERY_METHOD,
        is_local: bool = False,
    ) -> None:
        cls.is_local = is_local
        cls.slug, cls.name, cls.categories, cls.icon, cls.methods = slug, name, categories, icon or slug, methods
        base = next(base for base in cls.__orig_bases__ if typing.get_origin(base) is Destination)  # type: ignore[attr-defined]
        cls.settings_type = typing.get_args(base)[0]

    def __init__(self, settings: S) -> None:
        self.settings = settings

    # ---- its own part ----

    @property
    def batch_size(self) -> int:
        """How many events one request may hold."""
        return 1

    @property
    def in_flight(self) -> int:
        """How many requests may be on their way at once."""
        return 64

    @classmethod
    def completed(cls, settings: S) -> S:
        """The settings of a new destination, with what Skywrite makes up itself, such as a signing secret."""
        return settings

    @classmethod
    def check(cls, settings: S) -> None:
        """Raise Refused, naming the field, for settings that the types let through and that can't work."""

    def wants(self, event: Event) -> bool:
        """Whether it takes such an event."""
        return event.get("type") in self.methods

    def request(self, events: Sequence[Event], at: int) -> Request:
        """The request that carries `events`, sent at `at` (µs): the same for the same events and time."""
        raise NotImplementedError

    def verdict(self, response: Response) -> Verdict:
        """What the answer means for the events; by its status unless the vendor has ways of its own."""
        return Verdict.of(response)

    # ---- made of it ----

    @property
    def catalog_name(self) -> str:
        """The name that an event's `integrations` object calls it by."""
        return self.name

    @classmethod
    def summary(cls) -> str:
        """One line for its tile."""
        return _doc(cls).partition("\n\n")[0].replace("\n", " ")

    @classmethod
    def description(cls) -> str:
        """What its page says, in Markdown."""
        return _doc(cls).partition("\n\n")[2]

    @classmethod
    def fields(cls) -> list[Field]:
        """Its settings as a form."""
        return fields_of(cls.settings_type)

    @classmethod
    def secrets(cls) -> list[str]:
        """The names of its settings that are secrets."""
        return secret_names(cls.settings_type)

    @classmethod
    def configured(cls, values: typing.Mapping[str, Any]) -> "Destination[Any]":
        """A destination with these settings. Raises Refused naming the one that is wrong."""
        settings = filled_in(cls.settings_type, values)
        cls.check(typing.cast(S, settings))
        return cls(typing.cast(S, settings))


def _doc(cls: type) -> str:
    return inspect.cleandoc(cls.__doc__ or "")
