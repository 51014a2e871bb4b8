"""One load, as the history of syncs has it. Light: the web process reads histories and never imports an engine."""

from collections.abc import Sequence

from msgspec import Struct


class Sync(Struct, frozen=True):
    """One load. `id` is the engine's to give."""

    started_at: int  # µs since 1970
    millis: int
    status: str  # success, partial
    events: int
    rows: int
    duplicates: int
    discards: int
    position: int
    error: str
    notices: Sequence[str]
    id: int = 0
