"""What the management API takes and gives. One Struct is the wire format, the check and the OpenAPI schema.

Times are ISO 8601 UTC strings (`datetime`); ids are strings; rates are per second.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Email = Annotated[str, Meta(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")]
Password = Annotated[str, Meta(min_length=10, max_length=1000)]


class Problem(Struct):
    """Every refusal: `error` is a sentence, `where` the field that is wrong, "" for the whole."""

    error: str
    where: str = ""


# ---- catalog -------------------------------------------------------------------------------------------------


class Snippet(Struct):
    """A piece of set-up to paste; `{write_key}` and `{base_url}` are filled in already where they are known."""

    title: str
    language: str  # shell, python, javascript, go, java, ruby, php, rust, html
    code: str


class CatalogSource(Struct):
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
    key: str
    created_at: datetime
    expires_at: datetime | None = None  # set when it was rotated away; it works until then


class Source(Struct):
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


class NewSource(Struct):
    kind: str
    name: Name
    labels: dict[str, str] = {}
    schema: str = ""  # empty: made from the name


class SourceChange(Struct, omit_defaults=True):
    """Only what is given changes."""

    name: Name | None = None
    enabled: bool | None = None
    labels: dict[str, str] | None = None


class RotateKey(Struct):
    grace_hours: Annotated[float, Meta(ge=0, le=8760)] = 24.0  # how long the old keys go on working


class CountPoint(Struct):
    at: datetime
    accepted: int
    rejected: int
    duplicates: int


class SourceOverview(Struct):
    source: Source
    per_second: float  # over the last ten seconds
    points: list[CountPoint]  # one a bucket, gaps filled with zeros
    top_events: list["SchemaEvent"]


class SchemaProperty(Struct):
    path: str
    types: list[str]
    first_seen: datetime
    last_seen: datetime
    count: int


class SchemaEvent(Struct):
    type: str
    event: str  # "" for all but track
    first_seen: datetime
    last_seen: datetime
    count: int
    properties: int  # how many


class SchemaEventDetail(Struct):
    event: SchemaEvent
    properties: list[SchemaProperty]


class DebugEvent(Struct):
    """One arrival in the debugger. A refused one has `code` and `reason`, and its body in `raw`."""

    id: str  # position and item: unique and in order of arrival
    received_at: datetime
    status: Literal["accepted", "duplicate", "rejected"]
    type: str
    name: str  # the event of a track, the name of a page; for others what they are about
    user: str  # userId, else anonymousId
    raw: Any  # the whole event as it goes to destinations; for a refused one its body, as JSON where it parses
    code: str = ""
    reason: str = ""


class Rejection(Struct):
    id: int
    received_at: datetime
    code: str
    reason: str
    body: str
    resent_at: datetime | None = None


class Resend(Struct):
    body: str  # the mended event, as JSON


# ---- destinations --------------------------------------------------------------------------------------------


class Destination(Struct):
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


class NewDestination(Struct):
    kind: str
    name: Name
    sources: list[str]  # ids or schema names
    settings: dict[str, Any] = {}
    enabled: bool = True


class DestinationChange(Struct, omit_defaults=True):
    name: Name | None = None
    enabled: bool | None = None
    sources: list[str] | None = None
    settings: dict[str, Any] | None = None  # only the named settings change; null forgets one


class DeliveryPoint(Struct):
    at: datetime
    delivered: int
    retried: int
    failed: int
    filtered: int
    p50_millis: float | None
    p95_millis: float | None


class DeliverySample(Struct):
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
    reason: str
    count: int


class DestinationOverview(Struct):
    destination: Destination
    points: list[DeliveryPoint]
    errors: list[ErrorRow]
    samples: list[DeliverySample]


class DeadLetter(Struct):
    id: int
    source: str
    message_id: str
    event: Any
    attempts: int
    status: int | None
    reason: str
    response: str
    failed_at: datetime


class SendAgain(Struct):
    ids: list[int] | None = None  # None: all


class TestEvent(Struct):
    event: dict[str, Any] | None = None  # None: a sample track event


class TestResult(Struct):
    ok: bool
    status: int | None
    reason: str
    millis: int
    request: str
    response: str


# ---- warehouse -----------------------------------------------------------------------------------------------


class Query(Struct):
    sql: Annotated[str, Meta(min_length=1, max_length=100_000)]
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 500


class Column(Struct):
    name: str
    type: str


class QueryResult(Struct):
    columns: list[Column]
    rows: list[list[Any]]
    truncated: bool
    millis: int


class TableInfo(Struct):
    schema: str
    name: str
    rows: int
    columns: list[Column]
    bytes: int | None = None


class Sync(Struct):
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


# ---- the whole -----------------------------------------------------------------------------------------------


class PipelineNode(Struct):
    """One box of the first page's picture."""

    id: str
    kind: Literal["source", "log", "warehouse", "destination"]
    name: str
    icon: str
    enabled: bool
    state: str
    per_second: float
    total_24h: int
    lag: int = 0
    detail: str = ""  # a short sentence, such as why it is failing


class PipelineEdge(Struct):
    source: str  # node ids
    target: str
    per_second: float


class LogStatus(Struct):
    head: int
    oldest: int
    bytes: int
    max_bytes: int
    full: bool


class Pipeline(Struct):
    nodes: list[PipelineNode]
    edges: list[PipelineEdge]
    log: LogStatus
    at: datetime


class Health(Struct):
    status: Literal["ok", "starting", "failing"]
    version: str
    roles: dict[str, str]  # "intake": "ok", "store": "ok", "dedupe": "ok", ...


class Me(Struct):
    email: str
    csrf: str


class SignIn(Struct):
    email: Email
    password: Password


class AcceptInvitation(Struct):
    token: str
    password: Password
    email: Email | None = None  # for the first-run link only


class User(Struct):
    id: str
    email: str
    created_at: datetime
    active: bool


class NewUser(Struct):
    email: Email


class NewUserLink(Struct):
    user: User
    link: str  # shown once


class Token(Struct):
    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


class NewToken(Struct):
    name: Name


class TokenSecret(Struct):
    token: Token
    secret: str  # shown once


class ServerSettings(Struct):
    """The settings in force, for the page: name, value as text, description."""

    name: str
    value: str
    description: str
