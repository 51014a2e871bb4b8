"""A contact's id as others see it: `person_12`. Inside it is a number."""

import re

_FORM = re.compile(r"person_([1-9][0-9]{0,17})")


def public(contact_id: int) -> str:
    """The id as the API, events and files have it."""
    return f"person_{contact_id}"


def number(identifier: str) -> int | None:
    """The number inside a public id, None where it is none."""
    found = _FORM.fullmatch(identifier)
    return int(found[1]) if found else None
