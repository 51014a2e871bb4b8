"""A segment's id as others see it: `segment_7`. Inside, and in conditions, it is a number."""

import re

from skywrite.kit.errors import Refused

_FORM = re.compile(r"segment_([1-9][0-9]{0,17})")


def public(segment_id: int) -> str:
    """The id as the API and events have it."""
    return f"segment_{segment_id}"


def number_of(identifier: str) -> int:
    """The number inside a public id. Raises Refused (404) where it is none."""
    found = _FORM.fullmatch(identifier)
    if found is None:
        raise Refused(f"There is no segment {identifier[:80]!r}.", where="segment", status=404)
    return int(found[1])
