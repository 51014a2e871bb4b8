"""A body that a call of the API brings along: what keeps it from ever becoming a mail, said at the call."""

import functools

from skywrite.channels.email.templates.compiling import compiled, expanded
from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.variables import Known, variable_problems
from skywrite.kit.errors import Refused

_FIELDS = {"subject": "subject", "text": "text", "body": "html"}  # of a source, as the API calls them
_FOR_GOOD = frozenset({"fallback", "filter", "unknown"})  # kinds of problems that no value of a variable can mend


def check_body(subject: str, html: str, text: str) -> None:
    """Raises Refused, naming the field, for what could be sent to nobody; whether values are missing is seen later."""
    fault = _fault(Source(subject=subject, body=html, text=text, is_transactional=True))
    if fault is not None:
        raise Refused(fault[0], where=fault[1])


@functools.lru_cache(maxsize=16)  # a program sends one body to many, and its `data` apart
def _fault(source: Source) -> tuple[str, str] | None:
    try:
        compiled(source)
    except Refused as error:
        return str(error), _FIELDS.get(error.where, "html" if source.body else "text")
    whole, known = expanded(source, ()), Known((), is_transactional=True)
    for field, name in _FIELDS.items():
        for problem in variable_problems(getattr(whole, field), field, known):
            if problem.code in _FOR_GOOD:
                return problem.message, name
    return None
