"""What a segment is defined by: conditions in nested groups, as they are stored and as the API takes them. Pure data.

Each has a meaning in docs/segments.md. `check` holds what the types cannot, `sentences` says them in words.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

DEEPEST = 5  # groups within groups, the outermost counted
MOST_CONDITIONS = 50
MOST_VALUES = 200
MICROS = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}

Id = Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=500)]
Text = Annotated[str, Meta(max_length=1000)]
Amount = Annotated[int, Meta(ge=1, le=100_000)]
Value = bool | int | float | Text
Unit = Literal["minutes", "hours", "days"]


# ---- when ----------------------------------------------------------------------------------------------------


class Ever(Struct, frozen=True, tag="ever"):
    """At any time."""


class Last(Struct, frozen=True, tag="last"):
    """Within the last `n` units, counted back from now."""

    n: Amount
    unit: Unit = "days"


class Older(Struct, frozen=True, tag="older"):
    """More than `n` units ago."""

    n: Amount
    unit: Unit = "days"


class Between(Struct, frozen=True, tag="between"):
    """From `start` to `end`, ISO 8601, either may be left out; an end that is a date alone includes its whole day."""

    start: Text | None = None
    end: Text | None = None


When = Ever | Last | Older | Between


# ---- conditions ----------------------------------------------------------------------------------------------


class Op(StrEnum):
    """How a value is compared; which fields each needs stands in `check.NEEDS`."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    BEGINS = "begins"
    ENDS = "ends"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    EXISTS = "exists"
    MISSING = "missing"
    GREATER = "greater"
    LESS = "less"
    BETWEEN = "between"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    BEFORE = "before"
    AFTER = "after"
    IN_LAST = "in_last"  # days
    IN_NEXT = "in_next"
    ANNIVERSARY = "anniversary"  # its day and month is today, or one of the next `days`


class Trait(Struct, frozen=True, tag="trait"):
    """A trait of the contact, nested ones by their path ("address.city"); of an array any item may match."""

    name: Name
    op: Op
    value: Value | None = None
    values: list[Value] = []
    high: int | float | None = None  # of `between`, whose low end is `value`
    days: Annotated[int, Meta(ge=0, le=36_500)] | None = None


class Property(Struct, frozen=True):
    """A property of the event, nested ones by their path."""

    name: Name
    op: Op
    value: Value | None = None
    values: list[Value] = []
    high: int | float | None = None


class Count(Struct, frozen=True):
    """How often."""

    op: Literal["at_least", "at_most", "exactly"] = "at_least"
    n: Annotated[int, Meta(ge=0, le=100_000)] = 1


class Event(Struct, frozen=True, tag="event"):
    """What a contact did: how often, when, with which properties.

    With `which` "first" or "last" it is the time of the first or the last such event that must be within `when`.
    """

    name: Name
    kind: Literal["track", "page", "screen"] = "track"
    count: Count = field(default_factory=Count)
    when: When = field(default_factory=Ever)
    where: list[Property] = []
    which: Literal["any", "first", "last"] = "any"


EmailActivity = Literal[
    "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "replied"
]  # fmt: skip


class EmailCondition(Struct, frozen=True, tag="email"):
    """What became of mail to the contact: any mail, that of one template or one broadcast, one link of it."""

    activity: EmailActivity
    template_id: Id | None = None
    broadcast_id: Id | None = None
    link_id: Text | None = None  # of `clicked`
    count: Count = field(default_factory=Count)
    when: When = field(default_factory=Ever)


class OnList(Struct, frozen=True, tag="list"):
    """Whether the contact is on a list."""

    list_id: Id
    op: Literal["on", "off"] = "on"


class InSegment(Struct, frozen=True, tag="segment"):
    """Whether the contact is in another segment."""

    segment_id: Id
    op: Literal["in", "out"] = "in"


class Subscription(Struct, frozen=True, tag="subscription"):
    """Whether mail may go to the contact's address."""

    state: Literal["subscribed", "unsubscribed", "unsubscribed_topic", "suppressed"]
    topic_id: Id | None = None


class Moment(Struct, frozen=True, tag="moment"):
    """When the contact was created, or last seen."""

    what: Literal["created", "seen"]
    when: When


class Identity(Struct, frozen=True, tag="identity"):
    """Whether the contact has a userId, or an email address."""

    what: Literal["user_id", "email"]
    op: Literal["exists", "missing"] = "exists"


class Domain(Struct, frozen=True, tag="domain"):
    """Whether the contact's address is at one of some domains."""

    domains: list[Name]
    op: Literal["one_of", "none_of"] = "one_of"


Condition = Trait | Event | EmailCondition | OnList | InSegment | Subscription | Moment | Identity | Domain


# ---- groups --------------------------------------------------------------------------------------------------


class Group(Struct, frozen=True, tag="group"):
    """Conditions and groups of which all, any or none must hold."""

    match: Literal["all", "any", "none"]
    of: list["Node"]


Node = Group | Condition
