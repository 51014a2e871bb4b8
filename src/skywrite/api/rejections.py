"""A source's refused events: read them, mend them, send them again."""

import asyncio

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody

from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Before, Given, Limit, SerialId, read
from skywrite.api.schemas import Resend
from skywrite.api.signing import signed_in
from skywrite.kit.errors import Later, Refused
from skywrite.pipeline.mending import Claim, Rejection, claim, identified, refused_event, refused_events, release


@read("/sources/{source:str}/rejections", summary="Events that were refused")
def list_rejections(parts: Given, source: FromPath[str], before: Before = None, limit: Limit = 50) -> list[Rejection]:
    """Newest first. A page of large events ends early; the next begins before the last id of it."""
    return refused_events(parts.store, parts.sources.get(source).id, before, limit)


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
    claimed = await asyncio.to_thread(_claim, parts, source, rejection_id)
    try:
        await _send(parts, claimed, data.body)
    except BaseException:
        await asyncio.to_thread(release, parts.store, claimed)
        raise
    return await asyncio.to_thread(refused_event, parts.store, claimed.source_id, rejection_id)


def _claim(parts: Parts, source: str, rejection_id: int) -> Claim:
    return claim(parts.store, parts.sources.get(source).id, rejection_id)


async def _send(parts: Parts, claimed: Claim, body: str) -> None:
    answered: asyncio.Future[tuple[int, bytes, float]] = asyncio.get_running_loop().create_future()

    def answer(status: int, told: bytes, after: float) -> None:
        if not answered.done():
            answered.set_result((status, told, after))

    try:
        parts.resend(claimed.source_id, identified(body.encode(), claimed), answer)
    except UnicodeEncodeError as error:
        raise Refused("The event holds half of a surrogate pair.", where="body") from error
    status, told, after = await answered
    if status == 200:
        return
    sentence = str(msgspec.json.decode(told)["message"])
    if status >= 500:
        raise Later(sentence, after=after or 1)
    raise Refused(sentence, where="body", status=400)


routes = Router("/api/v1", route_handlers=[list_rejections, resend_rejection], guards=[signed_in], tags=["sources"])
