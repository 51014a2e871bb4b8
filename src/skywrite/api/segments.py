"""Smart segments: the list, one with its members, and what their builder asks."""

from typing import Annotated, Literal

from litestar import Router, post
from litestar.params import FromPath, JSONBody, QueryParameter

from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, Limit, act, change, create, read, remove
from skywrite.api.segment_schemas import (
    ListName,
    MadeList,
    NewSegment,
    Segment,
    SegmentChange,
    SegmentCount,
    SegmentDraft,
    SegmentHour,
    SegmentMember,
    SegmentReason,
    SegmentSuggestions,
    SegmentWhy,
)
from skywrite.api.signing import signed_in
from skywrite.contacts import ids
from skywrite.contacts.finding import found
from skywrite.contacts.segments import service, suggest
from skywrite.contacts.segments.check import read as read_definition
from skywrite.kit.ids import number_of
from skywrite.kit.time import to_datetime

_HOURS = {"24h": 24, "7d": 7 * 24, "30d": 30 * 24}
HistoryPeriod = Annotated[Literal["24h", "7d", "30d"], QueryParameter(description="How far back.")]
After = Annotated[str, QueryParameter(max_length=40, description="Only those behind the contact of this id.")]
EventName = Annotated[str, QueryParameter(min_length=1, max_length=500, description="The event's name.")]
EventKind = Annotated[Literal["track", "page", "screen"], QueryParameter(description="What sort of event it is.")]


@read("/segments", summary="Every segment")
def list_segments(parts: Given) -> list[Segment]:
    """By name, each with how many are in it."""
    return [_shown(one) for one in parts.segments.all()]


@create("/segments", summary="Add a segment")
def add_segment(parts: Given, data: JSONBody[NewSegment]) -> Segment:
    """It is built in the background; who is in it from the start has not "entered" it."""
    return _shown(parts.segments.add(data.name, read_definition(data.definition), streams=data.streams))


@post("/segments/count", summary="Count a definition", status_code=200, responses=RESPONSES)
async def count_segment(parts: Given, data: JSONBody[SegmentDraft]) -> SegmentCount:
    """Who would be in it just now, with a sample; ended after five seconds."""
    definition = read_definition(data.definition)
    found = await parts.counts.run(parts.segments.count, definition)
    return SegmentCount(found.count, found.of, [_member(one) for one in found.sample], found.sentence)


@read("/segments/suggestions", summary="What to build conditions from")
def segment_suggestions(parts: Given) -> SegmentSuggestions:
    """Traits with their kinds and frequent values, events, lists, segments, templates, broadcasts, topics."""
    found = suggest.suggestions(parts.store)
    others = [suggest.SuggestedThing(one.id, one.name) for one in parts.segments.all()]
    return SegmentSuggestions(
        traits=found.traits, events=found.events, lists=found.lists, segments=others,
        templates=found.templates, broadcasts=found.broadcasts, topics=found.topics,
    )  # fmt: skip


@read("/segments/suggestions/properties", summary="The properties of an event")
def segment_event_properties(parts: Given, name: EventName, kind: EventKind = "track") -> list[suggest.SuggestedField]:
    """Those of the newest events of this name."""
    return suggest.properties(parts.store, kind, name)


@read("/segments/{segment:str}", summary="One segment")
def show_segment(parts: Given, segment: FromPath[str]) -> Segment:
    """With its definition and how it does."""
    return _shown(parts.segments.get(number_of("segment", segment)))


@change("/segments/{segment:str}", summary="Rename, redefine")
def change_segment(parts: Given, segment: FromPath[str], data: JSONBody[SegmentChange]) -> Segment:
    """Only what is given changes; nobody enters or leaves by another definition."""
    definition = None if data.definition is None else read_definition(data.definition)
    changed = parts.segments.change(
        number_of("segment", segment), name=data.name, definition=definition, streams=data.streams
    )
    return _shown(changed)


@act("/segments/{segment:str}/duplicate", summary="Another of the same definition", status_code=201)
def duplicate_segment(parts: Given, segment: FromPath[str]) -> Segment:
    """Under a name that is free."""
    return _shown(parts.segments.duplicate(number_of("segment", segment)))


@remove("/segments/{segment:str}", summary="Remove a segment")
def remove_segment(parts: Given, segment: FromPath[str]) -> None:
    """Refused while another segment uses it."""
    parts.segments.remove(number_of("segment", segment))


@read("/segments/{segment:str}/contacts", summary="Who is in a segment")
def segment_contacts(parts: Given, segment: FromPath[str], after: After = "", limit: Limit = 50) -> list[SegmentMember]:
    """A page of members, in the order of their ids."""
    start = (ids.number(after) or 0) if after else 0
    return [_member(one) for one in parts.segments.members(number_of("segment", segment), start, limit)]


@act("/segments/{segment:str}/list", summary="Its members as a list", status_code=201)
def segment_to_list(parts: Given, segment: FromPath[str], data: JSONBody[ListName]) -> MadeList:
    """A new list of those who are in it now."""
    return MadeList(ids.public_list(parts.segments.to_list(number_of("segment", segment), data.name)))


@read("/segments/{segment:str}/why/{contact:str}", summary="Why a contact is in it, or not")
def segment_why(parts: Given, segment: FromPath[str], contact: FromPath[str]) -> SegmentWhy:
    """Each condition, and whether the contact (its id, address or user ID) meets it just now."""
    with parts.store.read() as connection:
        contact_id = found(connection, contact)
    return _why(parts, number_of("segment", segment), contact_id)


@read("/segments/{segment:str}/history", summary="How a segment grew and shrank")
def segment_history(parts: Given, segment: FromPath[str], period: HistoryPeriod = "7d") -> list[SegmentHour]:
    """Hour by hour."""
    hours = parts.segments.history(number_of("segment", segment), _HOURS[period])
    return [SegmentHour(to_datetime(one.at), one.members, one.entered, one.left) for one in hours]


def _why(parts: Parts, segment_id: int, contact_id: int) -> SegmentWhy:
    reasons = parts.segments.why(segment_id, contact_id)
    return SegmentWhy(
        is_member=parts.segments.has(segment_id, contact_id),
        parts=[SegmentReason(one.path, one.sentence, one.holds, one.depth) for one in reasons],
    )


def _shown(one: service.Segment) -> Segment:
    return Segment(
        id=ids.public_segment(one.id),
        number=one.id,
        name=one.name,
        definition=one.definition,
        sentence=one.sentence,
        streams=one.streams,
        state=one.state,
        reason=one.reason,
        members=one.members,
        used_by=[ids.public_segment(other) for other in one.used_by],
        created_at=to_datetime(one.created_at),
        updated_at=to_datetime(one.updated_at),
    )


def _member(one: service.Member) -> SegmentMember:
    since = None if one.since is None else to_datetime(one.since)
    return SegmentMember(ids.public(one.id), one.name, one.email, one.user_id, since)


routes = Router(
    "/api/v1",
    route_handlers=[
        list_segments, add_segment, count_segment, segment_suggestions, segment_event_properties, show_segment,
        change_segment, duplicate_segment, remove_segment, segment_contacts, segment_to_list, segment_why,
        segment_history,
    ],
    guards=[signed_in],
    tags=["segments"],
)  # fmt: skip
