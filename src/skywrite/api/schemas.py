"""What the management API takes and gives. One Struct is the wire format, the check and the OpenAPI schema.

Times are ISO 8601 UTC strings (`datetime`); ids are strings; rates are per second.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from skywrite.pipeline.debugging import DebugEvent
from skywrite.sources.base import Snippet

SerialId = Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Email = Annotated[str, Meta(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Password = Annotated[str, Meta(min_length=10, max_length=1000)]


class RequestBody(Struct, forbid_unknown_fields=True):
    """What every body of a request is made of: a field that nobody knows is refused, not passed over.

    A misspelt one would else be one that was never given: `{"serch": ...}` would mean everybody.
    """


class Problem(Struct):
    """Every refusal: `error` is a sentence, `where` the field that is wrong, "" for the whole."""

    error: str
    where: str = ""


# ---- catalog -------------------------------------------------------------------------------------------------


class CatalogSource(Struct):
    """A kind of source, with its set-up."""

    slug: str
    name: str
    summary: str
    description: str  # Markdown
    categories: list[str]
    icon: str  # a name that the UI knows: "http", "python", "nodejs", "go", ..., "autopilothq"
    component: Literal["stream"]
    events: list[str]  # the track events that a cloud source sends; empty for event streams
    snippets: list[Snippet]


class FormField(Struct):
    """One setting of a destination, from its settings Struct."""

    name: str
    title: str
    description: str
    type: Literal["string", "secret", "integer", "number", "boolean", "choice", "list"]
    required: bool
    default: Any = None
    choices: list[str] = []


class CatalogDestination(Struct):
    """A kind of destination, with the fields of its form."""

    slug: str
    name: str
    summary: str
    description: str
    categories: list[str]
    icon: str
    methods: list[str]  # the event types that it takes
    fields: list[FormField]


# ---- sources -------------------------------------------------------------------------------------------------


class WriteKey(Struct):
    """A key by which events come in; `expires_at` is set when it was rotated away, it works until then."""

    key: str
    created_at: datetime
    expires_at: datetime | None = None  # set when it was rotated away; it works until then


class Source(Struct):
    """A source, with what it counted in the last 24 hours."""

    id: str
    kind: str
    name: str
    schema: str
    write_keys: list[str]  # the usable ones, newest first
    enabled: bool
    labels: dict[str, str]
    created_at: datetime
    keys: list[WriteKey]
    destinations: list[str]  # ids
    last_event_at: datetime | None = None
    accepted_24h: int = 0
    rejected_24h: int = 0
    duplicates_24h: int = 0


class NewSource(RequestBody):
    """A source to add; without a `schema` it is made from the name."""

    kind: str
    name: Name
    labels: dict[str, str] = {}
    schema: str = ""  # empty: made from the name


class SourceChange(RequestBody, omit_defaults=True):
    """Only what is given changes."""

    name: Name | None = None
    enabled: bool | None = None
    labels: dict[str, str] | None = None


class RotateKey(RequestBody):
    """How long the old keys go on working, in hours."""

    grace_hours: Annotated[float, Meta(ge=0, le=8760)] = 24.0  # how long the old keys go on working


class CountPoint(Struct):
    """What came within one bucket."""

    at: datetime
    accepted: int
    rejected: int
    duplicates: int


class SourceOverview(Struct):
    """A source over a period."""

    source: Source
    per_second: float  # over the last ten seconds
    points: list[CountPoint]  # one a bucket, gaps filled with zeros
    top_events: list["SchemaEvent"]


class SchemaProperty(Struct):
    """One property of an event: its path, and the types that were seen."""

    path: str
    types: list[str]
    first_seen: datetime
    last_seen: datetime
    count: int


class SchemaEvent(Struct):
    """One event that a source has sent; `event` is empty for all but track."""

    type: str
    event: str  # "" for all but track
    first_seen: datetime
    last_seen: datetime
    count: int
    properties: int  # how many


class SchemaEventDetail(Struct):
    """An event with its properties."""

    event: SchemaEvent
    properties: list[SchemaProperty]


class Arrivals(Struct):
    """A message of the live debugger: what came, the newest last, and how many were left out."""

    events: list[DebugEvent]
    skipped: int = 0


class Resend(RequestBody):
    """The mended event, as JSON."""

    body: str  # the mended event, as JSON


# ---- warehouse -----------------------------------------------------------------------------------------------


class Query(RequestBody):
    """SQL to run on the warehouse, read-only."""

    sql: Annotated[str, Meta(min_length=1, max_length=100_000)]
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 500


class Column(Struct):
    """A column and its type."""

    name: str
    type: str


class QueryResult(Struct):
    """Rows; `truncated` when there were more than the limit."""

    columns: list[Column]
    rows: list[list[Any]]
    truncated: bool
    millis: int
    message: str = ""  # why there are no rows, where that needs saying


class TableInfo(Struct):
    """A table of the warehouse."""

    schema: str
    name: str
    rows: int
    columns: list[Column]
    bytes: int | None = None


class Sync(Struct):
    """One load of the warehouse."""

    id: int
    started_at: datetime
    millis: int
    status: Literal["success", "partial", "failure"]
    events: int
    rows: int
    duplicates: int
    discards: int
    position: int
    error: str
    notices: list[str]


class WarehouseStatus(Struct):
    """How the warehouse does; `lag` counts log records that are not loaded yet."""

    path: str
    bytes: int
    position: int
    head: int
    lag: int
    state: Literal["idle", "loading", "waiting", "failing"]
    reason: str
    last_sync: Sync | None
    tables: int
    rows: int
    discards: int
    set_aside: int


# ---- the whole -----------------------------------------------------------------------------------------------


class PipelineNode(Struct):
    """One box of the first page's picture."""

    id: str
    kind: Literal["source", "log", "warehouse", "destination", "contacts", "email"]
    name: str
    icon: str
    enabled: bool
    state: str
    per_second: float
    total_24h: int  # events; of contacts how many there are, of the email channel the mails sent
    lag: int = 0
    detail: str = ""  # a short sentence, such as why it is failing


class PipelineEdge(Struct):
    """What flows from one node to another."""

    source: str  # node ids
    target: str
    per_second: float


class LogStatus(Struct):
    """How full the event log is."""

    head: int
    oldest: int
    bytes: int
    max_bytes: int
    full: bool


class Pipeline(Struct):
    """The whole picture at one moment."""

    nodes: list[PipelineNode]
    edges: list[PipelineEdge]
    log: LogStatus
    mail_events: dict[str, int]  # how often each of the seven happened in 24 h; empty where nothing is to do with mail
    at: datetime


class Health(Struct):
    """Whether every role is ready."""

    status: Literal["ok", "starting", "failing"]
    version: str
    roles: dict[str, str]  # "web": "ok", "store": "ok", "dedupe": "ok", ...
