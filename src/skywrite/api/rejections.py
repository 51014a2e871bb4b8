"""A source's refused events: read them, mend them, send them again."""

import asyncio

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody
from sqlalchemy import Row

from skywrite.api import queries
from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Before, Given, Limit, SerialId, read
from skywrite.api.schemas import Rejection, Resend
from skywrite.api.signing import signed_in
from skywrite.kit.errors import Later, Refused
from skywrite.kit.time import now_micros, to_datetime


@read("/sources/{source:str}/rejections", summary="Events that were refused")
def list_rejections(parts: Given, source: FromPath[str], before: Before = None, limit: Limit = 50) -> list[Rejection]:
    """Newest first."""
    found = parts.sources.get(source)
    with parts.store.read() as connection:
        rows = connection.execute(queries.rejections_of(found.id, before, limit)).all()
    return [_rejection(row) for row in rows]


@post(
    "/sources/{source:str}/rejections/{rejection_id:int}/resend",
    summary="Send a mended event",
    status_code=200,
    responses=RESPONSES,
)
async def resend_rejection(
    parts: Given, source: FromPath[str], rejection_id: SerialId, data: JSONBody[Resend]
) -> Rejection:
    """It goes the way of any event; when it is refused again, the answer says why."""
    source_id = await asyncio.to_thread(_check, parts, source, rejection_id)
    await _send(parts, source_id, data.body)
    return await asyncio.to_thread(_resent, parts, source_id, rejection_id)


async def _send(parts: Parts, source_id: str, body: str) -> None:
    answered: asyncio.Future[tuple[int, bytes, float]] = asyncio.get_running_loop().create_future()

    def answer(status: int, told: bytes, after: float) -> None:
        if not answered.done():
            answered.set_result((status, told, after))

    try:
        parts.resend(source_id, body.encode(), answer)
    except UnicodeEncodeError as error:
        raise Refused("The event holds half of a surrogate pair.", where="body") from error
    status, told, after = await answered
    if status == 200:
        return
    sentence = str(msgspec.json.decode(told)["message"])
    if status >= 500:
        raise Later(sentence, after=after or 1)
    raise Refused(sentence, where="body", status=400)


def _check(parts: Parts, source: str, rejection_id: int) -> str:
    source_id = parts.sources.get(source).id
    with parts.store.read() as connection:
        if connection.execute(queries.rejection(source_id, rejection_id)).first() is None:
            raise Refused(f"There is no refused event {rejection_id}.", where="rejection_id", status=404)
    return source_id


def _resent(parts: Parts, source_id: str, rejection_id: int) -> Rejection:
    with parts.store.write() as connection:
        connection.execute(queries.mark_resent(rejection_id, now_micros()))
        return _rejection(connection.execute(queries.rejection(source_id, rejection_id)).one())


def _rejection(row: Row[tuple[object, ...]]) -> Rejection:
    fields = row._mapping  # noqa: SLF001 - a row's documented way to its columns by name
    resent = fields["resent_at"]
    return Rejection(
        id=fields["id"],
        received_at=to_datetime(fields["received_at"]),
        code=fields["code"],
        reason=fields["reason"],
        body=fields["body"],
        resent_at=None if resent is None else to_datetime(resent),
    )


routes = Router("/api/v1", route_handlers=[list_rejections, resend_rejection], guards=[signed_in], tags=["sources"])
