"""Every refusal has one form: a sentence, and the field that is wrong."""

import re
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from sqlalchemy.exc import DataError, StatementError

from skywrite.api.schemas import Problem
from skywrite.kit.errors import Later, Refused, SkywriteError

log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]
Answer = Response[Problem]

_MEANINGS = {
    400: "The request is wrong; `where` names the field.",
    401: "Nobody is signed in.",
    403: "The write lacks its CSRF token.",
    404: "There is no such thing.",
    409: "It does not go with how things are.",
    429: "Too many at once, or too often; `Retry-After` says when to try again.",
    503: "It can't be done just now; try again.",
}
RESPONSES = {
    status: ResponseSpec(Problem, description=meaning, generate_examples=False) for status, meaning in _MEANINGS.items()
}
_MISSING = re.compile(r"(?:Object m|M)issing required (?:field|query parameter) [`']([^`']+)[`'].*")
_NO_BODY = "'data'"  # the framework's, of a KeyError
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`")
_SENTENCES = {404: "There is nothing at this address.", 405: "This address does not take this method."}


class Busy(Later):
    """Whoever asks must slow down: too many failed attempts, or too much that takes long at once."""


def refused(_: AnyRequest, error: Refused) -> Answer:
    """What cannot be served as it is."""
    return _problem(error.status, str(error), error.where)


def later(_: AnyRequest, error: Later) -> Answer:
    """What may work if tried again."""
    answer = _problem(429 if isinstance(error, Busy) else 503, str(error))
    answer.headers["Retry-After"] = str(max(1, round(error.after)))
    return answer


def explained(_: AnyRequest, error: SkywriteError) -> Answer:
    """What Skywrite can explain, and trying again won't help."""
    return _problem(409, str(error))


def http(_: AnyRequest, error: HTTPException) -> Answer:
    """What the framework refused, in our own form."""
    status = error.status_code
    if status >= 500:
        return _problem(status, "Something went wrong on the server; its log has the details.")
    if isinstance(error.extra, list) and error.extra and isinstance(error.extra[0], dict):
        return _invalid(status, error.extra[0])
    sentence = _SENTENCES.get(status) or f"The request can't be read: {error.detail.rstrip('.')}."
    return _problem(status, sentence)


def _invalid(status: int, fault: dict[str, Any]) -> Answer:
    message = str(fault.get("message", ""))
    if message == _NO_BODY:
        return _problem(status, "The request has no body; it is JSON.")
    where = str(fault.get("key", "")).removeprefix("data").removeprefix(".")
    missing = _MISSING.fullmatch(message)
    if missing:
        where = ".".join(filter(None, [where, missing[1]]))
        return _problem(status, f"{where} is missing.", where)
    unknown = _UNKNOWN.fullmatch(message)
    if unknown:
        where = ".".join(filter(None, [where, unknown[1]]))
        return _problem(status, f"There is no field {where} here.", where)
    return _problem(status, f"{where or 'The request'}: {message}.", where)


def unfit(_: AnyRequest, _error: Exception) -> Answer:
    """An integer beyond 64 bits, or half of a surrogate pair."""
    return _problem(400, "The request holds a value that can't be stored.")


def too_deep(request: AnyRequest, error: RecursionError) -> Answer:
    """JSON that nests deeper than the decoder follows; deep in our own answers it would be a mistake of ours."""
    if "deserializ" in str(error):
        return _problem(400, "The request nests too deeply.")
    return unexpected(request, error)


def unstorable(_: AnyRequest, error: StatementError) -> Answer:
    """A value that no database takes, such as a NUL in a name or an integer beyond 64 bits."""
    if isinstance(error, DataError) or isinstance(error.orig, (UnicodeError, OverflowError, ValueError)):
        return _problem(400, "The request holds a value that can't be stored.")
    return unexpected(_, error)


def unexpected(request: AnyRequest, error: Exception) -> Answer:
    """A mistake of ours: logged with its traceback, told without."""
    log.error("request failed", path=request.scope.get("path"), exc_info=error)
    return _problem(500, "Something went wrong on the server; its log has the details.")


HANDLERS: dict[Any, Any] = {
    Refused: refused,
    Later: later,
    SkywriteError: explained,
    HTTPException: http,
    StatementError: unstorable,
    OverflowError: unfit,
    UnicodeError: unfit,
    RecursionError: too_deep,
    Exception: unexpected,
}


def _problem(status: int, sentence: str, where: str = "") -> Answer:
    return Response(Problem(sentence, where), status_code=status, media_type="application/json")
