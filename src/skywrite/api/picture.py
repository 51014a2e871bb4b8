"""The picture of the first page: sources, the log, the warehouse, destinations, and what flows between them.

Where events become contacts or mail is sent, contacts and the email channel close the loop.
"""

import time
from datetime import UTC, datetime

from skywrite.api import queries
from skywrite.api.destination_views import Doing, lag_of, read_doing, state_of
from skywrite.api.mail_flow import MailFlow, read_flow
from skywrite.api.parts import Parts
from skywrite.api.periods import DAY_MINUTES, minute_of
from skywrite.api.schemas import LogStatus, Pipeline, PipelineEdge, PipelineNode
from skywrite.api.source_views import note_rates
from skywrite.destinations import catalog as destination_kinds
from skywrite.destinations.service import StoredDestination
from skywrite.kit.roles import read_roles
from skywrite.kit.time import now_micros
from skywrite.sources.service import StoredSource
from skywrite.warehouse.status import read_status

_LOG, _WAREHOUSE, _CONTACTS, _EMAIL = "log", "warehouse", "contacts", "email"
_LOOP = "autopilothq"  # the kind of the source that mail events come in by, and of the destination that makes contacts


def picture(parts: Parts) -> Pipeline:
    """How everything is at this moment."""
    sources, destinations = parts.sources.all(), parts.destinations.all()
    since = minute_of(now_micros()) - DAY_MINUTES
    with parts.store.read() as connection:
        note_rates(parts, connection)
        accepted = {row.source_id: row.accepted for row in connection.execute(queries.source_counts(since))}
        flow = parts.mail_flow.get(None, lambda: read_flow(connection, now_micros()))
    doing = read_doing(parts)
    status = parts.reader.status()
    log = LogStatus(status.head, status.oldest, status.bytes, status.max_bytes, status.full)
    from_sources = [_source(parts, source, accepted) for source in sources]
    to_destinations = [_destination(parts, one, doing, status.head) for one in destinations]
    middle = [_log(log, from_sources), _warehouse(parts, status.head, from_sources)]
    back = [node for node in from_sources if node.icon == _LOOP]
    people = [node for node in to_destinations if node.icon == _LOOP]
    loop = _loop(parts, flow, people) if back or people or flow.is_set_up else []
    return Pipeline(
        nodes=[*from_sources, *middle, *to_destinations, *loop],
        edges=[
            *(PipelineEdge(node.id, _LOG, node.per_second) for node in from_sources),
            *(PipelineEdge(_LOG, node.id, node.per_second) for node in (middle[1], *to_destinations)),
            *(_edges(loop, people, back) if loop else ()),
        ],
        log=log,
        mail_events=flow.events if loop else {},
        at=datetime.now(UTC),
    )


def _source(parts: Parts, source: StoredSource, accepted: dict[str, int]) -> PipelineNode:
    per_second = parts.rates.per_second(f"source:{source.id}")
    state = "disabled" if not source.enabled else "receiving" if per_second else "idle"
    return PipelineNode(
        id=source.id,
        kind="source",
        name=source.name,
        icon=source.kind,
        enabled=source.enabled,
        state=state,
        per_second=per_second,
        total_24h=accepted.get(source.id, 0),
    )


def _log(log: LogStatus, sources: list[PipelineNode]) -> PipelineNode:
    detail = "The log is full: new events are refused until its followers catch up." if log.full else ""
    return PipelineNode(
        id=_LOG,
        kind="log",
        name="Event log",
        icon="log",
        enabled=True,
        state="full" if log.full else "ok",
        per_second=sum(node.per_second for node in sources),
        total_24h=sum(node.total_24h for node in sources),
        detail=detail,
    )


def _warehouse(parts: Parts, head: int, sources: list[PipelineNode]) -> PipelineNode:
    said = read_status(parts.settings.run)
    if said.last_sync is not None:
        parts.loads.note(said.last_sync.id, said.last_sync.events, time.monotonic())
    return PipelineNode(
        id=_WAREHOUSE,
        kind="warehouse",
        name="Warehouse",
        icon="duckdb",
        enabled=True,
        state=said.state,
        per_second=parts.loads.per_second(),
        total_24h=sum(node.total_24h for node in sources),
        lag=max(0, head - said.position),
        detail=said.reason,
    )


def _loop(parts: Parts, flow: MailFlow, people: list[PipelineNode]) -> list[PipelineNode]:
    """Contacts, and the channel that writes to them."""
    role = read_roles(parts.settings.run).get("send")
    state = "idle" if not flow.is_set_up else "starting" if role is None else role.state
    contacts = PipelineNode(
        id=_CONTACTS,
        kind="contacts",
        name="Contacts",
        icon="contacts",
        enabled=True,
        state="ok",
        per_second=sum(node.per_second for node in people),
        total_24h=flow.contacts,
    )
    email = PipelineNode(
        id=_EMAIL,
        kind="email",
        name="Email",
        icon="email",
        enabled=True,
        state="sending" if state == "ok" and flow.sent_per_second else state,
        per_second=flow.sent_per_second,
        total_24h=flow.sent,
        detail=role.reason if role is not None else "" if flow.is_set_up else "Not set up yet",
    )
    return [contacts, email]


def _edges(loop: list[PipelineNode], people: list[PipelineNode], back: list[PipelineNode]) -> list[PipelineEdge]:
    """Around: from what makes contacts to contacts, to mail, to the source that tells of it."""
    contacts, email = loop
    return [
        *(PipelineEdge(node.id, contacts.id, node.per_second) for node in people),
        PipelineEdge(contacts.id, email.id, email.per_second),
        *(PipelineEdge(email.id, node.id, node.per_second) for node in back),
    ]


def _destination(parts: Parts, one: StoredDestination, doing: Doing, head: int) -> PipelineNode:
    state, reason = state_of(one, doing)
    kind = destination_kinds.destinations().get(one.kind)
    return PipelineNode(
        id=one.id,
        kind="destination",
        name=one.name,
        icon=kind.icon if kind is not None else one.kind,
        enabled=one.enabled,
        state=state,
        per_second=parts.rates.per_second(f"destination:{one.id}"),
        total_24h=doing.delivered.get(one.id, 0),
        lag=lag_of(one, doing, head),
        detail=reason,
    )
