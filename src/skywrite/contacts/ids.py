"""Ids as others see them: a contact's (`person_12`), a list's, a segment's. Inside they are numbers."""

import re

_FORM = re.compile(r"person_([1-9][0-9]{0,17})")


def public(contact_id: int) -> str:
    """The id as the API, events and files have it."""
    return f"person_{contact_id}"


def number(identifier: str) -> int | None:
    """The number inside a public id, None where it is none."""
    found = _FORM.fullmatch(identifier)
    return int(found[1]) if found else None


def public_list(list_id: int) -> str:
    """A list's id: `list_3`."""
    return f"list_{list_id}"


def public_segment(segment_id: int) -> str:
    """A segment's id: `segment_3`."""
    return f"segment_{segment_id}"
