"""The intake's one door: whose request it is, what its body comes to, and the answer once it is on disk.

Both ways in use it: the quick protocol for what SDKs post, and the ASGI app for the rest of the tracking API.
"""

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from skywrite.intake import answers
from skywrite.intake.accept import Accepted, accept
from skywrite.intake.commit import GroupCommit
from skywrite.intake.limits import MAX_BODY_BYTES, gunzipped, too_large
from skywrite.intake.newcomers import Newcomers
from skywrite.kit import json
from skywrite.kit.errors import Later, Refused
from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.sources.write_keys import KnownKey, WriteKeys

log = structlog.get_logger()
Answer = Callable[[int, bytes, float], None]  # status, JSON body, Retry-After in seconds (0 for none)
_CLIENT_SIDE = frozenset({"javascript"})
_REMEMBERED_HEADERS = 10_000
_NOT_LOOKED_UP = "Skywrite can't look the write key up just now; try again."


class Request(Struct, frozen=True):
    """What the intake looks at of an HTTP request's head."""

    call: str | None  # the type that the path gives, None for a batch
    authorization: bytes
    encoding: bytes
    is_client_side: bool  # it came by one of the browser's short paths
    origin: bytes = b""
    forwarded: bytes = b""


class _WithKey(Struct, rename="camel"):
    write_key: str | None = None


_with_key = msgspec.json.Decoder(_WithKey).decode


class Intake:
    """Accepts requests for the sources of `keys`; `commit` makes their records durable."""

    def __init__(self, keys: WriteKeys, commit: GroupCommit) -> None:
        self._keys = keys
        self._commit = commit
        self._newcomers = Newcomers(keys)
        self._key_of_header: dict[bytes, str] = {}
        self._failure: Later | None = None

    def handle(self, request: Request, ip: str, body: bytes, answer: Answer) -> None:
        """Take a request whose body is whole; `answer` is called once, now or when the log has committed."""
        try:
            if request.encoding:
                body = _decoded(request.encoding, body)
            if len(body) > MAX_BODY_BYTES:
                raise too_large(len(body))
            key = self._key_of(request, body)
        except Refused as refusal:
            _refuse(refusal, answer)
            return
        source = self._keys.known(key)
        if source is None:
            self._newcomers.wait(partial(self._take_late, request, ip, body, answer, key))
        else:
            self._take(request, ip, body, answer, source)

    def look_again(self, again: Callable[[Later | None], None]) -> None:
        """Call `again` once the write keys were read anew: one may have been made a moment ago."""
        self._newcomers.wait(again)

    def _take_late(
        self, request: Request, ip: str, body: bytes, answer: Answer, key: str, failure: Later | None
    ) -> None:
        source = self._keys.known(key)
        if source is not None:
            self._take(request, ip, body, answer, source)
        elif failure is not None:  # it may be a good one: an SDK drops what gets a 401, and sends a 503 again
            self._log_once(failure)  # its reason may name the database, which is no stranger's business
            answer(503, answers.error_body("unavailable", _NOT_LOOKED_UP), failure.after)
        else:
            why = f"The write key {key[:40]!r} belongs to no source here; the source's settings page shows its keys."
            _refuse(Refused(why, where="writeKey", status=401), answer)

    def _log_once(self, failure: Later) -> None:
        if failure is not self._failure:  # all who waited for the same look are told of the same failure
            self._failure = failure
            log.warning("write keys can't be looked up", reason=str(failure))

    def _take(self, request: Request, ip: str, body: bytes, answer: Answer, source: KnownKey) -> None:
        if not source.enabled:
            why = f"The source {source.schema} is switched off."
            _refuse(Refused(why, where="writeKey", status=403), answer)
            return
        try:
            is_client_side = request.is_client_side or source.kind in _CLIENT_SIDE or _is_direct(request, body)
            accepted = accept(request.call, source.source_id, body, ip if is_client_side else "", now_micros())
        except Refused as refusal:
            _refuse(refusal, answer)
            return
        self._commit.submit(accepted.records, partial(_answered, request, accepted, answer))

    def _key_of(self, request: Request, body: bytes) -> str:
        key = self._key_in(request.authorization) or _key_in_body(body)
        if not key:
            raise Refused(
                "No write key: give it as the user name of HTTP Basic authentication, or as writeKey in the body.",
                where="writeKey",
                status=401,
            )
        return key

    def _key_in(self, authorization: bytes) -> str:
        if not authorization:
            return ""
        key = self._key_of_header.get(authorization)
        if key is None:
            key = _basic_user(authorization)
            if len(self._key_of_header) < _REMEMBERED_HEADERS:
                self._key_of_header[authorization] = key
        return key


