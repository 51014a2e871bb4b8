"""What delivery knows of a destination, and of an event on its way there. It knows no vendor."""

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct

from skywrite.kit.http import Request, Response
from skywrite.pipeline.verdict import Verdict
from skywrite.pipeline.watermark import Mark
from skywrite.store.types import short_key, storable

Event = dict[str, Any]
_SHORT = 200


class Target(Protocol):
    """A configured destination: a request out of events, a verdict out of a response. It does no I/O."""

    @property
    def catalog_name(self) -> str:
        """The name by which an event's `integrations` object means it."""

    @property
    def batch_size(self) -> int:
        """How many events one request may hold."""

    @property
    def in_flight(self) -> int:
        """How many requests may be on their way at once."""

    def wants(self, event: Event) -> bool:
        """Whether it takes such an event at all."""

    def request(self, events: Sequence[Event], at: int) -> Request:
        """The request that carries `events` when it is sent at `at` (µs)."""

    def verdict(self, response: Response) -> Verdict:
        """What the answer means."""


class Route(Struct, frozen=True):
    """One enabled destination, and where its events come from. Equal routes deliver alike."""

    id: str
    name: str
    kind: str
    settings: str  # as JSON, to see a change by; the target holds what they mean
    sources: frozenset[str]
    target: Target | None = None  # none where the stored settings are refused, for which `problem` says why
    problem: str = ""
    is_local: bool = False  # a role of this server takes its events: no courier has it

    def same_as(self, other: "Route") -> bool:
        """Whether nothing changed that delivery must heed."""
        return (self.kind, self.settings, self.sources) == (other.kind, other.settings, other.sources)

    @property
    def follower(self) -> str:
        """Its name among the cursors."""
        return f"destination:{self.id}"


class Job(Struct):
    """One event for one destination. `mark` holds the cursor back until the event is done or stored for a retry."""

    position: int
    item: int
    source_id: str
    received_at: int
    user: str
    event: Event
    mark: Mark | None = None
    attempts: int = 0
    since: int = 0  # when it first failed, or began to wait behind one that had
    status: int | None = None
    reason: str = ""
    response: str = ""
    size: int = 0  # of its JSON, in bytes

    @property
    def key(self) -> tuple[int, int]:
        """Its place in the log."""
        return self.position, self.item

    @property
    def is_stored(self) -> bool:
        """Whether it is among the retries, so that the cursor may pass it."""
        return self.mark is None

    @property
    def message_id(self) -> str:
        """The event's messageId."""
        return str(self.event.get("messageId", ""))


def user_of(event: Event) -> str:
    """Whose event it is: events of one user stay in order."""
    user = str(event.get("userId") or event.get("anonymousId") or event.get("messageId") or "")
    return user if len(user) <= _SHORT and "\0" not in user else short_key(storable(user))


def is_let_through(event: Event, name: str) -> bool:
    """Whether the event's `integrations` object lets it go to the destination of this catalog name.

    A name beats All, an object counts as true, names are case-sensitive.
    """
    integrations = event.get("integrations")
    if not integrations or not isinstance(integrations, dict):
        return True
    own = integrations.get(name)
    if own is None:
        return integrations.get("All") is not False and integrations.get("all") is not False
    return own is not False
