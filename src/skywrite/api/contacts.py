"""Contacts: found, counted, exported; one with its timeline, and what is changed of it by hand."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import anyio.to_thread
from litestar import Request, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream
from sqlalchemy import Row

from skywrite.api import contact_schemas as schemas
from skywrite.api.contact_changes import erase_contact, merge_contacts
from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, act, change, create, read, remove
from skywrite.api.searching import asked, chosen_search
from skywrite.api.signing import signed_in
from skywrite.contacts import ids
from skywrite.contacts.exporting import Style, export
from skywrite.contacts.identity_texts import KINDS
from skywrite.contacts.lists import Lists
from skywrite.contacts.notes import is_machine, note_of
from skywrite.contacts.search import Search, count, every, find, trait_names
from skywrite.contacts.service import Happening, People, Person, shown_subscriptions
from skywrite.contacts.subscription import EVERYWHERE
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_of
from skywrite.kit.time import to_datetime

AnyRequest = Request[Any, Any, Any]
Asked = NamedDependency[Search]
# Of the handlers that search alone: a body's own field `search` must not be taken for it.
SEARCH = {"search": Provide(asked, sync_to_thread=False)}
_LARGEST = (1 << 63) - 1
_MOST_UNSUBSCRIBED = 500
PageLimit = Annotated[int, QueryParameter(ge=1, le=200, description="At most so many.")]
After = Annotated[str, QueryParameter(description="Where the page begins: `after` of the one before.")]
TimelineBefore = Annotated[str, QueryParameter(description="Where the page begins: `before` of the one before.")]
Kinds = Annotated[list[str] | None, QueryParameter(description="Only these kinds: track, email, ...")]


@read("/contacts", summary="Contacts that a search finds", dependencies=SEARCH)
def list_contacts(parts: Given, search: Asked, after: After = "", limit: PageLimit = 50) -> schemas.ContactPage:
    """All that is given must hold. The first page comes quickly whatever is asked, if need be short."""
    with parts.store.read() as connection:
        page = find(connection, search, after, limit)
        states = shown_subscriptions(connection, page.rows)
    return schemas.ContactPage([_row(row, states[row.id]) for row in page.rows], page.after)


@read("/contacts/count", summary="How many contacts a search finds", dependencies=SEARCH)
def count_contacts(parts: Given, search: Asked) -> schemas.ContactCount:
    """Exact where that is cheap; else what is known of it."""
    with parts.store.read() as connection:
        found = count(connection, search)
    return schemas.ContactCount(found.number, found.exactness)


@read("/contacts/traits", summary="The names of all traits")
def list_trait_names(parts: Given) -> list[str]:
    """As paths, such as `address.city`; at most 500."""
    with parts.store.read() as connection:
        return trait_names(connection)


@get(
    "/contacts/export",
    summary="Contacts as CSV",
    responses=RESPONSES,
    media_type="text/csv; charset=utf-8",
    dependencies=SEARCH,
    sync_to_thread=True,
)
def export_contacts(
    parts: Given,
    search: Asked,
    exact: Annotated[bool, QueryParameter(description="So that an import gives the same contacts again.")] = False,
    safe: Annotated[bool, QueryParameter(description="No cell that a spreadsheet takes for a formula.")] = True,
) -> Stream:
    """All that the search finds, streamed, traits as columns."""
    pieces = export(parts.store, search, Style(exact, safe))
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return Stream(streamed(pieces), media_type="text/csv; charset=utf-8", headers=headers)


@create("/contacts", summary="Add a contact by hand")
def add_contact(parts: Given, request: AnyRequest, data: JSONBody[schemas.NewContact]) -> schemas.Contact:
    """Refused where somebody goes by that address or userId already."""
    person = People(parts.store).add(data.email, data.user_id, data.traits, request.state.email)
    if data.list_id:
        Lists(parts.store).put_on(number_of("list", data.list_id), [person.id])
    return _contact(People(parts.store).get(ids.public(person.id)))


@act("/contacts/unsubscribe", summary="Unsubscribe contacts by hand")
def unsubscribe_contacts(parts: Given, request: AnyRequest, data: JSONBody[schemas.ChosenContacts]) -> schemas.Done:
    """No marketing mail to them any more; transactional mail still comes."""
    people, done = People(parts.store), 0
    for refs in _chosen(parts, data):
        done += people.unsubscribe(refs, request.state.email)
    return schemas.Done(done)


@read("/contacts/{contact:str}", summary="One contact")
def show_contact(parts: Given, contact: FromPath[str]) -> schemas.Contact:
    """By its id, also that of one that was merged into it; or by an address, a userId or an anonymousId."""
    return _contact(People(parts.store).get(contact))


@change("/contacts/{contact:str}", summary="Set traits")
def change_contact(
    parts: Given, request: AnyRequest, contact: FromPath[str], data: JSONBody[schemas.ContactChange]
) -> schemas.Contact:
    """Those that are given; null takes one away."""
    return _contact(People(parts.store).change_traits(contact, data.traits, request.state.email))


@create("/contacts/{contact:str}/identities", summary="Give a contact one more id")
def add_identity(
    parts: Given, request: AnyRequest, contact: FromPath[str], data: JSONBody[schemas.ContactIdentity]
) -> schemas.Contact:
    """A new address is where mail goes from now on. Refused where it is another contact's: merge the two."""
    return _contact(People(parts.store).add_identity(contact, KINDS[data.kind], data.value, request.state.email))


