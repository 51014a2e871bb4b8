"""The paths of the tracking API, and what each means (reference: tracking API, section 1)."""

from skywrite.events.check import EVENT_TYPES

# The call that a path stands for: an event type, or None for a batch.
CALLS: dict[bytes, str | None] = (
    {b"/v1/" + kind.encode(): kind for kind in EVENT_TYPES}
    | {b"/v1/" + kind[:1].encode(): kind for kind in EVENT_TYPES}
    | {b"/v1/batch": None, b"/v1/import": None, b"/v1/b": None}
)
SHORT = frozenset(path for path in CALLS if len(path) == len(b"/v1/t"))
METRICS = b"/v1/m"
PIXEL = b"/v1/pixel/"
