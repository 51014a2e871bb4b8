"""Incoming mail: what came back, what it was found to be, and what could not be matched."""

from typing import Annotated

from litestar import Router
from litestar.params import QueryParameter
from sqlalchemy import RowMapping

from skywrite.api.incoming_schemas import Found, IncomingCount, IncomingMail, IncomingMailText
from skywrite.api.routes import Before, Given, Limit, SerialId, read
from skywrite.api.signing import signed_in
from skywrite.channels.email.observing import queries
from skywrite.kit.errors import Refused
from skywrite.kit.time import now_micros, to_datetime

_COUNTED_MICROS = 14 * 24 * 3600 * 1_000_000
Outcome = Annotated[Found | None, QueryParameter(description="Only what was found to be this.")]


@read("/incoming-mail", summary="Mail that came in")
def list_incoming_mail(
    parts: Given, outcome: Outcome = None, before: Before = None, limit: Limit = 50
) -> list[IncomingMail]:
    """Newest first."""
    with parts.store.read() as connection:
        rows = connection.execute(queries.incoming(outcome, before, limit)).mappings()
        return [_mail(row) for row in rows]


@read("/incoming-mail/counts", summary="How much mail came in, by what it is")
def count_incoming_mail(parts: Given) -> list[IncomingCount]:
    """Of the last two weeks."""
    with parts.store.read() as connection:
        rows = connection.execute(queries.incoming_counts(now_micros() - _COUNTED_MICROS)).all()
    return [IncomingCount(outcome, count) for outcome, count in sorted(rows)]


@read("/incoming-mail/{mail_id:int}", summary="One incoming mail, with its text")
def get_incoming_mail(parts: Given, mail_id: SerialId) -> IncomingMailText:
    """What is kept of it as it came."""
    with parts.store.read() as connection:
        row = connection.execute(queries.incoming_one(mail_id)).mappings().one_or_none()
    if row is None:
        raise Refused("There is no such mail, or it is kept no longer.", where="mail", status=404)
    return IncomingMailText(_mail(row), row["raw"])


def _mail(row: RowMapping) -> IncomingMail:
    detail = row["detail"]
    return IncomingMail(
        id=row["id"],
        at=to_datetime(row["at"]),
        outcome=row["outcome"],
        read_as=detail.get("read_as", ""),
        sender=detail.get("from", ""),
        to=detail.get("to", ""),
        subject=detail.get("subject", ""),
        note=detail.get("note") or detail.get("reason", ""),
        said=detail.get("said", ""),
        message_id=None if row["message_id"] is None else str(row["message_id"]),
        bounce_class=detail.get("bounce_class"),
        bounce_code=detail.get("bounce_code"),
        way=detail.get("way", ""),
        ip=detail.get("ip", ""),
        size=detail.get("size", 0),
    )


routes = Router(
    "/api/v1",
    route_handlers=[list_incoming_mail, count_incoming_mail, get_incoming_mail],
    guards=[signed_in],
    tags=["incoming mail"],
)