@remove("/contacts/{contact:str}/identities", summary="Take an id away", status_code=200)
def remove_identity(
    parts: Given,
    request: AnyRequest,
    contact: FromPath[str],
    kind: FromQuery[schemas.IdentityKind],
    value: FromQuery[str],
) -> schemas.Contact:
    """Not the last one."""
    return _contact(People(parts.store).remove_identity(contact, KINDS[kind], value, request.state.email))


@act("/contacts/{contact:str}/resubscribe", summary="Subscribe a contact again who asked for it")
def resubscribe_contact(
    parts: Given, request: AnyRequest, contact: FromPath[str], data: JSONBody[schemas.Consent]
) -> schemas.Contact:
    """Who did it and how the contact agreed stay on the timeline. A bounce or a complaint is not undone by it."""
    return _contact(People(parts.store).resubscribe(contact, request.state.email, data.consent))


@read("/contacts/{contact:str}/timeline", summary="What happened to a contact")
def show_timeline(
    parts: Given,
    contact: FromPath[str],
    kind: Kinds = None,
    before: TimelineBefore = "",
    limit: PageLimit = 50,
) -> schemas.Timeline:
    """Latest first."""
    found = People(parts.store).timeline(contact, kind or (), before=_place(before), limit=limit + 1)
    shown = found[:limit]
    last = f"{shown[-1].at}-{shown[-1].id}" if len(found) > limit else None
    return schemas.Timeline([_entry(each) for each in shown], last)


async def streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces that take long to make, each made in a thread."""
    while (piece := await anyio.to_thread.run_sync(next, pieces, b"")) != b"":
        yield piece


def _chosen(parts: Parts, data: schemas.ChosenContacts) -> Iterator[list[str]]:
    """The ids that were chosen, some hundreds at a time."""
    search = chosen_search(data)
    if search is not None:
        for rows in every(parts.store, search, _MOST_UNSUBSCRIBED):
            yield [ids.public(row.id) for row in rows]
    for start in range(0, len(data.ids), _MOST_UNSUBSCRIBED):
        yield data.ids[start : start + _MOST_UNSUBSCRIBED]


def _place(before: str) -> tuple[int, int] | None:
    if not before:
        return None
    at, _, last = before.partition("-")
    if not at.isdecimal() or not last.isdecimal() or max(int(at), int(last)) > _LARGEST:
        raise Refused("`before` is not what a page of this timeline gave.", where="before")
    return int(at), int(last)


def _row(row: Row[Any], subscription: Any) -> schemas.ContactRow:
    return schemas.ContactRow(
        ids.public(row.id),
        row.email,
        row.user_id,
        row.traits,
        subscription,
        to_datetime(row.created_at),
        to_datetime(row.seen_at),
    )


def _contact(person: Person) -> schemas.Contact:
    kinds: dict[str, Literal["userId", "anonymousId", "email"]] = {
        "userId": "userId", "anonymousId": "anonymousId", "email": "email",
    }  # fmt: skip
    subscription: Any = person.subscription
    return schemas.Contact(
        id=ids.public(person.id),
        email=person.email,
        user_id=person.user_id,
        traits=person.traits,
        subscription=subscription,
        suppressions=[
            schemas.ContactSuppression(
                each.address,
                "" if each.scope == EVERYWHERE else each.topic or each.scope,
                each.reason,
                to_datetime(each.since),
                each.evidence,
            )
            for each in person.suppressions
        ],
        identities=[schemas.ContactIdentity(kinds[each.kind], each.value) for each in person.identities],
        lists=[schemas.MemberOf(ids.public_list(each.id), each.name, to_datetime(each.since)) for each in person.lists],
        segments=[
            schemas.MemberOf(ids.public_segment(each.id), each.name, to_datetime(each.since))
            for each in person.segments
        ],
        mail=person.mail,
        created_at=to_datetime(person.created_at),
        updated_at=to_datetime(person.updated_at),
        seen_at=to_datetime(person.seen_at),
    )


def _entry(happened: Happening) -> schemas.TimelineEntry:
    kind: Any = happened.kind
    return schemas.TimelineEntry(
        str(happened.id),
        to_datetime(happened.at),
        kind,
        happened.name,
        note_of(happened.kind, happened.name, happened.data),
        is_machine(happened.data),
        happened.data,
        happened.source,
        happened.message_id,
        happened.subject,
        happened.template,
    )


routes = Router(
    "/api/v1",
    route_handlers=[
        list_contacts, count_contacts, list_trait_names, export_contacts, add_contact, unsubscribe_contacts,
        show_contact, change_contact, add_identity, remove_identity, resubscribe_contact, show_timeline,
        merge_contacts, erase_contact,
    ],
    guards=[signed_in],
    tags=["contacts"],
)  # fmt: skip
