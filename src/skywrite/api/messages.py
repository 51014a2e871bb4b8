"""Messages: sending one, the list, one message's way."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, post
from litestar.params import FromQuery, HeaderParameter, JSONBody, QueryParameter
from sqlalchemy import Row

from skywrite.api.message_schemas import (
    MessageDetail,
    MessageMail,
    MessageQueued,
    MessageRow,
    MessageState,
    MessageStep,
    SendMessage,
)
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Before, Given, Limit, SerialId, read
from skywrite.api.signing import signed_in
from skywrite.channels.email.outbox.asking import Asked, To, ask
from skywrite.channels.email.outbox.reading import Wanted, listed, reason_of, seen
from skywrite.channels.email.viewing import as_sent
from skywrite.contacts import ids
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_meant
from skywrite.kit.time import now_micros, to_datetime

_TIMES = tuple(name for name in MessageRow.__struct_fields__ if name.endswith("_at"))
_PLAIN = tuple(name for name in MessageRow.__struct_fields__ if name not in (*_TIMES, "contact_id", "reason"))


@post("/messages", summary="Send a message", sync_to_thread=True, responses=RESPONSES)
def send_message(
    parts: Given,
    data: JSONBody[SendMessage],
    idempotency_key: Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=255)] = "",
) -> Response[MessageQueued]:
    """201 where it is new, 200 where the same key has sent it before, 409 where the key stands for another message.

    The key is the header or the field `key`; without one each call is a message of its own.
    """
    fields = msgspec.structs.asdict(data)
    own_key = fields.pop("key")
    if idempotency_key and own_key not in ("", idempotency_key):
        raise Refused("The header Idempotency-Key and the field `key` differ.", where="key")
    key = idempotency_key or own_key
    if data.template_id is not None:
        fields["template_id"] = number_meant("template", data.template_id, "template_id")
    to = To(**msgspec.structs.asdict(fields.pop("to")))
    stored = ask(parts.store, Asked(to=to, **fields), key or uuid.uuid4().hex, now=now_micros())
    shown = stored.key.partition(":")[2]
    queued = MessageQueued(stored.id, shown, stored.state, stored.reason)  # type: ignore[arg-type]
    return Response(queued, status_code=201 if stored.is_new else 200)


@read("/messages", summary="Messages, the newest first")
def list_messages(
    parts: Given,
    in_state: Annotated[MessageState | None, QueryParameter(name="state")] = None,
    email: FromQuery[str] = "",
    contact: FromQuery[str | None] = None,
    template: FromQuery[str | None] = None,
    broadcast: FromQuery[str | None] = None,
    before: Before = None,
    limit: Limit = 50,
) -> list[MessageRow]:
    """By state, the beginning of the address, contact, template or broadcast."""
    wanted = Wanted(
        state=in_state or "",
        email=email,
        contact_id=None if contact is None else ids.number(contact) or -1,
        template_id=None if template is None else number_meant("template", template),
        broadcast_id=None if broadcast is None else number_meant("broadcast", broadcast),
        before=before,
    )
    return [_row(one.row) for one in listed(parts.store, wanted, limit)]


@read("/messages/{message:int}", summary="One message and its way")
def show_message(parts: Given, message: SerialId) -> MessageDetail:
    """Every state that it came to and everything that was observed of it, each with its time."""
    found = seen(parts.store, message)
    steps = [MessageStep(to_datetime(step.at), step.name, step.data) for step in found.steps]
    body = {name: value for name, value in found.body.items() if name != "fingerprint"}
    return MessageDetail(_row(found.row), found.row.key, steps, body)


@read("/messages/{message:int}/mail", summary="The mail of a message")
def show_mail(parts: Given, message: SerialId) -> MessageMail:
    """Made anew of the version it was sent with and what is known of the person now; nothing in it is counted."""
    seen_one = as_sent(parts.store, parts.places().base_url, message)
    return MessageMail(seen_one.subject, seen_one.html, seen_one.text, seen_one.refusal)


def _row(row: Row[Any]) -> MessageRow:
    times: dict[str, Any] = {name: _moment(getattr(row, name)) for name in _TIMES}
    plain = {name: getattr(row, name) for name in _PLAIN}
    contact = None if row.contact_id is None else ids.public(row.contact_id)
    return MessageRow(**plain, **times, contact_id=contact, reason=reason_of(row))


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else to_datetime(micros)


routes = Router(
    "/api/v1",
    route_handlers=[send_message, list_messages, show_message, show_mail],
    guards=[signed_in],
    tags=["messages"],
)
