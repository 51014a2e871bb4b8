"""Ids as others see them (`template_7`) and the numbers within."""

import re

from skywrite.kit.errors import Refused

_FORM = re.compile(r"(?:([a-z]+)_)?([1-9][0-9]{0,17})")


def number_of(kind: str, given: int | str, where: str = "") -> int:
    """The number of `template_7`, "7" or 7. Raises Refused (404) for another kind's id, or none."""
    found = _FORM.fullmatch(str(given))
    if found is None or found[1] not in (None, kind):
        raise Refused(f"There is no {kind} {given!r}.", where=where or kind, status=404)
    return int(found[2])