def code_of(refusal: Refused) -> str:
    """Segment's code for why a whole request is refused (reference: destinations, discard codes at ingest)."""
    return {401: "unknown_source", 403: "source_disabled"}.get(refusal.status, "bad_request")


def _refuse(refusal: Refused, answer: Answer) -> None:
    answer(refusal.status, answers.error_body(code_of(refusal), str(refusal)), 0)


def _answered(request: Request, accepted: Accepted, answer: Answer, failure: Later | None) -> None:
    if failure is not None:
        answer(503, answers.error_body("unavailable", str(failure)), failure.after)
        return
    if not accepted.rejected:
        answer(200, answers.SUCCESS_BODY, 0)
        return
    if request.call is None:
        answer(200, answers.batch_body(accepted.rejected), 0)
    else:
        fault = accepted.rejected[0]
        answer(400, answers.error_body(fault.code, fault.reason), 0)


def _decoded(encoding: bytes, body: bytes) -> bytes:
    name = encoding.strip().lower()
    if name in (b"gzip", b"x-gzip"):
        return gunzipped(body)
    if name == b"identity":
        return body
    raise Refused(f"Content-Encoding {name.decode('latin-1')!r} is not taken; send gzip or none.")


def _basic_user(authorization: bytes) -> str:
    """The user name of HTTP Basic; "" for another scheme. The key may be encoded without its colon."""
    scheme, _, value = authorization.partition(b" ")
    if scheme.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).partition(b":")[0].decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _key_in_body(body: bytes) -> str:
    try:
        return _with_key(body).write_key or ""
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return ""


def _is_direct(request: Request, body: bytes) -> bool:
    """Whether every event says in `context.direct` that it came straight from the user's device.

    One event of a batch doesn't speak for the others: a record has one address for all of them.
    """
    if b'"direct"' not in body:
        return False
    try:
        whole = json.decode(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(whole, dict):
        return False
    batch = whole.get("batch") if request.call is None else None
    shared = _context_of(whole)
    contexts = [shared | _context_of(event) for event in batch] if isinstance(batch, list) else [shared]
    return all(context.get("direct") is True for context in contexts)


def _context_of(event: Any) -> dict[str, Any]:
    context = event.get("context") if isinstance(event, dict) else None
    return context if isinstance(context, dict) else {}


def resend_event(intake: Intake, source_id: str, body: bytes, answer: Answer) -> None:
    """Take a mended event for a source that is known by its id; its body names its own type."""
    try:
        records = mended_records(source_id, body)
    except Refused as refusal:
        answer(refusal.status, answers.error_body(code_of(refusal), str(refusal)), 0)
        return
    intake._commit.submit(records, lambda failure: _answer_plainly(failure, answer))  # noqa: SLF001


def mended_records(source_id: str, body: bytes) -> list[NewRecord]:
    """What a mended event adds to the log. Raises Refused where it is refused again; it is kept already."""
    accepted = accept(_type_of(body), source_id, body, "", now_micros())
    if accepted.rejected:
        raise Refused(accepted.rejected[0].reason, where="body")
    return accepted.records


def _answer_plainly(failure: Later | None, answer: Answer) -> None:
    if failure is None:
        answer(200, answers.SUCCESS_BODY, 0)
    else:
        answer(503, answers.error_body("unavailable", str(failure)), failure.after)


class _Typed(Struct):
    type: Any = None


def _type_of(body: bytes) -> str:
    try:
        kind = msgspec.json.decode(body, type=_Typed).type
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(f"The event is not a valid JSON object: {error}.") from error
    if not isinstance(kind, str):
        raise Refused("type is missing; it must be one of alias, group, identify, page, screen, track.", where="type")
    return kind
