"""What the management API takes and gives of contacts, lists and imports."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from skywrite.api.schemas import Name, RequestBody
from skywrite.contacts.csv_files import MOST_COLUMNS, Encoding

ContactId = Annotated[str, Meta(description="person_12", max_length=500)]
Subscription = Literal["subscribed", "unsubscribed", "bounced", "complained", "none"]
Exactness = Literal["exact", "at_least", "about"]
IdentityKind = Literal["userId", "anonymousId", "email"]
ImportState = Literal["uploaded", "checking", "checked", "importing", "done", "failed", "cancelled"]
Traits = dict[str, Any]


# ---- contacts ----------------------------------------------------------------------------------------------------


class ContactRow(Struct):
    """A contact in a list."""

    id: str
    email: str | None
    user_id: str | None
    traits: Traits
    subscription: Subscription
    created_at: datetime
    seen_at: datetime


class ContactPage(Struct):
    """A page of contacts. `after` is where the next begins, null at the end.

    A page may be shorter than asked for, even empty, and have one behind it: it has looked for long enough.
    """

    contacts: list[ContactRow]
    after: str | None


class ContactCount(Struct):
    """How many a search finds, and how well that is known."""

    number: int
    exactness: Exactness


class ContactIdentity(RequestBody):
    """One id that a contact goes by."""

    kind: IdentityKind
    value: str


class MemberOf(Struct):
    """A list or a segment that a contact is in."""

    id: str
    name: str
    since: datetime


class ContactSuppression(Struct):
    """Why mail does not go to an address; `topic` is "" for all mail."""

    address: str
    topic: str
    reason: str
    since: datetime
    evidence: str


class Contact(Struct):
    """All that is known of one contact. `mail` counts what was sent, delivered, opened by a person, and so on."""

    id: str
    email: str | None
    user_id: str | None
    traits: Traits
    subscription: Subscription
    suppressions: list[ContactSuppression]
    identities: list[ContactIdentity]
    lists: list[MemberOf]
    segments: list[MemberOf]
    mail: dict[str, int]
    created_at: datetime
    updated_at: datetime
    seen_at: datetime


class NewContact(RequestBody):
    """A contact made by hand: an address, a userId or both."""

    email: Annotated[str, Meta(max_length=320)] = ""
    user_id: Annotated[str, Meta(max_length=500)] = ""
    traits: Traits = field(default_factory=dict)
    list_id: str | None = None


class ContactChange(RequestBody):
    """Traits to set; null takes one away."""

    traits: Traits


class Consent(RequestBody):
    """How they agreed to get mail again: kept on the timeline."""

    consent: Annotated[str, Meta(min_length=1, max_length=1000)]


class TraitCondition(RequestBody):
    """What is asked of a trait; `value` is a number or an ISO date for greater and less."""

    name: str
    op: Literal["is", "begins", "greater", "less", "exists"]
    value: str = ""


class ContactSearch(RequestBody):
    """The parameters of `GET /contacts`, as JSON."""

    q: str = ""
    traits: list[TraitCondition] = field(default_factory=list)
    list: str = ""
    segment: str = ""
    subscription: str = ""
    sort: Literal["newest", "seen"] = "newest"


class ChosenContacts(RequestBody):
    """Contacts by their ids, all that a search finds, or everybody: a search that asks for nothing is refused."""

    ids: Annotated[list[ContactId], Meta(max_length=10_000)] = field(default_factory=list)
    search: ContactSearch | None = None
    everybody: bool = False


class Done(Struct):
    """How many contacts it changed."""

    contacts: int


class TimelineEntry(Struct):
    """One thing that happened. `note` says in words what its data says; `subject` is of the mail that it is about."""

    id: str
    at: datetime
    kind: Literal["track", "page", "screen", "group", "email", "list", "segment", "contact"]
    name: str
    note: str
    is_machine: bool  # opened by a proxy or a scanner, not by a person
    data: Any
    source: str | None  # the source's name
    message_id: int | None
    subject: str | None
    template: str | None  # the template's name


class Timeline(Struct):
    """A page of a timeline, latest first; `before` is where the next begins, null at the end."""

    entries: list[TimelineEntry]
    before: str | None


# ---- lists -------------------------------------------------------------------------------------------------------


class ContactList(Struct):
    """A static list."""

    id: str
    name: str
    contacts: int
    created_at: datetime


class NewList(RequestBody):
    """A list's name."""

    name: Name


# ---- imports -----------------------------------------------------------------------------------------------------


class ImportColumn(RequestBody):
    """What becomes of a column of the file; `trait` and `type` matter for traits only."""

    name: str
    to: Literal["ignore", "email", "userId", "anonymousId", "trait", "lists", "unsubscribed"]
    trait: str = ""
    type: Literal["text", "number", "boolean", "date", "any"] = "text"


class ImportForm(RequestBody):
    """How the file is written."""

    delimiter: Literal[",", ";", "\t", "|"]
    encoding: Encoding
    has_header: bool


class ContactImport(Struct):
    """An import as it stands; `done` of `rows` are dealt with."""

    id: int
    name: str
    state: ImportState
    form: ImportForm
    columns: list[ImportColumn]
    list_id: str | None
    rows: int
    done: int
    created: int
    updated: int
    refused: int
    reason: str
    by: str
    created_at: datetime
    finished_at: datetime | None


class ImportSamples(Struct):
    """The first rows of the file, to map its columns by; `fits` is false for a file in another encoding."""

    columns: list[str]
    rows: list[list[str]]
    fits: bool


class ImportMapping(RequestBody):
    """What becomes of the columns, and the list that everybody is put on."""

    columns: Annotated[list[ImportColumn], Meta(min_length=1, max_length=MOST_COLUMNS)]
    list_id: str | None = None


class RefusedRow(Struct):
    """A row that is not taken; `row` is the beginning of it as CSV."""

    line: int
    reason: str
    row: str
