"""What the API takes and gives of segments. A definition is `contacts.segments.model` as it is."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from skywrite.api.schemas import RequestBody
from skywrite.contacts.segments.model import Group
from skywrite.contacts.segments.suggest import SuggestedEvent, SuggestedField, SuggestedThing

SegmentName = Annotated[str, Meta(min_length=1, max_length=200)]


class Segment(Struct):
    """A segment, its definition also in words; `state` is building, ready or failing, for the `reason`."""

    id: str  # "segment_7"
    number: int  # as conditions of other segments name it
    name: str
    definition: Group
    sentence: str
    streams: bool  # entered and left are sent to the AutopilotHQ sources too
    state: str
    reason: str
    members: int
    used_by: list[str]  # ids of the segments that use it
    created_at: datetime
    updated_at: datetime


class NewSegment(RequestBody):
    """A segment to add."""

    name: SegmentName
    definition: dict[str, Any]  # a group, see docs/segments.md
    streams: bool = False


class SegmentChange(RequestBody, omit_defaults=True):
    """Only what is given changes; another definition is built anew."""

    name: SegmentName | None = None
    definition: dict[str, Any] | None = None
    streams: bool | None = None


class SegmentDraft(RequestBody):
    """A definition that somebody is editing."""

    definition: dict[str, Any]


class SegmentMember(Struct):
    """A contact in a segment; `since` is when it came in, None of one that would be."""

    id: str
    name: str
    email: str | None = None
    user_id: str | None = None
    since: datetime | None = None


class SegmentCount(Struct):
    """How many contacts meet a definition just now, of how many, and some of them."""

    count: int
    of: int
    sample: list[SegmentMember]
    sentence: str


class SegmentReason(Struct):
    """One condition or group, in words, and whether the contact meets it."""

    path: str  # its place in the definition
    sentence: str
    holds: bool
    depth: int


class SegmentWhy(Struct):
    """Why a contact is in a segment, or not: the whole first, then each part."""

    is_member: bool  # as the members are just now
    parts: list[SegmentReason]


class SegmentHour(Struct):
    """How many were in it at the end of an hour, and who came and went in it."""

    at: datetime
    members: int
    entered: int
    left: int


class ListName(RequestBody):
    """The name of the list to be made."""

    name: SegmentName


class MadeList(Struct):
    """The list that was made."""

    id: str


class SegmentSuggestions(Struct):
    """What there is to build conditions from."""

    traits: list[SuggestedField]
    events: list[SuggestedEvent]
    lists: list[SuggestedThing]
    segments: list[SuggestedThing]
    templates: list[SuggestedThing]
    broadcasts: list[SuggestedThing]
    topics: list[SuggestedThing]
