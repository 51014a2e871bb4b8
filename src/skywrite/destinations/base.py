"""What a kind of destination is: how the catalog shows it, its settings, and a request out of events.

A definition does no I/O and knows no retries: delivery carries the request and asks for a verdict on the response.
"""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from msgspec import Struct

from skywrite.kit.catalog import Configurable
from skywrite.kit.fields import Secret
from skywrite.kit.http import Request, Response
from skywrite.pipeline.route import Event
from skywrite.pipeline.verdict import Verdict

__all__ = ["EVERY_METHOD", "Destination", "Event", "Request", "Response", "Secret", "Verdict"]

EVERY_METHOD = ("track", "identify", "page", "screen", "group", "alias")
S = TypeVar("S", bound=Struct)


class Destination(Configurable[S]):
    """A kind of destination.

    `name` is also what an event's `integrations` object calls it; `methods` are the event types that it takes.
    """

    categories: ClassVar[Sequence[str]]
    icon: ClassVar[str]
    methods: ClassVar[Sequence[str]]
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
        super().__init_subclass__()
        cls.is_local = is_local
        cls.slug, cls.name, cls.categories, cls.icon, cls.methods = slug, name, categories, icon or slug, methods

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

    def wants(self, event: Event) -> bool:
        """Whether it takes such an event."""
        return event.get("type") in self.methods

    def request(self, events: Sequence[Event], at: int) -> Request:
        """The request that carries `events`, sent at `at` (µs): the same for the same events and time."""
        raise NotImplementedError

    def verdict(self, response: Response) -> Verdict:
        """What the answer means for the events; by its status unless the vendor has ways of its own."""
        return Verdict.of(response)

    @property
    def catalog_name(self) -> str:
        """The name that an event's `integrations` object calls it by."""
        return self.name
