"""What the management API takes and gives of destinations and deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from skywrite.api.schemas import Name, RequestBody, SerialId


class Destination(Struct):
    """A destination, and how it does. A secret shows as null, its name is in `secrets_set`."""

    id: str
    kind: str
    name: str
    enabled: bool
    sources: list[str]  # source ids
    settings: dict[str, Any]  # secrets are shown as null with their name in `secrets_set`
    secrets_set: list[str]
    created_at: datetime
    state: Literal["idle", "delivering", "retrying", "failing", "disabled"] = "idle"
    state_reason: str = ""
    lag: int = 0  # log records not yet read
    waiting: int = 0  # deliveries that wait for their next try
    dead: int = 0
    delivered_24h: int = 0
    failed_24h: int = 0
    p95_millis: float | None = None


class NewDestination(RequestBody):
    """A destination to add; `sources` are ids or schema names."""

    kind: str
    name: Name
    sources: list[str]  # ids or schema names
    settings: dict[str, Any] = field(default_factory=dict)
    enabled: bool = True


class DestinationChange(RequestBody, omit_defaults=True):
    """Only what is given changes; of `settings` only the named ones, and null forgets one."""

    name: Name | None = None
    enabled: bool | None = None
    sources: list[str] | None = None
    settings: dict[str, Any] | None = None  # only the named settings change; null forgets one


class DeliveryPoint(Struct):
    """What was delivered within one bucket."""

    at: datetime
    delivered: int
    retried: int
    failed: int
    filtered: int
    p50_millis: float | None
    p95_millis: float | None


class DeliverySample(Struct):
    """One attempt: what was sent, what came back."""

    id: int
    at: datetime
    outcome: Literal["delivered", "retry", "failed"]
    message_id: str
    event_name: str
    status: int | None
    reason: str
    millis: int
    request: str
    response: str


class ErrorRow(Struct):
    """How often a delivery failed for one reason."""

    reason: str
    count: int


class DestinationOverview(Struct):
    """A destination over a period."""

    destination: Destination
    points: list[DeliveryPoint]
    errors: list[ErrorRow]
    samples: list[DeliverySample]


class DeadLetter(Struct):
    """An event that could not be delivered, with its reason."""

    id: int
    source: str
    message_id: str
    event: Any
    attempts: int
    status: int | None
    reason: str
    response: str
    failed_at: datetime


class SendAgain(RequestBody):
    """Which dead letters; without `ids`, all."""

    ids: Annotated[list[SerialId], Meta(max_length=1000)] | None = None  # None: all


class Changed(Struct):
    """How many there were."""

    count: int


class Secret(Struct):
    """A secret in the clear."""

    value: str


class TestEvent(RequestBody):
    """The event to send; without one, a sample track event."""

    event: dict[str, Any] | None = None  # None: a sample track event


class TestResult(Struct):
    """What a destination answered to a test."""

    ok: bool
    status: int | None
    reason: str
    millis: int
    request: str
    response: str
