"""What is remembered of an event that was seen, and of a property: when, how often, with which types."""

import msgspec
from msgspec import Struct

EventKey = tuple[str, str, str]  # source id, type, event name ("" for all but track)


class Seen(Struct):
    """When something was seen, and how often."""

    first: int
    last: int
    count: int = 0

    def add(self, at: int, count: int) -> None:
        """It was seen `count` times at `at`, in µs."""
        self.first = min(self.first, at)
        self.last = max(self.last, at)
        self.count += count


class SeenProperty(Seen):
    """The same of a property, with the types that its values had."""

    types: set[str] = msgspec.field(default_factory=set)
